package courrier

const (
	corpsTableau = 8.5
	gouttiere    = 3.5 // between two columns, mm
)

// trame is the layout of a table on the page: left edge and width of each column.
type trame struct {
	t  Tableau
	xs []float64
	ls []float64
}

func tramer(t Tableau) trame {
	var total float64
	for _, c := range t.Colonnes {
		total += c.Part
	}
	g := trame{t: t}
	x, dispo := gauche, largeur-gouttiere*float64(len(t.Colonnes)-1)
	for _, c := range t.Colonnes {
		w := dispo * c.Part / total
		g.xs, g.ls = append(g.xs, x), append(g.ls, w)
		x += w + gouttiere
	}
	return g
}

// tableau draws a table. A row is never cut by the end of a page, the heading
// comes back on each page, and the total never stands alone.
func (f *feuille) tableau(t Tableau) {
	g := tramer(t)
	f.place(34)
	f.y += 1
	f.paragraphe(style{gauche, largeur, corpsTexte, encre}, t.Titre, "")
	f.y -= 0.8
	f.tetes(g)
	for i, ligne := range t.Lignes {
		h := f.rangee(g, ligne, false, false)
		besoin := h
		if i == len(t.Lignes)-1 && len(t.Total) > 0 {
			besoin += f.rangee(g, t.Total, true, false)
		}
		if f.y+besoin > pageHaute-bas {
			f.page()
			f.tetes(g)
		}
		f.rangee(g, ligne, false, true)
		f.y += h
		f.trait(gauche, f.y, pageLarge-droite, filet, 0.2)
	}
	if len(t.Total) > 0 {
		f.trait(gauche, f.y, pageLarge-droite, encre, 0.4)
		f.y += f.rangee(g, t.Total, true, true)
	}
	f.y += 4
}

// tetes draws the headings of the columns.
func (f *feuille) tetes(g trame) {
	noms := make([]string, len(g.t.Colonnes))
	for i, c := range g.t.Colonnes {
		noms[i] = c.Nom
	}
	h := f.dessinerRangee(g, noms, style{taille: corpsTableau, encre: encreGrise}, false, true)
	f.y += h
	f.trait(gauche, f.y, pageLarge-droite, encreGrise, 0.3)
}

// rangee draws one row, or only measures it; it returns its height.
func (f *feuille) rangee(g trame, ligne []string, gras, dessiner bool) float64 {
	return f.dessinerRangee(g, ligne, style{taille: corpsTableau, encre: encre}, gras, dessiner)
}

func (f *feuille) dessinerRangee(g trame, ligne []string, l style, gras, dessiner bool) float64 {
	hauteMax := 1
	for i, texte := range ligne[:min(len(ligne), len(g.xs))] {
		l.x, l.large = g.xs[i], g.ls[i]
		lignes := f.couper(mots(texte, gras), l)
		hauteMax = max(hauteMax, len(lignes))
		if !dessiner {
			continue
		}
		for n, lg := range lignes {
			x := l.x
			if g.t.Colonnes[i].Chiffre {
				x += l.large - f.longueur(lg, l)
			}
			f.ecrire(lg, l, x, f.y+1.3+float64(n)*l.hauteur())
		}
	}
	return float64(hauteMax)*l.hauteur() + 2.6
}

// longueur returns the width of a laid out line.
func (f *feuille) longueur(ligne []mot, l style) float64 {
	var w float64
	for i, m := range ligne {
		if i > 0 {
			m.texte = " " + m.texte
		}
		w += f.large(m, l)
	}
	return w
}
