package main

import (
	"context"
	"database/sql"
	"fmt"

	"guichet/cmd/internal/env"
	"guichet/schema"
)

// migrateCmd brings the database to the newest schema.
type migrateCmd struct {
	Demo bool `help:"Charger aussi les organisations, les comptes et le barème de démonstration."`
}

// appliquerSchema applies the schema on a connection of its own: a store prepares what
// it asks, which a database that is empty yet cannot answer.
func appliquerSchema(ctx context.Context, dsn string) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return fmt.Errorf("preparing the database: %w", err)
	}
	defer db.Close()
	return schema.Apply(ctx, db)
}

// Run applies the schema, then takes over what SQL alone cannot: the accounts of before,
// and who must act on the dossiers of before. Applying it again changes nothing.
func (m migrateCmd) Run(ctx context.Context) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	if err := appliquerSchema(ctx, cfg.DB); err != nil {
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
