package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// LigneRecue is a payment as its payee, an organisme, reads it (AT-13): of this
// house, or taken over from the software before (Repris). Heures is what it paid,
// for all the stagiaires of the invoice.
type LigneRecue struct {
	ID            string       `db:"id" json:"id"`
	Numero        string       `db:"numero" json:"numero"`
	ExecuteLe     opco.Date    `db:"execute_le" json:"execute_le"`
	Organisme     opco.SIRET   `db:"organisme" json:"organisme"`
	Dossier       string       `db:"dossier" json:"dossier,omitempty"` // id, "" when it was taken over
	DossierNumero string       `db:"dossier_numero" json:"dossier_numero"`
	Facture       string       `db:"facture" json:"facture,omitempty"` // its number
	Formation     string       `db:"formation" json:"formation"`
	Stagiaires    []HeurePayee `db:"-" json:"stagiaires"`
	Heures        opco.Minutes `db:"minutes" json:"heures"`
	Du            opco.Date    `db:"du" json:"du,omitempty"`
	Au            opco.Date    `db:"au" json:"au,omitempty"`
	Montant       opco.Montant `db:"montant" json:"montant"`
	Avis          string       `db:"avis" json:"avis,omitempty"` // courrier of the avis de virement
	Pointe        bool         `db:"pointe" json:"pointe"`
	PointeNom     string       `db:"pointe_nom" json:"pointe_nom,omitempty"`
	PointeLe      *time.Time   `db:"pointe_le" json:"pointe_le,omitempty"`
	Repris        bool         `db:"repris" json:"repris,omitempty"`
}

// HeurePayee is one trained person of a payment, and the period that was paid.
type HeurePayee struct {
	Nom    string       `json:"nom"`
	Prenom string       `json:"prenom"`
	Heures opco.Minutes `json:"heures"`
	Du     opco.Date    `json:"du,omitempty"`
	Au     opco.Date    `json:"au,omitempty"`
}

// TotalMois is what was paid in a month, « 2019-09 ».
type TotalMois struct {
	Mois    string       `db:"mois" json:"mois"`
	Nombre  int64        `db:"nombre" json:"nombre"`
	Montant opco.Montant `db:"montant" json:"montant"`
}

// FiltreRecus says which payments a payee looks for (AT-12); a zero field does not
// filter. The two numbers are looked for with their signs or without.
type FiltreRecus struct {
	Du, Au            opco.Date // day of the transfer
	Dossier, Numero   string
	Pointes, APointer bool
	Apres             string
	Limite            int
}

// PageRecus is a page of payments, newest first, with the totals of the whole
// search: those of each month that the page shows, and all together.
type PageRecus struct {
	Reglements []LigneRecue `json:"reglements"`
	Mois       []TotalMois  `json:"mois"`
	Nombre     int64        `json:"nombre"`
	Montant    opco.Montant `json:"montant"`
	Suivant    string       `json:"suivant,omitempty"`
}

// chezPaye keeps the rows whose column is an établissement of the organisme p: none
// for a company, all for the staff.
func (c *clause) chezPaye(p opco.Portee, colonne string) {
	switch {
	case p.Interne:
		c.et(`true`)
	case p.Role == opco.RoleOrganisme:
		c.et(colonne+` = ANY (%s)`, pq.Array(p.SIRETs))
	default:
		c.et(`false`)
	}
}

// filtrerRecus writes the conditions of f on payments: colonnes name the keys of
// the two numbers.
func (c *clause) filtrerRecus(f FiltreRecus, table, cleDossier, cleNumero string) {
	if f.Du != "" {
		c.et(table+`.execute_le >= %s::date`, f.Du)
	}
	if f.Au != "" {
		c.et(table+`.execute_le <= %s::date`, f.Au)
	}
	if f.Dossier != "" {
		c.parNumero(f.Dossier, cleDossier)
	}
	if f.Numero != "" {
		c.parNumero(f.Numero, cleNumero)
	}
	if f.Pointes != f.APointer {
		c.et(`COALESCE(p.pointe, false) = %s`, f.Pointes)
	}
}

func cleNumeroSQL(colonne string) string {
	return `regexp_replace(lower(` + colonne + `), '[^a-z0-9]', '', 'g')`
}

