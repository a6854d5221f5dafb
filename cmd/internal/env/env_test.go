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
		{"keys that are not keys", map[string]string{"GUICHET_DB": base, "GUICHET_CLE_SECRETS": "k1:azerty"}, []string{"GUICHET_CLE_SECRETS"}},
		{"a proxy that is no address", map[string]string{"GUICHET_DB": base, "GUICHET_PROXYS": "10.0.0.0/8,partout"}, []string{"GUICHET_PROXYS", "partout"}},
		{"a provider without a client", map[string]string{"GUICHET_DB": base, "GUICHET_OIDC_EMETTEUR": "https://identite.exemple.fr"}, []string{"GUICHET_OIDC_EMETTEUR"}},
		{"a yes that is not one", map[string]string{"GUICHET_DB": base, "GUICHET_HORLOGE_ESSAI": "peut-être"}, []string{"HorlogeEssai"}},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			for _, nom := range []string{"GUICHET_DB", "GUICHET_ADRESSE", "GUICHET_SMTP", "GUICHET_URL", "GUICHET_HORLOGE_ESSAI", "GUICHET_BANQUE_REELLE", "GUICHET_TEMPORAL",
				"GUICHET_CLE_SECRETS", "GUICHET_PROXYS", "GUICHET_OIDC_EMETTEUR"} {
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

// TestLireAPI: the counter does not start without the keys that seal second
// factors, but on the test clock.
func TestLireAPI(t *testing.T) {
	for _, nom := range []string{"GUICHET_DB", "GUICHET_HORLOGE_ESSAI", "GUICHET_CLE_SECRETS"} {
		t.Setenv(nom, "")
	}
	t.Setenv("GUICHET_DB", "host=127.0.0.1 dbname=guichet")
	if _, err := LireAPI(); err == nil || !strings.Contains(err.Error(), "GUICHET_CLE_SECRETS") {
		t.Errorf("without keys: got %v", err)
	}
	t.Setenv("GUICHET_CLE_SECRETS", "k1:"+strings.Repeat("A", 43)+"=")
	if _, err := LireAPI(); err != nil {
		t.Errorf("with keys: got %v", err)
	}
	t.Setenv("GUICHET_CLE_SECRETS", "")
	t.Setenv("GUICHET_HORLOGE_ESSAI", "1")
	if _, err := LireAPI(); err != nil {
		t.Errorf("on the test clock: got %v", err)
	}
}
