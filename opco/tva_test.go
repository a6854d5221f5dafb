package opco_test

import (
	"fmt"
	"testing"

	"guichet/opco"
)

func TestParseTVA(t *testing.T) {
	verifierLectures(t, "tva", opco.ParseTVA, []lecture{
		{"a real-looking number", "FR44732829320", "FR44732829320", ""},
		{"lower case and spaces", "fr 44 732 829 320", "FR44732829320", ""},
		{"key 01", "FR01999003643", "FR01999003643", ""},
		{"wrong key", "FR45732829320", "", "après FR"},
		{"key beyond 96 with the same remainder", "FR98999003643", "", "après FR"},
		{"wrong SIREN", "FR44732829321", "", "SIREN"},
		{"a foreign number", "DE136695976", "", "FR suivi de 11 chiffres"},
		{"12 digits", "FR447328293201", "", "FR suivi de 11 chiffres"},
		{"nothing", " ", "", "Indiquez"},
	})
	if got := opco.TVA("FR44732829320").SIREN(); got != "732829320" {
		t.Errorf("company: got %q", got)
	}
	if got := opco.TVA("FR").SIREN(); got != "" {
		t.Errorf("company of no number: got %q", got)
	}
}

// TestTVAOneKey holds that each company has exactly one key.
func TestTVAOneKey(t *testing.T) {
	for _, a := range acteurs {
		cles := 0
		for k := range 100 {
			if _, err := opco.ParseTVA(fmt.Sprintf("FR%02d%s", k, a.siren)); err == nil {
				cles++
			}
		}
		if cles != 1 {
			t.Errorf("%s: %d keys are accepted, want 1", a.siren, cles)
		}
	}
}
