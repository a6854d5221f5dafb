package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// deciderFrais is decider for what starts an intervention: one whose trial is too old for its verb is not
// started but tried again, and the refusal says so. It is decided on what the new trial shows.
func (s *Store) deciderFrais(ctx context.Context, id string, f func(*sqlx.Tx, InterventionVue, time.Time) error) error {
	perime := false
	err := s.decider(ctx, id, func(tx *sqlx.Tx, v InterventionVue, le time.Time) error {
		err := f(tx, v, le)
		if perime = errors.Is(err, errEssaiPerime); !perime {
			return err
		}
		return essayerDeNouveau(ctx, tx, id)
	})
	if err == nil && perime {
		err = opco.DepuisEssai("L’essai est trop ancien : il est refait à l’instant. Relisez ce qu’il dit, puis décidez.")
	}
	return err
}

// errEssaiPerime says that the trial of an intervention is too old to be acted on.
var errEssaiPerime = errors.New("the trial is too old")

// verifierFraicheur refuses, with errEssaiPerime, to start on a trial that is too old for its verb.
func verifierFraicheur(ctx context.Context, tx *sqlx.Tx, v InterventionVue) error {
	var age float64
	err := tx.GetContext(ctx, &age, `
		SELECT COALESCE(EXTRACT(epoch FROM clock_timestamp() - min((avant->>'le')::timestamptz)), 0) FROM intervention_element
		WHERE intervention = $1 AND etat = 'APPLICABLE'`, v.ID)
	if err != nil {
		return fmt.Errorf("reading when intervention %s was tried: %w", v.ID, err)
	}
	if v.Demande.Verbe.Perime(time.Duration(age * float64(time.Second))) {
		return errEssaiPerime
	}
	return nil
}

// essayerDeNouveau gives the worker all that an intervention bears on to try once more.
func essayerDeNouveau(ctx context.Context, tx *sqlx.Tx, id string) error {
	_, err := tx.ExecContext(ctx, `UPDATE intervention_element SET etat = 'ATTEND', phrase = '', bail_le = NULL WHERE intervention = $1 AND etat IN ('APPLICABLE', 'ECARTE')`, id)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE intervention SET etat = 'ESSAI', conclusion = '' WHERE id = $1`, id)
	}
	if err != nil {
		return fmt.Errorf("trying intervention %s again: %w", id, err)
	}
	return recompter(ctx, tx, id)
}