// recus writes the query of the payments of p that f keeps, of both origins: those
// of the house, then those taken over. Each half is filtered on its own index.
func recus(p opco.Portee, f FiltreRecus, apres func(c *clause, table string)) (requete string, args []any) {
	var c clause
	c.et(`r.etat = 'EXECUTE'`)
	c.chezPaye(p, `r.beneficiaire`)
	c.et(`r.beneficiaire = d.organisme`)
	c.filtrerRecus(f, `r`, cleNumeroSQL(`d.numero`), cleNumeroSQL(`r.numero`))
	apres(&c, `r`)
	maison := `
		SELECT r.id, r.numero, r.execute_le, r.beneficiaire AS organisme, d.id::text AS dossier, d.numero AS dossier_numero, f.numero AS facture,
		       d.intitule AS formation, 0::bigint AS minutes, NULL::date AS du, NULL::date AS au, r.montant, COALESCE(p.pointe, false) AS pointe,
		       COALESCE(p.nom, '') AS pointe_nom, p.le AS pointe_le, false AS repris, '' AS nom, '' AS prenom, r.facture AS facture_id
		FROM reglement r JOIN dossier d ON d.id = r.dossier JOIN facture f ON f.id = r.facture LEFT JOIN pointage p ON p.reglement = r.id
		WHERE ` + c.where()
	h := clause{args: c.args}
	h.chezPaye(p, `h.organisme`)
	h.filtrerRecus(f, `h`, `split_part(h.recherche, ' ', 1)`, `split_part(h.recherche, ' ', 2)`)
	apres(&h, `h`)
	return maison + `
		UNION ALL
		SELECT h.id, h.numero, h.execute_le, h.organisme, '' AS dossier, h.dossier AS dossier_numero, h.facture,
		       h.formation, h.minutes, h.du, h.au, h.montant, COALESCE(p.pointe, false), COALESCE(p.nom, ''), p.le, true, h.nom, h.prenom, ''
		FROM reglement_repris h LEFT JOIN pointage p ON p.reglement = h.id
		WHERE ` + h.where(), h.args
}

// Recus lists the payments that the organismes of p received (AT-11 to AT-13).
func (s *Store) Recus(ctx context.Context, p opco.Portee, f FiltreRecus) (PageRecus, error) {
	page := PageRecus{Reglements: []LigneRecue{}, Mois: []TotalMois{}}
	apres, err := apresRecu(f.Apres)
	if err != nil {
		return page, err
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		if photoDe(ctx) == nil { // an export counts as it goes
			if err := totaliserRecus(ctx, q, p, f, &page); err != nil {
				return err
			}
		}
		requete, args := recus(p, f, apres)
		var ls []ligneRecue
		err := sqlx.SelectContext(ctx, q, &ls, requete+fmt.Sprintf(` ORDER BY execute_le DESC, numero DESC, id DESC LIMIT %d`, f.Limite+1), args...)
		if err != nil {
			return fmt.Errorf("listing payments: %w", err)
		}
		if len(ls) > f.Limite {
			ls = ls[:f.Limite]
			d := ls[f.Limite-1]
			page.Suivant = curseur(string(d.ExecuteLe)+" "+d.Numero, d.ID)
		}
		page.Reglements, err = detaillerRecus(ctx, q, ls)
		return err
	})
	if err != nil {
		return page, err
	}
	page.Mois = moisMontres(page)
	return page, nil
}

// ligneRecue is a payment as the query gives it.
type ligneRecue struct {
	LigneRecue
	Nom       string `db:"nom"`
	Prenom    string `db:"prenom"`
	FactureID string `db:"facture_id"`
}

// sansCurseur starts a list at its beginning.
func sansCurseur(*clause, string) {}

// apresRecu starts a page after the cursor of a page of payments.
func apresRecu(apres string) (func(c *clause, table string), error) {
	if apres == "" {
		return sansCurseur, nil
	}
	cle, id, err := lireCurseur(apres)
	if err != nil {
		return nil, err
	}
	if len(cle) < 11 || cle[10] != ' ' {
		return nil, pageInconnue()
	}
	jour, err := opco.ParseDate(cle[:10])
	if err != nil {
		return nil, pageInconnue()
	}
	return func(c *clause, t string) {
		c.et(`(`+t+`.execute_le, `+t+`.numero, `+t+`.id) < (%s::date, %s, %s)`, jour, cle[11:], id)
	}, nil
}

// totaliserRecus counts and sums the whole search, month by month.
func totaliserRecus(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, f FiltreRecus, page *PageRecus) error {
	requete, args := recus(p, f, sansCurseur)
	err := sqlx.SelectContext(ctx, q, &page.Mois, `
		SELECT to_char(t.execute_le, 'YYYY-MM') AS mois, count(*) AS nombre, sum(t.montant)::bigint AS montant
		FROM (`+requete+`) t GROUP BY 1 ORDER BY 1 DESC`, args...)
	if err != nil {
		return fmt.Errorf("summing payments: %w", err)
	}
	for _, m := range page.Mois {
		page.Nombre += m.Nombre
		page.Montant += m.Montant
	}
	return nil
}

// moisMontres keeps the months of which the page shows a payment.
func moisMontres(page PageRecus) []TotalMois {
	vus := map[string]bool{}
	for _, l := range page.Reglements {
		vus[string(l.ExecuteLe[:7])] = true
	}
	ms := []TotalMois{}
	for _, m := range page.Mois {
		if vus[m.Mois] {
			ms = append(ms, m)
		}
	}
	return ms
}

