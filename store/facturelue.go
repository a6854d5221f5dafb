package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// FactureLue is a reading that is kept: the pièce, what its file says, and what the
// checks compare.
type FactureLue struct {
	Piece        string
	Dossier      string
	Lue          opco.FactureLue
	Electronique opco.Electronique
}

// GarderLecture keeps what was read in a pièce. The first reading stands.
func (s *Store) GarderLecture(ctx context.Context, l FactureLue) error {
	contenu, err := json.Marshal(l.Lue)
	if err != nil {
		return fmt.Errorf("encoding the reading of pièce %s: %w", l.Piece, err)
	}
	electronique, err := json.Marshal(l.Electronique)
	if err != nil {
		return fmt.Errorf("encoding the reading of pièce %s: %w", l.Piece, err)
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `
		INSERT INTO facture_lue (piece, dossier, contenu, electronique, lue_le) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (piece) DO NOTHING`,
		l.Piece, l.Dossier, contenu, electronique, le)
	if err != nil {
		return fmt.Errorf("keeping the reading of pièce %s: %w", l.Piece, err)
	}
	return nil
}

// LectureDe returns what was read in a pièce of a dossier within reach, nil when
// nothing was: it is not an electronic invoice, or nobody read it yet.
func (s *Store) LectureDe(ctx context.Context, p opco.Portee, dossier, piece string) (*FactureLue, error) {
	if !uuidTexte(piece) || !uuidTexte(dossier) {
		return nil, nil
	}
	var c clause
	c.dansPortee(p)
	c.et(`x.piece = %s`, piece)
	c.et(`x.dossier = %s`, dossier)
	var l struct {
		Contenu      json.RawMessage `db:"contenu"`
		Electronique json.RawMessage `db:"electronique"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &l, `SELECT x.contenu, x.electronique FROM facture_lue x JOIN dossier d ON d.id = x.dossier WHERE `+c.where(), c.args...)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading what pièce %s says: %w", piece, err)
	}
	lue := &FactureLue{Piece: piece, Dossier: dossier}
	if err := json.Unmarshal(l.Contenu, &lue.Lue); err != nil {
		return nil, fmt.Errorf("decoding what pièce %s says: %w", piece, err)
	}
	return lue, json.Unmarshal(l.Electronique, &lue.Electronique)
}
