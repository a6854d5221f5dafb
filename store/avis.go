package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// viser completes what env tells of a règlement: the account that the transfer
// went to and, when it paid several règlements, all of them. Such a transfer has
// one avis, told with the last règlement that its dossier notes as executed;
// viser answers false for those before.
func viser(ctx context.Context, tx *sqlx.Tx, env *opco.Envoi) (bool, error) {
	if env.Courrier.Reglement == "" {
		return true, nil
	}
	var l struct {
		Numero string `db:"numero"`
		IBAN   string `db:"iban"`
		E2E    string `db:"e2e"`
	}
	err := tx.GetContext(ctx, &l, `SELECT numero, iban, COALESCE(end_to_end_id, '') AS e2e FROM reglement WHERE id = $1`, env.Courrier.Reglement)
	if errors.Is(err, sql.ErrNoRows) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading règlement %s: %w", env.Courrier.Reglement, err)
	}
	env.IBAN = opco.IBAN(l.IBAN)
	if env.Courrier.Evenement != opco.CourrierAvisVirement || l.E2E == "" || l.E2E == l.Numero {
		return true, nil
	}
	env.Virement = l.E2E
	env.Parts, err = partsVirement(ctx, tx, l.E2E)
	return err == nil && env.Parts != nil, err
}

// partsVirement returns the règlements of a transfer with their dossiers, or nil
// when a dossier has not noted its execution yet. The lock makes the dossiers of
// one transfer pass one by one, so that exactly one of them is the last.
func partsVirement(ctx context.Context, tx *sqlx.Tx, e2e string) ([]opco.PartVirement, error) {
	if _, err := tx.ExecContext(ctx, `SELECT 1 FROM reglement WHERE end_to_end_id = $1 ORDER BY id FOR UPDATE`, e2e); err != nil {
		return nil, fmt.Errorf("locking transfer %s: %w", e2e, err)
	}
	var ls []struct {
		ID      string `db:"id"`
		Contenu []byte `db:"contenu"`
	}
	err := tx.SelectContext(ctx, &ls, `
		SELECT r.id, d.contenu FROM reglement r JOIN dossier d ON d.id = r.dossier WHERE r.end_to_end_id = $1 ORDER BY r.numero`, e2e)
	if err != nil {
		return nil, fmt.Errorf("reading transfer %s: %w", e2e, err)
	}
	parts := make([]opco.PartVirement, len(ls))
	for i, l := range ls {
		d, err := lireContenu(l.Contenu)
		if err != nil {
			return nil, err
		}
		paye := func(r opco.Reglement) bool { return r.ID == l.ID && r.ExecuteLe != "" }
		if !slices.ContainsFunc(d.Reglements, paye) {
			return nil, nil
		}
		parts[i] = opco.PartVirement{Dossier: *d, Reglement: l.ID}
	}
	return parts, nil
}

// classerAvis finds an avis de virement under each dossier that it pays (AT-16).
func classerAvis(ctx context.Context, tx *sqlx.Tx, env opco.Envoi) error {
	if env.Courrier.Evenement != opco.CourrierAvisVirement {
		return nil
	}
	dossiers := []string{env.Dossier.ID}
	for _, p := range env.Parts {
		dossiers = append(dossiers, p.Dossier.ID)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO courrier_dossier (dossier, courrier) SELECT DISTINCT d, $2 FROM unnest($1::uuid[]) d ON CONFLICT DO NOTHING`, tableau(dossiers), env.ID)
	if err != nil {
		return fmt.Errorf("filing avis %s under its dossiers: %w", env.ID, err)
	}
	return nil
}