// detaillerRecus says of each payment whose hours it paid, of which period, and
// where its avis is.
func detaillerRecus(ctx context.Context, q sqlx.QueryerContext, ls []ligneRecue) ([]LigneRecue, error) {
	var dossiers, ids []string
	for _, l := range ls {
		if l.Dossier != "" {
			dossiers, ids = append(dossiers, l.Dossier), append(ids, l.ID)
		}
	}
	contenus, err := contenusDe(ctx, q, dossiers)
	if err != nil {
		return nil, err
	}
	avis, err := avisDe(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	rs := make([]LigneRecue, len(ls))
	for i, l := range ls {
		rs[i] = l.LigneRecue
		r := &rs[i]
		r.Avis = avis[r.ID]
		if l.Repris {
			r.Stagiaires = []HeurePayee{{Nom: l.Nom, Prenom: l.Prenom, Heures: l.Heures, Du: l.Du, Au: l.Au}}
			continue
		}
		r.payer(contenus[l.Dossier], l.FactureID)
	}
	return rs, nil
}

// payer reads in a dossier whose hours an invoice was paid for: an hour is counted
// once, though it may pay the training and the wage.
func (l *LigneRecue) payer(d *opco.Dossier, facture string) {
	l.Stagiaires = []HeurePayee{}
	if d == nil {
		return
	}
	for _, f := range d.Factures {
		if f.ID != facture {
			continue
		}
		for _, h := range d.HeuresPayees(f) {
			l.Stagiaires = append(l.Stagiaires, HeurePayee{Nom: h.Stagiaire.Nom, Prenom: h.Stagiaire.Prenom, Heures: h.Heures, Du: h.Du, Au: h.Au})
			l.Heures += h.Heures
			if l.Du == "" || h.Du < l.Du {
				l.Du = h.Du
			}
			l.Au = max(l.Au, h.Au)
		}
	}
}

// contenusDe reads whole dossiers.
func contenusDe(ctx context.Context, q sqlx.QueryerContext, ids []string) (map[string]*opco.Dossier, error) {
	ds := make(map[string]*opco.Dossier, len(ids))
	if len(ids) == 0 {
		return ds, nil
	}
	var ls []struct {
		ID      string `db:"id"`
		Contenu []byte `db:"contenu"`
	}
	if err := sqlx.SelectContext(ctx, q, &ls, `SELECT id, contenu FROM dossier WHERE id = ANY ($1::uuid[])`, pq.Array(ids)); err != nil {
		return nil, fmt.Errorf("reading the dossiers of payments: %w", err)
	}
	for _, l := range ls {
		d, err := lireContenu(l.Contenu)
		if err != nil {
			return nil, err
		}
		ds[l.ID] = d
	}
	return ds, nil
}

// avisDe finds the avis de virement of payments: of each, or of the transfer that
// paid several at once.
func avisDe(ctx context.Context, q sqlx.QueryerContext, ids []string) (map[string]string, error) {
	var ls []struct {
		ID       string `db:"id"`
		Courrier string `db:"courrier"`
	}
	if len(ids) > 0 {
		err := sqlx.SelectContext(ctx, q, &ls, `
			SELECT r.id, c.id AS courrier FROM reglement r
			JOIN reglement v ON v.dossier = r.dossier AND v.id = r.id OR v.end_to_end_id = r.end_to_end_id
			JOIN courrier c ON c.objet = 'dossier/' || v.dossier AND c.detail = v.id
			WHERE r.id = ANY ($1) AND c.evenement = 'AVIS_VIREMENT' AND c.pour = 'organisme' AND c.lettre_pdf IS NOT NULL`, pq.Array(ids))
		if err != nil {
			return nil, fmt.Errorf("finding avis de virement: %w", err)
		}
	}
	avis := make(map[string]string, len(ls))
	for _, l := range ls {
		avis[l.ID] = l.Courrier
	}
	return avis, nil
}

// ParcourirRecus gives each payment that f keeps to voir, newest first, a bounded
// number at a time: the export of a search holds all of it, however long (AT-15). It
// reads in a picture (Photographier), so that nothing is counted and nothing moves.
func (s *Store) ParcourirRecus(ctx context.Context, p opco.Portee, f FiltreRecus, voir func(LigneRecue) error) error {
	f.Apres, f.Limite = "", pagePhoto/2
	for {
		page, err := s.Recus(ctx, p, f)
		if err != nil {
			return err
		}
		for _, l := range page.Reglements {
			if err := voir(l); err != nil {
				return err
			}
		}
		if page.Suivant == "" {
			return nil
		}
		f.Apres = page.Suivant
	}
}
