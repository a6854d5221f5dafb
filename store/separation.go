package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// LiensDe is liensDe outside of a step: for what no acte carries.
func (s *Store) LiensDe(ctx context.Context, par opco.Acteur) ([]opco.SIREN, error) {
	return liensDe(ctx, s.DB, par)
}

// direLiens says on the lines of a list which dossiers their reader may not treat,
// and who must.
func (s *Store) direLiens(ctx context.Context, p opco.Portee, ls []LigneDossier) error {
	lecteur := opco.Acteur{Personne: p.Personne, Pour: p.Pour, Role: p.Role}
	liens, err := liensDe(ctx, s.DB, lecteur)
	if err != nil || len(liens) == 0 {
		return err
	}
	for i := range ls {
		tiers := []opco.SIREN{opco.SIRET(ls[i].Etablissement).SIREN(), opco.SIRET(ls[i].Organisme).SIREN()}
		if refus := opco.LienAvec(lecteur, liens, tiers, "ce dossier"); refus != nil {
			ls[i].Lien = refus.Error()
		}
	}
	return nil
}

// liensDe lists the companies with which a staff member, or the person for whom
// they act, declared a link that has not ended (reliability.md 3.1, rule 7).
// Whoever acts for an organisation has none to declare.
func liensDe(ctx context.Context, q sqlx.QueryerContext, par opco.Acteur) ([]opco.SIREN, error) {
	if !par.Role.Interne() {
		return nil, nil
	}
	var ss []opco.SIREN
	err := sqlx.SelectContext(ctx, q, &ss, `
		SELECT DISTINCT siren FROM lien_interet WHERE personne IN (NULLIF($1, ''), NULLIF($2, '')) ORDER BY siren`, par.Personne, par.Pour)
	if err != nil {
		return nil, fmt.Errorf("reading the declared links of who acts: %w", err)
	}
	return ss, nil
}
