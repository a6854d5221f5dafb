package store

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// A search walks dossier_mot (schema/0014_listes.sql), where each word of a dossier
// is in the order of the lists. motsMax bounds what one search looks for: a text of a
// hundred characters, the most that anybody may type, has no more words; motsVoisins how many words of the house one typed beginning may stand for before it is too
// vague to be walked word by word, motsEgaux how many are compared one by one on the
// way; plageMax how many rows are sorted instead.
const (
	motsMax     = 50
	motsVoisins = 100
	motsEgaux   = 6
	plageMax    = 20_000
)

// plage is what a typed word stands for: the words from Du to before Au.
type plage struct{ Du, Au string }

// finDePlage follows every word that begins with what comes before it.
const finDePlage = "\U0010FFFD"

// numeroColle is a dossier number typed in one piece.
var numeroColle = regexp.MustCompile(`^([a-z]{2}\d{2})(\d{6})$`)

// numeroTape is the dossier number that texte is, however it was typed; "" when it is
// something else.
func numeroTape(texte string) string {
	x := numeroColle.FindStringSubmatch(strings.ReplaceAll(opco.CleRecherche(texte), " ", ""))
	if x == nil {
		return ""
	}
	return strings.ToUpper(x[1]) + "-" + x[2]
}

// plages reads what someone typed: words without accents or case, as many as count. A
// word of one or two letters stands for itself, a longer one for all those that begin
// with it; a short number is also the end of a dossier number. A SIRET may be typed
// with spaces, a number of dossier in any way.
func plages(texte string) []plage {
	if siret, err := opco.ParseSIRET(texte); err == nil {
		texte = string(siret)
	} else if siren, err := opco.ParseSIREN(texte); err == nil {
		texte = string(siren)
	}
	var ps []plage
	for _, m := range strings.Fields(opco.CleRecherche(texte)) {
		parties := []string{m}
		if x := numeroColle.FindStringSubmatch(m); x != nil {
			parties = x[1:]
		}
		for _, m := range parties {
			p := plage{m, m + finDePlage}
			if len([]rune(m)) < 3 {
				p.Au = m + " " // no word holds a space: this one alone
			}
			if !slices.Contains(ps, p) {
				ps = append(ps, p)
			}
		}
	}
	return ps[:min(len(ps), motsMax)]
}

// chercher keeps the rows d whose recherche holds every word of texte, without
// accents or case. A SIRET may be typed with spaces.
func (c *clause) chercher(texte string) {
	if texte == "" {
		return
	}
	if siret, err := opco.ParseSIRET(texte); err == nil {
		texte = string(siret)
	}
	mots := strings.Fields(opco.CleRecherche(texte))
	if len(mots) == 0 {
		c.et(`false`)
		return
	}
	for _, m := range mots[:min(len(mots), motsMax)] {
		c.et(`d.recherche LIKE %s`, "%"+strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(m)+"%")
	}
}

// chercherDossiers keeps the dossiers that hold every word of texte: a number, a
// SIRET, a name, an invoice. It asks of each dossier in turn: parMots is the way of a
// search alone.
func (c *clause) chercherDossiers(texte string) {
	if texte == "" {
		return
	}
	if n := numeroTape(texte); n != "" {
		c.et(`d.numero = %s`, n)
		return
	}
	ps := plages(texte)
	if len(ps) == 0 {
		c.et(`false`)
	}
	for _, p := range ps {
		c.porter(p)
	}
}

// porter keeps the dossiers that hold a word of x: each of them is looked up.
func (c *clause) porter(x plage) {
	c.et(`EXISTS (SELECT 1 FROM dossier_mot x WHERE x.dossier = d.id AND x.mot >= %s AND x.mot < %s)`, x.Du, x.Au)
}

// triMots is the order of a search: the newest first, in dossier_mot.
var triMots = tri{[]string{`m.cree_le`, `m.dossier`}, []string{"timestamptz", "uuid"}, true}

