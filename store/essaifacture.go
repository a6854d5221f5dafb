package store

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// FaitsFacture reads what the rules need to say what would become of the invoice, the
// certificats or the avoir that a carries: their arrival, then the service fait. Nothing
// is written.
func (s *Store) FaitsFacture(ctx context.Context, d *opco.Dossier, a opco.Acte) (opco.Faits, error) {
	var err error
	if a.Le, err = s.Maintenant(ctx); err != nil {
		return opco.Faits{}, err
	}
	var f opco.Faits
	err = s.tenter(ctx, func(tx *sqlx.Tx) error {
		var err error
		if f, err = s.faits(ctx, tx, d, a); err != nil {
			return err
		}
		if f.Chevauchements, err = chevauchements(ctx, tx, d); err != nil {
			return err
		}
		if f.CertificatsConnus, err = certificatsConnus(ctx, tx, d); err != nil {
			return err
		}
		return errApercu
	})
	if errors.Is(err, errApercu) {
		err = nil
	}
	return f, err
}
