package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// errEssai undoes what was only tried.
var errEssai = errors.New("only tried")

// ApercuLot tells what ConstruireLot would make of acte a, and changes nothing: the
// same reading, the same rule, in a transaction that is undone. Of a lot that is too long
// for one step it has the first handful, and l.Chantier says how many there are. refus is why no lot
// can be built; the lot then holds what was left out.
func (s *Store) ApercuLot(ctx context.Context, a opco.Acte) (l opco.Lot, refus *opco.Error, err error) {
	err = s.essayerPas(ctx, func(tx *sqlx.Tx) error {
		var f opco.FaitsLot
		if a.Le, err = s.Maintenant(ctx); err != nil {
			return err
		}
		if f, err = s.faitsLot(ctx, tx, &l, a); err != nil {
			return err
		}
		if f.AExaminer > 0 {
			if f.Reglements, err = premiersDemandes(ctx, tx, a, &f); err != nil {
				return err
			}
		}
		l, err = opco.ApercuLot(a, f)
		return err
	})
	if errors.As(err, &refus) {
		err = nil
	}
	return l, refus, err
}

// EssayerLot tells what acte a would do to its lot now, and changes nothing: the
// sentence of its refusal is known before anybody tries.
func (s *Store) EssayerLot(ctx context.Context, a opco.Acte) (l opco.Lot, e opco.EffetsLot, refus *opco.Error, err error) {
	err = s.essayerPas(ctx, func(tx *sqlx.Tx) error {
		x, err := verrouillerLot(ctx, tx, a.Objet)
		if err != nil {
			return err
		}
		if a.Le, err = s.Maintenant(ctx); err != nil {
			return err
		}
		f, err := s.faitsLot(ctx, tx, x, a)
		if err != nil {
			return err
		}
		e, err = x.Appliquer(a, nil, f)
		l = *x
		return err
	})
	if errors.As(err, &refus) && refus.Kind != opco.NotFound {
		err = nil
	}
	return l, e, refus, err
}

// essayerPas runs f in a transaction that is always undone.
func (s *Store) essayerPas(ctx context.Context, f func(tx *sqlx.Tx) error) error {
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return errEssai
	})
	if errors.Is(err, errEssai) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("trying a step: %w", err)
	}
	return nil
}
