package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Attendu is a dossier that waits for what its organisme alone can send: the pièces
// de fin, or those that were found wrong.
type Attendu struct {
	LigneDossier
	Manquent []opco.TypePiece `json:"manquent"`
	Jusquau  opco.Date        `json:"jusquau,omitempty"` // last day, when a délai runs
}

// VersementAttendu is a payment that is decided and not made yet. Execution is the
// day of its lot, "" while it is in none: Echeance is then the last day that the law
// and the OPCO allow.
type VersementAttendu struct {
	Numero        string             `db:"numero" json:"numero"`
	Dossier       string             `db:"dossier" json:"dossier"`
	DossierNumero string             `db:"dossier_numero" json:"dossier_numero"`
	Facture       string             `db:"facture" json:"facture"`
	Montant       opco.Montant       `db:"montant" json:"montant"`
	Etat          opco.EtatReglement `db:"etat" json:"etat"`
	Echeance      opco.Date          `db:"echeance" json:"echeance"`
	Execution     opco.Date          `db:"execution" json:"execution,omitempty"`
}

// CompteursOrganisme count what an organisme has to do and to look at.
type CompteursOrganisme struct {
	Dossiers     int64        `db:"dossiers" json:"dossiers"`
	Attendus     int64        `db:"attendus" json:"attendus"`           // dossiers that wait for it
	NonConformes int64        `db:"non_conformes" json:"non_conformes"` // documents to replace
	APointer     int64        `db:"a_pointer" json:"a_pointer"`
	MontantPoint opco.Montant `db:"montant_pointer" json:"montant_pointer"`
	AVenir       int64        `db:"a_venir" json:"a_venir"` // payments on their way
	MontantVenir opco.Montant `db:"montant_venir" json:"montant_venir"`
}

// versementsSQL keeps the règlements r that are decided and not made yet.
const versementsSQL = `reglement_a_venir(r.etat)`

// CompterOrganisme counts for an organisme, by the counters that every change keeps; all
// is 0 for anybody else.
func (s *Store) CompterOrganisme(ctx context.Context, p opco.Portee) (CompteursOrganisme, error) {
	var n CompteursOrganisme
	if p.Role != opco.RoleOrganisme {
		return n, nil
	}
	x := clause{args: []any{pq.Array(porteesDe(p))}}
	x.chezPaye(p, `x.organisme`)
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &n, `
			SELECT COALESCE(sum(c.n) FILTER (WHERE c.code NOT LIKE '%:%'), 0)::bigint AS dossiers, `+compteurSuivi("attendus")+`,
			       `+compteurSuivi("a_pointer")+`, COALESCE(sum(c.n) FILTER (WHERE c.code = 'suivi:a_pointer_centimes'), 0)::bigint AS montant_pointer,
			       `+compteurSuivi("a_venir")+`, COALESCE(sum(c.n) FILTER (WHERE c.code = 'suivi:a_venir_centimes'), 0)::bigint AS montant_venir,
			       (SELECT count(*) FROM document x WHERE x.etat = 'NON_CONFORME' AND `+x.where()+`) AS non_conformes
			FROM dossier_compte c WHERE c.portee = ANY ($1)`, x.args...)
	})
	if err != nil {
		return n, fmt.Errorf("counting for an organisme: %w", err)
	}
	return n, nil
}

// compteurSuivi is the column of a figure of a menu, among the counters c of its reader
// (schema/0026_vitesse.sql).
func compteurSuivi(quoi string) string {
	return `COALESCE(sum(c.n) FILTER (WHERE c.code = 'suivi:` + quoi + `'), 0)::bigint AS ` + quoi
}

// Attendus lists the dossiers that wait for their organisme, the oldest training
// first, at most limite.
func (s *Store) Attendus(ctx context.Context, p opco.Portee, limite int) ([]Attendu, error) {
	var c clause
	c.dansPortee(p)
	c.et(`d.attendu`)
	if p.Role != opco.RoleOrganisme {
		c.et(`false`)
	}
	var ls []struct {
		LigneDossier
		Contenu []byte `db:"contenu"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `SELECT `+colonnesLigne+`, contenu FROM dossier d WHERE `+c.where()+
			fmt.Sprintf(` ORDER BY d.fin, d.id LIMIT %d`, limite), c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("listing what waits for an organisme: %w", err)
	}
	as := make([]Attendu, 0, len(ls))
	for _, l := range ls {
		d := s.lisible(ctx, l.ID, l.Contenu)
		if d == nil {
			continue
		}
		a := Attendu{LigneDossier: l.LigneDossier, Manquent: manquants(d)}
		for _, e := range d.Echeances {
			if e.Type == opco.ActeForclore {
				a.Jusquau = e.Effet
			}
		}
		as = append(as, a)
	}
	return as, nil
}

// manquants are the pièces that d waits for: those that were found wrong, else the
// pièces de fin.
func manquants(d *opco.Dossier) []opco.TypePiece {
	if d.Complement == nil {
		return d.PiecesFinManquantes()
	}
	var ts []opco.TypePiece
	for _, x := range d.Complement.Pieces {
		if x.Recue == "" && !slices.Contains(ts, x.Type) {
			ts = append(ts, x.Type)
		}
	}
	return ts
}

// Versements lists the payments on their way to an organisme, the nearest first, at
// most limite.
func (s *Store) Versements(ctx context.Context, p opco.Portee, limite int) ([]VersementAttendu, error) {
	var c clause
	c.et(versementsSQL)
	c.chezPaye(p, `r.beneficiaire`)
	vs := []VersementAttendu{}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &vs, `
			SELECT r.numero, r.dossier, d.numero AS dossier_numero, f.numero AS facture, r.montant, r.etat, r.echeance, l.execution
			FROM reglement r JOIN dossier d ON d.id = r.dossier AND d.organisme = r.beneficiaire JOIN facture f ON f.id = r.facture
			LEFT JOIN lot l ON l.id = r.lot AND l.etat IN ('VALIDE', 'EMIS', 'TRANSMIS', 'INCONNU')
			WHERE `+c.where()+fmt.Sprintf(` ORDER BY COALESCE(l.execution, r.echeance), r.id LIMIT %d`, limite), c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("listing payments on their way: %w", err)
	}
	return vs, nil
}

// NomOPCO names the OPCO, as invoices must.
func (s *Store) NomOPCO(ctx context.Context) (string, error) {
	var nom string
	if err := s.DB.GetContext(ctx, &nom, `SELECT COALESCE((SELECT nom FROM opco), '')`); err != nil {
		return "", fmt.Errorf("naming the OPCO: %w", err)
	}
	return nom, nil
}
