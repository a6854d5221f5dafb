package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Pointer writes that the payee of a payment has found it in its accounts, or not
// any more (AT-14): the last gesture is kept, with who and when. p is what its
// author may act on; a payment of somebody else is not found.
func (s *Store) Pointer(ctx context.Context, p opco.Portee, par opco.Acteur, reglement string, pointe bool) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		var c clause
		c.et(`r.id = %s AND r.etat = 'EXECUTE'`, reglement)
		c.chezPaye(p, `r.beneficiaire`)
		h := clause{args: c.args}
		h.et(`h.id = $1`)
		h.chezPaye(p, `h.organisme`)
		var organisme string
		err := tx.GetContext(ctx, &organisme, `
			SELECT r.beneficiaire FROM reglement r JOIN dossier d ON d.id = r.dossier AND d.organisme = r.beneficiaire WHERE `+c.where()+`
			UNION ALL SELECT h.organisme FROM reglement_repris h WHERE `+h.where(), h.args...)
		if err != nil {
			return introuvable(err, "Ce règlement n’existe pas, ou vous n’y avez pas accès.")
		}
		le, err := maintenant(ctx, tx)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO pointage (reglement, organisme, pointe, personne, nom, le) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (reglement) DO UPDATE SET pointe = EXCLUDED.pointe, personne = EXCLUDED.personne, nom = EXCLUDED.nom, le = EXCLUDED.le
			WHERE pointage.pointe <> EXCLUDED.pointe`, reglement, organisme, pointe, par.Personne, par.Nom, le)
		if err != nil {
			return fmt.Errorf("noting the pointage of %s: %w", reglement, err)
		}
		return nil
	})
}

// ReglementRepris is a payment made by the software that came before this one, as
// its payee knew it. Dossier is a number, never taken apart (AT-32).
type ReglementRepris struct {
	Organisme   opco.SIRET
	Numero      string
	Dossier     string
	Nom, Prenom string
	Formation   string
	Facture     string
	Heures      opco.Minutes
	Du, Au      opco.Date
	Montant     opco.Montant
	ExecuteLe   opco.Date
}

// ReprendreReglements takes payments of the software before over, all or none. The
// same number of the same organisme again corrects its row.
func (s *Store) ReprendreReglements(ctx context.Context, rs []ReglementRepris) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		for _, r := range rs {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO reglement_repris (id, organisme, numero, dossier, nom, prenom, formation, facture, minutes, du, au, montant, execute_le, recherche)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
				ON CONFLICT (organisme, numero) DO UPDATE SET dossier = EXCLUDED.dossier, nom = EXCLUDED.nom, prenom = EXCLUDED.prenom,
				    formation = EXCLUDED.formation, facture = EXCLUDED.facture, minutes = EXCLUDED.minutes, du = EXCLUDED.du, au = EXCLUDED.au,
				    montant = EXCLUDED.montant, execute_le = EXCLUDED.execute_le, recherche = EXCLUDED.recherche`,
				"repris-"+string(r.Organisme)+"-"+r.Numero, r.Organisme, r.Numero, r.Dossier, r.Nom, r.Prenom, r.Formation, r.Facture, r.Heures,
				r.Du, r.Au, r.Montant, r.ExecuteLe, opco.CleNumero(r.Dossier)+" "+opco.CleNumero(r.Numero))
			if contrainte(err) == "reglement_repris_periode" {
				return opco.Champf("au", "Le règlement %s a une période qui finit avant de commencer.", r.Numero)
			}
			if err != nil {
				return fmt.Errorf("taking over payment %s: %w", r.Numero, err)
			}
		}
		return nil
	})
}
