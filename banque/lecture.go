package banque

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"guichet/opco"
)

// Limits of a file that comes from outside. Beyond them it is refused before it
// costs anything: 10 MB hold the answers to about 7,000 transfers.
const (
	tailleMax     = 10 << 20
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
}

// lireXML reads one whole XML document under the limits above. No DOCTYPE, no
// entity of its own, no other encoding than UTF-8, nothing after the root.
func lireXML(r io.Reader) (*noeud, error) {
	b, err := io.ReadAll(io.LimitReader(r, tailleMax+1))
	if err != nil {
		return nil, err
	}
	if len(b) > tailleMax {
		return nil, refus(CodeFichierTropGros, "Le fichier dépasse 10 Mo : demandez à la banque un fichier par jour.")
	}
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	if len(bytes.TrimSpace(b)) == 0 {
		return nil, refus(CodeFichierVide, "Le fichier est vide : téléchargez-le de nouveau depuis votre banque.")
	}
	if !utf8.Valid(b) {
		return nil, refus(CodeXMLEncodage, "Le fichier n’est pas en UTF-8 : une banque écrit ses messages ISO 20022 en UTF-8. Il a sans doute été modifié.")
	}
	return (&lecteur{d: xml.NewDecoder(bytes.NewReader(b))}).lire()
}

// lecteur builds the tree. pile holds the elements that are open.
type lecteur struct {
	d      *xml.Decoder
	racine *noeud
	pile   []*noeud
	nombre int
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
	if n.texte != "" && len(n.enfants) > 0 {
		return refus(CodeXMLIllisible, "L’élément %s mêle du texte et d’autres éléments : ce n’est pas un message de banque.", n.nom)
	}
	return nil
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
