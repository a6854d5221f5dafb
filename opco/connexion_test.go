package opco_test

import (
	"testing"
	"time"

	"guichet/opco"
)

// TestAttenteConnexion: five failures make 15 minutes, and each further one twice
// as long, within a day; a hundred in a row ask for a new password (C21).
func TestAttenteConnexion(t *testing.T) {
	p := opco.ParametresDefaut().Comptes
	tests := []struct {
		echecs  int
		attente time.Duration
		jamais  bool
	}{
		{0, 0, false}, {4, 0, false}, {5, 15 * time.Minute, false}, {6, 30 * time.Minute, false}, {7, time.Hour, false},
		{11, 16 * time.Hour, false}, {12, 24 * time.Hour, false}, {99, 24 * time.Hour, false}, {100, 24 * time.Hour, true},
	}
	for _, tt := range tests {
		if attente, jamais := p.AttenteConnexion(tt.echecs); attente != tt.attente || jamais != tt.jamais {
			t.Errorf("after %d failures: got %s %v, want %s %v", tt.echecs, attente, jamais, tt.attente, tt.jamais)
		}
	}
}

// TestDureeSession: « rester connecté » is never for the staff.
func TestDureeSession(t *testing.T) {
	p := opco.ParametresDefaut().Comptes.Connexion
	tests := []struct {
		nom             string
		interne, rester bool
		totale, repos   time.Duration
	}{
		{"staff", true, false, 12 * time.Hour, 30 * time.Minute},
		{"staff asking to stay", true, true, 12 * time.Hour, 30 * time.Minute},
		{"organisation", false, false, 12 * time.Hour, 2 * time.Hour},
		{"organisation asking to stay", false, true, 720 * time.Hour, 168 * time.Hour},
	}
	for _, tt := range tests {
		if totale, repos := p.DureeSession(tt.interne, tt.rester); totale != tt.totale || repos != tt.repos {
			t.Errorf("%s: got %s and %s, want %s and %s", tt.nom, totale, repos, tt.totale, tt.repos)
		}
	}
}
