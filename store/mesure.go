package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// mesurerALaFin tells the triggers of the measures that this transaction writes by
// COPY and measures itself once, with mesurerTout.
func mesurerALaFin(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, `SELECT set_config('guichet.semis', 'oui', true)`); err != nil {
		return fmt.Errorf("holding back the measures: %w", err)
	}
	return nil
}

// mesurerTout makes every measure again from the journal and the règlements.
func mesurerTout(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, `SELECT mesurer_tout()`); err != nil {
		return fmt.Errorf("measuring the whole base: %w", err)
	}
	return nil
}
