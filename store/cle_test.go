package store_test

import (
	"errors"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
)

// A key opens the account it was made for, until it expires or is closed.
func TestCle(t *testing.T) {
	c := conduire(t)
	ctx := t.Context()
	cle, err := c.s.CreerCle(ctx, store.CleAPI{Identifiant: "e1", Libelle: "Paie"})
	if err != nil {
		t.Fatal(err)
	}
	if u, err := c.s.UtilisateurDeCle(ctx, cle); err != nil || u.Identifiant != "e1" {
		t.Errorf("got %q, %v; want e1", u.Identifiant, err)
	}
	hier := time.Now().Add(-24 * time.Hour)
	vieille, err := c.s.CreerCle(ctx, store.CleAPI{Identifiant: "e1", Libelle: "Ancienne", ExpireLe: &hier})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.s.UtilisateurDeCle(ctx, vieille); !errors.Is(err, opco.NotFound) {
		t.Errorf("got %v for an expired key, want NotFound", err)
	}
	if ks, err := c.s.Cles(ctx); err != nil || len(ks) != 1 || ks[0].Libelle != "Paie" {
		t.Errorf("got %+v, %v; want the living key only", ks, err)
	}
	if n, err := c.s.RetirerCles(ctx, "e1", "Paie"); err != nil || n != 1 {
		t.Fatalf("got %d, %v", n, err)
	}
	if _, err := c.s.UtilisateurDeCle(ctx, cle); !errors.Is(err, opco.NotFound) {
		t.Errorf("got %v for a closed key, want NotFound", err)
	}
	if _, err := c.s.CreerCle(ctx, store.CleAPI{Identifiant: "personne", Libelle: "x"}); !errors.Is(err, opco.NotFound) {
		t.Errorf("got %v for an unknown account, want NotFound", err)
	}
}
