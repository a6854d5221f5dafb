package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Organisme returns a training provider as the OPCO knows it, NotFound when it
// does not.
func (s *Store) Organisme(ctx context.Context, siren opco.SIREN) (opco.Organisme, error) {
	var o *opco.Organisme
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		var err error
		o, err = organisme(ctx, tx, siren)
		return err
	})
	if err != nil {
		return opco.Organisme{}, err
	}
	if o == nil {
		return opco.Organisme{}, opco.Errorf(opco.NotFound, "Cet organisme n’est pas connu de l’OPCO.")
	}
	return *o, nil
}

// EcrireQualiopi replaces the Qualiopi certificates of a training provider that
// the OPCO knows.
func (s *Store) EcrireQualiopi(ctx context.Context, siren opco.SIREN, qs []opco.Qualiopi) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		var n int
		if err := tx.GetContext(ctx, &n, `SELECT count(*) FROM organisme WHERE siren = $1`, siren); err != nil {
			return fmt.Errorf("looking for organisme %s: %w", siren, err)
		}
		if n == 0 {
			return opco.Errorf(opco.NotFound, "Cet organisme n’est pas connu de l’OPCO.")
		}
		return remplacerQualiopi(ctx, tx, siren, qs)
	})
}

func remplacerQualiopi(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN, qs []opco.Qualiopi) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM qualiopi WHERE siren = $1`, siren); err != nil {
		return fmt.Errorf("clearing Qualiopi of %s: %w", siren, err)
	}
	for _, q := range qs {
		_, err := tx.ExecContext(ctx, `INSERT INTO qualiopi (siren, nature, du, au) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			siren, q.Nature, q.Du, q.Au)
		if err != nil {
			return fmt.Errorf("writing Qualiopi of %s: %w", siren, err)
		}
	}
	return attendreSignauxDe(ctx, tx, siren, "")
}
