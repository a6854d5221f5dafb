package courrier

import (
	"fmt"

	"guichet/opco"
)

// Evenement is one thing that happened and that must be told to one
// organisation. It is plain data, and gives the same letter and the same mail
// every time.
type Evenement interface {
	// Nom is the short name of the event: it begins the name of the PDF.
	Nom() string
	// Lettre returns the letter; ok is false when the event has none.
	Lettre(Maison) (l Lettre, ok bool)
	// Courriel returns the mail, without the letter attached.
	Courriel(Maison) (Message, error)
}

// Envoi is what all events share. ID is a stable business id, for example
// « 26.A.21056.1-accord-1-entreprise »: it becomes the Message-ID.
type Envoi struct {
	ID         string
	Le         opco.Date // day of the letter
	A          Destinataire
	Signataire Signataire
	Dossier    Dossier
}

// Pli is all that leaves the house for one event: the mail, and the letter in
// its two forms. PDF and HTML are empty when the event has no letter.
type Pli struct {
	Message Message
	Fichier string // name of the PDF
	PDF     []byte
	HTML    []byte
}

// Composer renders e, and attaches the PDF of its letter to its mail.
func Composer(e Evenement, m Maison) (Pli, error) {
	msg, err := e.Courriel(m)
	if err != nil {
		return Pli{}, fmt.Errorf("writing the mail %s: %w", e.Nom(), err)
	}
	p := Pli{Message: msg}
	l, ok := e.Lettre(m)
	if !ok {
		return p, nil
	}
	if p.PDF, err = l.PDF(); err != nil {
		return Pli{}, fmt.Errorf("drawing the letter %s: %w", e.Nom(), err)
	}
	if p.HTML, err = l.HTML(); err != nil {
		return Pli{}, fmt.Errorf("writing the letter %s: %w", e.Nom(), err)
	}
	p.Fichier = nomFichier(e.Nom(), l.numero())
	p.Message.PiecesJointes = append(p.Message.PiecesJointes,
		PieceJointe{Nom: p.Fichier, Type: "application/pdf", Contenu: p.PDF})
	return p, nil
}

// nomFichier makes « accord-26.A.21056.1.pdf », with nothing that a mail header
// or a file system would mind.
func nomFichier(nom, numero string) string {
	propre := make([]byte, 0, len(numero))
	for i := range len(numero) {
		c := numero[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '.', c == '-':
			propre = append(propre, c)
		default:
			propre = append(propre, '-')
		}
	}
	if len(propre) == 0 {
		return nom + ".pdf"
	}
	return nom + "-" + string(propre) + ".pdf"
}

func (l Lettre) numero() string {
	if len(l.References) == 0 {
		return ""
	}
	return l.References[0].Valeur
}

// lettre starts a letter about the dossier.
func (e Envoi) lettre(m Maison, objet string, corps ...Bloc) Lettre {
	var refs []Reference
	if e.Dossier.Numero != "" {
		refs = append(refs, Reference{"Dossier", e.Dossier.Numero})
	}
	if e.A.Reference != "" {
		refs = append(refs, Reference{"Votre référence", e.A.Reference})
	}
	return e.lettreSur(m, refs, objet, corps...)
}

// lettreSur starts a letter with the references refs.
func (e Envoi) lettreSur(m Maison, refs []Reference, objet string, corps ...Bloc) Lettre {
	if e.Signataire.Nom != "" {
		suivi := e.Signataire.Nom
		if e.Signataire.Telephone != "" {
			suivi += ", " + e.Signataire.Telephone
		}
		refs = append(refs, Reference{"Suivi par", suivi})
	}
	politesse := "Veuillez agréer, " + e.A.appel() + " l’expression de notre considération."
	return Lettre{
		Maison: m, Adresse: e.A.lignes(), Date: e.Le, References: refs, Objet: objet, Appel: e.A.appel(),
		Corps: append(corps, Paragraphe{Texte: politesse}), Signataire: e.Signataire, Pied: pied(m),
	}
}

func pied(m Maison) string {
	s := "Gardez ce courrier et vos justificatifs 10 ans. " + m.Nom
	if m.SIRET != "" {
		s += ", SIRET " + m.SIRET.Affiche()
	}
	s += ". Vos données servent à instruire et payer ce dossier"
	if m.Donnees != "" {
		s += " ; pour y accéder ou les corriger : " + m.Donnees
	}
	return s + "."
}

// voiesDeRecours is the block that ends every decision that does not grant all.
func voiesDeRecours(m Maison, avant opco.Date) []Bloc {
	s := "Vous pouvez contester cette décision " + m.recours()
	if avant != "" {
		s += ", " + jusquau(avant)
	}
	return []Bloc{
		Intertitre{"Si vous n’êtes pas d’accord"},
		Paragraphe{Texte: s + ". Une personne qui n’a pas pris cette décision vous répond sous un mois."},
	}
}
