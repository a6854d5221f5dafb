package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

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
