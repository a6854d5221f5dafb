package courrier

import (
	"bytes"
	_ "embed"
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

//go:embed polices/DejaVuSansCondensed.ttf
var policeNormale []byte

//go:embed polices/DejaVuSansCondensed-Bold.ttf
var policeGrasse []byte

// Geometry of a page, in millimetres, A4.
const (
	pageLarge  = 210.0
	pageHaute  = 297.0
	gauche     = 24.0
	droite     = 24.0
	haut       = 20.0
	bas        = 24.0 // kept for the foot of the page
	largeur    = pageLarge - gauche - droite
	fenetre    = 110.0 // left edge of the window of a DL envelope
	interligne = 1.42  // of the size of the letters
	pointEnMM  = 25.4 / 72
)

// Sizes of the letters, in points.
const (
	corpsTexte = 9.5
	corpsTitre = 14.0
	corpsInter = 10.5
	corpsNote  = 8.0
)

type couleur struct{ r, v, b int }

var (
	encre      = couleur{0x1c, 0x23, 0x26}
	encreGrise = couleur{0x4a, 0x56, 0x5b}
	filet      = couleur{0xd5, 0xdd, 0xdf}
	canard     = couleur{0x12, 0x59, 0x6b}
	blanc      = couleur{255, 255, 255}
	pale       = couleur{0x9f, 0xd6, 0xde}
)

// PDF draws the letter. The same letter gives the same bytes: dates are those of
// the letter. It is drawn twice, because only then is the number of pages known.
func (l Lettre) PDF() ([]byte, error) {
	total := 1
	for range 2 {
		f := feuille{Fpdf: neuf(l), lettre: l, total: total}
		f.dessiner()
		var b bytes.Buffer
		pages := f.PageNo()
		if err := f.Output(&b); err != nil {
			return nil, fmt.Errorf("drawing « %s »: %w", l.Objet, err)
		}
		if pages == total {
			return b.Bytes(), nil
		}
		total = pages
	}
	return nil, fmt.Errorf("drawing « %s »: the number of pages does not settle", l.Objet)
}

// neuf opens a document whose metadata depend on the letter alone.
func neuf(l Lettre) *fpdf.Fpdf {
	p := fpdf.New("P", "mm", "A4", "")
	p.SetCatalogSort(true)
	p.SetCreationDate(l.Date.Minuit())
	p.SetModificationDate(l.Date.Minuit())
	p.SetLang("fr")
	p.SetTitle(imprimable(joindre(" · ", l.Objet, l.numero())), true)
	p.SetAuthor(imprimable(l.Maison.Nom), true)
	p.SetCreator("Guichet", true)
	p.SetDisplayMode("fullwidth", "continuous")
	p.AddUTF8FontFromBytes("lettre", "", policeNormale)
	p.AddUTF8FontFromBytes("lettre", "B", policeGrasse)
	p.SetAutoPageBreak(false, 0)
	p.SetMargins(gauche, haut, droite)
	return p
}

// feuille draws one letter, from the top; y is where the next thing goes.
type feuille struct {
	*fpdf.Fpdf
	lettre Lettre
	total  int // pages, as the previous drawing counted them
	y      float64
}

func (f *feuille) dessiner() {
	f.page()
	f.entete()
	f.references()
	f.paragraphe(style{gauche, largeur, corpsTitre, encre}, f.lettre.Objet, "")
	if f.lettre.Appel != "" {
		f.y += 2.5
		f.paragraphe(courant, "", f.lettre.Appel)
	}
	for i, b := range f.lettre.Corps {
		if i == len(f.lettre.Corps)-1 {
			f.place(36) // the signature never stands alone on a page
		}
		f.bloc(b)
	}
	f.signature()
}

// page opens a page and draws its foot.
func (f *feuille) page() {
	f.AddPage()
	f.y = haut
	f.trait(gauche, pageHaute-bas+6, pageLarge-droite, filet, 0.2)
	f.plume(corpsNote, false, encreGrise)
	f.Text(gauche, pageHaute-bas+11, imprimable(joindre(" · ", f.lettre.Maison.Nom, f.lettre.repere())))
	n := fmt.Sprintf("page %d sur %d", f.PageNo(), f.total)
	f.Text(pageLarge-droite-f.GetStringWidth(n), pageHaute-bas+11, n)
}

// repere is the first reference, « Dossier 26.A.21056.1 ».
func (l Lettre) repere() string {
	if l.numero() == "" {
		return ""
	}
	return l.References[0].Nom + " " + l.numero()
}

// place opens a new page when h millimetres do not fit on this one.
func (f *feuille) place(h float64) {
	if f.y+h > pageHaute-bas {
		f.page()
	}
}

func (f *feuille) plume(taille float64, gras bool, c couleur) {
	s := ""
	if gras {
		s = "B"
	}
	f.SetFont("lettre", s, taille)
	f.SetTextColor(c.r, c.v, c.b)
}

func (f *feuille) trait(x1, y, x2 float64, c couleur, epaisseur float64) {
	f.SetDrawColor(c.r, c.v, c.b)
	f.SetLineWidth(epaisseur)
	f.Line(x1, y, x2, y)
}

// entete draws the mark, the sender, the addressee in the window and the date.
func (f *feuille) entete() {
	m := f.lettre.Maison
	if f.lettre.SansMarque {
		f.y = haut
		f.paragraphe(style{gauche, fenetre - gauche - 6, 12, encre}, m.Nom, "")
	} else {
		f.marque(gauche, haut)
		f.plume(13, true, encre)
		f.Text(gauche+15, haut+5.6, imprimable(m.Nom))
		f.plume(9, false, encreGrise)
		f.Text(gauche+15, haut+10.2, imprimable(m.Equipe))
		f.y = haut + 15
	}
	coordonnees := append(append([]string{}, m.Adresse...), joindre(" · ", m.Telephone, m.Site))
	for _, l := range coordonnees {
		f.paragraphe(style{gauche, fenetre - gauche - 6, corpsNote, encreGrise}, "", l)
		f.y -= 1.4
	}
	finExpediteur := f.y
	f.y = 48
	for i, l := range f.lettre.Adresse {
		fort, texte := "", l
		if i == 0 {
			fort, texte = l, ""
		}
		f.paragraphe(style{fenetre, pageLarge - 14 - fenetre, 10, encre}, fort, texte)
		f.y -= 1.4
	}
	f.y = max(f.y+8, finExpediteur+6, 82)
	f.plume(corpsTexte, false, encre)
	date := imprimable(villeEtDate(f.lettre))
	f.Text(pageLarge-droite-f.GetStringWidth(date), f.y, date)
	f.y += 5
}

func villeEtDate(l Lettre) string {
	if l.Maison.Ville == "" {
		return "Le " + l.Date.Longue()
	}
	return l.Maison.Ville + ", le " + l.Date.Longue()
}

// marque draws the arch of the house, 12 mm wide.
func (f *feuille) marque(x, y float64) {
	const u = 12.0 / 32
	remplir := func(c couleur) { f.SetFillColor(c.r, c.v, c.b) }
	remplir(canard)
	f.RoundedRect(x, y, 32*u, 32*u, 7*u, "1234", "F")
	remplir(blanc)
	f.Circle(x+16*u, y+15*u, 8*u, "F")
	f.Rect(x+8*u, y+15*u, 16*u, 10*u, "F")
	f.SetLineCapStyle("round")
	f.trait(x+6*u, y+25*u, x+26*u, pale, 2.6*u)
	f.trait(x+12.2*u, y+20*u, x+19.8*u, canard, 2*u)
	f.SetDrawColor(canard.r, canard.v, canard.b)
	f.Line(x+16*u, y+16*u, x+16*u, y+24.2*u)
	f.SetLineCapStyle("butt")
}

// references draws the small table of names and values.
func (f *feuille) references() {
	for _, r := range f.lettre.References {
		avant := f.y
		f.paragraphe(style{gauche, 34, 9, encreGrise}, "", r.Nom)
		f.y = avant
		f.paragraphe(style{gauche + 34, largeur - 34, 9, encre}, "", r.Valeur)
		f.y -= 1.6
	}
	f.y += 7
}

// signature keeps the name of who signs and the foot of the letter together.
func (f *feuille) signature() {
	s := f.lettre.Signataire
	if s.Nom == "" {
		f.place(12)
	} else {
		f.place(26)
		f.y += 3
		f.paragraphe(courant, s.Nom, "\n"+s.Fonction)
	}
	f.y += 2
	f.trait(gauche, f.y, pageLarge-droite, filet, 0.2)
	f.y += 2.5
	f.paragraphe(style{gauche, largeur, corpsNote, encreGrise}, "", f.lettre.Pied)
}

// joindre joins the parts that are not empty.
func joindre(sep string, parts ...string) string {
	var l []string
	for _, p := range parts {
		if p != "" {
			l = append(l, p)
		}
	}
	return strings.Join(l, sep)
}

// imprimable is composer for the font: a character beyond the basic plane has no
// glyph in it and is drawn as a box, rather than breaking the document.
func imprimable(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0xFFFF {
			return '□'
		}
		return r
	}, composer(s))
}
