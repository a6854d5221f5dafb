package store

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// SoldesEnveloppe are the balances of money of one source, in cents. Dotation is all
// that was put in it; it is at any time the sum of the others.
type SoldesEnveloppe struct {
	Dotation    opco.Montant `db:"dotation" json:"dotation"`
	Disponible  opco.Montant `db:"disponible" json:"disponible"`
	Engage      opco.Montant `db:"engage" json:"engage"`
	ServiceFait opco.Montant `db:"service_fait" json:"service_fait"`
	Ordonnance  opco.Montant `db:"ordonnance" json:"ordonnance"`
	Paye        opco.Montant `db:"paye" json:"paye"`
	Indu        opco.Montant `db:"indu" json:"indu"`             // what debtors still owe
	TropPercu   opco.Montant `db:"trop_percu" json:"trop_percu"` // of Paye, what had to come back: never above zero
}

// LigneEnveloppe is an envelope with its balances. Annee 0 is money that does not
// end with the year.
type LigneEnveloppe struct {
	ID      string `db:"id" json:"id"`
	SIREN   string `db:"siren" json:"siren"`
	Annee   int    `db:"annee" json:"annee"`
	Fonds   string `db:"fonds" json:"fonds"`
	Libelle string `db:"libelle" json:"libelle"`
	SoldesEnveloppe
	Ordre int    `db:"ordre" json:"-"`
	Nom   string `db:"nom" json:"-"` // of the company
}

// FiltreEnveloppes says which envelopes are looked for; a zero field does not
// filter. Apres is the Suivant of the page before.
type FiltreEnveloppes struct {
	SIREN  string
	Annee  int
	Fonds  string
	Apres  string
	Limite int
}

// PageEnveloppes is a page of envelopes, by company and year. Suivant is "" on the
// last one.
type PageEnveloppes struct {
	Enveloppes []LigneEnveloppe
	Suivant    string
}

// Enveloppes lists envelopes: its own for a company, none for an organisme, any for
// the staff.
func (s *Store) Enveloppes(ctx context.Context, p opco.Portee, f FiltreEnveloppes) (PageEnveloppes, error) {
	c := enveloppesLisibles(p)
	if f.SIREN != "" {
		c.et(`e.siren = %s`, f.SIREN)
	}
	if f.Annee != 0 {
		c.et(`e.annee = %s`, f.Annee)
	}
	if f.Fonds != "" {
		c.et(`e.fonds = %s`, f.Fonds)
	}
	if f.Apres != "" {
		var k cleEnveloppe
		brut, err := base64.RawURLEncoding.DecodeString(f.Apres)
		if err != nil || json.Unmarshal(brut, &k) != nil {
			return PageEnveloppes{}, pageInconnue()
		}
		c.et(`(e.siren, e.annee, e.ordre, e.id) > (%s, %s, %s, %s)`, k.SIREN, k.Annee, k.Ordre, k.ID)
	}
	limite := longueur(ctx, cmp.Or(f.Limite, 50))
	page := PageEnveloppes{Enveloppes: []LigneEnveloppe{}}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &page.Enveloppes, requeteEnveloppes(c.where(), limite+1), c.args...)
	})
	if err != nil {
		return page, fmt.Errorf("listing envelopes: %w", err)
	}
	if len(page.Enveloppes) > limite {
		page.Enveloppes = page.Enveloppes[:limite]
		d := page.Enveloppes[limite-1]
		b, _ := json.Marshal(cleEnveloppe{d.SIREN, d.Annee, d.Ordre, d.ID}) // strings and numbers always encode
		page.Suivant = base64.RawURLEncoding.EncodeToString(b)
	}
	if p.Interne {
		return page, s.nommerEntreprises(ctx, page.Enveloppes)
	}
	return page, nil
}

// cleEnveloppe is the place of an envelope in their list.
type cleEnveloppe struct {
	SIREN string
	Annee int
	Ordre int
	ID    string
}

// enveloppesLisibles keeps the envelopes that p may see.
func enveloppesLisibles(p opco.Portee) clause {
	var c clause
	switch {
	case p.Interne:
		c.et(`true`)
	case p.Role == opco.RoleEntreprise:
		c.et(`e.siren = ANY (%s)`, pq.Array(sirens(p)))
	default:
		c.et(`false`)
	}
	return c
}

