package facturx

import (
	"strings"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
	"golang.org/x/text/encoding/charmap"
)

// police tells the letters and the widths of the codes of a font.
type police struct {
	large    bool            // codes of two octets
	codes    map[int]string  // what each code writes
	largeurs map[int]float64 // thousandths of the size
	defaut   float64         // of a code without width
}

// glyphe is one letter drawn.
type glyphe struct {
	texte   string
	largeur float64
	espace  bool // a blank of one octet, which the word spacing widens
}

// correspondancesMax bounds what a font may tell of its codes.
const correspondancesMax = 70_000

// lire tells the letters of a string. A code that the font does not tell is a
// letter that nobody can read: it is kept as such.
func (p *police) lire(s string) []glyphe {
	var gs []glyphe
	pas := 1
	if p.large {
		pas = 2
	}
	for i := 0; i+pas <= len(s); i += pas {
		c := int(s[i])
		if p.large {
			c = c<<8 | int(s[i+1])
		}
		l, ok := p.largeurs[c]
		if !ok {
			l = p.defaut
		}
		t, ok := p.codes[c]
		if !ok {
			t = "\ufffd"
		}
		gs = append(gs, glyphe{texte: t, largeur: l, espace: !p.large && c == ' '})
	}
	return gs
}

// policeDe returns a font of the resources, read once.
func (e *ecran) policeDe(nom string, ressources types.Dict) *police {
	polices, err := e.doc.ctx.DereferenceDict(ressources["Font"])
	if err != nil || polices == nil {
		return nil
	}
	cle := nom
	if o := polices[nom]; o != nil {
		cle = o.String()
	}
	if p, ok := e.polices[cle]; ok {
		return p
	}
	d, err := e.doc.ctx.DereferenceDict(polices[nom])
	if err != nil || d == nil || len(e.polices) > 200 {
		return nil
	}
	p := e.lirePolice(d)
	e.polices[cle] = p
	return p
}

func (e *ecran) lirePolice(d types.Dict) *police {
	p := &police{codes: map[int]string{}, largeurs: map[int]float64{}, defaut: 500}
	if s := d.Subtype(); s != nil && *s == "Type0" {
		p.large, p.defaut = true, 1000
		e.largeursCID(p, d)
	} else {
		e.alphabetSimple(p, d)
		e.largeursSimples(p, d)
	}
	if s, _, err := e.doc.ctx.DereferenceStreamDict(d["ToUnicode"]); err == nil && s != nil && s.DecodeWithLimit(tailleMax) == nil {
		p.lireCMap(s.Content)
	}
	return p
}

// alphabetSimple is what a font of one octet writes when it tells nothing more:
// WinAnsi or MacRoman, with its differences.
func (e *ecran) alphabetSimple(p *police, d types.Dict) {
	table := charmap.Windows1252
	enc, err := e.doc.ctx.Dereference(d["Encoding"])
	dict, _ := enc.(types.Dict)
	if n, ok := enc.(types.Name); err == nil && ok && n == "MacRomanEncoding" {
		table = charmap.Macintosh
	}
	if n := dict.NameEntry("BaseEncoding"); n != nil && *n == "MacRomanEncoding" {
		table = charmap.Macintosh
	}
	for c := 32; c < 256; c++ {
		p.codes[c] = string(table.DecodeByte(byte(c)))
	}
	if dict == nil {
		return
	}
	liste, err := e.doc.ctx.DereferenceArray(dict["Differences"])
	if err != nil {
		return
	}
	code := 0
	for _, o := range liste {
		switch o := o.(type) {
		case types.Integer:
			code = int(o)
		case types.Name:
			if t, ok := nomsGlyphes[string(o)]; ok {
				p.codes[code] = t
			} else if len(o) == 1 {
				p.codes[code] = string(o)
			} else {
				delete(p.codes, code)
			}
			code++
		}
	}
}

// nomsGlyphes are the names of the glyphs that amounts and their words are made of;
// a letter has its own name.
var nomsGlyphes = map[string]string{"zero": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
	"nine": "9", "comma": ",", "period": ".", "space": " ", "nbspace": " ", "minus": "-", "hyphen": "-", "Euro": "€", "colon": ":", "slash": "/",
	"parenleft": "(", "parenright": ")", "percent": "%", "agrave": "à", "eacute": "é", "egrave": "è", "Agrave": "À", "Eacute": "É", "ccedilla": "ç",
	"quoteright": "’", "quotesingle": "'"}

