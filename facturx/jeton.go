package facturx

import (
	"encoding/hex"
	"strconv"
	"strings"
)

// genre is the kind of a token of a content stream or of a CMap.
type genre int

const (
	operateur genre = iota
	nombreLu
	chaine
	nomLu
	tableau
)

// jeton is one token. texte is the operator, the octets of the string or the name.
type jeton struct {
	genre  genre
	texte  string
	nombre float64
	liste  []jeton
}

// jetons reads tokens one by one.
type jetons struct {
	b []byte
	i int
}

const blancs, delimiteurs = " \t\r\n\f\x00", "()<>[]{}/%"

// suivant returns the next token, false at the end.
func (j *jetons) suivant() (jeton, bool) { return j.lire(0) }

func (j *jetons) lire(profondeur int) (jeton, bool) {
	j.sauter()
	if j.i >= len(j.b) {
		return jeton{}, false
	}
	c := j.b[j.i]
	switch {
	case c == '(':
		return jeton{genre: chaine, texte: j.parentheses()}, true
	case c == '<' && j.i+1 < len(j.b) && j.b[j.i+1] != '<':
		return jeton{genre: chaine, texte: j.hexa()}, true
	case c == '/':
		j.i++
		return jeton{genre: nomLu, texte: nomPDF(j.mot())}, true
	case c == '[' && profondeur < 10:
		return j.tableau(profondeur), true
	case strings.IndexByte(delimiteurs, c) >= 0:
		j.i++
		if (c == '<' || c == '>') && j.i < len(j.b) && j.b[j.i] == c {
			j.i++
		}
		return jeton{genre: operateur, texte: string(c)}, true
	}
	m := j.mot()
	if n, err := strconv.ParseFloat(m, 64); err == nil {
		return jeton{genre: nombreLu, nombre: n}, true
	}
	if m == "BI" {
		j.image()
	}
	return jeton{genre: operateur, texte: m}, true
}

// sauter passes blanks and comments.
func (j *jetons) sauter() {
	for j.i < len(j.b) {
		switch {
		case strings.IndexByte(blancs, j.b[j.i]) >= 0:
			j.i++
		case j.b[j.i] == '%':
			for j.i < len(j.b) && j.b[j.i] != '\n' && j.b[j.i] != '\r' {
				j.i++
			}
		default:
			return
		}
	}
}

func (j *jetons) mot() string {
	debut := j.i
	for j.i < len(j.b) && strings.IndexByte(blancs+delimiteurs, j.b[j.i]) < 0 {
		j.i++
	}
	return string(j.b[debut:j.i])
}

// tableau reads up to the closing bracket.
func (j *jetons) tableau(profondeur int) jeton {
	j.i++
	t := jeton{genre: tableau}
	for {
		x, ok := j.lire(profondeur + 1)
		if !ok || x.genre == operateur && x.texte == "]" {
			return t
		}
		t.liste = append(t.liste, x)
	}
}

// image passes the octets of an image drawn in the page.
func (j *jetons) image() {
	for j.i+2 < len(j.b) {
		j.i++
		fin := strings.IndexByte(blancs, j.b[j.i-1]) >= 0 && j.b[j.i] == 'E' && j.b[j.i+1] == 'I'
		if fin && (j.i+2 >= len(j.b) || strings.IndexByte(blancs, j.b[j.i+2]) >= 0) {
			j.i += 2
			return
		}
	}
	j.i = len(j.b)
}

// echappes are the characters that a string writes after a backslash.
var echappes = map[byte]byte{'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'f': '\f'}

// parentheses reads a string in parentheses, which may be nested.
func (j *jetons) parentheses() string {
	var b strings.Builder
	j.i++
	for ouvertes := 1; j.i < len(j.b); j.i++ {
		c := j.b[j.i]
		switch c {
		case '\\':
			j.echapper(&b)
			continue
		case '(':
			ouvertes++
		case ')':
			if ouvertes--; ouvertes == 0 {
				j.i++
				return b.String()
			}
		}
		b.WriteByte(c)
	}
	return b.String()
}

// echapper reads what follows a backslash, and stays on its last octet.
func (j *jetons) echapper(b *strings.Builder) {
	if j.i++; j.i >= len(j.b) {
		return
	}
	c := j.b[j.i]
	if e, ok := echappes[c]; ok {
		b.WriteByte(e)
		return
	}
	switch {
	case c == '\r' || c == '\n':
		if c == '\r' && j.i+1 < len(j.b) && j.b[j.i+1] == '\n' {
			j.i++
		}
	case c >= '0' && c <= '7':
		n := 0
		for k := 0; k < 3 && j.i < len(j.b) && j.b[j.i] >= '0' && j.b[j.i] <= '7'; k++ {
			n, j.i = n*8+int(j.b[j.i]-'0'), j.i+1
		}
		j.i--
		b.WriteByte(byte(n))
	default:
		b.WriteByte(c)
	}
}

func (j *jetons) hexa() string {
	j.i++
	var b strings.Builder
	for j.i < len(j.b) && j.b[j.i] != '>' {
		if strings.IndexByte(blancs, j.b[j.i]) < 0 {
			b.WriteByte(j.b[j.i])
		}
		j.i++
	}
	j.i++
	h := b.String()
	if len(h)%2 == 1 {
		h += "0"
	}
	o, err := hex.DecodeString(h)
	if err != nil {
		return ""
	}
	return string(o)
}

// nomPDF opens the #41 of a name.
func nomPDF(s string) string {
	if !strings.Contains(s, "#") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && i+2 < len(s) {
			if o, err := hex.DecodeString(s[i+1 : i+3]); err == nil {
				b.Write(o)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
