package main

import (
	"context"
	"fmt"

	"guichet/opco"
)

// compte is what was found when the counters of a reader were compared with COUNT(*),
// on the large base.
type compte struct {
	de               string
	compares, ecarts int
}

// comparerComptes counts one by one what counters say, for the three great readers.
func (k *banc) comparerComptes(ctx context.Context) ([]compte, error) {
	var cs []compte
	for _, x := range []struct {
		de        string
		p         opco.Portee
		condition string
	}{
		{"de l’OPCO", agent, envoye},
		{"du grand organisme", of, envoye + ` AND d.organisme IN ('` + of.SIRETs[0] + `', '` + of.SIRETs[1] + `')`},
		{"de la grande entreprise", ent, `d.etat <> 'SUPPRIME' AND d.etablissement IN ('` + ent.SIRETs[0] + `', '` + ent.SIRETs[1] + `')`},
	} {
		dits, err := k.bases[1].store.Compter(ctx, x.p)
		if err != nil {
			return nil, err
		}
		vus := map[string]int64{}
		rs, err := k.bases[1].nu.QueryContext(ctx, `
			SELECT etat, count(*) FROM dossier d WHERE `+x.condition+` GROUP BY 1
			UNION ALL SELECT 'factures', count(*) FROM dossier d WHERE `+x.condition+` AND EXISTS (SELECT 1 FROM facture f WHERE f.dossier = d.id
			    AND f.etat IN ('DEPOSEE', 'PRISE_EN_CHARGE', 'SUSPENDUE', 'COMPLETEE', 'EN_LITIGE'))
			UNION ALL SELECT 'paiement', count(*) FROM dossier d WHERE `+x.condition+` AND EXISTS (SELECT 1 FROM reglement r WHERE r.dossier = d.id AND r.etat = 'A_PAYER')
			UNION ALL SELECT 'rejets', count(*) FROM dossier d WHERE `+x.condition+` AND EXISTS (SELECT 1 FROM reglement r WHERE r.dossier = d.id
			    AND r.etat IN ('REJETE_BANQUE', 'RETOURNE') AND NOT EXISTS (SELECT 1 FROM reglement s WHERE s.precedent = r.id))`)
		if err != nil {
			return nil, fmt.Errorf("counting one by one: %w", err)
		}
		for rs.Next() {
			var code string
			var n int64
			if err := rs.Scan(&code, &n); err != nil {
				rs.Close()
				return nil, err
			}
			vus[code] = n
		}
		if err := rs.Close(); err != nil {
			return nil, err
		}
		c := compte{de: x.de}
		for _, e := range append(dits.Etats, dits.Files[len(dits.Files)-4:len(dits.Files)-1]...) {
			if c.compares++; e.Nombre != vus[e.Code] {
				c.ecarts++
			}
			delete(vus, e.Code)
		}
		for _, n := range vus {
			if n > 0 {
				c.ecarts++
			}
		}
		cs = append(cs, c)
	}
	return cs, nil
}