func (e *ecran) largeursSimples(p *police, d types.Dict) {
	premier := 0
	if n, err := e.doc.ctx.DereferenceNumber(d["FirstChar"]); err == nil && d["FirstChar"] != nil {
		premier = int(n)
	}
	liste, err := e.doc.ctx.DereferenceArray(d["Widths"])
	if err != nil {
		return
	}
	for i, o := range liste {
		if n, err := e.doc.ctx.DereferenceNumber(o); err == nil && i < 256 {
			p.largeurs[premier+i] = n
		}
	}
}

// largeursCID reads the widths of a composite font: « c [w w w] » and « c c w ».
func (e *ecran) largeursCID(p *police, d types.Dict) {
	descendants, err := e.doc.ctx.DereferenceArray(d["DescendantFonts"])
	if err != nil || len(descendants) == 0 {
		return
	}
	cid, err := e.doc.ctx.DereferenceDict(descendants[0])
	if err != nil || cid == nil {
		return
	}
	if n, err := e.doc.ctx.DereferenceNumber(cid["DW"]); err == nil && cid["DW"] != nil {
		p.defaut = n
	}
	liste, err := e.doc.ctx.DereferenceArray(cid["W"])
	if err != nil {
		return
	}
	for i := 0; i+1 < len(liste); {
		debut, err := e.doc.ctx.DereferenceNumber(liste[i])
		if err != nil {
			return
		}
		if ws, err := e.doc.ctx.DereferenceArray(liste[i+1]); err == nil && ws != nil {
			for k, o := range ws {
				p.largeurs[int(debut)+k], _ = e.doc.ctx.DereferenceNumber(o)
			}
			i += 2
			continue
		}
		if i+2 >= len(liste) {
			return
		}
		fin, _ := e.doc.ctx.DereferenceNumber(liste[i+1])
		w, _ := e.doc.ctx.DereferenceNumber(liste[i+2])
		for c := int(debut); c <= int(fin) && c < 1<<16 && len(p.largeurs) < correspondancesMax; c++ {
			p.largeurs[c] = w
		}
		i += 3
	}
}

// lireCMap reads what the codes write, of one octet or two.
func (p *police) lireCMap(b []byte) {
	j := &jetons{b: b}
	var args []jeton
	for {
		t, ok := j.suivant()
		if !ok || len(p.codes) > correspondancesMax {
			return
		}
		if t.genre != operateur {
			if len(args) < correspondancesMax {
				args = append(args, t)
			}
			continue
		}
		switch t.texte {
		case "endbfchar":
			for i := 0; i+1 < len(args); i += 2 {
				p.codes[enCode(args[i].texte)] = enTexte(args[i+1].texte)
			}
		case "endbfrange":
			for i := 0; i+2 < len(args); i += 3 {
				p.plage(args[i], args[i+1], args[i+2])
			}
		}
		args = args[:0]
	}
}

// plage is one line of bfrange: a run of codes, from one letter on or one by one.
func (p *police) plage(debut, fin, vers jeton) {
	a, z := enCode(debut.texte), enCode(fin.texte)
	lettres := utf16De(vers.texte)
	for c := a; c <= z && c < 1<<16 && len(p.codes) <= correspondancesMax; c++ {
		switch {
		case vers.genre == tableau && c-a < len(vers.liste):
			p.codes[c] = enTexte(vers.liste[c-a].texte)
		case vers.genre == chaine && len(lettres) > 0:
			suite := append([]uint16{}, lettres...)
			suite[len(suite)-1] += uint16(c - a)
			p.codes[c] = string(utf16.Decode(suite))
		}
	}
}

func enCode(s string) int {
	n := 0
	for i := 0; i < len(s) && i < 2; i++ {
		n = n<<8 | int(s[i])
	}
	return n
}

func utf16De(s string) []uint16 {
	var u []uint16
	for i := 0; i+1 < len(s); i += 2 {
		u = append(u, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return u
}

func enTexte(s string) string { return strings.Map(sansControle, string(utf16.Decode(utf16De(s)))) }

func sansControle(r rune) rune {
	if r < ' ' {
		return ' '
	}
	return r
}
