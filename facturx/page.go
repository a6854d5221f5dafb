package facturx

import (
	"math"
	"slices"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// Limits of the reading of pages. Beyond them the page is said not to be read.
const (
	pagesLues    = 20
	morceauxMax  = 50_000
	operationMax = 2_000_000
	formesMax    = 5 // forms drawn inside forms
)

// morceau is a piece of text at its place on the page, in points. taille is the
// height of its letters, fin where it ends.
type morceau struct {
	page      int
	x, y, fin float64
	taille    float64
	texte     string
}

// lignes returns the text of the document line by line, as the eye reads it, nil
// when no letter of it can be told.
func (d *document) lignes() []string {
	e := &ecran{doc: d, polices: map[string]*police{}}
	for n := 1; n <= min(d.ctx.PageCount, pagesLues); n++ {
		p, _, herite, err := d.ctx.PageDict(n, true)
		if err != nil || p == nil {
			return nil
		}
		contenu, err := d.ctx.PageContent(p, n)
		if err != nil {
			continue // an empty page says nothing
		}
		var ressources types.Dict
		if herite != nil {
			ressources = herite.Resources
		}
		if r, err := d.ctx.DereferenceDict(p["Resources"]); err == nil && r != nil {
			ressources = r
		}
		e.page = n
		e.dessiner(contenu, ressources, unite, 0)
		if e.trop {
			return nil
		}
	}
	return assembler(e.morceaux)
}

// assembler joins the pieces of each line. A hole wider than a fifth of a letter is
// a space, so that a number set digit by digit stays one.
func assembler(ms []morceau) []string {
	slices.SortStableFunc(ms, func(a, b morceau) int {
		switch {
		case a.page != b.page:
			return a.page - b.page
		case math.Abs(a.y-b.y) > 0.3*max(a.taille, b.taille, 1):
			if a.y > b.y {
				return -1
			}
			return 1
		case a.x < b.x:
			return -1
		case a.x > b.x:
			return 1
		}
		return 0
	})
	var lignes []string
	var b strings.Builder
	for i, m := range ms {
		if i > 0 {
			p := ms[i-1]
			switch {
			case m.page != p.page || math.Abs(m.y-p.y) > 0.3*max(m.taille, p.taille, 1):
				lignes = append(lignes, b.String())
				b.Reset()
			case m.x-p.fin > 0.2*max(m.taille, 1):
				b.WriteByte(' ')
			}
		}
		b.WriteString(m.texte)
	}
	return append(lignes, b.String())
}

// matrice is a place on the page: [a b c d e f].
type matrice [6]float64

var unite = matrice{1, 0, 0, 1, 0, 0}

// fois is m then n.
func (m matrice) fois(n matrice) matrice {
	return matrice{m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3], m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5]}
}

// plume is the state of the text that a page draws.
type plume struct {
	place               matrice // of the page
	police              *police
	taille, lettre, mot float64
	echelle, interligne float64
	hausse              float64
}

// ecran follows the drawing of pages and keeps their text.
type ecran struct {
	doc        *document
	polices    map[string]*police
	morceaux   []morceau
	page       int
	operations int
	trop       bool

	p            plume
	pile         []plume
	texte, ligne matrice
}

// dessiner follows a content stream.
func (e *ecran) dessiner(contenu []byte, ressources types.Dict, place matrice, profondeur int) {
	avant, pile := e.p, e.pile
	e.p, e.pile = plume{place: place, echelle: 1}, nil
	j := &jetons{b: contenu}
	var args []jeton
	for !e.trop {
		t, ok := j.suivant()
		if !ok {
			break
		}
		if e.operations++; e.operations > operationMax || len(e.morceaux) > morceauxMax {
			e.trop = true
			break
		}
		if t.genre != operateur {
			if len(args) < 1000 {
				args = append(args, t)
			}
			continue
		}
		e.operer(t.texte, args, ressources, profondeur)
		args = args[:0]
	}
	e.p, e.pile = avant, pile
}

