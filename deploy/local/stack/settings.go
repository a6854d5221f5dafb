// Package stack assembles the embedded stack of Guichet: a private PostgreSQL,
// Temporal, a mail catcher, then the api and the worker of the guichet binary.
// It starts them in order, keeps them alive, tells the others where they are
// through the environment, and stops them in the reverse order. The main program
// drives it; nothing here knows the words of the business.
package stack

import (
	"fmt"
	"os"
	"path/filepath"

	"guichet/deploy/local/loopback"
)

// namespace is where the workflows of Guichet live in Temporal.
const namespace = "guichet"

// Settings says where the stack keeps its data and where each part listens.
type Settings struct {
	Data    string // data directory, absolute
	Product string // the guichet binary, absolute
	Self    string // this program, absolute: Temporal runs as its child

	Replicable bool // PostgreSQL may be backed up while it runs

	API          loopback.Port
	Temporal     loopback.Port
	TemporalUI   loopback.Port
	TemporalHTTP loopback.Port // asked whether Temporal is ready
	Mail         loopback.Port
	SMTP         loopback.Port
	Postgres     loopback.Port
	Control      loopback.Port
}

// Read fills the ports from the environment. With anyPort those that the
// environment does not give are any free ones, so that the stack of a test runs
// beside another. The error is a French sentence.
func Read(data, product string, anyPort bool) (Settings, error) {
	self, err := os.Executable()
	if err != nil {
		return Settings{}, fmt.Errorf("le chemin de ce programme est inconnu (%w)", err)
	}
	if product == "" {
		product = filepath.Join(filepath.Dir(self), "guichet")
	}
	if product, err = filepath.Abs(product); err != nil {
		return Settings{}, fmt.Errorf("le chemin du programme guichet est inconnu (%w)", err)
	}
	s := Settings{
		Data: data, Product: product, Self: self,
		API:          loopback.Port{Part: "l'API et les pages", Variable: "GUICHET_PORT_API", Number: 8080},
		Temporal:     loopback.Port{Part: "Temporal", Variable: "GUICHET_PORT_TEMPORAL", Number: 7233},
		TemporalUI:   loopback.Port{Part: "la console de Temporal", Variable: "GUICHET_PORT_TEMPORAL_UI", Number: 8233},
		TemporalHTTP: loopback.Port{Part: "l'API HTTP de Temporal", Variable: "GUICHET_PORT_TEMPORAL_HTTP"},
		Mail:         loopback.Port{Part: "la page des courriels", Variable: "GUICHET_PORT_COURRIEL", Number: 8025},
		SMTP:         loopback.Port{Part: "le serveur de courriel", Variable: "GUICHET_PORT_SMTP", Number: 1025},
		Postgres:     loopback.Port{Part: "PostgreSQL", Variable: "GUICHET_PORT_POSTGRES", Number: 5433},
		Control:      loopback.Port{Part: "la commande de la pile", Variable: "GUICHET_PORT_CONTROLE"},
	}
	for _, p := range s.ports() {
		if anyPort {
			p.Number = 0
		}
		if p.Number, err = loopback.Number(p.Variable, p.Number); err != nil {
			return Settings{}, err
		}
	}
	return s, nil
}

func (s *Settings) ports() []*loopback.Port {
	return []*loopback.Port{
		&s.API, &s.Temporal, &s.TemporalUI, &s.TemporalHTTP, &s.Mail, &s.SMTP, &s.Postgres, &s.Control,
	}
}
