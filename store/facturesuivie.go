package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// LigneFactureSuivie is an invoice in the list of a company or of its organisme,
// in cents.
type LigneFactureSuivie struct {
	ID         string           `db:"id" json:"id"`
	Numero     string           `db:"numero" json:"numero"`
	Emetteur   opco.SIRET       `db:"emetteur" json:"emetteur"`
	Etat       opco.EtatFacture `db:"etat" json:"etat"`
	TotalHT    opco.Montant     `db:"total_ht" json:"total_ht"`
	RecueLe    opco.Date        `db:"recue_le" json:"recue_le"`
	EcheanceLe opco.Date        `db:"echeance_le" json:"echeance_le,omitempty"` // pay by
	Dossier    string           `db:"dossier" json:"dossier"`
	DossierNum string           `db:"dossier_numero" json:"dossier_numero"`
	Intitule   string           `db:"intitule" json:"intitule"`
	Organisme  string           `db:"organisme_nom" json:"organisme_nom"`
}

// LigneReglementSuivi is a payment in the list of a company: to it, or to the
// organisme on its behalf.
type LigneReglementSuivi struct {
	ID           string             `db:"id" json:"id"`
	Numero       string             `db:"numero" json:"numero"`
	Etat         opco.EtatReglement `db:"etat" json:"etat"`
	Montant      opco.Montant       `db:"montant" json:"montant"`
	Beneficiaire opco.SIRET         `db:"beneficiaire" json:"beneficiaire"`
	Echeance     opco.Date          `db:"echeance" json:"echeance"`
	ExecuteLe    opco.Date          `db:"execute_le" json:"execute_le,omitempty"`
	Execution    opco.Date          `db:"execution" json:"execution,omitempty"` // of its lot
	Motif        string             `db:"motif" json:"motif,omitempty"`
	Dossier      string             `db:"dossier" json:"dossier"`
	DossierNum   string             `db:"dossier_numero" json:"dossier_numero"`
	Intitule     string             `db:"intitule" json:"intitule"`
	Organisme    string             `db:"organisme_nom" json:"organisme_nom"`
	Facture      string             `db:"facture_numero" json:"facture_numero"`
}

// LigneDocumentSuivi is a document in the list of a company: a pièce, or a letter of
// the OPCO.
type LigneDocumentSuivi struct {
	ID         string         `db:"id" json:"id"`
	Genre      string         `db:"genre" json:"genre"` // piece or lettre
	Titre      string         `db:"titre" json:"titre"`
	Nom        string         `db:"nom" json:"nom,omitempty"`
	Etat       opco.EtatPiece `db:"etat" json:"etat,omitempty"`
	Motif      string         `db:"motif" json:"motif,omitempty"`
	Par        string         `db:"par" json:"par"`
	Le         time.Time      `db:"le" json:"le"`
	Dossier    string         `db:"dossier" json:"dossier"`
	DossierNum string         `db:"dossier_numero" json:"dossier_numero"`
	Intitule   string         `db:"intitule" json:"intitule"`
}

// FiltreSuivi says which lines a company looks for. Texte searches the dossier as
// the list of dossiers does; Apres is the Suivant of the page before.
type FiltreSuivi struct {
	Texte         string
	Etablissement string
	Genre         string // of a document: piece or lettre
	Apres         string
	Limite        int
}

// limite bounds a page to 100 lines, 50 by default.
func (f FiltreSuivi) limite(ctx context.Context) int {
	if f.Limite < 1 || f.Limite > 100 {
		return longueur(ctx, 50)
	}
	return longueur(ctx, f.Limite)
}

// suivre is what the three lists share: the dossiers within reach that the filter
// keeps, after the cursor, whose key is le, of a type of PostgreSQL, then id.
func (f FiltreSuivi) suivre(p opco.Portee, le, genre, id string) (clause, error) {
	var c clause
	c.dansPortee(p)
	if f.Etablissement != "" {
		c.et(`d.etablissement = %s`, f.Etablissement)
	}
	c.chercher(f.Texte)
	if f.Apres == "" {
		return c, nil
	}
	jour, cle, err := lireCurseurTemps(f.Apres)
	if err != nil {
		return c, err
	}
	c.et(`(`+le+`, `+id+`) < (%s::`+genre+`, %s)`, jour.UTC().Format(time.RFC3339Nano), cle)
	return c, nil
}