// requeteEnveloppes takes a page of envelopes first and only then their balances: an
// envelope has one balance a dossier and account.
func requeteEnveloppes(ou string, limite int) string {
	return fmt.Sprintf(`
		SELECT e.id, e.siren, e.annee, e.fonds, e.ordre, e.libelle, b.*
		FROM (SELECT e.id, e.siren, e.annee, e.fonds, e.ordre, e.libelle FROM enveloppe e WHERE %s
		      ORDER BY e.siren, e.annee, e.ordre, e.id LIMIT %d) e
		CROSS JOIN LATERAL (SELECT %s FROM solde s WHERE s.enveloppe = e.id) b
		ORDER BY e.siren, e.annee, e.ordre, e.id`, ou, limite, colonnesSoldes)
}

const colonnesSoldes = `
	-COALESCE(sum(s.montant) FILTER (WHERE s.compte = 'SOURCE'), 0)::bigint AS dotation,
	COALESCE(sum(s.montant) FILTER (WHERE s.compte = 'ENVELOPPE'), 0)::bigint AS disponible,
	COALESCE(sum(s.montant) FILTER (WHERE s.compte = 'ENGAGE'), 0)::bigint AS engage,
	COALESCE(sum(s.montant) FILTER (WHERE s.compte = 'SERVICE_FAIT'), 0)::bigint AS service_fait,
	COALESCE(sum(s.montant) FILTER (WHERE s.compte = 'ORDONNANCE'), 0)::bigint AS ordonnance,
	COALESCE(sum(s.montant) FILTER (WHERE s.compte = 'PAYE'), 0)::bigint AS paye,
	COALESCE(sum(s.montant) FILTER (WHERE s.compte = 'INDU'), 0)::bigint AS indu,
	COALESCE(sum(s.montant) FILTER (WHERE s.compte = 'TROP_PERCU'), 0)::bigint AS trop_percu`

// nommerEntreprises gives the envelopes the names of their companies.
func (s *Store) nommerEntreprises(ctx context.Context, es []LigneEnveloppe) error {
	ids := make([]string, len(es))
	for i, e := range es {
		ids[i] = e.SIREN
	}
	var ls []struct {
		SIREN string `db:"siren"`
		Nom   string `db:"nom"`
	}
	if err := s.DB.SelectContext(ctx, &ls, `SELECT siren, nom FROM entreprise WHERE siren = ANY ($1)`, pq.Array(ids)); err != nil {
		return fmt.Errorf("naming companies: %w", err)
	}
	noms := map[string]string{}
	for _, l := range ls {
		noms[l.SIREN] = l.Nom
	}
	for i := range es {
		es[i].Nom = noms[es[i].SIREN]
	}
	return nil
}

// DossierDEnveloppe is what one dossier holds of an envelope.
type DossierDEnveloppe struct {
	Dossier    string    `db:"dossier"`
	Numero     string    `db:"numero"`
	Intitule   string    `db:"intitule"`
	Entreprise string    `db:"entreprise_nom"`
	Etat       opco.Etat `db:"etat"`
	SoldesEnveloppe
}

// Enveloppe returns one envelope within reach of p, and a page of the dossiers that
// hold some of it. suivant is the apres of the next page, "" on the last one.
func (s *Store) Enveloppe(ctx context.Context, p opco.Portee, id, apres string, limite int) (e LigneEnveloppe, ds []DossierDEnveloppe, suivant string, err error) {
	c := enveloppesLisibles(p)
	c.et(`e.id = %s`, id)
	ds = []DossierDEnveloppe{}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		if err := sqlx.GetContext(ctx, q, &e, requeteEnveloppes(c.where(), 1), c.args...); err != nil {
			return introuvable(err, "Cette enveloppe n’existe pas, ou vous n’y avez pas accès.")
		}
		return sqlx.SelectContext(ctx, q, &ds, `
			SELECT x.dossier, d.numero, d.intitule, d.entreprise_nom, d.etat, x.dotation, x.disponible, x.engage, x.service_fait, x.ordonnance, x.paye, x.indu, x.trop_percu
			FROM (SELECT s.dossier, `+colonnesSoldes+` FROM solde s WHERE s.enveloppe = $1 AND s.dossier > $2 GROUP BY s.dossier
			      ORDER BY s.dossier LIMIT $3) x JOIN dossier d ON d.id = x.dossier::uuid ORDER BY x.dossier`, id, apres, limite+1)
	})
	if err != nil {
		return e, nil, "", err
	}
	if len(ds) > limite {
		ds = ds[:limite]
		suivant = ds[limite-1].Dossier
	}
	if !p.Interne {
		return e, ds, suivant, nil
	}
	es := []LigneEnveloppe{e}
	err = s.nommerEntreprises(ctx, es)
	return es[0], ds, suivant, err
}
