package store

import (
	"context"
	"encoding/json"
	"fmt"

	"guichet/opco"
)

// Agents lists the accounts of the staff, by name, closed ones last.
func (s *Store) Agents(ctx context.Context) ([]CompteLu, error) {
	var ls []struct {
		Facteurs
		Contenu []byte `db:"contenu"`
	}
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT d.contenu, EXISTS (SELECT 1 FROM utilisateur u WHERE u.compte = d.id AND u.totp IS NOT NULL) AS totp,
		       (SELECT count(*) FROM passkey k WHERE k.compte = d.id) AS passkeys
		FROM compte d WHERE d.etat <> '' AND `+compteInterne+` ORDER BY d.etat = 'CLOS', d.nom, d.prenom, d.id LIMIT 2000`)
	if err != nil {
		return nil, fmt.Errorf("listing the staff: %w", err)
	}
	as := make([]CompteLu, len(ls))
	for i, l := range ls {
		as[i].Facteurs = l.Facteurs
		if err := json.Unmarshal(l.Contenu, &as[i].Compte); err != nil {
			return nil, fmt.Errorf("reading an account of the staff: %w", err)
		}
	}
	return as, nil
}

// LigneDelegation is an absence as people read it. EnCours says that it holds
// today; Donnee that the reader is the absent person.
type LigneDelegation struct {
	ID         string    `db:"id" json:"id"`
	Compte     string    `db:"compte" json:"compte"`
	Nom        string    `db:"nom" json:"nom"` // the absent person
	Delegue    string    `db:"delegue" json:"delegue"`
	DelegueNom string    `db:"delegue_nom" json:"delegue_nom"`
	Role       opco.Role `db:"role" json:"role"`
	Du         opco.Date `db:"du" json:"du"`
	Au         opco.Date `db:"au" json:"au"`
	EnCours    bool      `db:"en_cours" json:"en_cours"`
	Donnee     bool      `db:"donnee" json:"donnee"`
}

// Delegations lists the absences in force or to come: all of them, or those only
// that the account gives or receives.
func (s *Store) Delegations(ctx context.Context, compte string, toutes bool) ([]LigneDelegation, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return nil, err
	}
	ds := []LigneDelegation{}
	err = s.DB.SelectContext(ctx, &ds, `
		SELECT g.id, g.compte, a.prenom || ' ' || a.nom AS nom, g.delegue, b.prenom || ' ' || b.nom AS delegue_nom, g.role, g.du, g.au,
		       g.du <= $3::date AS en_cours, g.compte = NULLIF($1, '')::uuid AS donnee
		FROM delegation g JOIN compte a ON a.id = g.compte JOIN compte b ON b.id = g.delegue
		WHERE NOT g.finie AND g.au >= $3::date AND ($2 OR g.compte = NULLIF($1, '')::uuid OR g.delegue = NULLIF($1, '')::uuid)
		ORDER BY g.du, g.id LIMIT 1000`, compte, toutes, opco.JourDe(le))
	if err != nil {
		return nil, fmt.Errorf("listing delegations: %w", err)
	}
	return ds, nil
}
