package main

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
	"guichet/store/executant"
	"guichet/store/storetest"
)

// procedureDirecte applies an acte at once, as its procedure would; those of sourds are
// stuck.
type procedureDirecte struct {
	s      *store.Store
	mu     sync.Mutex
	sourds map[string]bool
}

func (p *procedureDirecte) Transmettre(ctx context.Context, a opco.Acte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.sourds[a.Objet] {
		return nil
	}
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

// portee is the reach of the author of v.
func portee(v store.ActionLotVue) opco.Portee {
	return opco.Portee{Interne: true, Role: v.Role, Personne: v.Personne}
}

// TestAnActionIsMadeOnceAndWhole: made many times at the same instant it is one action
// with all its dossiers; the same id for others, one too many, and what would be refused
// for every dossier are told at once and leave nothing.
func TestAnActionIsMadeOnceAndWhole(t *testing.T) {
	const n = 5_000
	s, v, ids := terrain(t, n)
	toutes := store.ChoixLot{Filtre: &store.FiltreFile{Filtre: store.Filtre{File: store.FileCompletude}, Perimetre: store.PerimetreEquipe}}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := s.CreerActionLot(t.Context(), portee(v), v, toutes); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	lu, err := s.ActionLot(t.Context(), portee(v), v.ID)
	if err != nil || lu.Nombres != (store.NombresLot{Total: n, Attend: n}) || lu.Etat != store.LotEssai {
		t.Errorf("got %+v, %v", lu, err)
	}
	var gestes int
	if err := s.DB.Get(&gestes, `SELECT count(*) FROM geste WHERE objet = 'action-lot/' || $1 AND type = 'creer'`, v.ID); err != nil || gestes != 1 {
		t.Errorf("made %d times, %v", gestes, err)
	}
	if err := s.CreerActionLot(t.Context(), portee(v), v, store.ChoixLot{Dossiers: ids[:2]}); !errors.Is(err, opco.Conflict) {
		t.Errorf("the same id for other dossiers: %v", err)
	}
	autre := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "quelqu’un d’autre"}
	if _, err := s.ActionLot(t.Context(), autre, v.ID); !errors.Is(err, opco.NotFound) {
		t.Errorf("somebody else reads the action: %v", err)
	}
}

// TestAnActionThatNoDossierCouldTakeIsRefusedWhole: on its field, before any dossier is
// frozen, and nothing of it stays.
func TestAnActionThatNoDossierCouldTakeIsRefusedWhole(t *testing.T) {
	s, v, ids := terrain(t, 3)
	if err := s.EcrireParametres(t.Context(), "2026-01-01", "9999-12-31", []byte(`{"file": {"action_lot_max": 2}}`), "essai"); err != nil {
		t.Fatal(err)
	}
	ici, long := store.ChoixLot{Dossiers: ids[:2]}, strings.Repeat("é", 501)
	for nom, x := range map[string]struct {
		action opco.ActionLot
		choix  store.ChoixLot
		champ  string
	}{
		"one dossier too many":     {v.Action, store.ChoixLot{Dossiers: ids}, "dossiers"},
		"a filter of one too many": {v.Action, store.ChoixLot{Filtre: &store.FiltreFile{}}, "dossiers"},
		"a filter of nothing":      {v.Action, store.ChoixLot{Filtre: &store.FiltreFile{IDCC: "9999"}}, "dossiers"},
		"a queue that is none":     {v.Action, store.ChoixLot{Filtre: &store.FiltreFile{Filtre: store.Filtre{File: "toute"}}}, "filtre"},
		"no dossier":               {v.Action, store.ChoixLot{}, "dossiers"},
		"an id that is none":       {v.Action, store.ChoixLot{Dossiers: []string{"abc"}}, "dossiers"},
		"an id of nothing":         {v.Action, store.ChoixLot{Dossiers: []string{uuid.NewString()}}, "dossiers"},
		"a label of nothing":       {opco.ActionLot{Genre: opco.LotEtiqueter, Etiquette: uuid.NewString()}, ici, "etiquette"},
		"a reason too long":        {opco.ActionLot{Genre: opco.LotAttendre, JusquAu: "2026-12-01", Raison: long}, ici, "raison"},
		"a day that is none":       {opco.ActionLot{Genre: opco.LotAttendre, JusquAu: "32/13", Raison: "Devis"}, ici, "jusqu_au"},
		"a day that has passed":    {opco.ActionLot{Genre: opco.LotAttendre, JusquAu: "2020-01-01", Raison: "Devis"}, ici, "jusqu_au"},
		"nobody to entrust to":     {opco.ActionLot{Genre: opco.LotReattribuer, A: "personne", Raison: "Absence"}, ici, "a"},
		"a pièce that is none":     {opco.ActionLot{Genre: opco.LotComplement, Pieces: []opco.PieceDemandee{{Type: "SELFIE", Motif: opco.MotifManquante}}}, ici, "pieces[0].type"},
	} {
		y := v
		if y.ID, y.Action = uuid.NewString(), x.action; x.action.Genre == opco.LotReattribuer {
			y.Role = opco.RoleResponsable
		}
		err := s.CreerActionLot(t.Context(), portee(y), y, x.choix)
		var refus *opco.Error
		if !errors.As(err, &refus) || refus.Kind != opco.Invalid || refus.Champ != x.champ {
			t.Errorf("%s: got %v, want a refusal on %s", nom, err, x.champ)
		}
	}
	var restent int
	if err := s.DB.Get(&restent, `SELECT count(*) FROM action_lot`); err != nil || restent != 0 {
		t.Errorf("%d actions stay, %v", restent, err)
	}
}

