package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// purgesParFois bounds how long the deposits of files wait for one handful of the purge.
const purgesParFois = 25

// PurgerMisesDeCote throws away the files put aside that were taken off their form,
// or that wait there for longer than the paramètre of the day, and returns how many.
// The bytes go with the last thing that names them, once nothing names them for good.
func (s *Store) PurgerMisesDeCote(ctx context.Context, f *Fichiers) (int, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return 0, err
	}
	p, err := s.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return 0, err
	}
	avant := le.AddDate(0, 0, -max(1, p.MiseDeCoteJours))
	total, err := s.parPoignees(ctx, func(tx *sqlx.Tx) (int, error) { return purgerDeCote(ctx, tx, avant, le) })
	if err != nil {
		return total, err
	}
	_, err = s.parPoignees(ctx, func(tx *sqlx.Tx) (int, error) { return jeterFichiers(ctx, tx, f) })
	return total, err
}

// parPoignees does a work behind the door of the files, a handful at a time, until one is
// not full: nobody keeps a file meanwhile, and nobody waits for more than a handful.
func (s *Store) parPoignees(ctx context.Context, faire func(tx *sqlx.Tx) (int, error)) (int, error) {
	total := 0
	for {
		n := 0
		err := s.transact(ctx, func(tx *sqlx.Tx) error {
			if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('fichiers'))`); err != nil {
				return fmt.Errorf("holding the door of the files: %w", err)
			}
			var err error
			n, err = faire(tx)
			return err
		})
		if err != nil {
			return total, err
		}
		if total += n; n < purgesParFois {
			return total, nil
		}
	}
}

// purgerDeCote forgets a few files put aside, and tells which bytes nothing names now. A
// file that its acte is filing at this instant is left: that acte waits for the door.
func purgerDeCote(ctx context.Context, tx *sqlx.Tx, avant, le time.Time) (int, error) {
	var jetes []string
	err := tx.SelectContext(ctx, &jetes, `
		DELETE FROM mise_de_cote WHERE id IN (
		    SELECT id FROM mise_de_cote WHERE retire_le IS NOT NULL OR le < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
		RETURNING empreinte`, avant, purgesParFois)
	if err != nil {
		return 0, fmt.Errorf("purging the files put aside: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
		WITH seuls AS (
		    DELETE FROM fichier f WHERE empreinte = ANY ($1)
		      AND NOT EXISTS (SELECT 1 FROM piece x WHERE x.empreinte = f.empreinte)
		      AND NOT EXISTS (SELECT 1 FROM mise_de_cote x WHERE x.empreinte = f.empreinte)
		      AND NOT EXISTS (SELECT 1 FROM document x WHERE x.empreinte = f.empreinte)
		      AND NOT EXISTS (SELECT 1 FROM document_passage x WHERE x.empreinte = f.empreinte)
		      AND NOT EXISTS (SELECT 1 FROM rib x WHERE x.preuve = f.empreinte)
		      AND NOT EXISTS (SELECT 1 FROM courrier x WHERE x.lettre_pdf = f.empreinte)
		      AND NOT EXISTS (SELECT 1 FROM courrier x WHERE x.lettre_html = f.empreinte)
		    RETURNING empreinte)
		INSERT INTO fichier_a_jeter (empreinte, le) SELECT empreinte, $2 FROM seuls ON CONFLICT DO NOTHING`, pq.Array(jetes), le)
	if err != nil {
		return 0, fmt.Errorf("purging the files that nothing names: %w", err)
	}
	return len(jetes), nil
}

// jeterFichiers throws away the bytes of a few files that nothing names any more. Bytes
// that somebody kept again since then stay.
func jeterFichiers(ctx context.Context, tx *sqlx.Tx, f *Fichiers) (int, error) {
	var dits []struct {
		Empreinte string `db:"empreinte"`
		Garde     bool   `db:"garde"`
	}
	err := tx.SelectContext(ctx, &dits, `
		DELETE FROM fichier_a_jeter j WHERE empreinte IN (SELECT empreinte FROM fichier_a_jeter ORDER BY empreinte LIMIT $1)
		RETURNING empreinte, EXISTS (SELECT 1 FROM fichier f WHERE f.empreinte = j.empreinte) AS garde`, purgesParFois)
	if err != nil {
		return 0, fmt.Errorf("looking for bytes to throw away: %w", err)
	}
	for _, d := range dits {
		if d.Garde {
			continue
		}
		if err := f.jeter(d.Empreinte); err != nil {
			return 0, err
		}
	}
	return len(dits), nil
}

// tenirFichiers keeps the purge out while a transaction keeps a file.
func tenirFichiers(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock_shared(hashtext('fichiers'))`); err != nil {
		return fmt.Errorf("waiting for the purge of files: %w", err)
	}
	return nil
}
