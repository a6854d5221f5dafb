package web

import (
	"strconv"
	"strings"
)

// Barre is one bar of a chart: what it counts, how much, and its tone.
type Barre struct {
	Etiquette string
	Valeur    float64
	Ton       string
}

// Serie is one line of a chart.
type Serie struct {
	Nom      string
	Points   []float64
	Deuxieme bool // drawn in dashes
}

// Seuil is a line across a chart, with what it means; zero for none.
type Seuil struct {
	Valeur float64
	Texte  string
}

// grapheMin is how many figures deserve a picture: fewer are read faster in words.
const grapheMin = 5

// The room of a chart, in units of its viewBox: 560 wide, the axis at 150.
const (
	grapheLarge = 560.0
	grapheBas   = 150.0
	grapheHaut  = 24.0
)

// px writes a length with one decimal at most, as SVG reads it.
func px(x float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(x, 'f', 1, 64), ".0")
}

// rectangle is a bar as it is drawn.
type rectangle struct {
	Barre
	X, Y, Large, Haut, Milieu string
	YTexte                    string
	Muette                    bool // its label would cover the next one
}

// barres places the bars: the tallest fills the room.
func barres(bs []Barre) []rectangle {
	plus := 0.0
	for _, b := range bs {
		plus = max(plus, b.Valeur)
	}
	pas := grapheLarge / float64(max(1, len(bs)))
	largeur := min(40, pas*0.72)
	saut := sautEtiquettes(len(bs), 10)
	rs := make([]rectangle, len(bs))
	for i, b := range bs {
		h := 0.0
		if plus > 0 {
			h = b.Valeur / plus * (grapheBas - grapheHaut)
		}
		x := pas*float64(i) + (pas-largeur)/2
		rs[i] = rectangle{Barre: b, X: px(x), Y: px(grapheBas - h), Large: px(largeur), Haut: px(h), Milieu: px(x + largeur/2), YTexte: px(grapheBas - h - 6),
			Muette: i%saut != 0}
	}
	return rs
}

// sautEtiquettes says that one label in how many is written, so that at most max are.
func sautEtiquettes(n, plafond int) int { return max(1, (n+plafond-1)/plafond) }

// trace is a line as it is drawn, with its last value.
type trace struct {
	Serie
	Chemin     string
	XFin, YFin string
	Fin        string
}

// repere is a graduation, or a label of the axis.
type repere struct{ X, Y, YTexte, Texte string }

// courbes places the lines between 0 and the largest value, the threshold included.
func courbes(series []Serie, s Seuil) (ts []trace, graduations []repere, y func(float64) float64) {
	plus := s.Valeur
	for _, x := range series {
		for _, p := range x.Points {
			plus = max(plus, p)
		}
	}
	pas := pasRond(plus)
	haut := pas
	for haut < plus {
		haut += pas
	}
	y = func(v float64) float64 { return 160 - v/haut*(160-grapheHaut) }
	for v := 0.0; v <= haut+0.01; v += pas {
		graduations = append(graduations, repere{Y: px(y(v)), YTexte: px(y(v) + 4), Texte: px(v)})
	}
	for _, x := range series {
		ts = append(ts, tracer(x, y))
	}
	ecarter(ts, series, y)
	return ts, graduations, y
}

// pasRond is a round step that cuts a height in at most four.
func pasRond(plus float64) float64 {
	for _, p := range []float64{1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500} {
		if plus <= 4*p {
			return p
		}
	}
	return 1000
}

func tracer(s Serie, y func(float64) float64) trace {
	t := trace{Serie: s}
	var b strings.Builder
	for i, p := range s.Points {
		lettre := "L"
		if i == 0 {
			lettre = "M"
		}
		b.WriteString(lettre + px(abscisse(i, len(s.Points))) + " " + px(y(p)))
	}
	t.Chemin = b.String()
	if n := len(s.Points); n > 0 {
		t.XFin, t.YFin, t.Fin = px(abscisse(n-1, n)+8), px(y(s.Points[n-1])+4), strings.Replace(px(s.Points[n-1]), ".", ",", 1)
	}
	return t
}

// hauteurChiffre is the least distance between two last values, so that both are read.
const hauteurChiffre = 13

// ecarter moves apart the last values of two lines that end close to each other: the
// greater one above.
func ecarter(ts []trace, series []Serie, y func(float64) float64) {
	if len(ts) != 2 || len(series[0].Points) == 0 || len(series[1].Points) == 0 {
		return
	}
	haut, bas := 0, 1
	fin := func(i int) float64 { return series[i].Points[len(series[i].Points)-1] }
	if fin(1) > fin(0) {
		haut, bas = 1, 0
	}
	yh, yb := y(fin(haut)), y(fin(bas))
	if manque := hauteurChiffre - (yb - yh); manque > 0 {
		ts[haut].YFin, ts[bas].YFin = px(yh+4-manque/2), px(yb+4+manque/2)
	}
}

// nomLegende is an entry of the legend of a chart: a piece of its line, and its name.
type nomLegende struct{ Classe, X1, X2, XTexte, Texte string }

// legende names the lines and the threshold above the chart, where nothing is drawn.
func legende(series []Serie, s Seuil) []nomLegende {
	var ls []nomLegende
	x := 40.0
	ajouter := func(classe, texte string) {
		ls = append(ls, nomLegende{classe, px(x), px(x + 22), px(x + 28), texte})
		x += 28 + 7*float64(len([]rune(texte))) + 20
	}
	for _, s := range series {
		classe := ""
		if s.Deuxieme {
			classe = "deuxieme"
		}
		ajouter(classe, s.Nom)
	}
	if s.Valeur > 0 {
		ajouter("seuil", s.Texte+" : "+strings.Replace(px(s.Valeur), ".", ",", 1))
	}
	return ls
}

// abscisse is where the ith point of n stands.
func abscisse(i, n int) float64 { return 40 + 470*float64(i)/float64(max(1, n-1)) }
