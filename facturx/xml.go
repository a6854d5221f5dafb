package facturx

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"guichet/opco"
)

// Limits of the XML of an invoice: an EXTENDED one of a thousand lines is far below.
const (
	tailleMax     = 5 << 20
	profondeurMax = 32
	elementsMax   = 200_000
	texteMax      = 100_000 // an attached document is not one: it is skipped
	attributsMax  = 16
)

// noeud is one element, its text trimmed.
type noeud struct {
	nom     string
	attrs   []xml.Attr
	texte   string
	enfants []*noeud
}

// lireXML reads one whole document under the limits. No DOCTYPE, nothing after the
// root, an encoding that we know.
func lireXML(b []byte) (*noeud, error) {
	if len(b) > tailleMax {
		return nil, refus(CodeTropGros, "Les données de la facture dépassent 5 Mo : retirez les pièces jointes du fichier XML.")
	}
	b, err := enUTF8(b)
	if err != nil {
		return nil, err
	}
	if len(bytes.TrimSpace(b)) == 0 {
		return nil, refus(CodeVide, "Les données de la facture sont vides : exportez-la de nouveau depuis votre logiciel.")
	}
	l := &lecteur{d: xml.NewDecoder(bytes.NewReader(b))}
	l.d.CharsetReader = alphabet
	return l.lire()
}

// enUTF8 rewrites UTF-16, which its first octets tell, and drops the mark of UTF-8.
func enUTF8(b []byte) ([]byte, error) {
	var ordre binary.ByteOrder
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		ordre = binary.LittleEndian
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		ordre = binary.BigEndian
	case bytes.IndexByte(b, 0) >= 0:
		return nil, refus(CodeEncodage, "Les données de la facture sont dans un alphabet que nous ne lisons pas : exportez-les en UTF-8.")
	default:
		return bytes.TrimPrefix(b, []byte("\ufeff")), nil
	}
	if len(b)%2 != 0 {
		return nil, refus(CodeIllisible, "Les données de la facture sont coupées : exportez-la de nouveau.")
	}
	unites := make([]uint16, 0, len(b)/2)
	for i := 2; i < len(b); i += 2 {
		unites = append(unites, ordre.Uint16(b[i:]))
	}
	return []byte(string(utf16.Decode(unites))), nil
}

// alphabet reads the encodings other than UTF-8 that a document may declare. UTF-16
// was rewritten already.
func alphabet(nom string, r io.Reader) (io.Reader, error) {
	switch strings.ToUpper(nom) {
	case "UTF-16", "UTF-16LE", "UTF-16BE":
		return r, nil
	case "ISO-8859-1", "LATIN1", "ISO_8859-1", "US-ASCII":
		return &latin1{r: r}, nil
	}
	return nil, refus(CodeEncodage, "La facture se dit écrite en « %.40s » : nous lisons UTF-8, UTF-16 et ISO-8859-1. Exportez-la en UTF-8.", nom)
}

// latin1 rewrites ISO-8859-1 in UTF-8: each octet is the character of its number.
type latin1 struct {
	r     io.Reader
	reste []byte
}

// Read gives UTF-8.
func (l *latin1) Read(p []byte) (int, error) {
	if len(l.reste) == 0 {
		var lu [2048]byte
		n, err := l.r.Read(lu[:])
		if n == 0 {
			return 0, err
		}
		for _, o := range lu[:n] {
			l.reste = utf8.AppendRune(l.reste, rune(o))
		}
	}
	n := copy(p, l.reste)
	l.reste = l.reste[n:]
	return n, nil
}

// lecteur builds the tree. pile holds the elements that are open.
type lecteur struct {
	d      *xml.Decoder
	racine *noeud
	pile   []*noeud
	nombre int
}

func (l *lecteur) lire() (*noeud, error) {
	for {
		tok, err := l.d.Token()
		if errors.Is(err, io.EOF) && l.racine != nil && len(l.pile) == 0 {
			return l.racine, nil
		}
		if err != nil {
			return nil, lisible(err)
		}
		if err := l.recevoir(tok); err != nil {
			return nil, err
		}
	}
}

func (l *lecteur) recevoir(tok xml.Token) error {
	switch t := tok.(type) {
	case xml.StartElement:
		return l.ouvrir(t)
	case xml.EndElement:
		n := l.pile[len(l.pile)-1]
		n.texte = strings.TrimSpace(n.texte)
		l.pile = l.pile[:len(l.pile)-1]
	case xml.CharData:
		if len(l.pile) == 0 {
			return nil
		}
		if n := l.pile[len(l.pile)-1]; len(n.texte)+len(t) <= texteMax {
			n.texte += string(t)
		}
	case xml.Directive:
		return refus(CodeInterdit, "Les données de la facture portent une déclaration DOCTYPE : elle est refusée. Exportez la facture sans elle.")
	}
	return nil
}

func (l *lecteur) ouvrir(t xml.StartElement) error {
	if l.nombre++; l.nombre > elementsMax || len(l.pile) >= profondeurMax || len(t.Attr) > attributsMax {
		return refus(CodeInterdit, "Les données de la facture sont anormalement grandes ou profondes : ce n’est pas une facture.")
	}
	n := &noeud{nom: t.Name.Local, attrs: t.Attr}
	switch {
	case len(l.pile) > 0:
		p := l.pile[len(l.pile)-1]
		p.enfants = append(p.enfants, n)
	case l.racine != nil:
		return refus(CodeIllisible, "Les données de la facture continuent après leur fin : exportez-la de nouveau.")
	default:
		if t.Name.Local == "CrossIndustryInvoice" && !strings.HasSuffix(t.Name.Space, ":CrossIndustryInvoice:100") {
			n.nom = ""
		}
		l.racine = n
	}
	l.pile = append(l.pile, n)
	return nil
}

// lisible turns an error of the decoder into a sentence.
func lisible(err error) error {
	var r *opco.Error
	if errors.As(err, &r) {
		return r
	}
	var s *xml.SyntaxError
	if errors.As(err, &s) {
		return refus(CodeIllisible, "Les données de la facture sont mal écrites à la ligne %d : exportez-la de nouveau depuis votre logiciel.", s.Line)
	}
	// The decoder hides behind a text the refusal of an encoding.
	if strings.Contains(err.Error(), "encoding") {
		return refus(CodeEncodage, "La facture se dit écrite dans un alphabet que nous ne lisons pas : exportez-la en UTF-8.")
	}
	return refus(CodeIllisible, "Les données de la facture sont coupées ou abîmées : exportez-la de nouveau depuis votre logiciel.")
}

// un returns the first element at the end of the path, nil when there is none.
func (n *noeud) un(chemin ...string) *noeud {
	for _, nom := range chemin {
		if n = n.enfant(nom); n == nil {
			return nil
		}
	}
	return n
}

func (n *noeud) enfant(nom string) *noeud {
	if n == nil {
		return nil
	}
	for _, e := range n.enfants {
		if e.nom == nom {
			return e
		}
	}
	return nil
}

// tous returns the children of that name.
func (n *noeud) tous(nom string) []*noeud {
	if n == nil {
		return nil
	}
	var x []*noeud
	for _, e := range n.enfants {
		if e.nom == nom {
			x = append(x, e)
		}
	}
	return x
}

// dit returns the text at the end of the path, "" when there is none.
func (n *noeud) dit(chemin ...string) string {
	if e := n.un(chemin...); e != nil {
		return e.texte
	}
	return ""
}

func (n *noeud) attr(nom string) string {
	for _, a := range n.attrs {
		if a.Name.Local == nom {
			return a.Value
		}
	}
	return ""
}
