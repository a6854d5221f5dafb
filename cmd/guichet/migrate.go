package main

import (
	"context"
	"fmt"

	"guichet/cmd/internal/env"
	"guichet/schema"
	"guichet/store"
)

// migrateCmd brings the database to the newest schema.
type migrateCmd struct {
	Demo bool `help:"Charger aussi les organisations, les comptes et le barème de démonstration."`
}

// Run applies the schema; applying it again changes nothing.
func (m migrateCmd) Run(ctx context.Context) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, cfg.DB, 4)
	if err != nil {
		return fmt.Errorf("la base ne répond pas : %w", err)
	}
	defer s.Close()
	if err := schema.Apply(ctx, s.DB.DB); err != nil {
		return err
	}
	if m.Demo {
		return s.ChargerDemo(ctx)
	}
	return nil
}
