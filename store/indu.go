package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// InduVu is a debt as a reader sees it, with the names of its debtor and company.
type InduVu struct {
	opco.Indu
	DebiteurNom string
}

// LigneIndu is a debt in a list.
type LigneIndu struct {
	ID            string         `db:"id" json:"id"`
	Numero        string         `db:"numero" json:"numero"`
	Etat          opco.EtatIndu  `db:"etat" json:"etat"`
	Cause         opco.CauseIndu `db:"cause" json:"cause"`
	Dossier       string         `db:"dossier" json:"dossier"`
	DossierNumero string         `db:"dossier_numero" json:"dossier_numero"`
	Debiteur      string         `db:"debiteur" json:"debiteur"`
	DebiteurNom   string         `db:"debiteur_nom" json:"debiteur_nom"`
	Montant       opco.Montant   `db:"montant" json:"montant"`
	Recouvre      opco.Montant   `db:"recouvre" json:"recouvre"`
	Reste         opco.Montant   `db:"reste" json:"reste"`
	ConstateLe    opco.Date      `db:"constate_le" json:"constate_le"`
	// Avant is the last day of who answers next: the debtor, or the responsable whom
	// the debtor contested to. Accepte says that the debtor agrees to a compensation.
	Avant   opco.Date `db:"avant" json:"-"`
	Accepte bool      `db:"accepte" json:"-"`
}

// FiltreIndus says which debts are looked for; a zero field does not filter. Apres is
// the Suivant of the page before.
type FiltreIndus struct {
	Etats    []opco.EtatIndu
	Debiteur opco.SIREN
	Dossier  string
	Texte    string // of the debtor's name or SIRET, of a number: indu or dossier
	Apres    string
	Limite   int
}

// indusLisibles keeps the debts that p may see: an organisation those that it owes,
// once they are notified.
func indusLisibles(p opco.Portee) clause {
	var c clause
	if p.Interne {
		c.et(`true`)
		return c
	}
	c.et(`i.role = %s`, string(p.Role))
	c.et(`i.debiteur = ANY (%s)`, pq.Array(p.SIRETs))
	c.et(`(i.etat NOT IN ('', 'CONSTATE', 'ANNULE') OR i.contenu ? 'notifie_le')`)
	return c
}

// etatInduLu is the état that p reads: what the house considers is not told to the
// debtor.
func etatInduLu(p opco.Portee) string {
	if p.Interne {
		return `i.etat`
	}
	return `CASE i.etat WHEN 'ABANDON_PROPOSE' THEN COALESCE(i.contenu ->> 'etat_avant_proposition', 'NOTIFIE') ELSE i.etat END`
}

// chercherIndu keeps the debts of which a number begins with texte, or whose debtor
// holds it.
func (c *clause) chercherIndu(texte string) {
	brut := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.TrimSpace(texte))
	siret := strings.ReplaceAll(brut, " ", "")
	c.et(`(i.numero ILIKE %s || '%' OR d.numero ILIKE %s || '%' OR i.debiteur LIKE %s || '%'
		OR CASE i.role WHEN 'organisme' THEN d.organisme_nom ELSE d.entreprise_nom END ILIKE '%' || %s || '%')`, brut, brut, siret, brut)
}

