package main

import (
	"context"

	"guichet/cmd/internal/env"
	"guichet/schema"
)

// migrateCmd brings the database to the newest schema.
type migrateCmd struct {
	Demo bool `help:"Charger aussi les organisations, les comptes et le barème de démonstration."`
}

// Run applies the schema, then takes over what SQL alone cannot: the accounts of before,
// and who must act on the dossiers of before. Applying it again changes nothing.
func (m migrateCmd) Run(ctx context.Context) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	s, err := ouvrirStore(ctx, cfg, 4)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := schema.Apply(ctx, s.DB.DB); err != nil {
		return err
	}
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
