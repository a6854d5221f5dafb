package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Nomme is what bears the very number that somebody typed, other than a dossier: an
// invoice, a règlement or a lot, with the dossier that it belongs to, in cents.
type Nomme struct {
	ID            string       `db:"id"` // of a lot, its number
	Numero        string       `db:"numero"`
	Etat          string       `db:"etat"`
	Montant       opco.Montant `db:"montant"`
	Nombre        int64        `db:"nombre"` // règlements of a lot
	Dossier       string       `db:"dossier"`
	DossierNumero string       `db:"dossier_numero"`
	Intitule      string       `db:"intitule"`
	Lot           string       `db:"lot"` // of a règlement, "" while it is in none
}

// Nommes are the objects of money that bear one number.
type Nommes struct {
	Factures, Reglements, Lots []Nomme
}

// candidatsNomme is how many dossiers that hold the words of a number of invoice are
// looked at: an issuer numbers as it likes, so that no index knows a number alone.
const candidatsNomme = 50

// cleNumeroTape is a number as one may type it: without spaces nor case.
func cleNumeroTape(texte string) string {
	return strings.ToUpper(strings.Join(strings.Fields(texte), ""))
}

// Nommes finds, within the reach of p, the invoices, the règlements and the lots whose
// number is the text, whatever its case and the spaces between its words. Lots are for
// the OPCO alone. A text of less than three signs names nothing.
func (s *Store) Nommes(ctx context.Context, p opco.Portee, texte string) (n Nommes, err error) {
	cle := cleNumeroTape(texte)
	if len([]rune(cle)) < 3 {
		return n, nil
	}
	page, err := s.Dossiers(ctx, p, Filtre{Texte: texte, Limite: candidatsNomme})
	if err != nil {
		return n, err
	}
	candidats := make([]string, 0, len(page.Dossiers))
	for _, d := range page.Dossiers {
		candidats = append(candidats, d.ID)
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		var c clause
		c.dansPortee(p)
		c.et(`f.dossier = ANY (%s::uuid[])`, pq.Array(candidats))
		c.et(`upper(replace(f.numero, ' ', '')) = %s`, cle)
		if err := sqlx.SelectContext(ctx, q, &n.Factures, `
			SELECT f.id, f.numero, f.etat, f.total_ht AS montant, 0 AS nombre, d.id AS dossier, d.numero AS dossier_numero, d.intitule, '' AS lot
			FROM facture f JOIN dossier d ON d.id = f.dossier WHERE `+c.where()+` ORDER BY f.recue_le DESC, f.id LIMIT 8`, c.args...); err != nil {
			return err
		}
		c = clause{}
		c.dansPortee(p)
		c.et(`r.numero = %s`, cle)
		if err := sqlx.SelectContext(ctx, q, &n.Reglements, `
			SELECT r.id, r.numero, r.etat, r.montant, 0 AS nombre, d.id AS dossier, d.numero AS dossier_numero, d.intitule, COALESCE(r.lot, '') AS lot
			FROM reglement r JOIN dossier d ON d.id = r.dossier WHERE `+c.where(), c.args...); err != nil || !p.Interne {
			return err
		}
		return sqlx.SelectContext(ctx, q, &n.Lots, `
			SELECT id, id AS numero, etat, somme AS montant, nombre, '' AS dossier, '' AS dossier_numero, '' AS intitule, id AS lot FROM lot WHERE id = $1`, cle)
	})
	if err != nil {
		return n, fmt.Errorf("finding what a number names: %w", err)
	}
	return n, nil
}

// OrganisationConnue is a company or an organisme of the registers of the OPCO.
type OrganisationConnue struct {
	SIREN     opco.SIREN `db:"siren"`
	SIRET     opco.SIRET `db:"siret"` // one of its établissements, "" when none is known
	Nom       string     `db:"nom"`
	Organisme bool       `db:"organisme"`
}

// Organisations finds companies and organismes by SIREN, SIRET or name, without accents;
// the name itself first, then those that begin with it. It is for the OPCO. A text of
// less than three letters or figures finds nothing.
func (s *Store) Organisations(ctx context.Context, texte string, limite int) ([]OrganisationConnue, error) {
	os := []OrganisationConnue{}
	var c clause
	cle := opco.CleRecherche(texte)
	siren, err := opco.ParseSIREN(texte)
	if siret, e := opco.ParseSIRET(texte); e == nil {
		siren, err = siret.SIREN(), nil
	}
	switch {
	case len([]rune(strings.ReplaceAll(cle, " ", ""))) < 3:
		return os, nil
	case err == nil:
		c.et(`o.siren = %s`, siren)
	default:
		mots := strings.Fields(cle)
		for _, m := range mots[:min(len(mots), motsMax)] {
			c.et(nomSansAccent+` LIKE %s`, contenant(m))
		}
	}
	c.args = append(c.args, cle)
	tete := fmt.Sprintf(`strpos(%s || ' ', $%d::text)`, nomSansAccent, len(c.args))
	err = s.DB.SelectContext(ctx, &os, `
		SELECT o.siren, o.nom, o.organisme, COALESCE((SELECT min(e.siret) FROM etablissement e WHERE e.siren = o.siren), '') AS siret
		FROM (SELECT siren, nom, false AS organisme FROM entreprise UNION ALL SELECT siren, nom, true FROM organisme) o
		WHERE `+c.where()+fmt.Sprintf(` ORDER BY %s = $%d::text DESC, %s = 1 DESC, %s, o.siren LIMIT %d`, nomSansAccent, len(c.args), tete, nomSansAccent, limite), c.args...)
	if err != nil {
		return nil, fmt.Errorf("searching the organisations: %w", err)
	}
	return os, nil
}
