package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// marche is a page of a search: where it goes, after which words, from which cursor and
// how far.
type marche struct {
	voie
	termes   []terme
	parPlage bool // the one word is vague: its range is sorted
	// reste adds what else is asked of the dossier of a row m, and reports whether that
	// reads its row d.
	reste   func(c *clause) (joint bool, err error)
	curseur string
	arriere bool
	n       int // rows at most, 0 for all
}

// marche prepares a search along v. It returns false when every word is so vague that
// the list itself is to be walked.
func (v voie) marche(ctx context.Context, q sqlx.QueryerContext, texte string) (marche, bool, error) {
	x := marche{voie: v}
	var err error
	if x.termes, err = v.termes(ctx, q, texte); err != nil || x.vaine() || meneur(x.termes) >= 0 {
		return x, err == nil, err
	}
	if len(x.termes) > 1 {
		return x, false, nil
	}
	x.parPlage, err = v.court(ctx, q, x.termes[0].plage)
	return x, x.parPlage, err
}

// vaine reports whether nothing can be found: no word, or one that nothing holds.
func (x marche) vaine() bool { return len(x.termes) == 0 || aucun(x.termes) }

// trouver writes the query of the rows found: a walk along each of the words of the house
// that the rarest stands for, or the sort of its whole range when it is vague and short.
func (x marche) trouver() (requete, error) {
	var c clause
	var trouves string
	var err error
	m := meneur(x.termes)
	second := -1
	if !x.parPlage {
		second = x.coteACote(m)
	}
	switch {
	case x.parPlage:
		trouves, err = x.trier(&c)
	case second >= 0:
		trouves, err = x.suivre(&c, m, second)
	default:
		trouves, err = x.suivreTous(&c, m)
	}
	return requete{trouves + ` GROUP BY ` + x.colonnes() + x.enOrdre(), c.args}, err
}

// lignes writes the query of the rows found as lists show them, of those that c keeps too.
func (x marche) lignes(portee opco.Portee, colonnes string) (requete, error) {
	r, err := x.trouver()
	if err != nil {
		return r, err
	}
	c := clause{args: r.args}
	c.dansPortee(portee)
	return requete{`SELECT ` + colonnes + `, ` + x.tri.cle() + ` AS cle FROM (` + r.texte + `) m JOIN dossier d ON d.id = m.dossier WHERE ` +
		c.where() + ` ORDER BY ` + x.tri.ordre(x.arriere), c.args}, nil
}

// Looking up a word for a row costs about as much as reading some rows in order: from
// frequent on, the two rarest words, of which one is at most that much more frequent than
// the other, are gone through side by side.
const (
	frequent  = 1000
	prixSonde = 4
)

// coteACote is the word that it is better to go through beside that of m, the rarest; -1
// when that one is rare, or stands for many words. Only the whole list does so. The wall of
// an organisation looks at columns that no index of the words has, so that each row is read
// from its table, and PostgreSQL, which expects next to nothing behind a wall, would sort
// both words whole.
func (x marche) coteACote(m int) int {
	ts := x.termes
	if x.source != `` || ts[m].n < frequent || len(ts[m].mots) > motsEgaux {
		return -1
	}
	second := -1
	for i, t := range ts {
		if i != m && len(t.mots) == 1 && t.n <= prixSonde*ts[m].n && (second < 0 || t.n < ts[second].n) {
			second = i
		}
	}
	return second
}

// memeLigne joins a dossier of two words with itself. Its id is compared by its bounds:
// PostgreSQL takes two equalities for a coincidence that never happens, and would sort
// both words whole rather than stop at the end of the page.
const memeLigne = ` JOIN dossier_mot x ON x.cree_le = m.cree_le AND x.dossier >= m.dossier AND x.dossier <= m.dossier`

