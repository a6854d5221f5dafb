package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"guichet/activities"
	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/schema"
	"guichet/store"
)

// ouvrirStore opens the database of the configuration with the calendar of the deeds.
func ouvrirStore(ctx context.Context, cfg env.Config, connexions int) (*store.Store, error) {
	return ouvrirBase(ctx, cfg.DB, connexions)
}

// ouvrirBase refuses a base that is behind this program.
func ouvrirBase(ctx context.Context, dsn string, connexions int) (*store.Store, error) {
	if err := verifierBase(ctx, dsn); err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, dsn, connexions)
	if err != nil {
		return nil, fmt.Errorf("la base ne répond pas : %w", err)
	}
	france, alsace := activities.NewCalendrier(false), activities.NewCalendrier(true)
	s.Calendrier = func(alsaceMoselle bool) opco.Calendrier {
		if alsaceMoselle {
			return alsace
		}
		return france
	}
	return s, nil
}

func verifierBase(ctx context.Context, dsn string) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return fmt.Errorf("preparing the database: %w", err)
	}
	defer db.Close()
	if err := schema.Verifier(ctx, db); errors.Is(err, schema.ErrEnRetard) {
		return err
	} else if err != nil {
		return fmt.Errorf("la base ne répond pas : %w", err)
	}
	return nil
}
