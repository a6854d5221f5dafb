package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Geste is what somebody of the staff did around a dossier without moving it: took
// it, set it aside, labelled it, entrusted it.
type Geste struct {
	Objet    string    `db:"objet" json:"objet"`
	Type     string    `db:"type" json:"type"`
	Personne string    `db:"personne" json:"-"`
	Nom      string    `db:"nom" json:"nom"`
	Role     opco.Role `db:"role" json:"role"`
	Le       time.Time `db:"le" json:"le"`
	Detail   string    `db:"detail" json:"detail,omitempty"`
}

// The gestures of the queues.
const (
	GestePrendre     = "prendre"
	GesteReprendre   = "reprendre" // from somebody else
	GesteRendre      = "rendre"
	GesteLiberer     = "liberer" // its dossier moved on
	GesteAttendre    = "attendre"
	GesteReveiller   = "reveiller"
	GesteEtiqueter   = "etiqueter"
	GesteDesetiquer  = "desetiqueter"
	GesteReattribuer = "reattribuer"
	GesteSuivre      = "suivre" // a line added to a portefeuille
	GesteDelaisser   = "delaisser"
	GesteCreer       = "creer"
	GesteModifier    = "modifier"
	GesteSupprimer   = "supprimer"
)

// noterGeste writes one line of the journal of gestures.
func noterGeste(ctx context.Context, tx *sqlx.Tx, objet, genre string, par opco.Acteur, le time.Time, detail string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO geste (objet, type, personne, pour, nom, role, le, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		objet, genre, par.Personne, par.Pour, par.Nom, par.Role, le, detail)
	if err != nil {
		return fmt.Errorf("noting a gesture on %s: %w", objet, err)
	}
	return nil
}

// Gestes returns the last gestures on an object, the newest first, at most a hundred.
func (s *Store) Gestes(ctx context.Context, objet string) ([]Geste, error) {
	gs := []Geste{}
	err := s.DB.SelectContext(ctx, &gs, `
		SELECT objet, type, personne, nom, role, le, detail FROM geste WHERE objet = $1 ORDER BY id DESC LIMIT 100`, objet)
	if err != nil {
		return nil, fmt.Errorf("reading the gestures on %s: %w", objet, err)
	}
	return gs, nil
}
