package banque

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"guichet/opco"
)

// Limits of a file that comes from outside. Beyond them it is refused before it
// costs anything: 512 MB hold the debits of 400,000 transfers. elementsMax is of the
// elements in memory: those that repeat are read one at a time and forgotten.
const (
	tailleMax     = 512 << 20
	profondeurMax = 32
	elementsMax   = 300_000
	texteMax      = 4096
	attributsMax  = 16
)

// Stable codes of the refusals of a bank file.
const (
	CodeFichierVide     = "BANQUE_FICHIER_VIDE"
	CodeFichierTropGros = "BANQUE_FICHIER_TROP_GROS"
	CodeXMLInterdit     = "BANQUE_XML_INTERDIT"
	CodeXMLEncodage     = "BANQUE_XML_ENCODAGE"
	CodeXMLTronque      = "BANQUE_XML_TRONQUE"
	CodeXMLIllisible    = "BANQUE_XML_ILLISIBLE"
	CodeFormatInconnu   = "BANQUE_FORMAT_INCONNU"
	CodeIncoherent      = "BANQUE_FICHIER_INCOHERENT"
)

// refus is an Invalid about the whole file.
func refus(code, format string, args ...any) *opco.Error {
	return opco.Errorf(opco.Invalid, format, args...).AvecCode(code)
}

// noeud is one element of a bank file, its text trimmed. Comments are dropped,
// so that two writings of the same message give the same tree.
type noeud struct {
	nom     string
	ns      string
	attrs   []xml.Attr
	texte   string
	enfants []*noeud
	oublies bool // some of its children were read and left the tree
}

// lireXML reads one XML document under the limits above. No DOCTYPE, no entity of
// its own, no other encoding than UTF-8, nothing after the root. ferme is told of
// each element that closes, with those that hold it; the ones that it has done with
// leave the tree. nil keeps them all.
func lireXML(r io.Reader, ferme func(n *noeud, dans []*noeud) (fini bool, err error)) (*noeud, error) {
	c := &controleOctets{r: r}
	b := bufio.NewReaderSize(c, 64<<10)
	if debut, err := b.Peek(3); err == nil && string(debut) == "\ufeff" {
		_, _ = b.Discard(3)
	}
	l := &lecteur{d: xml.NewDecoder(b), ferme: ferme}
	doc, err := l.lire()
	switch {
	case c.faute != nil:
		return nil, c.faute
	case err != nil && c.vide():
		return nil, refus(CodeFichierVide, "Le fichier est vide : téléchargez-le de nouveau depuis votre banque.")
	}
	return doc, err
}

// controleOctets lets through UTF-8 only, and no more than tailleMax bytes. faute is
// why it stopped, if it did.
type controleOctets struct {
	r       io.Reader
	lus     int
	coupe   []byte // the beginning of a character whose end has not come
	faute   error
	visible bool // something else than spaces came
}

func (c *controleOctets) vide() bool { return !c.visible }

func (c *controleOctets) Read(p []byte) (int, error) {
	if c.faute != nil {
		return 0, c.faute
	}
	n, err := c.r.Read(p)
	c.lus += n
	c.visible = c.visible || len(bytes.TrimSpace(bytes.TrimPrefix(p[:n], []byte("\ufeff")))) > 0
	switch {
	case err != nil && !errors.Is(err, io.EOF):
		c.faute = err
	case c.lus > tailleMax:
		c.faute = refus(CodeFichierTropGros, "Le fichier dépasse 512 Mo : demandez à la banque un fichier par jour.")
	case !c.utf8(p[:n], err != nil):
		c.faute = refus(CodeXMLEncodage, "Le fichier n’est pas en UTF-8 : une banque écrit ses messages ISO 20022 en UTF-8. Il a sans doute été modifié.")
	}
	if c.faute != nil {
		return 0, c.faute
	}
	return n, err
}

// utf8 reports whether what came so far may be UTF-8.
func (c *controleOctets) utf8(p []byte, fin bool) bool {
	if len(c.coupe) > 0 {
		p = append(c.coupe, p...)
	}
	garde := 0 // bytes at the end that may be the beginning of a character
	for k := 1; !fin && k < utf8.UTFMax && k <= len(p); k++ {
		if b := p[len(p)-k]; utf8.RuneStart(b) {
			if !utf8.FullRune(p[len(p)-k:]) {
				garde = k
			}
			break
		}
	}
	c.coupe = append([]byte(nil), p[len(p)-garde:]...)
	return utf8.Valid(p[:len(p)-garde])
}

// lecteur builds the tree. pile holds the elements that are open.
type lecteur struct {
	d      *xml.Decoder
	racine *noeud
	pile   []*noeud
	nombre int // of elements in memory
	ferme  func(*noeud, []*noeud) (bool, error)
}

