package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"guichet/banque"
	"guichet/opco"
	"guichet/schema"
	"guichet/store"
)

// base is one database of the bench, with the store that is measured and the bare
// connection that it is compared with.
type base struct {
	nom      string
	dossiers int
	dsn      string
	temoin   *temoin
	store    *store.Store
	nu       *sql.DB
}

// semaine knows week-ends only: enough to sow.
type semaine struct{}

// Ouvre reports whether people work on d.
func (semaine) Ouvre(d opco.Date) bool {
	j := d.Minuit().In(opco.Paris).Weekday()
	return j != time.Saturday && j != time.Sunday
}

// sur is the address of another database of the same server.
func sur(serveur, nom string) string {
	champs := strings.Fields(serveur)
	for i, c := range champs {
		if strings.HasPrefix(c, "dbname=") {
			champs[i] = "dbname=" + nom
			return strings.Join(champs, " ")
		}
	}
	return serveur + " dbname=" + nom
}

func ouvrir(ctx context.Context, serveur, nom string) (*base, error) {
	b := &base{nom: nom, dsn: store.SansCompilation(sur(serveur, nom))}
	t, db, err := ouvrirTemoin(b.dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxIdleConns(4)
	b.temoin = t
	if b.store, err = store.Sur(ctx, db, b.dsn); err != nil {
		return nil, err
	}
	b.store.Calendrier = func(bool) opco.Calendrier { return semaine{} }
	// What is bare is stopped too: no case may hold up the others.
	if b.nu, err = sql.Open("postgres", b.dsn+" statement_timeout=30000"); err != nil {
		return nil, err
	}
	b.nu.SetMaxIdleConns(1)
	b.nu.SetMaxOpenConns(1)
	return b, b.nu.QueryRowContext(ctx, `SELECT count(*) FROM dossier`).Scan(&b.dossiers)
}

func (b *base) fermer() { _, _ = b.store.Close(), b.nu.Close() }

// construire makes the small base of real lives, then the large one, which copies
// them (multiplier.go).
func construire(ctx context.Context, serveur, petit, grand string, n, copies int, log *slog.Logger) error {
	if err := executer(ctx, serveur, `CREATE DATABASE `+petit); err != nil {
		return err
	}
	if err := semer(ctx, sur(serveur, petit), n, log); err != nil {
		return err
	}
	if err := remplir(ctx, serveur, petit, 0, log); err != nil {
		return err
	}
	return copier(ctx, serveur, petit, grand, copies, log)
}

// copier makes the large base from the small one.
func copier(ctx context.Context, serveur, petit, grand string, copies int, log *slog.Logger) error {
	if err := executer(ctx, serveur, `CREATE DATABASE `+grand+` TEMPLATE `+petit); err != nil {
		return err
	}
	return remplir(ctx, serveur, grand, copies, log)
}

func remplir(ctx context.Context, serveur, nom string, copies int, log *slog.Logger) error {
	db, err := sql.Open("postgres", sur(serveur, nom))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := multiplier(ctx, db, copies, log); err != nil {
		return fmt.Errorf("filling %s: %w", nom, err)
	}
	return nil
}

func executer(ctx context.Context, serveur, q string) error {
	admin, err := sql.Open("postgres", serveur)
	if err != nil {
		return err
	}
	defer admin.Close()
	_, err = admin.ExecContext(ctx, q)
	return err
}

func semer(ctx context.Context, dsn string, n int, log *slog.Logger) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return err
	}
	err = schema.Apply(ctx, db)
	db.Close()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, dsn, 4)
	if err != nil {
		return err
	}
	defer s.Close()
	s.Calendrier = func(bool) opco.Calendrier { return semaine{} }
	dir, err := os.MkdirTemp("", "guichet-banc-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	f, err := store.OuvrirFichiers(dir)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := s.ChargerDemo(ctx); err != nil {
		return err
	}
	debut := time.Now()
	_, err = s.Semer(ctx, store.Semis{Dossiers: n, Graine: 1, Fichiers: f, Ordre: banque.Fichier,
		Document: func(titre string) ([]byte, error) { return []byte("%PDF-1.4 " + titre), nil },
		Repondre: func(ordre []byte, rejets map[string]string, quand time.Time) ([]byte, []byte, error) {
			return banque.Simulateur{Rejets: rejets}.Repondre(ordre, quand)
		},
		Lire: func(b []byte) (opco.RetourBancaire, error) { return banque.Lire(bytes.NewReader(b)) }})
	log.InfoContext(ctx, "sown", "dossiers", n, "since", time.Since(debut).Round(time.Second))
	return err
}

// detruire drops the databases of the bench.
func detruire(serveur string, noms ...string) error {
	admin, err := sql.Open("postgres", serveur)
	if err != nil {
		return err
	}
	defer admin.Close()
	for _, nom := range noms {
		if _, err := admin.Exec(`DROP DATABASE IF EXISTS ` + nom + ` WITH (FORCE)`); err != nil {
			return err
		}
	}
	return nil
}
