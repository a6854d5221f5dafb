package store_test

import (
	"testing"

	"guichet/store/storetest"
)

// An incident is one line per object and deed: it counts its tries, closes once,
// and opens again as a new one.
func TestIncident(t *testing.T) {
	s, ctx := storetest.Ouvrir(t), t.Context()
	noter := func(n int) {
		t.Helper()
		if err := s.Signaler(ctx, "lot/L26-0001", "Envoyer", n, "the folder is full"); err != nil {
			t.Fatal(err)
		}
	}
	noter(3)
	noter(4)
	is, err := s.Incidents(ctx)
	if err != nil || len(is) != 1 || is[0].Essais != 4 {
		t.Fatalf("got %+v, %v; want one incident with 4 tries", is, err)
	}
	premier := is[0].OuvertLe
	if err := s.Clore(ctx, "lot/L26-0001", "Envoyer"); err != nil {
		t.Fatal(err)
	}
	if is, err := s.Incidents(ctx); err != nil || len(is) != 0 {
		t.Fatalf("got %+v, %v; want none once closed", is, err)
	}
	noter(3)
	if is, err = s.Incidents(ctx); err != nil || len(is) != 1 || !is[0].OuvertLe.After(premier) {
		t.Errorf("got %+v, %v; want it open again, from now", is, err)
	}
}
