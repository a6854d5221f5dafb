package scenario

import (
	"testing"

	"guichet/opco"
)

// TestIdentity proves that made organisations pass every check of the product,
// whatever their number.
func TestIdentity(t *testing.T) {
	for n := 0; n < sirens; n += 997 {
		o := newOrg("OF1", models["OF1"], n)
		if s, err := opco.ParseSIREN(string(o.SIREN)); err != nil || s != o.SIREN {
			t.Fatalf("SIREN %s of number %d: %v", o.SIREN, n, err)
		}
		for _, x := range o.SIRETs {
			if s, err := opco.ParseSIRET(string(x)); err != nil || s.SIREN() != o.SIREN {
				t.Fatalf("SIRET %s of number %d: %v", x, n, err)
			}
		}
		if i, err := opco.ParseIBAN(string(o.IBAN)); err != nil || i != o.IBAN {
			t.Fatalf("IBAN %s of number %d: %v", o.IBAN, n, err)
		}
		if _, err := opco.ParseNDA(string(o.NDA)); err != nil {
			t.Fatalf("NDA %s of number %d: %v", o.NDA, n, err)
		}
		if e, err := opco.ParseEmail(o.Email); err != nil || string(e) != o.Email {
			t.Fatalf("address %s of number %d: %v", o.Email, n, err)
		}
	}
	for key, o := range demoOrgs {
		if _, err := opco.ParseIBAN(string(o.IBAN)); err != nil {
			t.Errorf("IBAN of %s: %v", key, err)
		}
	}
}

// TestMaker proves that no number comes twice in a run, and that those near the
// demonstration are left alone.
func TestMaker(t *testing.T) {
	m := &maker{next: sirens - 3}
	seen := map[int]bool{}
	for range 50 {
		n := m.number()
		if seen[n] || n < 20_000 {
			t.Fatalf("number %d", n)
		}
		seen[n] = true
	}
}
