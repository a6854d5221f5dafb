package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// GarderSaisie keeps what is typed in a brouillon of an établissement of p without its
// author having asked: it is never an Envoi, and « Annulez la saisie » undoes it (T02,
// AK-36). version is the one that was read; it returns the new one and the business
// instant. Conflict as for EnregistrerBrouillon.
func (s *Store) GarderSaisie(ctx context.Context, p opco.Portee, id string, version int64, dem opco.Demande) (int64, time.Time, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return 0, le, err
	}
	err = s.transact(ctx, func(tx *sqlx.Tx) error {
		d, err := verrouillerBrouillon(ctx, tx, p, id, version)
		if err != nil {
			return err
		}
		avant, err := json.Marshal(d.Demande)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO saisie (dossier, demande, le) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, id, avant, le)
		if err != nil {
			return fmt.Errorf("keeping what %s was: %w", id, err)
		}
		d.Demande = dem.Normalisee()
		return remplacerBrouillon(ctx, tx, d)
	})
	return version + 1, le, err
}

// AnnulerSaisie gives a brouillon back as its author last saved it, and reports whether
// anything had been kept since (AK-36).
func (s *Store) AnnulerSaisie(ctx context.Context, p opco.Portee, id string) (bool, error) {
	rendue := false
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		rendue = false
		var version int64
		err := tx.GetContext(ctx, &version, `SELECT version FROM dossier WHERE id::text = $1`, id)
		if err != nil {
			return introuvable(err, "Ce dossier n’existe pas, ou vous n’y avez pas accès.")
		}
		d, err := verrouillerBrouillon(ctx, tx, p, id, version)
		if err != nil {
			return err
		}
		var avant []byte
		err = tx.GetContext(ctx, &avant, `DELETE FROM saisie WHERE dossier = $1 RETURNING demande`, id)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("taking back the entry of %s: %w", id, err)
		}
		d.Demande = opco.Demande{}
		if err := json.Unmarshal(avant, &d.Demande); err != nil {
			return fmt.Errorf("reading what %s was: %w", id, err)
		}
		rendue = true
		return remplacerBrouillon(ctx, tx, d)
	})
	return rendue, err
}