// CompterIndus counts the debts within reach of p, by état.
func (s *Store) CompterIndus(ctx context.Context, p opco.Portee) (map[opco.EtatIndu]int, error) {
	c := indusLisibles(p)
	var ls []struct {
		Etat   opco.EtatIndu `db:"etat"`
		Nombre int           `db:"nombre"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `SELECT `+etatInduLu(p)+` AS etat, count(*) AS nombre FROM indu i WHERE `+c.where()+` GROUP BY 1`, c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("counting indus: %w", err)
	}
	n := map[opco.EtatIndu]int{}
	for _, l := range ls {
		n[l.Etat] = l.Nombre
	}
	return n, nil
}

// Indus lists debts, the last found first; suivant is "" on the last page.
func (s *Store) Indus(ctx context.Context, p opco.Portee, f FiltreIndus) (ls []LigneIndu, suivant string, err error) {
	c := indusLisibles(p)
	if len(f.Etats) > 0 {
		c.et(etatInduLu(p)+` = ANY (%s)`, pq.Array(f.Etats))
	}
	if f.Texte != "" {
		c.chercherIndu(f.Texte)
	}
	if f.Debiteur != "" {
		c.et(`left(i.debiteur, 9) = %s`, string(f.Debiteur))
	}
	if f.Dossier != "" {
		c.et(`i.dossier::text = %s`, f.Dossier)
	}
	if f.Apres != "" {
		brut, err := base64.RawURLEncoding.DecodeString(f.Apres)
		jour, id, ok := strings.Cut(string(brut), " ")
		if _, faux := opco.ParseDate(jour); err != nil || !ok || faux != nil || !utf8.Valid(brut) || strings.ContainsRune(id, 0) {
			return nil, "", pageInconnue()
		}
		c.et(`(i.constate_le, i.id) < (%s::date, %s)`, jour, id)
	}
	limite := f.Limite
	if limite < 1 || limite > 100 {
		limite = 50
	}
	ls = []LigneIndu{}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, fmt.Sprintf(`
			SELECT i.id, i.numero, %s AS etat, i.cause, i.dossier, d.numero AS dossier_numero, i.debiteur,
			       CASE i.role WHEN 'organisme' THEN d.organisme_nom ELSE d.entreprise_nom END AS debiteur_nom,
			       i.montant, i.recouvre, i.reste, i.constate_le, COALESCE((i.contenu ->> 'accepte')::boolean, false) AS accepte,
			       COALESCE(CASE i.etat WHEN 'CONTESTE' THEN i.contenu ->> 'repondre_avant' ELSE i.contenu ->> 'reponse_avant' END, '') AS avant
			FROM indu i JOIN dossier d ON d.id = i.dossier
			WHERE %s ORDER BY i.constate_le DESC, i.id DESC LIMIT %d`, etatInduLu(p), c.where(), limite+1), c.args...)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing indus: %w", err)
	}
	if len(ls) > limite {
		ls = ls[:limite]
		d := ls[limite-1]
		suivant = base64.RawURLEncoding.EncodeToString([]byte(string(d.ConstateLe) + " " + d.ID))
	}
	return ls, suivant, nil
}

// Indu returns one debt within reach of p. Who found it is told to the staff only.
func (s *Store) Indu(ctx context.Context, p opco.Portee, id string) (InduVu, error) {
	c := indusLisibles(p)
	c.et(`i.id = %s`, id)
	var l struct {
		Contenu []byte `db:"contenu"`
		Nom     string `db:"nom"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return introuvable(sqlx.GetContext(ctx, q, &l, `
			SELECT i.contenu, CASE i.role WHEN 'organisme' THEN d.organisme_nom ELSE d.entreprise_nom END AS nom
			FROM indu i JOIN dossier d ON d.id = i.dossier WHERE `+c.where(), c.args...), "Cet indu n’existe pas, ou vous n’y avez pas accès.")
	})
	if err != nil {
		return InduVu{}, err
	}
	i, err := lireIndu(l.Contenu)
	if err != nil {
		return InduVu{}, err
	}
	if !p.Interne {
		if i.Etat == opco.InduAbandonPropose {
			i.Etat = i.EtatAvantPropo // what the house considers is not told
		}
		i.ConstatePar, i.AbandonPar, i.AbandonRaison, i.EtatAvantPropo, i.Parts, i.Echeances = opco.Acteur{}, opco.Acteur{}, "", "", nil, nil
		i.Annules, i.Abandons, i.Avances = nil, nil, nil
	}
	return InduVu{Indu: *i, DebiteurNom: l.Nom}, nil
}