// TestTheTrialOfAGestureIsItsRule: what the application would refuse, the trial sets
// aside with the same sentence, and nothing is done.
func TestTheTrialOfAGestureIsItsRule(t *testing.T) {
	s, v, ids := terrain(t, 4)
	ctx := t.Context()
	collegue, err := s.Utilisateur(ctx, "gestionnaire2")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Prendre(ctx, collegue.Acteur(""), ids[0]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB.Exec(`UPDATE dossier SET limite = current_date + 2 WHERE id = $1`, ids[1]); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB.Exec(`UPDATE dossier SET etat = 'ANNULEE' WHERE id = $1`, ids[2]); err != nil {
		t.Fatal(err)
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		t.Fatal(err)
	}
	v.Action = opco.ActionLot{Genre: opco.LotAttendre, JusquAu: opco.JourDe(le).Jours(20), Raison: "Devis attendu"}
	if err := s.CreerActionLot(ctx, portee(v), v, store.ChoixLot{Dossiers: ids}); err != nil {
		t.Fatal(err)
	}
	x := &executant.Executant{Store: s, Procedures: &procedureDirecte{s: s}, Log: slog.New(slog.DiscardHandler), Pause: time.Millisecond}
	tourner(t, x)
	es, err := s.ElementsLot(ctx, portee(v), v.ID, nil, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"étudie ce dossier", "ne peut pas attendre au-delà", "terminé", ""} {
		etat := "ECARTE"
		if want == "" {
			etat = "APPLICABLE"
		}
		if es[i].Etat != etat || !strings.Contains(es[i].Phrase, want) {
			t.Errorf("dossier %d: %s %q, want %s %q", i, es[i].Etat, es[i].Phrase, etat, want)
		}
	}
	var poses int
	if err := s.DB.Get(&poses, `SELECT (SELECT count(*) FROM attente) + (SELECT count(*) FROM geste WHERE type = 'attendre')`); err != nil || poses != 0 {
		t.Errorf("the trial did %d things, %v", poses, err)
	}
}

// tourner has a worker do all it can.
func tourner(t *testing.T, x *executant.Executant) {
	t.Helper()
	if err := epuiser(t.Context(), x); err != nil {
		t.Fatal(err)
	}
}

// epuiser makes rounds until nothing is left to do.
func epuiser(ctx context.Context, x *executant.Executant) error {
	for {
		if n, err := x.Tournee(ctx); n == 0 || err != nil {
			return err
		}
	}
}

// TestAnActionStoppedWhileItIsTriedIsTriedAgain: resuming it launches nothing, since
// nobody launched it.
func TestAnActionStoppedWhileItIsTriedIsTriedAgain(t *testing.T) {
	s, v, ids := terrain(t, 3)
	ctx := t.Context()
	if err := s.CreerActionLot(ctx, portee(v), v, store.ChoixLot{Dossiers: ids}); err != nil {
		t.Fatal(err)
	}
	if err := s.SuspendreActionLot(ctx, v.ID, "Le rôle est retiré."); err != nil {
		t.Fatal(err)
	}
	if err := s.ChangerActionLot(ctx, portee(v), v.Par(), v.ID, "reprendre"); err != nil {
		t.Fatal(err)
	}
	if lu, err := s.ActionLot(ctx, portee(v), v.ID); err != nil || lu.Etat != store.LotEssai || lu.LanceeLe != nil {
		t.Errorf("resumed as %s (%v), want its trial", lu.Etat, err)
	}
}
