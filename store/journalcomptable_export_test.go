package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Poster posts one movement in the ledger.
func (s *Store) Poster(ctx context.Context, cle, dossier string, le time.Time, m opco.Mouvement) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error { return ecrireMouvement(ctx, tx, cle, "essai/"+cle, dossier, 1, le, m) })
}
