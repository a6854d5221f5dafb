package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Compteur counts the dossiers of one état or one queue; EnRetard those whose
// legal deadline has passed.
type Compteur struct {
	Code     string `db:"code" json:"code"`
	Libelle  string `db:"-" json:"libelle"`
	Nombre   int64  `db:"nombre" json:"nombre"`
	EnRetard int64  `db:"en_retard" json:"en_retard"`
}

// Compteurs are the figures of the home pages.
type Compteurs struct {
	Etats []Compteur `json:"etats"`
	Files []Compteur `json:"files"`
}

// porteesDe names the counters that p adds up (schema/0014_listes.sql).
func porteesDe(p opco.Portee) []string {
	if p.Interne {
		return []string{"*"}
	}
	prefixe := "E:"
	if p.Role == opco.RoleOrganisme {
		prefixe = "O:"
	}
	var ps []string
	for _, siret := range sansDoubles(p.SIRETs) {
		ps = append(ps, prefixe+siret)
	}
	return ps
}

// ligneCompte is one figure: of an état, or of a queue of money.
type ligneCompte struct {
	Code   string `db:"code"`
	N      int64  `db:"n"`
	Retard int64  `db:"retard"`
}

// Compter counts the dossiers within reach of p by état and by queue, in one
// query, so that the figures agree. It adds up counters that every change keeps, and
// counts one by one only those whose deadline has passed.
func (s *Store) Compter(ctx context.Context, p opco.Portee) (Compteurs, error) {
	var ls []ligneCompte
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		le, err := instantEn(ctx, q)
		if err != nil {
			return err
		}
		c := clause{args: []any{pq.Array(porteesDe(p)), opco.JourDe(le)}}
		c.dansPortee(p)
		qui := ``
		if !p.Interne {
			qui = ` AND q.` + colonneSIRET(p) + ` = ANY ($3)`
		}
		return sqlx.SelectContext(ctx, q, &ls, `
			SELECT code, sum(n)::bigint AS n, sum(retard)::bigint AS retard FROM (
			    SELECT code, n, 0 AS retard FROM dossier_compte WHERE portee = ANY ($1)
			    UNION ALL
			    SELECT d.etat, 0, count(*) FROM dossier d WHERE d.limite < $2 AND `+c.where()+` GROUP BY 1
			    UNION ALL
			    SELECT 'file:' || q.file, 0, count(*) FROM dossier_file q WHERE q.n > 0 AND q.file IN ('factures', 'paiement', 'rejets')
			        AND q.ordre_limite < $2`+qui+` GROUP BY 1) x
			GROUP BY code`, c.args...)
	})
	if err != nil {
		return Compteurs{}, fmt.Errorf("counting dossiers: %w", err)
	}
	return compteurs(ls), nil
}

// compteurs sorts figures into those of the pages: an état that nobody is in is left
// out, a queue is always there.
func compteurs(ls []ligneCompte) Compteurs {
	parCode := make(map[string]ligneCompte, len(ls))
	for _, l := range ls {
		parCode[l.Code] = l
	}
	r := Compteurs{Etats: []Compteur{}, Files: []Compteur{}}
	for _, e := range opco.Etats() {
		if l := parCode[string(e)]; l.N > 0 {
			r.Etats = append(r.Etats, Compteur{Code: l.Code, Libelle: e.String(), Nombre: l.N, EnRetard: l.Retard})
		}
	}
	for _, f := range files {
		l := parCode["file:"+string(f.File)]
		for _, e := range etatsFile[f.File] {
			l.N += parCode[string(e)].N
			l.Retard += parCode[string(e)].Retard
		}
		r.Files = append(r.Files, Compteur{Code: string(f.File), Libelle: f.Libelle, Nombre: l.N, EnRetard: l.Retard})
	}
	return r
}

// TasserCompteurs adds up the counters that changed since the last time: their sums
// stay what they are, in fewer rows. It returns how many rows it took away. Two at
// once would wait for each other: the second does nothing.
func (s *Store) TasserCompteurs(ctx context.Context) (int64, error) {
	var n int64
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		var seul bool
		if err := tx.GetContext(ctx, &seul, `SELECT pg_try_advisory_xact_lock(hashtext('dossier_compte'))`); err != nil || !seul {
			return err
		}
		return tx.GetContext(ctx, &n, `
			WITH neufs AS (SELECT DISTINCT portee, code FROM dossier_compte WHERE NOT tasse),
			     ote AS (DELETE FROM dossier_compte c USING neufs x WHERE c.portee = x.portee AND c.code = x.code RETURNING c.portee, c.code, c.n),
			     mis AS (INSERT INTO dossier_compte (portee, code, n, tasse)
			             SELECT portee, code, sum(n), true FROM ote GROUP BY 1, 2 HAVING sum(n) <> 0 RETURNING 1)
			SELECT (SELECT count(*) FROM ote) - (SELECT count(*) FROM mis)`)
	})
	if err != nil {
		return 0, fmt.Errorf("adding up counters: %w", err)
	}
	return n, nil
}
