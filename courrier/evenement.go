package courrier

import (
	"encoding/json"
	"fmt"

	"guichet/opco"
)

// Evenement is one thing that happened and that must be told to one
// organisation. It is plain data: it travels as JSON in the outbox and gives the
// same letter and the same mail every time.
type Evenement interface {
	// Nom is the stable name of the event, the one of the outbox.
	Nom() string
	// Lettre returns the letter; ok is false when the event has none.
	Lettre(Maison) (l Lettre, ok bool)
	// Courriel returns the mail, without the letter attached.
	Courriel(Maison) (Message, error)
}

// Envoi is what all events share. ID is a stable business id, for example
// « 26.A.21056.1-accord-1-entreprise »: it becomes the Message-ID.
type Envoi struct {
	ID         string       `json:"id"`
	Le         opco.Date    `json:"le"` // day of the letter
	A          Destinataire `json:"a"`
	Signataire Signataire   `json:"signataire"`
	Dossier    Dossier      `json:"dossier"`
}

// modeles lists the events by name.
var modeles = map[string]func() Evenement{
	"depot":                     func() Evenement { return new(Depot) },
	"complement":                func() Evenement { return new(Complement) },
	"complement_recu":           func() Evenement { return new(ComplementRecu) },
	"sans_suite":                func() Evenement { return new(SansSuite) },
	"accord":                    func() Evenement { return new(Accord) },
	"refus":                     func() Evenement { return new(Refus) },
	"annulation":                func() Evenement { return new(Annulation) },
	"rappel_fin":                func() Evenement { return new(RappelFin) },
	"service_fait_non_conforme": func() Evenement { return new(ServiceFaitNonConforme) },
	"forclusion":                func() Evenement { return new(Forclusion) },
	"cloture":                   func() Evenement { return new(Cloture) },
	"facture_recue":             func() Evenement { return new(FactureRecue) },
	"facture_non_conforme":      func() Evenement { return new(FactureNonConforme) },
	"facture_approuvee":         func() Evenement { return new(FactureApprouvee) },
	"virement":                  func() Evenement { return new(Virement) },
	"rejet_bancaire":            func() Evenement { return new(RejetBancaire) },
}

// Lire reads the event nom from its JSON, as the outbox keeps it. It returns an
// Invalid error for a name or a text that cannot be read: retrying is useless.
func Lire(nom string, donnees []byte) (Evenement, error) {
	neuf, ok := modeles[nom]
	if !ok {
		return nil, opco.Errorf(opco.Invalid, "Aucun courrier ne porte le nom « %s ».", nom)
	}
	e := neuf()
	if err := json.Unmarshal(donnees, e); err != nil {
		return nil, &opco.Error{Kind: opco.Invalid, Message: "Le courrier « " + nom + " » est illisible.", Err: err}
	}
	return e, nil
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
	refs := []Reference{{"Dossier", e.Dossier.Numero}}
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
