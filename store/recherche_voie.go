package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// voie is where a search goes: the rows m of a table of words that condition keeps, one
// walk for each s.axe of axes, in the order tri of what is searched.
type voie struct {
	table, source, condition string
	axes                     []string // $1 of every query of a search
	tri                      tri
	deFile                   bool
}

const axesVoie = ` CROSS JOIN unnest($1::text[]) s(axe)`

// The orders of the words: of a list, the newest first; of a queue, its own.
var (
	triMots     = tri{[]string{`m.cree_le`, `m.dossier`}, []string{"timestamptz", "uuid"}, true}
	triMotsFile = tri{colonnes: []string{`m.ordre_limite`, `m.ordre_debut`, `m.ordre_enjeu`, `m.ordre_depot`, `m.dossier`}, types: triFile}
)

// voieListe goes along the words of the dossiers that p may see; an organisation walks
// one SIRET at a time.
func voieListe(p opco.Portee) voie {
	v := voie{table: `dossier_mot`, source: axesVoie, axes: sansDoubles(p.SIRETs), tri: triMots}
	switch {
	case p.Interne:
		v.source, v.condition = ``, `m.envoye`
	case p.Role == opco.RoleOrganisme:
		v.condition = `m.envoye AND m.organisme = s.axe`
	default:
		v.condition = `m.etablissement = s.axe`
	}
	return v
}

// voieFile goes along the words of a queue; all the work is the five that are états.
func voieFile(f File) voie {
	v := voie{table: `dossier_file_mot`, source: axesVoie, condition: `m.file = s.axe`, axes: []string{string(f)}, tri: triMotsFile, deFile: true}
	if f == "" {
		v.axes = nil
		for file := range etatsFile {
			v.axes = append(v.axes, string(file))
		}
		slices.Sort(v.axes)
	}
	return v
}

// colonnes are those of the order of v, as they are selected.
func (v voie) colonnes() string { return strings.Join(v.tri.colonnes, `, `) }

// terme is a typed word with the words of the house that it stands for, up to motsVoisins
// + 1, and about how many rows they have.
type terme struct {
	plage
	mots []string
	n    int64
}

// termes reads what texte stands for along v, none when it has no word. What is typed in
// one piece, and is there in one piece, says more than its parts: they are left out.
func (v voie) termes(ctx context.Context, q sqlx.QueryerContext, texte string) ([]terme, error) {
	parties, colles := plages(texte), colles(texte)
	if len(parties) == 0 {
		return nil, nil
	}
	ps := parties
	for _, c := range colles {
		ps = append(ps, c.plage)
	}
	lus, err := v.lireMots(ctx, q, ps)
	if err != nil {
		return nil, err
	}
	ts := lus[:len(parties):len(parties)]
	for i := range ts {
		ts[i].serrer()
	}
	for i, c := range colles {
		t := lus[len(parties)+i]
		t.serrer()
		if n := len(t.mots); n > 0 && n <= motsVoisins {
			ts = slices.DeleteFunc(ts, func(x terme) bool { return slices.Contains(c.parties, x.Du) })
			ts = append(ts, t)
		}
	}
	if aucun(ts) {
		return ts, nil
	}
	return ts, v.peser(ctx, q, ts)
}

// lireMots lists what each range stands for, up to motsVoisins + 1 words.
func (v voie) lireMots(ctx context.Context, q sqlx.QueryerContext, ps []plage) ([]terme, error) {
	du, au, seuls := make([]string, len(ps)), make([]string, len(ps)), make([]bool, len(ps))
	for i, x := range ps {
		du[i], au[i], seuls[i] = x.Du, x.Au, x.Seul
	}
	var ls []struct {
		I   int    `db:"i"`
		Mot string `db:"mot"`
	}
	if err := v.choisirMots(ctx, q, &ls, pq.Array(v.axes), pq.Array(du), pq.Array(au), pq.Array(seuls)); err != nil {
		return nil, fmt.Errorf("reading the words of a search: %w", err)
	}
	ts := make([]terme, len(ps))
	for i, x := range ps {
		ts[i].plage = x
	}
	for _, l := range ls { // in order: a word of two axes comes twice in a row
		if t := &ts[l.I]; len(t.mots) == 0 || t.mots[len(t.mots)-1] != l.Mot {
			t.mots = append(t.mots, l.Mot)
		}
	}
	return ts, nil
}

// requeteMots is the query of lireMots along v. A number that the house has as it is typed
// stands for no longer one (terme.serrer): the walk ends there.
func (v voie) requeteMots() string {
	return fmt.Sprintf(`
		SELECT w.i - 1 AS i, l.mot
		FROM unnest($2::text[], $3::text[], $4::boolean[]) WITH ORDINALITY AS w(du, au, seul, i)%s
		CROSS JOIN LATERAL (
		    WITH RECURSIVE v(mot, k) AS (
		        (SELECT m.mot, 1 FROM %s m WHERE %s AND m.mot >= w.du AND m.mot < w.au ORDER BY m.mot LIMIT 1)
		        UNION ALL
		        SELECT y.mot, v.k + 1 FROM v CROSS JOIN LATERAL (
		            SELECT m.mot FROM %[2]s m WHERE %[3]s AND m.mot > v.mot AND m.mot < w.au ORDER BY m.mot LIMIT 1) y
		        WHERE v.k <= %d AND NOT (w.seul AND v.mot = w.du))
		    SELECT mot FROM v) l
		WHERE $1::text[] IS NOT NULL ORDER BY 1, 2`, v.source, v.table, v.condition, motsVoisins)
}

// choisirMots runs it, as it was prepared where q knows how.
func (v voie) choisirMots(ctx context.Context, q sqlx.QueryerContext, ls any, args ...any) error {
	requete := v.requeteMots()
	if x, ok := q.(cloisonnee); ok && x.pretes[requete] != nil {
		return x.StmtxContext(ctx, x.pretes[requete]).SelectContext(ctx, ls, args...)
	}
	if x, ok := q.(ouverte); ok && x.pretes[requete] != nil {
		return x.pretes[requete].SelectContext(ctx, ls, args...)
	}
	return sqlx.SelectContext(ctx, q, ls, requete, args...)
}

// serrer has t stand for itself alone when it may and the house has it.
func (t *terme) serrer() {
	if t.Seul && len(t.mots) > 0 && t.mots[0] == t.Du {
		t.Au, t.mots = t.Du+" ", t.mots[:1]
	}
}

// aucun reports whether one of the words typed stands for none of the house: nothing
// holds them all.
func aucun(ts []terme) bool {
	return slices.ContainsFunc(ts, func(t terme) bool { return len(t.mots) == 0 })
}

// meneur is the word to walk: the rarest of those that are not too vague, -1 when all
// are.
func meneur(ts []terme) int {
	m := -1
	for i, t := range ts {
		if len(t.mots) <= motsVoisins && (m < 0 || t.n < ts[m].n) {
			m = i
		}
	}
	return m
}

// court reports whether the rows of a vague word are few enough to be sorted.
func (v voie) court(ctx context.Context, q sqlx.QueryerContext, x plage) (bool, error) {
	var n int
	err := sqlx.GetContext(ctx, q, &n, fmt.Sprintf(`
		SELECT count(*) FROM (SELECT 1 FROM %s m%s WHERE %s AND m.mot >= $2 AND m.mot < $3 AND $1::text[] IS NOT NULL LIMIT %d) x`,
		v.table, v.source, v.condition, plageMax+1), pq.Array(v.axes), x.Du, x.Au)
	if err != nil {
		return false, fmt.Errorf("measuring a search: %w", err)
	}
	return n <= plageMax, nil
}
