package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// procedureDirecte applies an acte at once, as its procedure would.
type procedureDirecte struct {
	s  *store.Store
	mu sync.Mutex
}

func (p *procedureDirecte) Transmettre(ctx context.Context, a opco.Acte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if x, err := p.s.Acte(ctx, a.ID); err != nil || x.Verdict != opco.VerdictRecu {
		return err
	}
	d, err := p.s.Depart(ctx, a.Objet)
	if err == nil {
		_, err = p.s.Record(ctx, opco.Demarche{Objet: a.Objet, Rang: d.Rang + 1, ActeID: a.ID})
	}
	return err
}

// terrain is a store with one brouillon sent as n dossiers, a gestionnaire and a label.
func terrain(t *testing.T, n int) (*store.Store, store.ActionLotVue, []string) {
	t.Helper()
	s, ctx := storetest.Ouvrir(t), t.Context()
	if err := s.ChargerDemo(ctx); err != nil {
		t.Fatal(err)
	}
	u, err := s.Utilisateur(ctx, "gestionnaire")
	if err != nil {
		t.Fatal(err)
	}
	e1, err := s.Utilisateur(ctx, "e1")
	if err != nil {
		t.Fatal(err)
	}
	premier := uuid.NewString()
	d := &opco.Dossier{ID: premier, Demande: opco.Demande{Etablissement: "99900101900010", Intitule: "Sécurité", Nature: "FORMATION"}}
	_, err = s.AppliquerDirect(ctx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(premier), Type: opco.ActeCreer, Par: e1.Acteur("99900101900010")}, d)
	if err != nil {
		t.Fatal(err)
	}
	var colonnes, lues string
	err = s.DB.QueryRowContext(ctx, `SELECT string_agg(column_name, ', '), string_agg('x.' || column_name, ', ') FROM information_schema.columns
		WHERE table_name = 'dossier' AND table_schema = 'public' AND is_generated = 'NEVER'`).Scan(&colonnes, &lues)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.DB.ExecContext(ctx, `INSERT INTO dossier (`+colonnes+`) SELECT `+lues+` FROM dossier d, generate_series(1, $1) i,
		LATERAL jsonb_populate_record(d, jsonb_build_object('id', gen_random_uuid(), 'numero', 'T-' || i, 'etat', 'TRANSMISE')) x WHERE d.id = $2`, n, premier)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	if err := s.DB.SelectContext(ctx, &ids, `SELECT id FROM dossier WHERE numero LIKE 'T-%' ORDER BY id`); err != nil {
		t.Fatal(err)
	}
	etiquette := uuid.NewString()
	if err := s.CreerEtiquette(ctx, u.Acteur(""), etiquette, opco.Etiquette{Nom: "À rappeler", Ton: "ambre"}); err != nil {
		t.Fatal(err)
	}
	par := u.Acteur("")
	return s, store.ActionLotVue{ID: uuid.NewString(), Action: opco.ActionLot{Genre: opco.LotEtiqueter, Etiquette: etiquette}, Compte: u.Compte, Espace: u.Espace,
		Personne: par.Personne, Nom: par.Nom, Role: par.Role}, ids
}

// parPages gives ids a page at a time, as a filter does.
func parPages(ids []string, taille int) func(string) ([]string, string, error) {
	return func(apres string) ([]string, string, error) {
		n := 0
		_, _ = fmt.Sscan(apres, &n)
		fin := min(n+taille, len(ids))
		suivant := ""
		if fin < len(ids) {
			suivant = fmt.Sprint(fin)
		}
		return ids[n:fin], suivant, nil
	}
}

