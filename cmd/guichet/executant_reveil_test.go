package main

import (
	"log/slog"
	"strconv"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
	"guichet/store/executant"
)

// TestAStuckActionWakesNobody: a round that moves no dossier tells nothing, for what it
// tells wakes the workers again; one that moves some does.
func TestAStuckActionWakesNobody(t *testing.T) {
	s, v, _ := terrain(t, 0)
	ctx, ids := t.Context(), transmis(t, s, 2)
	p := &procedureDirecte{s: s, sourds: map[string]bool{}}
	for _, id := range ids {
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
	dites := annonces(t, s)
	for range 3 { // taken and stuck, then leased
		if _, err := x.Tournee(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if n := dites(); n != 0 {
		t.Errorf("%d announcements of an action that did not move", n)
	}
	clear(p.sourds)
	finirBaux(t, s)
	if _, err := x.Tournee(ctx); err != nil {
		t.Fatal(err)
	}
	if n := dites(); n == 0 {
		t.Error("the last dossiers were done, and nobody told")
	}
}

// annonces counts what the database says of actions from now on, each time it is asked: a
// mark of its own comes after what it counts.
func annonces(t *testing.T, s *store.Store) func() int {
	t.Helper()
	ns, stop := s.Ecouter()
	t.Cleanup(stop)
	marques := 0
	jusquIci := func() (n int) {
		marques++ // its own each time: one that was said twice is not taken for the next
		marque := strconv.Itoa(marques)
		for {
			if err := s.Annoncer(t.Context(), "essai", marque); err != nil {
				t.Fatal(err)
			}
			for attend := true; attend; {
				select {
				case x := <-ns:
					switch {
					case x.Sujet == "essai" && x.ID == marque:
						return n
					case x.Sujet == "action":
						n++
					}
				case <-time.After(time.Second): // the first one may come before anybody listens
					attend = false
				}
			}
		}
	}
	jusquIci()
	return jusquIci
}
