package env

import (
	"strings"
	"testing"
)

func TestLire(t *testing.T) {
	const base = "host=127.0.0.1 dbname=guichet"
	tests := []struct {
		nom   string
		env   map[string]string
		faute []string // what the error names; none when the configuration holds
	}{
		{"the least", map[string]string{"GUICHET_DB": base}, nil},
		{"no database", nil, []string{"GUICHET_DB"}},
		{"every mistake at once", map[string]string{"GUICHET_ADRESSE": "8080", "GUICHET_SMTP": "smtp", "GUICHET_URL": "guichet.fr"},
			[]string{"GUICHET_DB", "GUICHET_ADRESSE", "GUICHET_SMTP", "GUICHET_URL"}},
		{"the test clock on this machine", map[string]string{"GUICHET_DB": base, "GUICHET_HORLOGE_ESSAI": "1"}, nil},
		{"the test clock and a real bank", map[string]string{"GUICHET_DB": base, "GUICHET_HORLOGE_ESSAI": "1", "GUICHET_BANQUE_REELLE": "1"}, []string{"GUICHET_HORLOGE_ESSAI"}},
		{"the test clock and a real mail server", map[string]string{"GUICHET_DB": base, "GUICHET_HORLOGE_ESSAI": "1", "GUICHET_SMTP": "smtp.exemple.fr:587"}, []string{"GUICHET_HORLOGE_ESSAI"}},
		{"a yes that is not one", map[string]string{"GUICHET_DB": base, "GUICHET_HORLOGE_ESSAI": "peut-être"}, []string{"HorlogeEssai"}},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			for _, nom := range []string{"GUICHET_DB", "GUICHET_ADRESSE", "GUICHET_SMTP", "GUICHET_URL", "GUICHET_HORLOGE_ESSAI", "GUICHET_BANQUE_REELLE", "GUICHET_TEMPORAL"} {
				t.Setenv(nom, tt.env[nom])
			}
			_, err := Lire()
			if (err != nil) != (len(tt.faute) > 0) {
				t.Fatalf("got %v, want mistakes about %v", err, tt.faute)
			}
			for _, f := range tt.faute {
				if !strings.Contains(err.Error(), f) {
					t.Errorf("got %v, want it to name %s", err, f)
				}
			}
		})
	}
}
