// Package env reads what the processes of the house find in the environment, and
// is the only code of the product that does; the options of `guichet scenario`
// and `guichet demo`, clients of a running stack, have theirs beside them. It
// reports every mistake at once, by the name of its variable.
package env

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"

	"github.com/caarlos0/env/v11"

	"guichet/identite"
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

	CleSecrets   string   `env:"GUICHET_CLE_SECRETS"`   // « nom:base64 » of 32 bytes each, the first seals: api needs it without the test clock
	Proxys       []string `env:"GUICHET_PROXYS"`        // addresses or networks whose X-Forwarded-For is believed; none by default
	OIDCEmetteur string   `env:"GUICHET_OIDC_EMETTEUR"` // where the staff sign in, "" nowhere
	OIDCClient   string   `env:"GUICHET_OIDC_CLIENT"`
	OIDCSecret   string   `env:"GUICHET_OIDC_SECRET"`
	OIDCAcr      []string `env:"GUICHET_OIDC_ACR"`          // levels asked for
	OIDCFort     bool     `env:"GUICHET_OIDC_FORT"`         // its second factor counts here
	OIDCCourriel bool     `env:"GUICHET_OIDC_PAR_COURRIEL"` // an identity is linked by its verified address; else by its holder, connected
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

// LireAPI reads it for the counter, which keeps the secrets of people.
func LireAPI() (Config, error) {
	c, err := Lire()
	if c.CleSecrets == "" && !c.HorlogeEssai {
		err = errors.Join(err, errors.New("GUICHET_CLE_SECRETS manque : elle scelle les seconds facteurs. Tirez-en une par « echo k1:$(openssl rand -base64 32) », et gardez-la hors de la base"))
	}
	return c, err
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
	if c.CleSecrets != "" {
		if _, err := identite.NewCoffre(c.CleSecrets); err != nil {
			faute("GUICHET_CLE_SECRETS est illisible : écrivez « nom:base64 » avec 32 octets tirés au hasard, et les anciennes clés à la suite, séparées par des virgules")
		}
	}
	for _, p := range c.Proxys {
		if _, err := netip.ParsePrefix(p); err != nil && net.ParseIP(p) == nil {
			faute("GUICHET_PROXYS : « %s » n’est ni une adresse ni un réseau, par exemple 10.0.0.0/8", p)
		}
	}
	if u, err := url.Parse(c.OIDCEmetteur); c.OIDCEmetteur != "" && (err != nil || u.Host == "" || c.OIDCClient == "") {
		faute("GUICHET_OIDC_EMETTEUR demande l’adresse complète du fournisseur, et GUICHET_OIDC_CLIENT")
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
