package opco_test

import (
	"testing"
	"time"

	"guichet/opco"
)

func TestParseInstant(t *testing.T) {
	tests := []struct{ saisie, want, refus string }{
		{"2026-04-13T09:30:00+02:00", "2026-04-13T07:30:00Z", ""},
		{"2026-04-13T07:30:00Z", "2026-04-13T07:30:00Z", ""},
		{"2026-04-13T07:30:00.25Z", "2026-04-13T07:30:00.25Z", ""},
		{"2026-04-14T08:00:00+14:00", "2026-04-13T18:00:00Z", ""},
		{"2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00Z", ""},
		{"2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z", ""},
		{"2026-03-29T02:30:00Z", "2026-03-29T02:30:00Z", ""},
		{"2026-03-29T03:30:00+02:00", "2026-03-29T01:30:00Z", ""},
		{"2026-03-29T02:30:00+01:00", "", "n’existe pas à Paris"},
		{"2026-03-29T02:30:00+02:00", "", "n’existe pas à Paris"},
		{"2026-03-29T02:30", "", "n’existe pas à Paris"},
		{"2026-10-25T02:30", "", "+02:00 ou +01:00"},
		{"2026-10-25T03:30", "", "à l’heure de Paris, +01:00"},
		{"2026-07-01T10:00:00", "", "à l’heure de Paris, +02:00"},
		{"2026-12-31T23:59:60Z", "", "n’est pas une date et une heure"},
		{"2026-02-29T10:00:00Z", "", "n’est pas une date et une heure"},
		{"2026-04-13 09:30:00+02:00", "", "n’est pas une date et une heure"},
		{"2026-04-13", "", "n’est pas une date et une heure"},
		{"0001-01-01T00:00:00Z", "", "hors du calendrier"},
		{"9999-12-31T00:00:00Z", "", "hors du calendrier"},
		{"20226-01-01T00:00:00Z", "", "n’est pas une date et une heure"},
		{"", "", "n’est pas une date et une heure"},
	}
	for _, tt := range tests {
		t.Run(tt.saisie, func(t *testing.T) {
			got, err := opco.ParseInstant(tt.saisie)
			if tt.refus != "" {
				verifierRefus(t, "", err, tt.refus)
				return
			}
			if err != nil || got.Format(time.RFC3339Nano) != tt.want || got.Location() != time.UTC {
				t.Errorf("got %s, %v; want %s", got.Format(time.RFC3339Nano), err, tt.want)
			}
		})
	}
}

func TestParsePeriode(t *testing.T) {
	tests := []struct{ nom, debut, fin, champ, refus string }{
		{"three days", "2026-05-18", "2026-05-20", "", ""},
		{"one day", "2026-05-18", "2026-05-18", "", ""},
		{"end before start", "2026-05-18", "2026-05-17", "fin", "vient avant le début"},
		{"eleven years", "2026-05-18", "2037-05-18", "fin", "plus de dix ans"},
		{"no such day", "2025-02-29", "2026-05-17", "debut", "n’est pas une date"},
		{"no end", "2026-05-18", "", "fin", "n’est pas une date"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			d, f, err := opco.ParsePeriode(tt.debut, tt.fin)
			if tt.refus != "" {
				verifierRefus(t, tt.champ, err, tt.refus)
				return
			}
			if err != nil || string(d) != tt.debut || string(f) != tt.fin {
				t.Errorf("got %s, %s, %v; want %s, %s", d, f, err, tt.debut, tt.fin)
			}
		})
	}
}
