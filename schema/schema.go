// Package schema holds the numbered SQL of the house, embedded, and applies it.
// Migrations only go forward and run under an advisory lock, so several
// processes may start at once. Imported by cmd and by store/storetest.
package schema

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed *.sql
var fichiers embed.FS

// Apply brings db to the newest version. Applying it again changes nothing.
func Apply(ctx context.Context, db *sql.DB) error {
	verrou, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("preparing the migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, fichiers, goose.WithSessionLocker(verrou))
	if err != nil {
		return fmt.Errorf("reading migrations: %w", err)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("applying migrations: %w", err)
	}
	return nil
}

// Texte returns the whole SQL of the house, in order: what tests key their
// template database by.
func Texte() string {
	entrees, err := fichiers.ReadDir(".")
	if err != nil {
		return ""
	}
	texte := ""
	for _, e := range entrees {
		b, err := fichiers.ReadFile(e.Name())
		if err != nil {
			return ""
		}
		texte += string(b)
	}
	return texte
}
