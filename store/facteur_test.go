package store_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestPreuvesUneFois: what proves somebody once, however many show it at the same
// time: the step of a code, a recovery code, the record of a passkey, a token.
func TestPreuvesUneFois(t *testing.T) {
	s := demo(t)
	u, err := s.Utilisateur(t.Context(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.EcrireSecours(t.Context(), u.Compte, []string{"un", "deux"}); err != nil {
		t.Fatal(err)
	}
	preuves := map[string]func(ctx context.Context) (bool, error){
		"the step of a code": func(ctx context.Context) (bool, error) { return s.AvancerTotp(ctx, u.Compte, 1000) },
		"a recovery code":    func(ctx context.Context) (bool, error) { return s.ConsommerSecours(ctx, u.Compte, "un") },
		"a token":            func(ctx context.Context) (bool, error) { return s.BrulerJeton(ctx, "jeton", time.Minute) },
	}
	for nom, prouver := range preuves {
		var bons atomic.Int64
		var wg sync.WaitGroup
		for range 200 {
			wg.Go(func() {
				ok, err := prouver(context.Background())
				if err != nil {
					t.Error(err)
				}
				if ok {
					bons.Add(1)
				}
			})
		}
		wg.Wait()
		if bons.Load() != 1 {
			t.Errorf("%s served %d times", nom, bons.Load())
		}
	}
	if ok, err := s.AvancerTotp(t.Context(), u.Compte, 999); err != nil || ok {
		t.Errorf("an older step serves after a newer one (%v)", err)
	}
	f, err := s.Facteurs(t.Context(), u.Compte)
	if err != nil || len(f.Secours) != 1 || f.Secours[0] != "deux" {
		t.Errorf("got %v left (%v)", f.Secours, err)
	}
}
