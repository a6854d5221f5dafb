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
		{"a yes that is not one", map[string]string{"GUICHET_DB": base, "GUICHET_HORLOGE_ESSAI": "peut-être"}, []string{"GUICHET_HORLOGE_ESSAI", "true"}},
		{"a form mistaken beside a value mistaken", map[string]string{"GUICHET_RETRAIT": "cinq", "GUICHET_JOURNAL": "xml", "GUICHET_TRACES_TAUX": "2"},
			[]string{"GUICHET_DB", "GUICHET_RETRAIT est illisible", "GUICHET_JOURNAL", "GUICHET_TRACES_TAUX"}},
		{"a database address that is none", map[string]string{"GUICHET_DB": "postgres://%zz"}, []string{"GUICHET_DB est illisible"}},
		{"a work that nobody does", map[string]string{"GUICHET_DB": base, "GUICHET_FILES": "dossier,paie"}, []string{"GUICHET_FILES", "paie", "banque"}},
		{"a deployment whose name the engine refuses", map[string]string{"GUICHET_DB": base, "GUICHET_VERSION_WORKERS": "guichet.prod"}, []string{"GUICHET_VERSION_WORKERS", "guichet.prod"}},
		{"a deployment", map[string]string{"GUICHET_DB": base, "GUICHET_VERSION_WORKERS": "guichet"}, nil},
		{"some works", map[string]string{"GUICHET_DB": base, "GUICHET_FILES": "dossier,banque"}, nil},
		{"the public door for what is private", map[string]string{"GUICHET_DB": base, "GUICHET_ADRESSE_INTERNE": "127.0.0.1:8080"}, []string{"GUICHET_ADRESSE_INTERNE"}},
		{"a certificate without its key", map[string]string{"GUICHET_DB": base, "GUICHET_TEMPORAL_CERT": "env.go"}, []string{"GUICHET_TEMPORAL_CLE"}},
		{"an authority that is no certificate", map[string]string{"GUICHET_DB": base, "GUICHET_TEMPORAL_AUTORITE": "env.go"}, []string{"GUICHET_TEMPORAL_AUTORITE"}},
		{"a stop without end", map[string]string{"GUICHET_DB": base, "GUICHET_ARRET": "1h"}, []string{"GUICHET_ARRET"}},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			for _, v := range Variables() {
				t.Setenv(v.Nom, tt.env[v.Nom])
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

// TestTLSMoteur: an API key is never sent in clear, and a private network needs nothing.
func TestTLSMoteur(t *testing.T) {
	if c, err := (Config{Temporal: "127.0.0.1:7233"}).TLSMoteur(); c != nil || err != nil {
		t.Errorf("on this machine: got %v, %v, want no TLS", c, err)
	}
	c, err := Config{TemporalCleAPI: "clé", TemporalNom: "moteur.exemple.fr"}.TLSMoteur()
	if err != nil || c == nil || c.ServerName != "moteur.exemple.fr" || c.InsecureSkipVerify {
		t.Errorf("with an API key: got %+v, %v", c, err)
	}
}
