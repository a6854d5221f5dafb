// Package env reads what the processes of the house find in the environment, and
// is the only code of the product that does; the options of `guichet scenario`
// and `guichet demo`, clients of a running stack, have theirs beside them. It
// reports every mistake at once, by the name of its variable.
package env

import (
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/caarlos0/env/v11"
)

// Config is what a process of the house needs to know of where it runs.
type Config struct {
	DB           string `env:"GUICHET_DB"`                                      // PostgreSQL DSN
	Temporal     string `env:"GUICHET_TEMPORAL" envDefault:"127.0.0.1:7233"`    // host:port
	Namespace    string `env:"GUICHET_TEMPORAL_NAMESPACE" envDefault:"guichet"` // of the engine
	SMTP         string `env:"GUICHET_SMTP" envDefault:"127.0.0.1:1025"`        // host:port
	SMTPCompte   string `env:"GUICHET_SMTP_COMPTE"`                             // "" : no authentication
	SMTPSecret   string `env:"GUICHET_SMTP_SECRET"`                             // its password
	SMTPTLS      bool   `env:"GUICHET_SMTP_TLS"`                                // refuse to send without STARTTLS
	Expediteur   string `env:"GUICHET_EXPEDITEUR" envDefault:"ne-pas-repondre@opco-demo.test"`
	Adresse      string `env:"GUICHET_ADRESSE" envDefault:"127.0.0.1:8080"`    // where api listens
	URL          string `env:"GUICHET_URL" envDefault:"http://127.0.0.1:8080"` // how people reach it
	Fichiers     string `env:"GUICHET_FICHIERS" envDefault:"fichiers"`         // directory of stored files
	Banque       string `env:"GUICHET_BANQUE" envDefault:"banque"`             // directory shared with the bank
	HorlogeEssai bool   `env:"GUICHET_HORLOGE_ESSAI"`                          // the clock may be moved: never in production
	BanqueReelle bool   `env:"GUICHET_BANQUE_REELLE"`                          // payment files reach a real bank
}

// Lire reads the environment. Its error names every wrong variable and what to
// write instead.
func Lire() (Config, error) {
	c, err := env.ParseAs[Config]()
	if err != nil {
		return c, fmt.Errorf("lecture de la configuration : %w", err)
	}
	return c, c.verifier()
}

func (c Config) verifier() error {
	var fautes []error
	faute := func(format string, args ...any) { fautes = append(fautes, fmt.Errorf(format, args...)) }
	if c.DB == "" {
		faute("GUICHET_DB manque : donnez l’adresse de la base PostgreSQL, par exemple « host=127.0.0.1 dbname=guichet »")
	}
	for nom, v := range map[string]string{"GUICHET_TEMPORAL": c.Temporal, "GUICHET_SMTP": c.SMTP, "GUICHET_ADRESSE": c.Adresse} {
		if _, _, err := net.SplitHostPort(v); err != nil {
			faute("%s = « %s » : écrivez hôte:port", nom, v)
		}
	}
	if u, err := url.Parse(c.URL); err != nil || u.Host == "" {
		faute("GUICHET_URL = « %s » : écrivez une adresse complète, par exemple https://guichet.exemple.fr", c.URL)
	}
	if c.HorlogeEssai && (c.BanqueReelle || !local(c.SMTP)) {
		faute("GUICHET_HORLOGE_ESSAI est refusé avec une vraie banque ou un vrai serveur de courriels : l’horloge d’essai n’est que pour essayer")
	}
	return errors.Join(fautes...)
}

func local(adresse string) bool {
	h, _, err := net.SplitHostPort(adresse)
	if err != nil {
		return false
	}
	ip := net.ParseIP(h)
	return h == "localhost" || ip != nil && ip.IsLoopback()
}