// motsDansPortee keeps the rows m of dossier_mot that p may see; an organisation walks
// one SIRET at a time, s.
func motsDansPortee(p opco.Portee) (source, condition string) {
	switch {
	case p.Interne:
		return ``, `m.envoye`
	case p.Role == opco.RoleOrganisme:
		return ` CROSS JOIN unnest($1::text[]) s(siret)`, `m.envoye AND m.organisme = s.siret`
	}
	return ` CROSS JOIN unnest($1::text[]) s(siret)`, `m.etablissement = s.siret`
}

// voisins are the words of the house that one typed word stands for, with about how
// many rows they have.
type voisins struct {
	mots []string
	n    int64
}

// lireVoisins lists what each range stands for, up to motsVoisins + 1 words.
func lireVoisins(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, ps []plage) ([]voisins, error) {
	sirets, portee := motsDansPortee(p)
	du, au := make([]string, len(ps)), make([]string, len(ps))
	for i, x := range ps {
		du[i], au[i] = x.Du, x.Au
	}
	var ls []struct {
		I   int    `db:"i"`
		Mot string `db:"mot"`
	}
	err := sqlx.SelectContext(ctx, q, &ls, fmt.Sprintf(`
		SELECT w.i - 1 AS i, l.mot
		FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS w(du, au, i)%s
		CROSS JOIN LATERAL (
		    WITH RECURSIVE v(mot, k) AS (
		        (SELECT m.mot, 1 FROM dossier_mot m WHERE %s AND m.mot >= w.du AND m.mot < w.au ORDER BY m.mot LIMIT 1)
		        UNION ALL
		        SELECT y.mot, v.k + 1 FROM v CROSS JOIN LATERAL (
		            SELECT m.mot FROM dossier_mot m WHERE %s AND m.mot > v.mot AND m.mot < w.au ORDER BY m.mot LIMIT 1) y
		        WHERE v.k <= %d)
		    SELECT mot FROM v) l
		WHERE $1::text[] IS NOT NULL ORDER BY 1, 2`, sirets, portee, portee, motsVoisins), pq.Array(sansDoubles(p.SIRETs)), pq.Array(du), pq.Array(au))
	if err != nil {
		return nil, fmt.Errorf("reading the words of a search: %w", err)
	}
	vs := make([]voisins, len(ps))
	vus := make([]map[string]bool, len(ps))
	for _, l := range ls {
		v := &vs[l.I]
		if vus[l.I] == nil {
			vus[l.I] = map[string]bool{}
		}
		if !vus[l.I][l.Mot] {
			vus[l.I][l.Mot] = true
			v.mots = append(v.mots, l.Mot)
		}
	}
	for i, x := range ps {
		if nombreTape.MatchString(x.Du) && len(vs[i].mots) > 0 && vs[i].mots[0] == x.Du {
			ps[i].Au, vs[i].mots = x.Du+" ", vs[i].mots[:1]
		}
	}
	if aucun(vs) {
		return vs, nil
	}
	return vs, peser(ctx, q, p, vs)
}

// aucun reports whether one of the words typed stands for none of the house: nothing
// holds them all.
func aucun(vs []voisins) bool {
	return slices.ContainsFunc(vs, func(v voisins) bool { return len(v.mots) == 0 })
}

// nombreTape is a word that is a number: when the house has it as it is typed, it
// stands for no longer one.
var nombreTape = regexp.MustCompile(`^\d+$`)

