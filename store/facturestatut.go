package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// statutAvant is how far each invoice of a dossier was told.
type statutAvant struct {
	ID       string           `db:"id"`
	Etat     opco.EtatFacture `db:"etat"`
	Approuve opco.Montant     `db:"approuve"`
	Dernier  int              `db:"dernier"`
}

// dernierStatut reads them before a step writes the invoices. The caller holds the
// lock of the dossier.
func dernierStatut(ctx context.Context, tx *sqlx.Tx, dossier string) (map[string]statutAvant, error) {
	var ls []statutAvant
	err := tx.SelectContext(ctx, &ls, `
		SELECT f.id, f.etat, f.approuve, COALESCE((SELECT max(s.rang) FROM facture_statut s WHERE s.facture = f.id), 0) AS dernier
		FROM facture f WHERE f.dossier = $1`, dossier)
	if err != nil {
		return nil, fmt.Errorf("reading how far the invoices of %s were told: %w", dossier, err)
	}
	m := map[string]statutAvant{}
	for _, l := range ls {
		m[l.ID] = l
	}
	return m, nil
}

// ecrireStatuts appends what a step makes to tell of the invoices of d.
func ecrireStatuts(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, avant map[string]statutAvant, le time.Time) error {
	for _, f := range d.Factures {
		a := avant[f.ID]
		for _, s := range f.SuiteStatuts(a.Etat, a.Approuve, d.PayeDe(f.ID), a.Dernier, le) {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO facture_statut (facture, rang, code, etat, motif, phrase, approuve, non_approuve, paye, le)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
				s.Facture, s.Rang, s.Code, s.Etat, s.Motif, s.Phrase, s.Approuve, s.NonApprouve, s.Paye, s.Le)
			if err != nil {
				return fmt.Errorf("telling the status %d of invoice %s: %w", s.Code, f.ID, err)
			}
		}
	}
	return nil
}

// FactureDite is an invoice with the statuses told of it, the first first.
type FactureDite struct {
	Dossier string
	Facture opco.Facture
	Statuts []opco.StatutFacture
}

// StatutsFacture returns the statuses of an invoice within reach, NotFound beyond.
func (s *Store) StatutsFacture(ctx context.Context, p opco.Portee, id string) (FactureDite, error) {
	var c clause
	c.dansPortee(p)
	c.et(`f.id = %s`, id)
	x := FactureDite{Statuts: []opco.StatutFacture{}}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		if err := sqlx.GetContext(ctx, q, &x.Dossier, `SELECT f.dossier FROM facture f JOIN dossier d ON d.id = f.dossier WHERE `+c.where(), c.args...); err != nil {
			return err
		}
		return sqlx.SelectContext(ctx, q, &x.Statuts, `
			SELECT facture, rang, code, etat, motif, phrase, approuve, non_approuve, paye, le FROM facture_statut WHERE facture = $1 ORDER BY rang LIMIT 1000`, id)
	})
	if err != nil {
		return x, introuvable(err, "Cette facture n’existe pas, ou vous n’y avez pas accès.")
	}
	d, err := s.Dossier(ctx, p, x.Dossier)
	if err != nil {
		return x, err
	}
	for _, f := range d.Factures {
		if f.ID == id {
			x.Facture = f
		}
	}
	return x, nil
}

// IdentiteOPCO returns the name and the SIREN of the OPCO, as its messages sign.
func (s *Store) IdentiteOPCO(ctx context.Context) (string, opco.SIREN, error) {
	var x struct {
		Nom   string     `db:"nom"`
		SIRET opco.SIRET `db:"siret"`
	}
	if err := s.DB.GetContext(ctx, &x, `SELECT nom, siret FROM opco`); err != nil {
		return "", "", introuvable(err, "L’OPCO n’a pas encore dit son nom : son administrateur doit le renseigner.")
	}
	return x.Nom, x.SIRET.SIREN(), nil
}

// StatutsDossier lists the statuses told of the invoices of a dossier within reach, by
// invoice then in order.
func (s *Store) StatutsDossier(ctx context.Context, p opco.Portee, dossier string) ([]opco.StatutFacture, error) {
	var c clause
	c.dansPortee(p)
	c.identifie(`d.id`, dossier)
	var ss []opco.StatutFacture
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ss, `
			SELECT x.facture, x.rang, x.code, x.etat, x.motif, x.phrase, x.approuve, x.non_approuve, x.paye, x.le
			FROM facture_statut x JOIN facture f ON f.id = x.facture JOIN dossier d ON d.id = f.dossier
			WHERE `+c.where()+` ORDER BY x.facture, x.rang LIMIT 5000`, c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading what was told of the invoices of %s: %w", dossier, err)
	}
	return ss, nil
}
