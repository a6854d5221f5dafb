package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// JugerPiece keeps what par thinks of a pièce of a dossier, in the dossier itself,
// where the checks read it, and on its row with who and when. The état and the
// journal do not move. Refusals are those of opco.
func (s *Store) JugerPiece(ctx context.Context, par opco.Acteur, dossier, piece string, a opco.AvisPiece) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		d, err := verrouillerDossier(ctx, tx, opco.ObjetDossier(dossier))
		if err != nil {
			return err
		}
		if err := d.JugerPiece(piece, a); err != nil {
			return err
		}
		le, err := instant(ctx, tx)
		if err != nil {
			return err
		}
		contenu, err := json.Marshal(d)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE dossier SET contenu = $2 WHERE id = $1`, d.ID, contenu); err != nil {
			return fmt.Errorf("judging a pièce in its dossier: %w", err)
		}
		etat, precision := opco.PieceNonConforme, a.Precision
		if a.Conforme {
			etat, precision, a.Motif = opco.PieceConforme, "", ""
		}
		_, err = tx.ExecContext(ctx, `UPDATE piece SET etat = $2, motif = $3, precision = $4, jugee_par = $5, jugee_le = $6 WHERE id = $1`,
			piece, etat, a.Motif, precision, par.Nom, le)
		if err != nil {
			return fmt.Errorf("judging pièce %s: %w", piece, err)
		}
		return notifier(ctx, tx, "dossier", d.ID)
	})
}

// suivrePieces makes the rows of the pièces of d say what d says of them: an acte
// that asks for a pièce again judges the former one.
func suivrePieces(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, le time.Time) error {
	if len(d.Pieces) == 0 {
		return nil
	}
	var ids, etats, motifs, precisions []string
	for _, p := range d.Pieces {
		ids, etats = append(ids, p.ID), append(etats, string(p.Etat))
		motifs, precisions = append(motifs, string(p.Motif)), append(precisions, d.PrecisionPiece(p.ID))
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE piece p SET etat = x.etat, motif = x.motif, precision = CASE WHEN x.precision = '' THEN p.precision ELSE x.precision END, jugee_le = $6
		FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) AS x(id, etat, motif, precision)
		WHERE p.dossier = $1 AND p.id::text = x.id AND (p.etat, p.motif) IS DISTINCT FROM (x.etat, x.motif)`,
		d.ID, pq.Array(ids), pq.Array(etats), pq.Array(motifs), pq.Array(precisions), le)
	if err != nil {
		return fmt.Errorf("following the pièces of %s: %w", d.ID, err)
	}
	return nil
}
