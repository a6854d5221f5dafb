package api

import "testing"

// TestALoginLeadsBackToTheForm: whoever loses their session while sending a form
// comes back to the page that held it.
func TestALoginLeadsBackToTheForm(t *testing.T) {
	pages := map[string]bool{"/compte": true, "/compte/modifier": true, "/agents/{compte}": true}
	tests := []struct{ name, chemin, modele, veut string }{
		{"the page of the form", "/compte/modifier", "/compte/modifier", "/compte/modifier"},
		{"a form of a larger page", "/compte/reprises", "/compte/reprises", "/compte"},
		{"two levels up", "/agents/7/roles/confirmation", "/agents/{compte}/roles/confirmation", "/agents/7"},
		{"no page above", "/absences/fin", "/absences/fin", "/"},
		{"a parameter to escape", "/agents/a b/roles", "/agents/{compte}/roles", "/agents/a%20b"},
		{"a path that is not the route's", "/compte", "/compte/reprises", "/"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := retourDe(tt.chemin, tt.modele, func(m string) bool { return pages[m] }); got != tt.veut {
				t.Errorf("got %q; want %q", got, tt.veut)
			}
		})
	}
}
