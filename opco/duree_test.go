package opco_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"guichet/opco"
)

func TestParseDuree(t *testing.T) {
	tests := []struct {
		saisie string
		want   opco.Minutes
		refus  string
	}{
		{"21,00", 21 * 60, ""},
		{"21", 21 * 60, ""},
		{"21.5", 21*60 + 30, ""},
		{"7 h 30", 7*60 + 30, ""},
		{"7h30", 7*60 + 30, ""},
		{"7\u00a0H\u202f05 min", 7*60 + 5, ""},
		{"7 h", 7 * 60, ""},
		{"0,05", 3, ""},
		{"7,25", 7*60 + 15, ""},
		{"45 min", 45, ""},
		{"0 h 01", 1, ""},
		{"1 400", 1400 * 60, ""},
		{"9999", opco.MinutesMax, ""},
		{"9999 h 01", 0, "9 999 heures"},
		{"99999", 0, "9 999 heures"},
		{"999999999 h 59", 0, "9 999 heures"},
		{"0", 0, "au moins une minute"},
		{"0 h 00", 0, "au moins une minute"},
		{"7,33", 0, "minute entière"},
		{"0,01", 0, "minute entière"},
		{"21,005", 0, "n’est pas une durée"},
		{"7 h 60", 0, "n’est pas une durée"},
		{"7 h 3", 0, "n’est pas une durée"},
		{"7,5 h", 0, "n’est pas une durée"},
		{"7:30", 0, "n’est pas une durée"},
		{"21,", 0, "n’est pas une durée"},
		{",5", 0, "n’est pas une durée"},
		{"h", 0, "n’est pas une durée"},
		{"min", 0, "n’est pas une durée"},
		{"-21", 0, "n’est pas une durée"},
		{"1e3", 0, "n’est pas une durée"},
		{"NaN", 0, "n’est pas une durée"},
		{"２１", 0, "n’est pas une durée"},
		{"1.234,56", 0, "n’est pas une durée"},
		{"", 0, "n’est pas une durée"},
		{strings.Repeat("9", 1000), 0, "n’est pas une durée"},
	}
	for _, tt := range tests {
		t.Run(tt.saisie, func(t *testing.T) {
			got, err := opco.ParseDuree(tt.saisie)
			if tt.refus != "" {
				verifierRefus(t, "duree", err, tt.refus)
				return
			}
			if err != nil || got != tt.want {
				t.Errorf("got %d, %v; want %d", got, err, tt.want)
			}
		})
	}
}

func TestMinutesTexte(t *testing.T) {
	tests := []struct {
		m              opco.Minutes
		texte, decimal string
	}{
		{28 * 60, "28 h", "28,00"},
		{7*60 + 30, "7 h 30", "7,50"},
		{7*60 + 5, "7 h 05", "7,08"},
		{7*60 + 20, "7 h 20", "7,33"},
		{7*60 + 40, "7 h 40", "7,67"},
		{45, "45 min", "0,75"},
		{1, "1 min", "0,02"},
		{0, "0 h", "0,00"},
		{-90, "-1 h 30", "-1,50"},
	}
	for _, tt := range tests {
		if got := strings.ReplaceAll(tt.m.String(), "\u00a0", " "); got != tt.texte {
			t.Errorf("%d minutes: got %q, want %q", tt.m, got, tt.texte)
		}
		if got := tt.m.Heures(); got != tt.decimal {
			t.Errorf("%d minutes: got %q, want %q", tt.m, got, tt.decimal)
		}
	}
}

// TestDureeReadsWhatItShows holds that no length is lost between a page and the
// form it fills.
func TestDureeReadsWhatItShows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := opco.Minutes(rapid.Int64Range(1, int64(opco.MinutesMax)).Draw(t, "minutes"))
		if got, err := opco.ParseDuree(m.String()); err != nil || got != m {
			t.Fatalf("%s: got %d, %v; want %d", m, got, err, m)
		}
	})
}
