package opco_test

import (
	"testing"

	"guichet/opco"
)

func TestJourTarget(t *testing.T) {
	tests := []struct {
		jour opco.Date
		veut bool
	}{
		{"2026-04-03", false}, // Good Friday
		{"2026-04-06", false}, // Easter Monday
		{"2026-04-07", true},
		{"2026-05-01", false}, {"2026-05-08", true}, // a French holiday, not a bank's
		{"2026-07-14", true}, {"2026-12-25", false}, {"2026-12-26", false}, {"2027-01-01", false},
		{"2026-06-13", false}, {"2026-06-14", false}, {"2026-06-15", true},
		{"2024-03-29", false}, {"2024-04-01", false}, {"2025-04-18", false}, {"2025-04-21", false}, {"2038-04-26", false},
	}
	for _, tt := range tests {
		if got := opco.JourTarget(tt.jour); got != tt.veut {
			t.Errorf("JourTarget(%s) = %t", tt.jour, got)
		}
	}
	if got := opco.ProchainTarget("2026-04-03"); got != "2026-04-07" {
		t.Errorf("after Good Friday 2026: %s", got)
	}
}

func TestPaques(t *testing.T) {
	for annee, veut := range map[int]opco.Date{2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2030: "2030-04-21", 2038: "2038-04-25"} {
		if got := opco.Paques(annee); got != veut {
			t.Errorf("Paques(%d) = %s, want %s", annee, got, veut)
		}
	}
}
