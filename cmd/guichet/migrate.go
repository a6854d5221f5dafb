package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"

	"guichet/cmd/internal/env"
	"guichet/schema"
)

// migrateCmd brings the database to the newest schema.
type migrateCmd struct {
	Demo bool `help:"Charger aussi les organisations, les comptes et le barème de démonstration."`
}

// Run applies the schema, then takes over what SQL alone cannot: the accounts of before,
// and who must act on the dossiers of before. Applying it again changes nothing; of
// several at once, one does and the others wait.
func (m migrateCmd) Run(ctx context.Context) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	db, err := sql.Open("postgres", cfg.DB)
	if err != nil {
		return fmt.Errorf("preparing the database: %w", err)
	}
	defer db.Close()
	attend := func() {
		fmt.Fprintln(os.Stderr, "Une autre migration est en cours : celle-ci attend qu’elle finisse.")
	}
	return schema.SousVerrou(ctx, db, attend, func() error { return m.migrer(ctx, cfg, db) })
}

// migrer applies the schema on a connection of its own: a store prepares what it asks,
// which a database that is empty yet cannot answer.
func (m migrateCmd) migrer(ctx context.Context, cfg env.Config, db *sql.DB) error {
	if err := schema.Apply(ctx, db); err != nil {
		return err
	}
	s, err := ouvrirStore(ctx, cfg, 4)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.ReprendreComptes(ctx); err != nil {
		return err
	}
	if _, err := s.DireAttendus(ctx); err != nil {
		return err
	}
	if m.Demo {
		return s.ChargerDemo(ctx)
	}
	return nil
}
