package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"

	"guichet/store"
	"guichet/store/storetest"
)

// A verification of the night that failed is not held to be done: tried again, it takes place.
func TestTheNightIsTriedAgain(t *testing.T) {
	barre := filepath.Join(t.TempDir(), "fichiers")
	if err := os.WriteFile(barre, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s, id := storetest.Ouvrir(t), uuid.NewString()
	for _, tt := range []struct {
		fichiers string
		want     store.EtatVerification
	}{{barre, store.VerificationEchouee}, {t.TempDir(), store.VerificationFinie}, {barre, store.VerificationFinie}} {
		a := &atelier{store: s, log: slog.New(slog.DiscardHandler)}
		a.cfg.Fichiers = tt.fichiers
		err := a.Nuit(t.Context(), id, func(any) {})
		if (err != nil) != (tt.want == store.VerificationEchouee) {
			t.Errorf("the night ends with %v, want %s", err, tt.want)
		}
		v, err := s.Verification(t.Context(), id)
		if err != nil || v.Etat != tt.want {
			t.Errorf("got %s (%s), %v; want %s", v.Etat, v.Raison, err, tt.want)
		}
	}
}
