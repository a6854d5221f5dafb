package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// LiensDe is liensDe outside of a step: for what no acte carries.
func (s *Store) LiensDe(ctx context.Context, par opco.Acteur) ([]opco.SIREN, error) {
	return liensDe(ctx, s.DB, par)
}

// direLiens says on the lines of a list which dossiers their reader, who declared liens,
// may not treat, and who must.
func direLiens(lecteur opco.Acteur, liens []opco.SIREN, ls []LigneDossier) {
	if len(liens) == 0 {
		return
	}
	for i := range ls {
		tiers := []opco.SIREN{opco.SIRET(ls[i].Etablissement).SIREN(), opco.SIRET(ls[i].Organisme).SIREN()}
		if refus := opco.LienAvec(lecteur, liens, tiers, "ce dossier"); refus != nil {
			ls[i].Lien = refus.Error()
		}
	}
}

// liensEtInstant is liensDe, with the business instant when le is zero: one exchange for
// what a list needs beside its rows.
func (s *Store) liensEtInstant(ctx context.Context, lecteur opco.Acteur, le *time.Time) (liens []opco.SIREN, err error) {
	switch {
	case !le.IsZero():
		return liensDe(ctx, s.DB, lecteur)
	case !lecteur.Role.Interne():
		*le, err = s.Maintenant(ctx)
		return nil, err
	}
	var l struct {
		Decalage int64          `db:"decalage_ns"`
		Liens    pq.StringArray `db:"liens"`
	}
	err = s.pretes[requeteLiensEtInstant].GetContext(ctx, &l, lecteur.Personne, lecteur.Pour)
	if err != nil {
		return nil, fmt.Errorf("reading the clock and the declared links of a reader: %w", err)
	}
	*le = time.Now().UTC().Add(time.Duration(l.Decalage)).Truncate(time.Microsecond)
	for _, x := range l.Liens {
		liens = append(liens, opco.SIREN(x))
	}
	return liens, nil
}

const requeteLiensEtInstant = `SELECT decalage_ns, ARRAY (` + requeteLiens + `) AS liens FROM horloge`

// requeteLiens lists the companies with which the persons $1 and $2 declared a link.
const requeteLiens = `SELECT DISTINCT siren FROM lien_interet WHERE personne IN (NULLIF($1, ''), NULLIF($2, '')) ORDER BY siren`

// liensDe lists the companies with which a staff member, or the person for whom
// they act, declared a link that has not ended (reliability.md 3.1, rule 7).
// Whoever acts for an organisation has none to declare.
func liensDe(ctx context.Context, q sqlx.QueryerContext, par opco.Acteur) ([]opco.SIREN, error) {
	if !par.Role.Interne() {
		return nil, nil
	}
	var ss []opco.SIREN
	err := sqlx.SelectContext(ctx, q, &ss, requeteLiens, par.Personne, par.Pour)
	if err != nil {
		return nil, fmt.Errorf("reading the declared links of who acts: %w", err)
	}
	return ss, nil
}