// FacturesSuivies lists the invoices of the dossiers within reach, the newest first.
func (s *Store) FacturesSuivies(ctx context.Context, p opco.Portee, f FiltreSuivi) (ls []LigneFactureSuivie, suivant string, err error) {
	c, err := f.suivre(p, `f.recue_le`, `date`, `f.id`)
	if err != nil {
		return nil, "", err
	}
	ls = []LigneFactureSuivie{}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `
			SELECT f.id, f.numero, f.emetteur, f.etat, f.total_ht, f.recue_le, f.echeance_le, f.dossier, d.numero AS dossier_numero, d.intitule, d.organisme_nom
			FROM facture f JOIN dossier d ON d.id = f.dossier
			WHERE `+c.where()+fmt.Sprintf(` ORDER BY f.recue_le DESC, f.id DESC LIMIT %d`, f.limite(ctx)+1), c.args...)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing the invoices followed: %w", err)
	}
	if n := f.limite(ctx); len(ls) > n {
		ls = ls[:n]
		suivant = curseur(string(ls[n-1].RecueLe)+"T00:00:00Z", ls[n-1].ID)
	}
	return ls, suivant, nil
}

// ReglementsSuivis lists the payments of the dossiers within reach, the last moved
// first.
func (s *Store) ReglementsSuivis(ctx context.Context, p opco.Portee, f FiltreSuivi) (ls []LigneReglementSuivi, suivant string, err error) {
	c, err := f.suivre(p, `r.echeance`, `date`, `r.id`)
	if err != nil {
		return nil, "", err
	}
	ls = []LigneReglementSuivi{}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `
			SELECT r.id, r.numero, r.etat, r.montant, r.beneficiaire, r.echeance, r.execute_le, l.execution, r.motif, r.dossier, d.numero AS dossier_numero,
			       d.intitule, d.organisme_nom, f.numero AS facture_numero
			FROM reglement r JOIN dossier d ON d.id = r.dossier JOIN facture f ON f.id = r.facture LEFT JOIN lot l ON l.id = r.lot
			WHERE `+c.where()+fmt.Sprintf(` ORDER BY r.echeance DESC, r.id DESC LIMIT %d`, f.limite(ctx)+1), c.args...)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing the payments followed: %w", err)
	}
	if n := f.limite(ctx); len(ls) > n {
		ls = ls[:n]
		suivant = curseur(string(ls[n-1].Echeance)+"T00:00:00Z", ls[n-1].ID)
	}
	return ls, suivant, nil
}

// DocumentsSuivis lists the pièces of the dossiers within reach and the letters
// written to the reader, the newest first.
func (s *Store) DocumentsSuivis(ctx context.Context, p opco.Portee, f FiltreSuivi) (ls []LigneDocumentSuivi, suivant string, err error) {
	c, err := f.suivre(p, `x.le`, `timestamptz`, `x.id`)
	if err != nil {
		return nil, "", err
	}
	if !p.Interne {
		c.et(`x.genre = 'lettre' OR x.type NOT IN ('RIB', 'RELEVE_DEPENSES') OR x.role = %s`, p.Role)
		c.et(`x.genre = 'piece' OR x.role = %s`, p.Role)
	}
	if f.Genre != "" {
		c.et(`x.genre = %s`, f.Genre)
	}
	ls = []LigneDocumentSuivi{}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `
			SELECT x.id, x.genre, x.titre, x.nom, x.etat, x.motif, x.par, x.le, d.id AS dossier, d.numero AS dossier_numero, d.intitule
			FROM (SELECT p.id::text AS id, 'piece' AS genre, p.titre, p.nom, p.etat, p.motif, p.depose_nom AS par, p.depose_le AS le, p.dossier, p.type, p.depose_role AS role
			      FROM piece p
			      UNION ALL
			      SELECT c.id, 'lettre', c.sujet, '', '', '', 'Guichet', c.le, dossier_de(c.objet), '', c.pour
			      FROM courrier c WHERE c.lettre_pdf IS NOT NULL) x
			JOIN dossier d ON d.id = x.dossier
			WHERE `+c.where()+fmt.Sprintf(` ORDER BY x.le DESC, x.id DESC LIMIT %d`, f.limite(ctx)+1), c.args...)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing the documents followed: %w", err)
	}
	if n := f.limite(ctx); len(ls) > n {
		ls = ls[:n]
		suivant = curseur(ls[n-1].Le.UTC().Format(time.RFC3339Nano), ls[n-1].ID)
	}
	return ls, suivant, nil
}

