// Package storetest gives each test its own database, copied from a template
// that holds the schema. It needs a PostgreSQL server whose address is in
// GUICHET_TEST_DB; `go run ./store/storetest/avecpg CMD…` starts a private one.
package storetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lib/pq"

	"guichet/opco"
	"guichet/schema"
	"guichet/store"
)

var (
	modele     = sync.OnceValues(preparer)
	suivante   atomic.Int64
	epoque     = time.Now().UnixNano()
	enSemaine  = func(bool) opco.Calendrier { return semaine{} }
	dureeTests = time.Minute
)

// semaine knows week-ends and no holiday: enough for the store's own tests.
type semaine struct{}

func (semaine) Ouvre(d opco.Date) bool {
	j := d.Minuit().In(opco.Paris).Weekday()
	return j != time.Saturday && j != time.Sunday
}

// Ouvrir returns a Store on a fresh database that is dropped after the test. It
// skips the test, saying so, where there is no server; in CI it fails instead.
func Ouvrir(t testing.TB) *store.Store {
	t.Helper()
	serveur := adresse(t)
	nom, err := modele()
	if err != nil {
		t.Fatal(err)
	}
	return copier(t, serveur, nom)
}

// adresse is that of the server, or the end of the test.
func adresse(t testing.TB) string {
	t.Helper()
	serveur := os.Getenv("GUICHET_TEST_DB")
	if serveur == "" {
		if os.Getenv("CI") != "" {
			t.Fatal("GUICHET_TEST_DB is not set: no PostgreSQL server to test on")
		}
		t.Skip("GUICHET_TEST_DB is not set: no PostgreSQL server to test on (make test starts one)")
	}
	return serveur
}

// copier opens a copy of a template, dropped after the test.
func copier(t testing.TB, serveur, de string) *store.Store {
	t.Helper()
	nom := nomBase()
	executer(t, serveur, fmt.Sprintf(`CREATE DATABASE %s TEMPLATE %s`, pq.QuoteIdentifier(nom), pq.QuoteIdentifier(de)))
	ctx, fin := context.WithTimeout(context.Background(), dureeTests)
	defer fin()
	s, err := store.Open(ctx, sur(serveur, nom), 8)
	if err != nil {
		t.Fatal(err)
	}
	s.Calendrier = enSemaine
	t.Cleanup(func() {
		s.Close()
		executer(t, serveur, fmt.Sprintf(`DROP DATABASE %s WITH (FORCE)`, pq.QuoteIdentifier(nom)))
	})
	return s
}

func nomBase() string {
	return fmt.Sprintf("t_%d_%d_%d", os.Getpid(), epoque%1_000_000, suivante.Add(1))
}

// sur returns the DSN of another database of the same server.
func sur(serveur, base string) string {
	if strings.Contains(serveur, "dbname=") {
		champs := strings.Fields(serveur)
		for i, c := range champs {
			if strings.HasPrefix(c, "dbname=") {
				champs[i] = "dbname=" + base
			}
		}
		return strings.Join(champs, " ")
	}
	return serveur + " dbname=" + base
}

func executer(t testing.TB, dsn, requete string) {
	t.Helper()
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(requete); err != nil {
		t.Fatalf("%s: %v", requete, err)
	}
}

// preparer builds the template once per version of the schema, whatever the
// number of test processes.
func preparer() (string, error) {
	serveur := os.Getenv("GUICHET_TEST_DB")
	somme := sha256.Sum256([]byte(schema.Texte()))
	nom := "modele_" + hex.EncodeToString(somme[:6])
	db, err := sql.Open("postgres", serveur)
	if err != nil {
		return "", err
	}
	defer db.Close()
	ctx := context.Background()
	c, err := db.Conn(ctx)
	if err != nil {
		return "", fmt.Errorf("reaching the test server: %w", err)
	}
	defer c.Close()
	if _, err := c.ExecContext(ctx, `SELECT pg_advisory_lock(727272)`); err != nil {
		return "", err
	}
	defer c.ExecContext(ctx, `SELECT pg_advisory_unlock(727272)`) //nolint:errcheck // released with the connection anyway
	var deja bool
	if err := c.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)`, nom).Scan(&deja); err != nil || deja {
		return nom, err
	}
	brouillon := nom + "_neuf"
	for _, q := range []string{`DROP DATABASE IF EXISTS ` + brouillon, `CREATE DATABASE ` + brouillon} {
		if _, err := c.ExecContext(ctx, q); err != nil {
			return "", err
		}
	}
	if err := appliquer(ctx, sur(serveur, brouillon)); err != nil {
		return "", err
	}
	_, err = c.ExecContext(ctx, `ALTER DATABASE `+brouillon+` RENAME TO `+nom)
	return nom, err
}

func appliquer(ctx context.Context, dsn string) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	return schema.Apply(ctx, db)
}
