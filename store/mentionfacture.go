package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// MentionsFacture returns what a company within reach of p wrote last on its own
// invoices (AK-47); false when it has written none.
func (s *Store) MentionsFacture(ctx context.Context, p opco.Portee, siren opco.SIREN) (opco.MentionsFacture, bool, error) {
	var l struct {
		Forme      string   `db:"forme_juridique"`
		TVA        opco.TVA `db:"tva"`
		Signataire string   `db:"signataire"`
		Fonction   string   `db:"fonction"`
		Lieu       string   `db:"lieu"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &l, `SELECT forme_juridique, tva, signataire, fonction, lieu FROM mention_facture WHERE siren = $1`, siren)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return opco.MentionsFacture{}, false, nil
	}
	if err != nil {
		return opco.MentionsFacture{}, false, fmt.Errorf("reading the mentions of %s: %w", siren, err)
	}
	return opco.MentionsFacture{FormeJuridique: l.Forme, TVA: l.TVA, Signataire: l.Signataire, Fonction: l.Fonction, Lieu: l.Lieu}, true, nil
}

// EcrireMentionsFacture keeps what a company writes on its own invoices, with who wrote
// it last and when.
func (s *Store) EcrireMentionsFacture(ctx context.Context, siren opco.SIREN, m opco.MentionsFacture, par opco.Acteur) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `
		INSERT INTO mention_facture (siren, forme_juridique, tva, signataire, fonction, lieu, personne, nom, le) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (siren) DO UPDATE SET forme_juridique = EXCLUDED.forme_juridique, tva = EXCLUDED.tva, signataire = EXCLUDED.signataire,
		    fonction = EXCLUDED.fonction, lieu = EXCLUDED.lieu, personne = EXCLUDED.personne, nom = EXCLUDED.nom, le = EXCLUDED.le`,
		siren, m.FormeJuridique, m.TVA, m.Signataire, m.Fonction, m.Lieu, par.Personne, par.Nom, le)
	if err != nil {
		return fmt.Errorf("keeping the mentions of %s: %w", siren, err)
	}
	return nil
}
