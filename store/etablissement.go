package store

import (
	"context"
	"fmt"
	"slices"

	"github.com/lib/pq"

	"guichet/opco"
)

// Etablissement is a site of a company as its people read it on their home page
// (AK-12), with its client number: the company's, then the rank of the site (AK-15).
type Etablissement struct {
	SIRET      opco.SIRET `db:"siret" json:"siret"`
	Nom        string     `db:"nom" json:"nom"`
	Adresse    string     `db:"adresse" json:"adresse,omitempty"`
	CodePostal string     `db:"code_postal" json:"code_postal,omitempty"`
	Ville      string     `db:"ville" json:"ville,omitempty"`
	Telephone  string     `db:"telephone" json:"telephone,omitempty"`
	Email      string     `db:"email" json:"email,omitempty"`
	Client     string     `db:"client" json:"client"`
	IDCC       string     `db:"idcc" json:"idcc,omitempty"`
	Dossiers   int64      `db:"dossiers" json:"dossiers"` // sent
}

// etablissementsMax bounds the sites of one company: a right names each.
const etablissementsMax = 500

// Etablissements lists the établissements of companies that p reaches, at most 500.
// The staff reach none: their pages name a company.
func (s *Store) Etablissements(ctx context.Context, p opco.Portee) ([]Etablissement, error) {
	es, err := s.sites(ctx, p.SIRETs)
	if err != nil {
		return nil, err
	}
	return es, s.compterParSite(ctx, p, es)
}

// Etablissement returns one établissement within reach of p, without its figures;
// NotFound otherwise.
func (s *Store) Etablissement(ctx context.Context, p opco.Portee, siret opco.SIRET) (Etablissement, error) {
	absent := opco.Errorf(opco.NotFound, "Cet établissement n’existe pas, ou vous n’y avez pas accès.")
	if !p.Interne && !slices.Contains(p.SIRETs, string(siret)) {
		return Etablissement{}, absent
	}
	es, err := s.sites(ctx, []string{string(siret)})
	if err == nil && len(es) == 0 {
		err = absent
	}
	if err != nil {
		return Etablissement{}, err
	}
	return es[0], nil
}

func (s *Store) sites(ctx context.Context, sirets []string) ([]Etablissement, error) {
	es := []Etablissement{}
	err := s.DB.SelectContext(ctx, &es, `
		SELECT t.siret, t.nom, t.adresse, t.code_postal, t.ville, t.telephone, e.email, e.client || '.' || lpad(t.rang::text, 3, '0') AS client, e.idcc, 0 AS dossiers
		FROM etablissement t JOIN entreprise e ON e.siren = t.siren
		WHERE t.siret = ANY ($1) ORDER BY e.client, t.rang LIMIT $2`, pq.Array(sirets), etablissementsMax)
	if err != nil {
		return nil, fmt.Errorf("listing the sites: %w", err)
	}
	return es, nil
}

// UniteDe returns the unit of the OPCO that follows the company of an établissement;
// false when none does.
func (s *Store) UniteDe(ctx context.Context, e Etablissement) (opco.Unite, bool, error) {
	ls, err := s.Unites(ctx)
	if err != nil {
		return opco.Unite{}, false, err
	}
	us := make([]opco.Unite, len(ls))
	for i, l := range ls {
		us[i] = l.Unite
	}
	u, ok := opco.UniteDe(us, opco.Entreprise{SIREN: e.SIRET.SIREN(), IDCC: e.IDCC}, e.CodePostal)
	return u, ok, nil
}
