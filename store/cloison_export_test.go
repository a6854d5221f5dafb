package store

import (
	"context"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Lire opens the door of the reads to a test that plays a query gone wrong.
func (s *Store) Lire(ctx context.Context, p opco.Portee, f func(q sqlx.QueryerContext) error) error {
	return s.lire(ctx, p, f)
}
