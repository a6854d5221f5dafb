package api_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"guichet/api"
)

// retenue is a list whose lines wait for laisser; debut hears that its reading began.
func retenue(debut chan<- struct{}, laisser <-chan struct{}) api.Tableau {
	return api.Tableau{Nom: "essai", Feuille: "Essai", Colonnes: []api.Colonne{{Titre: "Numéro", Largeur: 14}},
		Lignes: func(ctx context.Context, voir func(...any) error) error {
			debut <- struct{}{}
			select {
			case <-laisser:
			case <-ctx.Done():
				return ctx.Err()
			}
			return voir("26.A.1")
		}}
}

// fait is what an export ended with.
type fait struct {
	x   api.Export
	err error
}

// exporter begins an export of qui.
func (g *guichet) exporter(ctx context.Context, qui string, t api.Tableau) <-chan fait {
	fini := make(chan fait, 1)
	u := g.lecteurEssai(qui)
	go func() {
		x, err := g.serveur.Exporter(api.Comme(ctx, u), api.FormatCSV, t)
		fini <- fait{x, err}
	}()
	return fini
}

// TestExportsAreBoundedByAccount: a third export of one account is refused in French, with
// when to try again; another account has its own; and one that is sent, or whose reader
// left, gives its place back.
func TestExportsAreBoundedByAccount(t *testing.T) {
	g := ouvrir(t)
	debut, laisser := make(chan struct{}), make(chan struct{})
	ctx, partir := context.WithCancel(t.Context())
	parti := g.exporter(ctx, "of1", retenue(debut, laisser))
	<-debut
	reste := g.exporter(t.Context(), "of1", retenue(debut, laisser))
	<-debut
	r := g.exiger(g.appeler("of1", "GET", "/api/reglements-recus/export?format=csv", nil), http.StatusTooManyRequests)
	if p := r.probleme(t); p.Detail == "" || r.entete.Get("Retry-After") != "30" {
		t.Errorf("told %q, to come back after %q", p.Detail, r.entete.Get("Retry-After"))
	}
	g.exiger(g.appeler("of3", "GET", "/api/reglements-recus/export?format=csv", nil), 200)
	partir()
	if f := <-parti; !errors.Is(f.err, context.Canceled) {
		t.Errorf("its reader left: %v", f.err)
	}
	g.exiger(g.appeler("of1", "GET", "/api/reglements-recus/export?format=csv", nil), 200)
	close(laisser)
	f := <-reste
	if f.err != nil {
		t.Fatal(f.err)
	}
	var ouvertes int
	if err := g.store.DB.Get(&ouvertes, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'`); err != nil || ouvertes != 0 {
		t.Errorf("%d pictures of the base are held while the file leaves, %v", ouvertes, err)
	}
	if err := f.x.Envoyer(httptest.NewRecorder()); err != nil {
		t.Fatal(err)
	}
	deux := make(chan struct{}, 2)
	for range 2 { // both places are free again
		g.exporter(t.Context(), "of1", retenue(deux, laisser))
		<-deux
	}
}

// TestWhoComesWhileTheHouseExportsIsToldWhen: beyond what the base is read at once, one
// waits, then is told to come back; nothing is half sent.
func TestWhoComesWhileTheHouseExportsIsToldWhen(t *testing.T) {
	g := ouvrir(t)
	api.Patienter(g.serveur, time.Millisecond)
	debut, laisser := make(chan struct{}), make(chan struct{})
	var finis []<-chan fait
	for _, qui := range []string{"of1", "of3", "e1", "e2"} {
		finis = append(finis, g.exporter(t.Context(), qui, retenue(debut, laisser)))
		<-debut
	}
	f := <-g.exporter(t.Context(), "comptable", retenue(debut, laisser))
	if p := api.Answer(f.err); p.Status != http.StatusTooManyRequests || p.Detail == "" {
		t.Errorf("the fifth: %v", f.err)
	}
	close(laisser)
	for _, c := range finis {
		if f := <-c; f.err != nil {
			t.Error(f.err)
		}
	}
}

// TestAnExportLeavesNoFile: while a long list is written, in both formats, no file of it
// has a name that would outlive this process.
func TestAnExportLeavesNoFile(t *testing.T) {
	g := ouvrir(t)
	dossier := t.TempDir()
	api.Ranger(g.serveur, dossier)
	for _, format := range []string{api.FormatCSV, api.FormatXLSX} {
		l := longue(100_000, new(uint64))
		ecrire := l.Lignes
		l.Lignes = func(ctx context.Context, voir func(...any) error) error {
			err := ecrire(ctx, voir)
			if restes := fichiers(t, dossier); len(restes) > 0 {
				t.Errorf("%s: these stay if the process dies: %q", format, restes)
			}
			return err
		}
		x, err := g.serveur.Exporter(api.Comme(t.Context(), g.lecteurEssai("comptable")), format, l)
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		if err := x.Envoyer(w); err != nil || w.Body.Len() == 0 {
			t.Errorf("%s: %d bytes, %v", format, w.Body.Len(), err)
		}
	}
}

// fichiers are those that have a name under a folder.
func fichiers(t *testing.T, dossier string) (noms []string) {
	t.Helper()
	err := filepath.WalkDir(dossier, func(nom string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			noms = append(noms, nom)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return noms
}
