package courrier

import (
	"strconv"
	"strings"
)

// style is where and how a text is set: left edge, width, size, colour.
type style struct {
	x, large, taille float64
	encre            couleur
}

var courant = style{gauche, largeur, corpsTexte, encre}

func (l style) hauteur() float64 { return l.taille * interligne * pointEnMM }

// mot is a word with its weight; a mot whose texte is "\n" ends the line.
type mot struct {
	texte string
	gras  bool
}

// mots cuts a text at its ordinary spaces: a no-break space does not cut.
func mots(texte string, gras bool) []mot {
	var l []mot
	for i, ligne := range strings.Split(imprimable(texte), "\n") {
		if i > 0 {
			l = append(l, mot{"\n", gras})
		}
		for _, m := range strings.Split(ligne, " ") {
			if m != "" {
				l = append(l, mot{m, gras})
			}
		}
	}
	return l
}

// couper lays the words out in lines no wider than large. A word wider than the
// line is cut between letters.
func (f *feuille) couper(m []mot, l style) [][]mot {
	var lignes [][]mot
	var ligne []mot
	reste := l.large
	for len(m) > 0 {
		tete := m[0]
		if tete.texte == "\n" {
			lignes, ligne, reste, m = append(lignes, ligne), nil, l.large, m[1:]
			continue
		}
		besoin := f.large(tete, l)
		if len(ligne) > 0 {
			besoin += f.large(mot{" ", tete.gras}, l)
		}
		switch {
		case besoin <= reste:
			ligne, reste, m = append(ligne, tete), reste-besoin, m[1:]
		case len(ligne) > 0:
			lignes, ligne, reste = append(lignes, ligne), nil, l.large
		default:
			debut, fin := f.trancher(tete, l)
			ligne, reste, m = []mot{debut}, 0, append([]mot{fin}, m[1:]...)
		}
	}
	if len(ligne) > 0 {
		lignes = append(lignes, ligne)
	}
	return lignes
}

// trancher cuts a word where the line ends; the first part holds one letter at
// least, so that the layout always moves on.
func (f *feuille) trancher(m mot, l style) (debut, fin mot) {
	r := []rune(m.texte)
	n := 1
	for n < len(r)-1 && f.large(mot{string(r[:n+1]), m.gras}, l) <= l.large {
		n++
	}
	return mot{string(r[:n]), m.gras}, mot{string(r[n:]), m.gras}
}

func (f *feuille) large(m mot, l style) float64 {
	f.plume(l.taille, m.gras, l.encre)
	return f.GetStringWidth(m.texte)
}

// ecrire draws one line with its baseline in the row that starts at y.
func (f *feuille) ecrire(ligne []mot, l style, x, y float64) {
	base := y + l.hauteur()*0.74
	for i, m := range ligne {
		texte := m.texte
		if i > 0 {
			texte = " " + texte
		}
		f.plume(l.taille, m.gras, l.encre)
		f.Text(x, base, texte)
		x += f.GetStringWidth(texte)
	}
}

// paragraphe draws fort in bold, then texte, over as many lines and pages as
// they need, and leaves a space below.
func (f *feuille) paragraphe(l style, fort, texte string) {
	for _, ligne := range f.couper(append(mots(fort, true), mots(texte, false)...), l) {
		f.place(l.hauteur())
		f.ecrire(ligne, l, l.x, f.y)
		f.y += l.hauteur()
	}
	f.y += 2.2
}

func (f *feuille) bloc(b Bloc) {
	switch x := b.(type) {
	case Paragraphe:
		f.paragraphe(courant, x.Fort, x.Texte)
	case Intertitre:
		f.place(22) // a title never stands alone at the foot of a page
		f.y += 1.5
		f.paragraphe(style{gauche, largeur, corpsInter, encre}, x.Texte, "")
		f.y -= 0.8
	case Encadre:
		f.encadre(x)
	case Liste:
		f.liste(x)
	case Tableau:
		f.tableau(x)
	}
}

// encadre draws a frame around the sentence that must not be missed.
func (f *feuille) encadre(e Encadre) {
	l := style{gauche + 4, largeur - 8, 10.5, encre}
	lignes := f.couper(append(mots(e.Fort, true), mots(e.Texte, false)...), l)
	h := float64(len(lignes))*l.hauteur() + 6
	f.place(h + 3)
	f.SetDrawColor(canard.r, canard.v, canard.b)
	f.SetLineWidth(0.4)
	f.RoundedRect(gauche, f.y+0.5, largeur, h, 1.6, "1234", "D")
	y := f.y + 3.5
	for _, ligne := range lignes {
		f.ecrire(ligne, l, l.x, y)
		y += l.hauteur()
	}
	f.y += h + 3.5
}

// liste draws each point beside its number or its dot.
func (f *feuille) liste(x Liste) {
	l := style{gauche + 6, largeur - 6, corpsTexte, encre}
	for i, p := range x.Points {
		f.place(l.hauteur())
		signe := "•"
		if x.Numerotee {
			signe = strconv.Itoa(i+1) + "."
		}
		f.ecrire([]mot{{signe, false}}, l, gauche+1.2, f.y)
		f.paragraphe(l, p.Fort, p.Texte)
		f.y -= 0.9
	}
	f.y += 0.9
}
