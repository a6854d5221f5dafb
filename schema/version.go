package schema

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
)

// ErrEnRetard says that the base lacks migrations that this program needs.
var ErrEnRetard = errors.New("la base n’est pas à jour")

// Derniere is the newest version of the schema that this program knows.
func Derniere() int64 {
	noms, err := fs.Glob(fichiers, "*.sql")
	if err != nil || len(noms) == 0 {
		return 0
	}
	numero, _, _ := strings.Cut(noms[len(noms)-1], "_")
	n, _ := strconv.ParseInt(numero, 10, 64)
	return n
}

// Version is the version of the base, 0 when no migration was ever applied to it.
func Version(ctx context.Context, db *sql.DB) (int64, error) {
	var n int64
	err := db.QueryRowContext(ctx, `SELECT COALESCE(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&n)
	var e *pq.Error
	if errors.As(err, &e) && e.Code == "42P01" {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading the version of the base: %w", err)
	}
	return n, nil
}

// Verifier refuses a base that is behind this program. One that is ahead is right: a
// migration only adds, so that the program of before goes on while it is replaced.
func Verifier(ctx context.Context, db *sql.DB) error {
	n, err := Version(ctx, db)
	if err != nil || n >= Derniere() {
		return err
	}
	return fmt.Errorf("%w : elle est à la version %d du schéma, ce programme demande la version %d. Lancez d’abord « guichet migrate »", ErrEnRetard, n, Derniere())
}

// verrouMigration names, in the base, the lock of those who migrate it.
const verrouMigration = 0x677569636865 // « guiche »

// SousVerrou calls faire while nobody else migrates the base; it waits for who does, which
// attend hears once. The lock dies with its connection: a migration that is killed holds
// nobody. It asks again rather than waiting in the base, where a statement that waits
// would hold an index being made without stopping writers.
func SousVerrou(ctx context.Context, db *sql.DB, attend func(), faire func() error) error {
	c, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("reaching the base: %w", err)
	}
	defer c.Close() //nolint:errcheck // the lock goes with it
	for dit := false; ; dit = true {
		var pris bool
		if err := c.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, int64(verrouMigration)).Scan(&pris); err != nil {
			return fmt.Errorf("taking the lock of migrations: %w", err)
		}
		if pris {
			break
		}
		if !dit {
			attend()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
	err = faire()
	_, libre := c.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(verrouMigration))
	return errors.Join(err, libre)
}
