package store

import (
	"fmt"
	"strings"

	"github.com/lib/pq"

	"guichet/opco"
)

// marcher writes the query of a page of a search whose words are ps, led by ps[m]: a
// walk along each of the words of the house that it stands for, or the sort of its
// whole range when it is vague and short.
func (f Filtre) marcher(p opco.Portee, ps []plage, m int, vs []voisins, parPlage bool) (requete, error) {
	arriere := f.Avant != ""
	fin := ` GROUP BY 1, 2` + f.enOrdre()
	c := clause{}
	var trouves string
	var err error
	second := -1
	if !parPlage {
		second = coteACote(p, vs, m)
	}
	switch {
	case parPlage:
		trouves, err = f.trier(&c, p, ps[m], fin)
	case second >= 0:
		trouves, err = f.suivre(&c, p, ps, m, second, vs)
		trouves += fin
	default:
		trouves, err = f.suivreTous(&c, p, ps, m, vs)
		trouves += fin
	}
	if err != nil {
		return requete{}, err
	}
	v := clause{args: c.args}
	v.dansPortee(p)
	return requete{`SELECT ` + colonnesLigne + `, ` + triRecent.cle() + ` AS cle FROM (` + trouves + `) m JOIN dossier d ON d.id = m.dossier WHERE ` +
		v.where() + ` ORDER BY ` + triRecent.ordre(arriere), v.args}, nil
}

// Looking up a word for a row costs about as much as reading some rows in order: from
// frequent on, the two rarest words, of which one is at most that much more frequent than
// the other, are gone through side by side.
const (
	frequent  = 1000
	prixSonde = 4
)

// coteACote is the word that it is better to go through beside vs[m], the rarest; -1 when
// that one is rare, or stands for many words. An organisation never does so: its wall looks
// at columns that no index of the words has, so that each row is read from its table, and
// PostgreSQL, which expects next to nothing behind a wall, would sort both words whole.
func coteACote(p opco.Portee, vs []voisins, m int) int {
	if !p.Interne || vs[m].n < frequent || len(vs[m].mots) > motsEgaux {
		return -1
	}
	second := -1
	for i, v := range vs {
		if i != m && len(v.mots) == 1 && v.n <= prixSonde*vs[m].n && (second < 0 || v.n < vs[second].n) {
			second = i
		}
	}
	return second
}

// memeLigne joins a dossier of two words with itself. Its id is compared by its bounds:
// PostgreSQL takes two equalities for a coincidence that never happens, and would sort
// both words whole rather than stop at the end of the page.
const memeLigne = ` JOIN dossier_mot x ON x.cree_le = m.cree_le AND x.dossier >= m.dossier AND x.dossier <= m.dossier`

// suivre goes through two words side by side, ps[m] and ps[second], each written out;
// OFFSET 0 has the others looked up for the rows that hold both.
func (f Filtre) suivre(c *clause, p opco.Portee, ps []plage, m, second int, vs []voisins) (string, error) {
	_, portee := motsDansPortee(p)
	var branches []string
	for _, mot := range vs[m].mots {
		x := clause{args: c.args, ou: []string{portee, strings.ReplaceAll(portee, `m.`, `x.`)}}
		x.et(`m.mot = %s AND x.mot = %s`, mot, vs[second].mots[0])
		b, err := f.borne(&x, memeLigne)
		if err != nil {
			return "", err
		}
		autres := clause{args: x.args}
		for i := range ps {
			if i != m && i != second {
				autres.aussi(portee, ps[i], vs[i].mots)
			}
		}
		if len(autres.ou) > 0 {
			b = `SELECT m.cree_le, m.dossier FROM (` + b + ` ORDER BY ` + triMots.ordre(f.Avant != "") + ` OFFSET 0) m WHERE ` + autres.where()
		}
		c.args, branches = autres.args, append(branches, `(`+b+f.enOrdre()+`)`)
	}
	return `SELECT m.cree_le, m.dossier FROM (` + strings.Join(branches, ` UNION ALL `) + `) m`, nil
}

// enOrdre ends a walk: a page and one more, in the order of f.
func (f Filtre) enOrdre() string {
	return ` ORDER BY ` + triMots.ordre(f.Avant != "") + fmt.Sprintf(` LIMIT %d`, f.taille()+1)
}

// suivreTous walks each of the words of ps[m], the rows whose dossier holds the other
// words too.
func (f Filtre) suivreTous(c *clause, p opco.Portee, ps []plage, m int, vs []voisins) (string, error) {
	sirets, portee := motsDansPortee(p)
	x := clause{args: []any{pq.Array(sansDoubles(p.SIRETs)), pq.Array(vs[m].mots)}, ou: []string{portee, `m.mot = l.mot`}}
	for i, y := range ps {
		if i != m {
			x.aussi(portee, y, vs[i].mots)
		}
	}
	b, err := f.borne(&x, ``)
	c.args = x.args
	return `SELECT m.cree_le, m.dossier FROM unnest($2::text[]) l(mot)` + sirets + ` CROSS JOIN LATERAL (` + b + f.enOrdre() + `) m WHERE $1::text[] IS NOT NULL`, err
}

// trier sorts the rows of a range of words.
func (f Filtre) trier(c *clause, p opco.Portee, x plage, fin string) (string, error) {
	sirets, portee := motsDansPortee(p)
	y := clause{args: []any{pq.Array(sansDoubles(p.SIRETs))}, ou: []string{portee, `$1::text[] IS NOT NULL`}}
	y.et(`m.mot >= %s AND m.mot < %s`, x.Du, x.Au)
	source, err := f.borne(&y, sirets)
	c.args = y.args
	return source + fin, err
}

// borne writes the rows m of the conditions x, with the rest of f, from the cursor;
// sirets is what else they are read from.
func (f Filtre) borne(x *clause, sirets string) (string, error) {
	source := `dossier_mot m` + sirets
	reste := f
	reste.Texte = ""
	d := clause{args: x.args}
	if d.filtrer(reste); len(d.ou) > 0 {
		source += ` JOIN dossier d ON d.id = m.dossier`
		x.args, x.ou = d.args, append(x.ou, d.ou...)
	}
	err := x.borner(triMots, f.Apres+f.Avant, f.Avant != "")
	return `SELECT m.cree_le, m.dossier FROM ` + source + ` WHERE ` + x.where(), err
}

// aussi keeps the rows m whose dossier holds another word too: beside them, in the
// order in which they are walked, when it stands for few words. OFFSET 0 has each row look
// for its own: PostgreSQL, that does not know how the words of one company go together,
// would rather read all the rows of the word for each.
func (c *clause) aussi(portee string, x plage, mots []string) {
	const a, memeDossier = `EXISTS (SELECT 1 FROM dossier_mot x WHERE `, ` AND x.cree_le = m.cree_le AND x.dossier = m.dossier OFFSET 0)`
	portee = strings.ReplaceAll(portee, `m.`, `x.`)
	if len(mots) <= motsEgaux {
		c.et(a+portee+` AND x.mot = ANY (%s)`+memeDossier, pq.Array(mots))
		return
	}
	c.et(a+`x.dossier = m.dossier AND x.mot >= %s AND x.mot < %s OFFSET 0)`, x.Du, x.Au)
}
