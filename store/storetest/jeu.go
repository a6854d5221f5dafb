package storetest

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/lib/pq"

	"guichet/store"
)

// Jeu is a set of data that many tests of a package begin with. It is written once a
// process, in a template of which each test has a copy.
type Jeu struct {
	// Ecrire fills the template. What it hashes and computes is paid once.
	Ecrire func(context.Context, *store.Store) error

	une    sync.Once
	modele string
	err    error
}

// Demo is the demonstration: its organisations, its accounts, its barème and paramètres.
var Demo = &Jeu{Ecrire: func(ctx context.Context, s *store.Store) error { return s.ChargerDemo(ctx) }}

// Ouvrir is the Ouvrir of the package, on a copy of the set.
func (j *Jeu) Ouvrir(t testing.TB) *store.Store {
	t.Helper()
	serveur := adresse(t)
	j.une.Do(func() { j.modele, j.err = j.preparer(serveur) })
	if j.err != nil {
		t.Fatal(j.err)
	}
	return copier(t, serveur, j.modele)
}

// preparer writes the template. It lives as long as this process holds its lock: processes
// that come later drop what the others left.
func (j *Jeu) preparer(serveur string) (string, error) {
	schema, err := modele()
	if err != nil {
		return "", err
	}
	ctx, fin := context.WithTimeout(context.Background(), dureeTests)
	defer fin()
	db, err := sql.Open("postgres", serveur)
	if err != nil {
		return "", err
	}
	c, err := db.Conn(ctx) // kept open to the end of the process, with its lock
	if err != nil {
		return "", fmt.Errorf("reaching the test server: %w", err)
	}
	if err := balayer(ctx, c); err != nil {
		return "", err
	}
	nom := "jeu_" + nomBase()
	if _, err := c.ExecContext(ctx, `SELECT pg_advisory_lock(hashtext($1))`, nom); err != nil {
		return "", err
	}
	if _, err := c.ExecContext(ctx, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s`, pq.QuoteIdentifier(nom), pq.QuoteIdentifier(schema))); err != nil {
		return "", err
	}
	s, err := store.Open(ctx, sur(serveur, nom), 8)
	if err != nil {
		return "", err
	}
	defer s.Close()
	s.Calendrier = enSemaine
	return nom, j.Ecrire(ctx, s)
}

// balayer drops the templates of processes that have ended.
func balayer(ctx context.Context, c *sql.Conn) error {
	var noms []string
	if err := c.QueryRowContext(ctx, `SELECT COALESCE(array_agg(datname::text), '{}') FROM pg_database WHERE datname LIKE 'jeu\_t\_%'`).Scan(pq.Array(&noms)); err != nil {
		return err
	}
	for _, nom := range noms {
		var mort bool
		if err := c.QueryRowContext(ctx, `SELECT pg_try_advisory_lock(hashtext($1))`, nom).Scan(&mort); err != nil {
			return err
		}
		if !mort {
			continue
		}
		if _, err := c.ExecContext(ctx, `DROP DATABASE IF EXISTS `+pq.QuoteIdentifier(nom)); err != nil && !strings.Contains(err.Error(), "being accessed") {
			return err
		}
	}
	return nil
}
