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
	is := storetest.Incidents(t, s)
	if len(is) != 1 || is[0].Essais != 4 {
		t.Fatalf("got %+v; want one incident with 4 tries", is)
	}
	premier := is[0].OuvertLe
	if err := s.Clore(ctx, "lot/L26-0001", "Envoyer"); err != nil {
		t.Fatal(err)
	}
	if is := storetest.Incidents(t, s); len(is) != 0 {
		t.Fatalf("got %+v; want none once closed", is)
	}
	noter(3)
	if is = storetest.Incidents(t, s); len(is) != 1 || !is[0].OuvertLe.After(premier) {
		t.Errorf("got %+v; want it open again, from now", is)
	}
}