// operer does one operator. The ones that draw no text are ignored.
func (e *ecran) operer(op string, a []jeton, ressources types.Dict, profondeur int) {
	switch op {
	case "q":
		if len(e.pile) < 100 {
			e.pile = append(e.pile, e.p)
		}
	case "Q":
		if n := len(e.pile); n > 0 {
			e.p, e.pile = e.pile[n-1], e.pile[:n-1]
		}
	case "cm":
		if m, ok := enMatrice(a); ok {
			e.p.place = m.fois(e.p.place)
		}
	case "Do":
		if len(a) > 0 && profondeur < formesMax {
			e.forme(a[0].texte, ressources, profondeur)
		}
	case "BT":
		e.texte, e.ligne = unite, unite
	case "Tf":
		if len(a) == 2 {
			e.p.police, e.p.taille = e.policeDe(a[0].texte, ressources), a[1].nombre
		}
	case "Tc", "Tw", "Tz", "TL", "Ts":
		e.regler(op, a)
	case "Td", "TD", "Tm", "T*":
		e.aller(op, a)
	case "Tj", "TJ", "'", "\"":
		e.ecrire(op, a)
	}
}

func (e *ecran) regler(op string, a []jeton) {
	if len(a) != 1 {
		return
	}
	n := a[0].nombre
	switch op {
	case "Tc":
		e.p.lettre = n
	case "Tw":
		e.p.mot = n
	case "Tz":
		e.p.echelle = n / 100
	case "TL":
		e.p.interligne = n
	case "Ts":
		e.p.hausse = n
	}
}

func (e *ecran) aller(op string, a []jeton) {
	switch {
	case op == "Tm":
		if m, ok := enMatrice(a); ok {
			e.ligne = m
		}
	case op == "T*":
		e.ligne = matrice{1, 0, 0, 1, 0, -e.p.interligne}.fois(e.ligne)
	case len(a) == 2:
		if op == "TD" {
			e.p.interligne = -a[1].nombre
		}
		e.ligne = matrice{1, 0, 0, 1, a[0].nombre, a[1].nombre}.fois(e.ligne)
	}
	e.texte = e.ligne
}

func (e *ecran) ecrire(op string, a []jeton) {
	if op == "'" || op == "\"" {
		if op == "\"" && len(a) == 3 {
			e.p.mot, e.p.lettre = a[0].nombre, a[1].nombre
		}
		e.aller("T*", nil)
	}
	if len(a) == 0 {
		return
	}
	dernier := a[len(a)-1]
	if op != "TJ" {
		e.poser(dernier.texte)
		return
	}
	for _, x := range dernier.liste {
		if x.genre == chaine {
			e.poser(x.texte)
			continue
		}
		e.avancer(-x.nombre / 1000 * e.p.taille * e.p.echelle)
	}
}

func (e *ecran) avancer(x float64) { e.texte = matrice{1, 0, 0, 1, x, 0}.fois(e.texte) }

// poser writes one string where the pen is, and moves the pen.
func (e *ecran) poser(s string) {
	if e.p.police == nil {
		return
	}
	for _, g := range e.p.police.lire(s) {
		m := matrice{1, 0, 0, 1, 0, e.p.hausse}.fois(e.texte).fois(e.p.place)
		large := g.largeur/1000*e.p.taille + e.p.lettre
		if g.espace {
			large += e.p.mot
		}
		e.avancer(large * e.p.echelle)
		fin := e.texte.fois(e.p.place)
		if strings.TrimSpace(g.texte) == "" || len(e.morceaux) > morceauxMax {
			continue // a hole on the page is told by the places
		}
		e.morceaux = append(e.morceaux, morceau{page: e.page, x: m[4], y: m[5], fin: fin[4] - e.p.lettre*math.Abs(m[0]), taille: math.Hypot(m[2], m[3]) * e.p.taille, texte: g.texte})
	}
}

// forme draws a form of the resources.
func (e *ecran) forme(nom string, ressources types.Dict, profondeur int) {
	formes, err := e.doc.ctx.DereferenceDict(ressources["XObject"])
	if err != nil || formes == nil {
		return
	}
	s, _, err := e.doc.ctx.DereferenceStreamDict(formes[nom])
	if err != nil || s == nil || s.Subtype() == nil || *s.Subtype() != "Form" || s.DecodeWithLimit(tailleMax) != nil {
		return
	}
	propres, err := e.doc.ctx.DereferenceDict(s.Dict["Resources"])
	if err != nil || propres == nil {
		propres = ressources
	}
	place := e.p.place
	if l, err := e.doc.ctx.DereferenceArray(s.Dict["Matrix"]); err == nil && len(l) == 6 {
		var m matrice
		for i, x := range l {
			m[i], _ = e.doc.ctx.DereferenceNumber(x)
		}
		place = m.fois(place)
	}
	e.dessiner(s.Content, propres, place, profondeur+1)
}

func enMatrice(a []jeton) (matrice, bool) {
	if len(a) != 6 {
		return matrice{}, false
	}
	var m matrice
	for i, x := range a {
		m[i] = x.nombre
	}
	return m, true
}