func (l *lecteur) lire() (*noeud, error) {
	l.d.Strict = true
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

// recevoir adds one token to the tree.
func (l *lecteur) recevoir(tok xml.Token) error {
	switch t := tok.(type) {
	case xml.StartElement:
		return l.ouvrir(t)
	case xml.EndElement:
		return l.fermer()
	case xml.CharData:
		return l.ecrire(t)
	case xml.Directive:
		return refus(CodeXMLInterdit, "Le fichier contient une déclaration DOCTYPE ou ENTITY : une banque n’en écrit jamais. Il n’a pas été lu.")
	}
	return nil // comments and processing instructions carry nothing
}

func (l *lecteur) ouvrir(t xml.StartElement) error {
	if l.nombre++; l.nombre > elementsMax {
		return refus(CodeFichierTropGros, "Le fichier contient trop d’éléments : demandez à la banque un fichier par jour.")
	}
	if len(l.pile) >= profondeurMax {
		return refus(CodeXMLInterdit, "Le fichier imbrique trop d’éléments les uns dans les autres : ce n’est pas un message de banque.")
	}
	if len(t.Attr) > attributsMax {
		return refus(CodeXMLInterdit, "L’élément %.40s porte trop d’attributs : ce n’est pas un message de banque.", t.Name.Local)
	}
	n := &noeud{nom: t.Name.Local, ns: t.Name.Space, attrs: t.Attr}
	for i, a := range t.Attr {
		for _, b := range t.Attr[:i] {
			if a.Name == b.Name {
				return refus(CodeXMLIllisible, "L’élément %s porte deux fois l’attribut %s : le fichier n’est pas du XML valable.", n.nom, a.Name.Local)
			}
		}
	}
	if len(l.pile) > 0 {
		parent := l.pile[len(l.pile)-1]
		parent.enfants = append(parent.enfants, n)
	} else if l.racine != nil {
		return refus(CodeXMLIllisible, "Le fichier contient deux messages à la suite : déposez-les séparément.")
	} else {
		l.racine = n
	}
	l.pile = append(l.pile, n)
	return nil
}

func (l *lecteur) fermer() error {
	n := l.pile[len(l.pile)-1]
	l.pile = l.pile[:len(l.pile)-1]
	n.texte = strings.TrimSpace(n.texte)
	if n.texte != "" && (len(n.enfants) > 0 || n.oublies) {
		return refus(CodeXMLIllisible, "L’élément %s mêle du texte et d’autres éléments : ce n’est pas un message de banque.", n.nom)
	}
	if l.ferme == nil || len(l.pile) == 0 {
		return nil
	}
	fini, err := l.ferme(n, l.pile)
	if err != nil || !fini {
		return err
	}
	parent := l.pile[len(l.pile)-1]
	parent.enfants, parent.oublies = parent.enfants[:len(parent.enfants)-1], true
	l.nombre -= n.taille()
	return nil
}

// taille counts the elements of n.
func (n *noeud) taille() int {
	t := 1
	for _, e := range n.enfants {
		t += e.taille()
	}
	return t
}

func (l *lecteur) ecrire(t xml.CharData) error {
	if len(l.pile) == 0 {
		if len(bytes.TrimSpace(t)) > 0 {
			return refus(CodeXMLIllisible, "Le fichier contient du texte hors du message : ce n’est pas du XML valable.")
		}
		return nil
	}
	n := l.pile[len(l.pile)-1]
	if len(n.texte)+len(t) > texteMax && len(bytes.TrimSpace(t)) > 0 {
		return refus(CodeXMLInterdit, "L’élément %s contient un texte de plus de %d caractères : ce n’est pas un message de banque.", n.nom, texteMax)
	}
	if len(bytes.TrimSpace(t)) > 0 || n.texte != "" && len(n.texte)+len(t) <= texteMax {
		n.texte += string(t)
	}
	return nil
}

// lisible turns an error of the XML reader into a sentence.
func lisible(err error) error {
	var syntaxe *xml.SyntaxError
	switch {
	case errors.Is(err, io.EOF), errors.As(err, &syntaxe) && strings.Contains(syntaxe.Msg, "unexpected EOF"):
		return &opco.Error{Kind: opco.Invalid, Code: CodeXMLTronque, Err: err,
			Message: "Le fichier est incomplet : sa fin manque. Téléchargez-le de nouveau depuis votre banque."}
	case syntaxe == nil && strings.Contains(err.Error(), "encoding"):
		return &opco.Error{Kind: opco.Invalid, Code: CodeXMLEncodage, Err: err,
			Message: "Le fichier annonce un encodage autre que UTF-8 : demandez à la banque un fichier en UTF-8."}
	}
	return &opco.Error{Kind: opco.Invalid, Code: CodeXMLIllisible, Err: err,
		Message: "Le fichier n’est pas du XML valable : il a sans doute été modifié. Téléchargez-le de nouveau depuis votre banque."}
}