// compterParSite counts the dossiers sent of each établissement, by the counters that
// every change keeps: one by one, those of a great company would take a fifth of a second.
func (s *Store) compterParSite(ctx context.Context, p opco.Portee, es []Etablissement) error {
	var ns []struct {
		SIRET  opco.SIRET `db:"etablissement"`
		Nombre int64      `db:"nombre"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ns, `
			SELECT substr(portee, 3) AS etablissement, sum(n)::bigint AS nombre FROM dossier_compte
			WHERE portee = ANY ($1) AND code NOT IN ('BROUILLON', 'SUPPRIME') AND strpos(code, ':') = 0 GROUP BY 1`, pq.Array(porteesDe(p)))
	})
	if err != nil {
		return fmt.Errorf("counting the dossiers of the sites: %w", err)
	}
	for i := range es {
		for _, n := range ns {
			if n.SIRET == es[i].SIRET {
				es[i].Dossiers = n.Nombre
			}
		}
	}
	return nil
}

// CompteursSuivis are the figures of the menu of a company (AK-09).
type CompteursSuivis struct {
	Factures   int64 `db:"factures" json:"factures"`
	Reglements int64 `db:"reglements" json:"reglements"`
	Documents  int64 `db:"documents" json:"documents"` // pièces, and letters written to the reader
	Salaries   int64 `db:"salaries" json:"salaries"`
}

// salariesMax is how far the salariés of a company are counted: above, there are more.
const salariesMax = 1000

// CompterSuivis counts what the lists of a company show: by the counters that every
// change keeps the invoices, the payments and the documents of the dossiers within reach,
// and its salariés one by one, up to salariesMax.
func (s *Store) CompterSuivis(ctx context.Context, p opco.Portee) (CompteursSuivis, error) {
	gens := clause{args: []any{pq.Array(porteesDe(p))}}
	gens.salariesDe(p)
	var n CompteursSuivis
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &n, `
			SELECT `+compteurSuivi("factures")+`, `+compteurSuivi("reglements")+`, `+compteurSuivi("documents")+`,
			       (SELECT count(*) FROM (SELECT FROM salarie s WHERE `+gens.where()+fmt.Sprintf(` LIMIT %d) borne) AS salaries`, salariesMax)+`
			FROM dossier_compte c WHERE c.portee = ANY ($1)`, gens.args...)
	})
	if err != nil {
		return n, fmt.Errorf("counting what a company follows: %w", err)
	}
	return n, nil
}

// ExecutionsDe returns the day on which the lot of each règlement of a dossier pays
// it, for those in a lot, within reach of p.
func (s *Store) ExecutionsDe(ctx context.Context, p opco.Portee, dossier string) (map[string]opco.Date, error) {
	var c clause
	c.dansPortee(p)
	c.identifie(`d.id`, dossier)
	var ls []struct {
		ID        string    `db:"id"`
		Execution opco.Date `db:"execution"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `
			SELECT r.id, l.execution FROM reglement r JOIN lot l ON l.id = r.lot JOIN dossier d ON d.id = r.dossier
			WHERE l.etat IN ('VALIDE', 'EMIS', 'TRANSMIS', 'INCONNU', 'SOLDE') AND `+c.where(), c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading when the lots of %s pay: %w", dossier, err)
	}
	jours := make(map[string]opco.Date, len(ls))
	for _, l := range ls {
		jours[l.ID] = l.Execution
	}
	return jours, nil
}
