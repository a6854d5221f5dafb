package scenario

import (
	"encoding/json"
	"testing"
)

// TestAt reads values by their path.
func TestAt(t *testing.T) {
	var v any
	if err := json.Unmarshal([]byte(`{"mois":[{"mois":"2019-09","pointe":true},{"x":null}],"n":3,"o":{"p":"q"}}`), &v); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"mois.nombre": "2", "mois.0.mois": "2019-09", "mois.0.pointe": "oui", "n": "3", "o.p": "q", "mois.7": "", "mois.1.x": "", "rien": "", "n.x": "", "o": `{"p":"q"}`} {
		if got := at(v, path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
}
