package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// geste returns the last gesture of par on a dossier.
func (a atelier) geste(par opco.Acteur, quoi string, dossiers ...string) int64 {
	a.Helper()
	n, err := a.s.MonGeste(a.Context(), par, quoi, dossiers)
	if err != nil || n == 0 {
		a.Fatalf("no gesture to undo: %d, %v", n, err)
	}
	return n
}

// TestUndoingTakesNothingOffAColleague: a gesture is undone when nobody came since;
// otherwise nothing changes, and the refusal names who came.
func TestUndoingTakesNothingOffAColleague(t *testing.T) {
	a := ouvrirAtelier(t)
	ctx, claire, hugo := t.Context(), a.personne("gestionnaire"), a.personne("gestionnaire2")
	un, deux := uuid.NewString(), uuid.NewString()
	for id, nom := range map[string]string{un: "Urgent", deux: "À rappeler"} {
		if err := a.s.CreerEtiquette(ctx, claire, id, opco.Etiquette{Nom: nom, Ton: "rouge"}); err != nil {
			t.Fatal(err)
		}
	}
	attente := func(par opco.Acteur, id, raison string) error {
		return a.s.Attendre(ctx, par, id, opco.Attente{JusquAu: "2026-06-01", Raison: raison})
	}
	for nom, g := range map[string]struct {
		geste     string
		fait, sur func(id string) error // by claire, then by hugo
		retour    func(id string) store.Retour
		etat      string // what a dossier has of it
	}{
		"a wait": {store.GesteAttendre, func(id string) error { return attente(claire, id, "Devis") }, func(id string) error { return attente(hugo, id, "Congés") },
			func(string) store.Retour { return store.Retour{} }, `SELECT COALESCE((SELECT raison FROM attente WHERE dossier = $1), '')`},
		"a label": {store.GesteEtiqueter, func(id string) error { return a.s.Etiqueter(ctx, claire, id, store.Etiquetage{Poser: []string{un}}) }, func(id string) error { return a.s.Etiqueter(ctx, hugo, id, store.Etiquetage{Poser: []string{deux}}) },
			func(string) store.Retour { return store.Retour{Oter: []string{un}} }, `SELECT COALESCE(string_agg(etiquette::text, ' ' ORDER BY etiquette), '') FROM etiquette_dossier WHERE dossier = $1`},
		"an attribution": {store.GesteReattribuer, func(id string) error { return a.s.Reattribuer(ctx, claire, []string{id}, claire.Personne, "Congé") },
			func(id string) error { return a.s.Reattribuer(ctx, hugo, []string{id}, hugo.Personne, "Urgence") },
			func(string) store.Retour { return store.Retour{Raison: "Geste annulé"} }, `SELECT COALESCE((SELECT personne FROM attribution WHERE dossier = $1), '')`},
	} {
		lire := func(id string) (x string) {
			t.Helper()
			if err := a.s.DB.Get(&x, g.etat, id); err != nil {
				t.Fatal(err)
			}
			return x
		}
		seul, suivi := a.poser(pose{}), a.poser(pose{})
		for _, id := range []string{seul, suivi} {
			if err := g.fait(id); err != nil {
				t.Fatalf("%s: %v", nom, err)
			}
			r := g.retour(id)
			r.Geste, r.Dossiers, r.Depuis = g.geste, []string{id}, a.geste(claire, g.geste, id)
			if id == suivi {
				if err := g.sur(id); err != nil {
					t.Fatalf("%s: %v", nom, err)
				}
				avant := lire(id)
				err := a.s.Defaire(ctx, claire, r)
				if !errors.Is(err, opco.Conflict) || !strings.Contains(err.Error(), hugo.Nom) {
					t.Errorf("%s, changed since: %v", nom, err)
				}
				if apres := lire(id); apres != avant {
					t.Errorf("%s, changed since: %q became %q", nom, avant, apres)
				}
				continue
			}
			if err := a.s.Defaire(ctx, claire, r); err != nil || lire(id) != "" {
				t.Errorf("%s: undone as %q, %v", nom, lire(id), err)
			}
			if err := a.s.Defaire(ctx, claire, r); !errors.Is(err, opco.Conflict) {
				t.Errorf("%s: undone twice: %v", nom, err)
			}
		}
	}
}

// TestUndoingPutsBackTheLabelsThatWereTakenOff, and leaves the others.
func TestUndoingPutsBackTheLabelsThatWereTakenOff(t *testing.T) {
	a := ouvrirAtelier(t)
	ctx, claire, id := t.Context(), a.personne("gestionnaire"), a.poser(pose{})
	es := []string{uuid.NewString(), uuid.NewString(), uuid.NewString()}
	slices.Sort(es)
	for i, e := range es {
		if err := a.s.CreerEtiquette(ctx, claire, e, opco.Etiquette{Nom: "Étiquette " + string(rune('A'+i)), Ton: "bleu"}); err != nil {
			t.Fatal(err)
		}
	}
	for _, x := range []store.Etiquetage{{Poser: es[:2]}, {Oter: es[1:2], Poser: es[2:]}} {
		if err := a.s.Etiqueter(ctx, claire, id, x); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.s.Etiqueter(ctx, claire, id, store.Etiquetage{Oter: es[:1], Poser: []string{uuid.NewString()}}); !errors.Is(err, opco.NotFound) {
		t.Errorf("a label that is not there: %v", err)
	}
	r := store.Retour{Geste: store.GesteEtiqueter, Dossiers: []string{id}, Depuis: a.geste(claire, store.GesteEtiqueter, id), Remettre: es[1:2], Oter: es[2:]}
	if err := a.s.Defaire(ctx, claire, r); err != nil {
		t.Fatal(err)
	}
	var got []string
	if err := a.s.DB.Select(&got, `SELECT etiquette FROM etiquette_dossier WHERE dossier = $1 ORDER BY etiquette`, id); err != nil || !slices.Equal(got, es[:2]) {
		t.Errorf("got %v, want %v (%v)", got, es[:2], err)
	}
}