// suivre goes through two words side by side, those of m and second, each written out;
// OFFSET 0 has the others looked up for the rows that hold both.
func (x marche) suivre(c *clause, m, second int) (string, error) {
	var branches []string
	for _, mot := range x.termes[m].mots {
		y := clause{args: c.args, ou: []string{x.condition, strings.ReplaceAll(x.condition, `m.`, `x.`)}}
		y.et(`m.mot = %s AND x.mot = %s`, mot, x.termes[second].mots[0])
		b, err := x.borne(&y, memeLigne)
		if err != nil {
			return "", err
		}
		autres := clause{args: y.args}
		x.aussi(&autres, m, second)
		if len(autres.ou) > 0 {
			b = `SELECT ` + x.colonnes() + ` FROM (` + b + ` ORDER BY ` + x.tri.ordre(x.arriere) + ` OFFSET 0) m WHERE ` + autres.where()
		}
		c.args, branches = autres.args, append(branches, `(`+b+x.enOrdre()+`)`)
	}
	return `SELECT ` + x.colonnes() + ` FROM (` + strings.Join(branches, ` UNION ALL `) + `) m`, nil
}

// enOrdre ends a walk: as many rows as asked, in order.
func (x marche) enOrdre() string {
	ordre := ` ORDER BY ` + x.tri.ordre(x.arriere)
	if x.n > 0 {
		ordre += fmt.Sprintf(` LIMIT %d`, x.n)
	}
	return ordre
}

// suivreTous walks each of the words of m, the rows whose dossier holds the other words
// too.
func (x marche) suivreTous(c *clause, m int) (string, error) {
	*c = clause{args: []any{pq.Array(x.axes), pq.Array(x.termes[m].mots)}, ou: []string{x.condition, `m.mot = l.mot`}}
	x.aussi(c, m)
	b, err := x.borne(c, ``)
	return `SELECT ` + x.colonnes() + ` FROM unnest($2::text[]) l(mot)` + x.source + ` CROSS JOIN LATERAL (` + b + x.enOrdre() + `) m WHERE $1::text[] IS NOT NULL`, err
}

// trier sorts the rows of the range of the one word.
func (x marche) trier(c *clause) (string, error) {
	*c = clause{args: []any{pq.Array(x.axes)}, ou: []string{x.condition, `$1::text[] IS NOT NULL`}}
	c.et(`m.mot >= %s AND m.mot < %s`, x.termes[0].Du, x.termes[0].Au)
	return x.borne(c, x.source)
}

// borne writes the rows m of the conditions c, with the rest of what is asked, from the
// cursor; autres is what else they are read from.
func (x marche) borne(c *clause, autres string) (string, error) {
	source := x.table + ` m` + autres
	joint, err := x.reste(c)
	if err != nil {
		return "", err
	}
	if joint {
		source += ` JOIN dossier d ON d.id = m.dossier`
	}
	err = c.borner(x.tri, x.curseur, x.arriere)
	return `SELECT ` + x.colonnes() + ` FROM ` + source + ` WHERE ` + c.where(), err
}

// aussi keeps the rows m whose dossier holds the other words too, beside those of sauf,
// the rarest first: next to them, in the order in which they are walked, when it stands
// for few words. OFFSET 0 has each row look for its own: PostgreSQL, that does not know how
// the words of one company go together, would rather read all the rows of the word for each.
func (x marche) aussi(c *clause, sauf ...int) {
	var autres []terme
	for i, t := range x.termes {
		if !slices.Contains(sauf, i) {
			autres = append(autres, t)
		}
	}
	slices.SortStableFunc(autres, func(a, b terme) int { return cmp.Compare(a.n, b.n) })
	const a, b = `EXISTS (SELECT 1 FROM dossier_mot x WHERE x.dossier = m.dossier`, ` OFFSET 0)`
	portee := ` AND x.cree_le = m.cree_le AND ` + strings.ReplaceAll(x.condition, `m.`, `x.`)
	if x.deFile {
		portee = `` // its rows are of dossiers sent, and are found by their key
	}
	for _, t := range autres {
		if len(t.mots) <= motsEgaux {
			c.et(a+` AND x.mot = ANY (%s)`+portee+b, pq.Array(t.mots))
			continue
		}
		c.et(a+` AND x.mot >= %s AND x.mot < %s`+b, t.Du, t.Au)
	}
}
