package backstage

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"

	_ "github.com/lib/pq" // the driver of PostgreSQL
)

// Tables reads every row of every table of Guichet.
func (s Stack) Tables(ctx context.Context, visit Visit) error {
	return rows(ctx, s.DB, "table ", visit)
}

// engineDatabases are those of the engine: histories, and what lists of procedures
// are made from.
var engineDatabases = []string{"temporal", "temporal_visibility"}

// EngineTables reads every row that the engine keeps, histories of deleted procedures
// and tasks included.
func (s Stack) EngineTables(ctx context.Context, visit Visit) error {
	for _, name := range engineDatabases {
		u, err := url.Parse(s.DB)
		if err != nil {
			return fmt.Errorf("reading the address of the database: %w", err)
		}
		u.Path = "/" + name
		if err := rows(ctx, u.String(), "moteur, "+name+".", visit); err != nil {
			return err
		}
	}
	return nil
}

// rows reads every row of one database.
func rows(ctx context.Context, dsn, place string, visit Visit) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return fmt.Errorf("opening a database: %w", err)
	}
	defer func() { _ = db.Close() }()
	names, err := texts(ctx, db, `SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) FROM pg_tables
		WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`)
	if err != nil {
		return err
	}
	for _, name := range names {
		lines, err := texts(ctx, db, `SELECT x::text FROM `+name+` x`) //nolint:gosec // the name comes from the catalogue, quoted
		if err != nil {
			return err
		}
		for _, l := range lines {
			open(visit, place+name, l)
		}
	}
	return nil
}

func texts(ctx context.Context, db *sql.DB, query string) ([]string, error) {
	found, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("reading a table: %w", err)
	}
	defer func() { _ = found.Close() }()
	var all []string
	for found.Next() {
		var t string
		if err := found.Scan(&t); err != nil {
			return nil, fmt.Errorf("reading a row: %w", err)
		}
		all = append(all, t)
	}
	return all, found.Err()
}
