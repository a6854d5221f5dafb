package api_test

import (
	"net/http"
	"testing"
)

// A gestionnaire records Qualiopi with the proof in hand; what is wrong or
// unknown is said, and nobody else may.
func TestQualiopi(t *testing.T) {
	g := ouvrir(t)
	const route = "/api/organismes/999001647/qualiopi" // OF4, without Qualiopi
	bon := objet{"certificats": []objet{{"nature": "FORMATION", "du": "2026-03-01", "au": "2029-02-28"}}}
	tests := []struct {
		name, qui, route string
		corps            objet
		statut           int
	}{
		{"the gestionnaire records it", "gestionnaire", route, bon, http.StatusOK},
		{"a company may not", "e1", route, bon, http.StatusForbidden},
		{"an unknown organisme", "gestionnaire", "/api/organismes/999001019/qualiopi", bon, http.StatusNotFound},
		{"a SIREN that is none", "gestionnaire", "/api/organismes/123456789/qualiopi", bon, http.StatusNotFound},
		{"an end before the start", "gestionnaire", route,
			objet{"certificats": []objet{{"nature": "FORMATION", "du": "2026-03-01", "au": "2026-02-01"}}}, http.StatusUnprocessableEntity},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if r := g.appeler(tt.qui, http.MethodPut, tt.route, tt.corps); r.statut != tt.statut {
				t.Errorf("got %d %s, want %d", r.statut, r.corps, tt.statut)
			}
		})
	}
	r := g.appeler("auditeur", http.MethodGet, "/api/organismes/999001647", nil)
	if r.statut != http.StatusOK || len(r.corps) == 0 {
		t.Errorf("got %d %s reading it back", r.statut, r.corps)
	}
}