// TestAnActionOnFiftyThousandDossiersIsFrozen: each is kept once, in order; sent twice it
// is one action; one too many is refused.
func TestAnActionOnFiftyThousandDossiersIsFrozen(t *testing.T) {
	const n = 50_000
	s, v, ids := terrain(t, n)
	for range 2 {
		if err := s.CreerActionLot(t.Context(), v, n, parPages(ids, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	lu, err := s.ActionLot(t.Context(), opco.Portee{Interne: true, Role: v.Role, Personne: v.Personne}, v.ID)
	if err != nil || lu.Nombres != (store.NombresLot{Total: n, Attend: n}) || lu.Etat != store.LotEssai {
		t.Errorf("got %+v, %v", lu, err)
	}
	trop := v
	trop.ID = uuid.NewString()
	if err := s.CreerActionLot(t.Context(), trop, n-1, parPages(ids, 1000)); !errors.Is(err, opco.Invalid) {
		t.Errorf("one too many: got %v", err)
	}
	autre := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "quelqu’un d’autre"}
	if _, err := s.ActionLot(t.Context(), autre, v.ID); !errors.Is(err, opco.NotFound) {
		t.Errorf("somebody else reads the action: %v", err)
	}
}

// TestAnActionSurvivesItsWorker: a worker that dies with dossiers in hand loses none, and
// none is done twice; nothing is done before the launch.
func TestAnActionSurvivesItsWorker(t *testing.T) {
	s, v, ids := terrain(t, 120)
	ctx, moi := t.Context(), opco.Portee{Interne: true, Role: v.Role, Personne: v.Personne}
	if err := s.CreerActionLot(ctx, v, 1000, parPages(ids, 50)); err != nil {
		t.Fatal(err)
	}
	x := &executant{Store: s, Procedures: &procedureDirecte{s: s}, Log: slog.New(slog.DiscardHandler), Pause: time.Millisecond}
	tourner := func() {
		t.Helper()
		for {
			n, err := x.tournee(ctx)
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				return
			}
		}
	}
	poses := func() (n, gestes int) {
		t.Helper()
		if err := s.DB.Get(&n, `SELECT count(*) FROM etiquette_dossier`); err != nil {
			t.Fatal(err)
		}
		if err := s.DB.Get(&gestes, `SELECT count(*) FROM geste WHERE type = 'etiqueter'`); err != nil {
			t.Fatal(err)
		}
		return n, gestes
	}
	tourner()
	if n, _ := poses(); n != 0 {
		t.Fatalf("the trial labelled %d dossiers", n)
	}
	if err := s.ChangerActionLot(ctx, moi, v.Par(), v.ID, "lancer"); err != nil {
		t.Fatal(err)
	}
	lance, err := s.ActionLot(ctx, moi, v.ID)
	if err != nil {
		t.Fatal(err)
	}
	mort, err := s.PrendreElements(ctx, lance, time.Hour, 10)
	if err != nil || len(mort) != 10 {
		t.Fatalf("took %d: %v", len(mort), err)
	}
	if err := s.FaireGeste(ctx, lance, mort[0].Dossier); err != nil { // done, and dead before it is written
		t.Fatal(err)
	}
	tourner()
	if n, _ := poses(); n != 111 {
		t.Errorf("%d dossiers labelled while ten are held by the dead: want 111", n)
	}
	if _, err := s.DB.Exec(`UPDATE action_lot_element SET bail_le = clock_timestamp() - interval '1 second' WHERE bail_le IS NOT NULL`); err != nil {
		t.Fatal(err)
	}
	tourner()
	if n, gestes := poses(); n != 120 || gestes != 120 {
		t.Errorf("%d labels, %d gestures: want 120 of each", n, gestes)
	}
	if fini, err := s.ActionLot(ctx, moi, v.ID); err != nil || fini.Etat != store.LotTermine || fini.Nombres.Applique != 120 {
		t.Errorf("got %+v, %v", fini, err)
	}
}

// TestAnActionStoppedWhileItIsTriedIsTriedAgain: resuming it launches nothing, since
// nobody launched it; an id that is none is a sentence.
func TestAnActionStoppedWhileItIsTriedIsTriedAgain(t *testing.T) {
	s, v, ids := terrain(t, 3)
	ctx, moi := t.Context(), opco.Portee{Interne: true, Role: v.Role, Personne: v.Personne}
	if err := s.CreerActionLot(ctx, v, 10, parPages(ids, 10)); err != nil {
		t.Fatal(err)
	}
	if err := s.SuspendreActionLot(ctx, v.ID, "Le rôle est retiré."); err != nil {
		t.Fatal(err)
	}
	if err := s.ChangerActionLot(ctx, moi, v.Par(), v.ID, "reprendre"); err != nil {
		t.Fatal(err)
	}
	if lu, err := s.ActionLot(ctx, moi, v.ID); err != nil || lu.Etat != store.LotEssai || lu.LanceeLe != nil {
		t.Errorf("resumed as %s (%v), want its trial", lu.Etat, err)
	}
	autre := v
	autre.ID = uuid.NewString()
	if err := s.CreerActionLot(ctx, autre, 10, parPages([]string{"abc"}, 10)); !errors.Is(err, opco.Invalid) {
		t.Errorf("an id that is none: %v, want a sentence", err)
	}
}
