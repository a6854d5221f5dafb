package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// autresTitulaires counts who else has a right on each établissement of the account,
// today or later: those whom nobody would manage if it went.
func autresTitulaires(ctx context.Context, tx *sqlx.Tx, c *opco.Compte) (map[string]int, error) {
	var sirets []string
	for _, h := range c.Habilitations {
		sirets = append(sirets, string(h.SIRET))
	}
	var ls []struct {
		Cle    string `db:"cle"`
		Nombre int    `db:"nombre"`
	}
	err := tx.SelectContext(ctx, &ls, `
		SELECT h.profil || ':' || h.siret AS cle, count(DISTINCT x.personne) AS nombre FROM habilitation h JOIN compte x ON x.id = h.compte
		WHERE h.etat = 'ACCORDEE' AND NOT h.coupee AND h.siret = ANY ($1) AND x.personne <> $2 AND x.etat IN ('ACTIF_LIMITE', 'ACTIF')
		GROUP BY 1`, pq.Array(sirets), c.Personne)
	if err != nil {
		return nil, fmt.Errorf("counting who else has rights where account %s has: %w", c.ID, err)
	}
	m := make(map[string]int, len(ls))
	for _, l := range ls {
		m[l.Cle] = l.Nombre
	}
	return m, nil
}
