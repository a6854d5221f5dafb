package main

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
	"guichet/store/executant"
)

// TestAStuckProcedureHoldsNobody: the procedures of the first fourteen dossiers do not
// answer: the others are done in one pass, whatever the leases of those; once they answer,
// each is done, once.
func TestAStuckProcedureHoldsNobody(t *testing.T) {
	const n, bloques = 34, 14
	s, v, _ := terrain(t, 0)
	ctx, ids := t.Context(), transmis(t, s, n)
	p := &procedureDirecte{s: s, sourds: map[string]bool{}}
	for _, id := range ids[:bloques] {
		p.sourds[opco.ObjetDossier(id)] = true
	}
	x := &executant.Executant{Store: s, Procedures: p, Log: slog.New(slog.DiscardHandler), Pause: time.Millisecond}
	v.Action = opco.ActionLot{Genre: opco.LotComplement, Pieces: []opco.PieceDemandee{{Type: opco.PieceProgramme, Motif: opco.MotifManquante}}}
	if err := s.CreerActionLot(ctx, portee(v), v, store.ChoixLot{Dossiers: ids}); err != nil {
		t.Fatal(err)
	}
	tourner(t, x)
	if err := s.ChangerActionLot(ctx, portee(v), v.Par(), v.ID, "lancer"); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second time, the leases of the stuck ones are over: the others still come first
		if _, err := x.Tournee(ctx); err != nil {
			t.Fatal(err)
		}
		finirBaux(t, s)
	}
	if lu, err := s.ActionLot(ctx, portee(v), v.ID); err != nil || lu.Nombres.Applique != 2*executant.Poignee-bloques {
		t.Errorf("after two handfuls: %+v, %v", lu.Nombres, err)
	}
	for range (n - 2*executant.Poignee + executant.Poignee - 1) / executant.Poignee {
		if _, err := x.Tournee(ctx); err != nil {
			t.Fatal(err)
		}
		finirBaux(t, s)
	}
	lu, err := s.ActionLot(ctx, portee(v), v.ID)
	if err != nil || lu.Etat != store.LotLance || lu.Nombres != (store.NombresLot{Total: n, Applicable: bloques, Applique: n - bloques}) {
		t.Errorf("with stuck procedures: %s %+v, %v", lu.Etat, lu.Nombres, err)
	}
	clear(p.sourds)
	tourner(t, x)
	if lu, err = s.ActionLot(ctx, portee(v), v.ID); err != nil || lu.Etat != store.LotTermine || lu.Nombres != (store.NombresLot{Total: n, Applique: n}) {
		t.Errorf("once they answer: %s %+v, %v", lu.Etat, lu.Nombres, err)
	}
	if actes := compter(t, s, `SELECT count(*) FROM acte WHERE type = 'demander_complement'`); actes != n {
		t.Errorf("%d actes for %d dossiers", actes, n)
	}
}

// TestADossierThatDoesNotReadIsSetAsideWithItsReason: it does not hold the trial, which
// ends; the others are ready.
func TestADossierThatDoesNotReadIsSetAsideWithItsReason(t *testing.T) {
	s, v, _ := terrain(t, 0)
	ctx, ids := t.Context(), transmis(t, s, 3)
	if _, err := s.DB.Exec(`UPDATE dossier SET contenu = '{"demande": 3}' WHERE id = $1`, ids[1]); err != nil {
		t.Fatal(err)
	}
	v.Action = opco.ActionLot{Genre: opco.LotComplement, Pieces: []opco.PieceDemandee{{Type: opco.PieceProgramme, Motif: opco.MotifManquante}}}
	if err := s.CreerActionLot(ctx, portee(v), v, store.ChoixLot{Dossiers: ids}); err != nil {
		t.Fatal(err)
	}
	tourner(t, &executant.Executant{Store: s, Procedures: &procedureDirecte{s: s}, Log: slog.New(slog.DiscardHandler), Pause: time.Millisecond})
	if lu, err := s.ActionLot(ctx, portee(v), v.ID); err != nil || lu.Etat != store.LotPret || lu.Nombres != (store.NombresLot{Total: 3, Applicable: 2, Ecarte: 1}) {
		t.Errorf("got %s %+v, %v", lu.Etat, lu.Nombres, err)
	}
	if es, err := s.ElementsLot(ctx, portee(v), v.ID, []string{"ECARTE"}, 0, 10); err != nil || len(es) != 1 || es[0].Dossier != ids[1] || !strings.Contains(es[0].Phrase, "ne se lit pas") {
		t.Errorf("set aside: %+v, %v", es, err)
	}
}
