package courrier

import (
	"fmt"

	"guichet/opco"
)

// Facture is what letters and mails say of an invoice. Numero is "" and Montant 0
// when the file could not be read.
type Facture struct {
	Numero  string // the issuer's own number
	Date    opco.Date
	Montant opco.Montant // HT
}

// designation writes « Votre facture F-118, de 1 200,00 € hors taxes, », with what
// is known of it.
func (f Facture) designation() string {
	s := "Votre facture"
	if f.Numero != "" {
		s += " " + f.Numero
	}
	if f.Montant != 0 {
		s += ", de " + f.Montant.String() + " hors taxes,"
	}
	return s
}

// FactureRecue acknowledges an invoice (F01).
type FactureRecue struct {
	Envoi
	Facture Facture
	RecueLe opco.Date
}

// Nom is the name of the event.
func (FactureRecue) Nom() string { return "facture_recue" }

// Lettre says that the event has no letter.
func (FactureRecue) Lettre(Maison) (Lettre, bool) { return Lettre{}, false }

// Courriel returns the mail.
func (f FactureRecue) Courriel(m Maison) (Message, error) {
	return f.message(m, "facture bien reçue", "Nous avons bien reçu votre facture "+f.Facture.Numero, "Suivre la facture", []Bloc{
		Paragraphe{Texte: "Votre facture " + f.Facture.Numero + " du " + f.Facture.Date.Longue() + ", de " + f.Facture.Montant.String() +
			" hors taxes, est arrivée le " + f.RecueLe.Longue() + " pour " + f.Dossier.courte() + "."},
		Paragraphe{Texte: "Nous la comparons à l’accord et aux certificats de réalisation. Vous n’avez rien à faire : " +
			"si un point manque, nous vous écrivons. Nous payons " + m.delaiPaiement() + " après réception d’une facture conforme."},
	})
}

// FactureNonConforme tells that an invoice is suspended (208), in dispute (207),
// refused (210) or rejected unread (213), and why.
type FactureNonConforme struct {
	Envoi
	Facture  Facture
	Etat     opco.EtatFacture
	Constats []Constat
	AvantLe  opco.Date // last day to answer, when there is one
	Rang     int       // 0 when it is said, then 1, 2 for its relances
}

// Nom is the name of the event.
func (FactureNonConforme) Nom() string { return "facture_non_conforme" }

// Lettre says that the event has no letter.
func (FactureNonConforme) Lettre(Maison) (Lettre, bool) { return Lettre{}, false }

// issue gives the words of each outcome.
func (f FactureNonConforme) issue() (objet, titre, fort string) {
	n := ""
	if f.Facture.Numero != "" {
		n = " " + f.Facture.Numero
	}
	switch f.Etat {
	case opco.FactureSuspendue:
		return "facture en attente d’une pièce", "Il manque une pièce pour payer votre facture" + n,
			"Votre facture attend : nous l’examinons dès que la pièce est là."
	case opco.FactureEnLitige:
		return "facture à éclaircir", "Un point est à éclaircir sur votre facture" + n,
			"Votre facture attend votre réponse."
	case opco.FactureRejetee:
		return "facture illisible", "Nous ne pouvons pas lire votre facture" + n,
			"Votre facture n’est pas enregistrée."
	}
	return "facture refusée", "Nous ne pouvons pas payer votre facture" + n, "Nous refusons votre facture. Elle ne sera pas payée."
}

// Courriel returns the mail.
func (f FactureNonConforme) Courriel(m Maison) (Message, error) {
	objet, titre, fort := f.issue()
	if f.Rang > 0 {
		objet = fmt.Sprintf("rappel %d, %s", f.Rang, objet)
	}
	delai := ""
	if f.AvantLe != "" {
		delai = " Vous avez " + jusquau(f.AvantLe) + "."
	}
	return f.message(m, objet, titre, "Voir la facture", []Bloc{
		Paragraphe{Texte: f.Facture.designation() + " porte sur " + f.Dossier.courte() + "."},
		Encadre{Fort: fort, Texte: delai},
		f.A.constats(f.Constats),
	})
}

// FactureApprouvee tells that an invoice will be paid, whole (205) or in part
// (206), when, and whether an avoir is awaited first.
type FactureApprouvee struct {
	Envoi
	Facture     Facture
	Approuve    opco.Montant // MAP
	NonApprouve opco.Montant // MNA, 0 when the whole is approved
	Impute      opco.Montant // of what is approved, paid already by an advance (S08)
	Constats    []Constat
	Echeance    opco.Date
	Avoir       opco.Montant // that the payment waits for, 0 for none
	Rang        int          // 0 when it is said, then 1, 2 for the relances of the avoir
}

// Nom is the name of the event.
func (FactureApprouvee) Nom() string { return "facture_approuvee" }

// Lettre says that the event has no letter.
func (FactureApprouvee) Lettre(Maison) (Lettre, bool) { return Lettre{}, false }

// Courriel returns the mail.
func (f FactureApprouvee) Courriel(m Maison) (Message, error) {
	titre := "Nous payons votre facture " + f.Facture.Numero + " : " + f.Approuve.String()
	objet := "facture acceptée, " + f.Approuve.String()
	blocs := []Bloc{Paragraphe{Texte: f.Facture.designation() + " porte sur " + f.Dossier.courte() + "."}}
	if f.NonApprouve > 0 {
		titre = "Nous payons " + f.Approuve.String() + " sur " + f.Facture.Montant.String()
		objet = "facture payée en partie, " + f.Approuve.String()
		blocs = append(blocs, Encadre{Fort: "Montant accepté : " + f.Approuve.String() + ".",
			Texte: " Montant non accepté : " + f.NonApprouve.String() + "."}, f.A.constats(f.Constats))
	} else {
		blocs = append(blocs, Encadre{Fort: "Montant accepté : " + f.Approuve.String() + ", la totalité de la facture."})
	}
	if f.Impute > 0 {
		titre, objet = "Nous acceptons votre facture "+f.Facture.Numero+" : "+f.Approuve.String(), "facture acceptée, "+f.Approuve.String()
	}
	if f.Avoir > 0 {
		if f.Rang > 0 {
			objet = fmt.Sprintf("rappel %d, avoir attendu", f.Rang)
			titre = "Il nous manque votre avoir pour payer " + f.Approuve.String()
		}
		return f.message(m, objet, titre, "Envoyer l’avoir", append(blocs, Paragraphe{
			Fort:  "Nous attendons de vous un avoir de " + f.Avoir.String() + ".",
			Texte: " Le paiement part après sa réception."}))
	}
	return f.message(m, objet, titre, "Suivre le paiement", append(blocs, Paragraphe{Texte: f.suite()}))
}

// suite says what is paid, and when: what an advance has paid is not paid again.
func (f FactureApprouvee) suite() string {
	switch {
	case f.Impute == 0:
		return "Nous payons le " + f.Echeance.Longue() + " au plus tard. Vous n’avez rien à faire."
	case f.Impute == f.Approuve:
		return "L’avance que nous vous avons payée la couvre en entier : rien n’est à virer. Vous n’avez rien à faire."
	}
	return "L’avance en a déjà payé " + f.Impute.String() + " : nous payons " + (f.Approuve - f.Impute).String() + ", le " + f.Echeance.Longue() +
		" au plus tard. Vous n’avez rien à faire."
}