// peser says how many rows each of several words has, as PostgreSQL estimates it from
// what it knows of the words of the house: to find the rarest, counting them would take
// longer than the search.
func peser(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, vs []voisins) error {
	if len(vs) < 2 {
		return nil
	}
	c := clause{args: []any{pq.Array(sansDoubles(p.SIRETs))}}
	_, portee := motsDansPortee(p)
	portee = strings.ReplaceAll(portee, `= s.siret`, `= ANY ($1)`) + ` AND $1::text[] IS NOT NULL`
	var branches []string
	for _, v := range vs {
		c.args = append(c.args, pq.Array(append([]string{}, v.mots[:min(len(v.mots), motsVoisins)]...)))
		branches = append(branches, fmt.Sprintf(`SELECT FROM dossier_mot m WHERE %s AND m.mot = ANY ($%d)`, portee, len(c.args)))
	}
	ns, err := estimer(ctx, q, branches, c.args)
	for i := range ns { // none for a plan of another form: the first word leads
		if len(vs[i].mots) > 0 {
			vs[i].n = ns[i]
		}
	}
	return err
}

// estimer says how many rows PostgreSQL expects of each of several queries, nil when the
// plan that it makes of them does not say.
func estimer(ctx context.Context, q sqlx.QueryerContext, branches []string, args []any) ([]int64, error) {
	var plan string
	if err := sqlx.GetContext(ctx, q, &plan, `EXPLAIN (FORMAT JSON) `+strings.Join(branches, ` UNION ALL `), args...); err != nil {
		return nil, fmt.Errorf("weighing the words of a search: %w", err)
	}
	var lu []struct{ Plan noeud }
	if err := json.Unmarshal([]byte(plan), &lu); err != nil {
		return nil, fmt.Errorf("reading the weight of the words of a search: %w", err)
	}
	if len(lu) != 1 {
		return nil, nil
	}
	noeuds := lu[0].Plan.Plans
	if len(branches) == 1 {
		noeuds = []noeud{lu[0].Plan}
	}
	if len(noeuds) != len(branches) {
		return nil, nil
	}
	ns := make([]int64, len(noeuds))
	for i, n := range noeuds {
		ns[i] = n.Lignes
	}
	return ns, nil
}

// noeud is a step of a plan of PostgreSQL.
type noeud struct {
	Lignes int64   `json:"Plan Rows"`
	Plans  []noeud `json:"Plans"`
}

// meneur is the word to walk: the rarest of those that are not too vague, -1 when all
// are.
func meneur(vs []voisins) int {
	m := -1
	for i, v := range vs {
		if len(v.mots) <= motsVoisins && (m < 0 || v.n < vs[m].n) {
			m = i
		}
	}
	return m
}

// parMots writes the query of a page of a search, from the newest. It walks the
// rarest of its words, and asks of each dossier on the way for the others and for the
// rest of f. It returns false when every word is so vague that the list itself is
// walked, and no query when a word is nowhere.
func (f Filtre) parMots(ctx context.Context, q sqlx.QueryerContext, p opco.Portee) (requete, bool, error) {
	ps := plages(f.Texte)
	if len(ps) == 0 {
		return requete{}, false, nil
	}
	vs, err := lireVoisins(ctx, q, p, ps)
	if err != nil {
		return requete{}, false, err
	}
	if aucun(vs) {
		return requete{}, true, nil
	}
	m := meneur(vs)
	parPlage := m < 0
	if parPlage {
		if len(ps) > 1 {
			return requete{}, false, nil
		}
		court, err := plageCourte(ctx, q, p, ps[0])
		if !court || err != nil {
			return requete{}, false, err
		}
		m = 0
	}
	r, err := f.marcher(p, ps, m, vs, parPlage)
	return r, err == nil, err
}

// plageCourte reports whether the rows of a vague word are few enough to be sorted.
func plageCourte(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, x plage) (bool, error) {
	sirets, portee := motsDansPortee(p)
	var n int
	err := sqlx.GetContext(ctx, q, &n, fmt.Sprintf(`
		SELECT count(*) FROM (SELECT 1 FROM dossier_mot m%s WHERE %s AND m.mot >= $2 AND m.mot < $3 AND $1::text[] IS NOT NULL LIMIT %d) x`,
		sirets, portee, plageMax+1), pq.Array(sansDoubles(p.SIRETs)), x.Du, x.Au)
	if err != nil {
		return false, fmt.Errorf("measuring a search: %w", err)
	}
	return n <= plageMax, nil
}
