package courrier

import (
	"net/mail"
	"strings"
	"unicode"

	"guichet/opco"
)

// Message is a mail ready to leave: the same sentences as text and as HTML.
type Message struct {
	ID            string // stable business id: it makes the Message-ID, so that a second sending is seen as the same mail
	A             []Adresse
	Objet         string // at most 60 characters, with the number of the dossier
	Texte         string
	HTML          string
	PiecesJointes []PieceJointe
}

// Adresse is a mail address with the name of its owner.
type Adresse struct {
	Nom      string
	Courriel opco.Email
}

// PieceJointe is a file attached to a mail.
type PieceJointe struct {
	Nom     string
	Type    string // media type
	Contenu []byte
}

// objetMax is the length at which common mail readers cut a subject.
const objetMax = 60

// Verifier refuses, with an Invalid error, a message that no server should be
// given: no addressee, no id, or a line break smuggled into a header.
func (m Message) Verifier() error {
	switch {
	case len(m.A) == 0:
		return opco.Errorf(opco.Invalid, "Ce courriel n’a pas de destinataire : ajoutez une adresse e-mail au dossier.")
	case m.ID == "" || strings.ContainsFunc(m.ID, func(r rune) bool { return !idSur(r) }):
		return opco.Errorf(opco.Invalid, "L’identifiant « %s » ne peut pas servir d’identifiant de courriel.", m.ID)
	case strings.TrimSpace(m.Objet) == "" || strings.ContainsFunc(m.Objet, unicode.IsControl):
		return opco.Errorf(opco.Invalid, "L’objet du courriel est vide ou contient un saut de ligne.")
	case len([]rune(m.Objet)) > objetMax:
		return opco.Errorf(opco.Invalid, "L’objet du courriel dépasse %d caractères.", objetMax)
	case strings.TrimSpace(m.Texte) == "":
		return opco.Errorf(opco.Invalid, "Le courriel n’a pas de texte.")
	}
	for _, a := range m.A {
		if err := a.verifier(); err != nil {
			return err
		}
	}
	for _, p := range m.PiecesJointes {
		if p.Nom == "" || strings.ContainsFunc(p.Nom, func(r rune) bool { return unicode.IsControl(r) || r == '/' || r == '\\' }) {
			return opco.Errorf(opco.Invalid, "Le nom de pièce jointe « %s » n’est pas utilisable.", p.Nom)
		}
	}
	return nil
}

func (a Adresse) verifier() error {
	lue, err := mail.ParseAddress(string(a.Courriel))
	if err != nil || lue.Address != string(a.Courriel) || strings.ContainsFunc(a.Nom, unicode.IsControl) {
		return &opco.Error{Kind: opco.Invalid, Err: err,
			Message: "L’adresse e-mail « " + string(a.Courriel) + " » n’est pas utilisable : corrigez-la dans le compte."}
	}
	return nil
}

// idSur reports whether r may stand on the left of a Message-ID as it is.
func idSur(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_'
}

// message makes the mail of an event: objet completes « Dossier 26.A.21056.1 : »,
// titre is the sentence at the top, action the name of the link.
func (e Envoi) message(m Maison, objet, titre, action string, blocs []Bloc) (Message, error) {
	c := contenu{
		Maison: m, Titre: titre, Numero: e.Dossier.Numero, Blocs: blocs,
		Action: action, Lien: m.Lien(e.Dossier.ID), Signataire: e.Signataire, Appel: "Bonjour,",
	}
	html, err := c.html()
	if err != nil {
		return Message{}, err
	}
	msg := Message{ID: e.ID, Objet: sujet(e.Dossier.Numero, objet), Texte: c.texte(), HTML: html}
	if e.A.Courriel != "" {
		nom := e.A.Personne
		if nom == "" {
			nom = e.A.Nom
		}
		msg.A = []Adresse{{Nom: composerLigne(nom), Courriel: e.A.Courriel}}
	}
	return msg, nil
}

// sujet writes a subject of ordinary spaces, cut at objetMax. A number too long
// to leave room is kept whole: it is what the reader looks for.
func sujet(numero, objet string) string {
	s := composerLigne("Dossier " + numero + " : " + objet)
	if numero == "" {
		s = composerLigne(majuscule(objet))
	}
	s = strings.ReplaceAll(s, insecable, " ")
	if r := []rune(s); len(r) > objetMax {
		s = strings.TrimRight(string(r[:objetMax-1]), " ,") + "…"
	}
	return s
}

// composerLigne is composer for what must stay on one line.
func composerLigne(s string) string {
	return strings.Join(strings.FieldsFunc(composer(s), func(r rune) bool { return r == '\n' || r == ' ' }), " ")
}
