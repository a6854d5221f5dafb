package store_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// The reference of a credit has 140 characters at most, as people count them: an
// accent is one.
func TestReferenceDUneDotation(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	vv := store.Enveloppe{SIREN: "999001019", Fonds: opco.FondsVV}
	for n, refusee := range map[int]bool{0: true, 140: false, 141: true} {
		_, err := c.s.Doter(c.ctx, vv, store.Dotation{ID: uuid.NewString(), Montant: 1, Reference: strings.Repeat("é", n)}, cpt)
		if (opco.KindOf(err) == opco.Invalid) != refusee || !refusee && err != nil {
			t.Errorf("%d characters: got %v", n, err)
		}
	}
}
