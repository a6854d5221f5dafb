package courrier

import (
	"fmt"

	"guichet/opco"
)

// Indu tells a payee that money paid must come back (I01), reminds them of it (I03),
// or answers their contestation (I02).
type Indu struct {
	Envoi
	Numero    string // I26-000001
	Facture   string // the payee's own number
	Cause     opco.CauseIndu
	Raison    string // what was found
	Montant   opco.Montant
	Reste     opco.Montant
	NotifieLe opco.Date
	AvantLe   opco.Date // last day to contest
	Rang      int       // 0 when it is notified, then 1, 2, 3 for its relances
	Rouvert   bool      // what a payment had kept of it is due again
	Reponse   string    // to the contestation
	Annule    bool      // nothing is due
}

// Nom is the name of the event.
func (Indu) Nom() string { return "indu" }

// titre says in one sentence what the debtor must know.
func (i Indu) titre() string {
	switch {
	case i.Annule:
		return "Vous ne nous devez rien : l’indu " + i.Numero + " est annulé"
	case i.Reponse != "":
		return "Nous maintenons l’indu " + i.Numero + " : " + i.Reste.String() + " à rendre"
	case i.Rang > 0, i.Rouvert:
		return "Il reste " + i.Reste.String() + " à nous rendre"
	}
	return "Vous avez reçu " + i.Montant.String() + " de trop"
}

func (i Indu) objet() string {
	switch {
	case i.Annule:
		return "somme à rendre annulée"
	case i.Reponse != "":
		return "réponse à votre contestation"
	case i.Rouvert:
		return i.Reste.String() + " de nouveau à rendre"
	case i.Rang > 0:
		return fmt.Sprintf("rappel %d, %s à rendre", i.Rang, i.Reste)
	}
	return i.Montant.String() + " à rendre"
}

func (i Indu) corps() []Bloc {
	blocs := []Bloc{
		Paragraphe{Texte: "Nous avons payé votre facture " + i.Facture + " pour " + i.Dossier.courte() + ". " + i.Cause.Libelle() +
			" : " + i.Montant.String() + " vous ont été payés en trop."},
	}
	if i.Raison != "" {
		blocs = append(blocs, Paragraphe{Texte: i.Raison})
	}
	switch {
	case i.Annule:
		return append(blocs, Encadre{Fort: "Nous annulons cette demande.", Texte: " " + i.Reponse}, Paragraphe{Texte: "Vous n’avez rien à faire."})
	case i.Reponse != "":
		blocs = append(blocs, Encadre{Fort: "Nous maintenons cette demande.", Texte: " " + i.Reponse})
	case i.Rouvert:
		blocs = append(blocs, Encadre{Fort: "Il reste " + i.Reste.String() + " à nous rendre.",
			Texte: " Une retenue faite sur un de vos paiements est annulée : ce paiement n’a pas abouti, et il en reste moins à vous payer."})
	case i.Rang > 0:
		blocs = append(blocs, Encadre{Fort: "Il reste " + i.Reste.String() + " à nous rendre.", Texte: " Nous vous l’avons écrit le " + i.NotifieLe.Longue() + "."})
	default:
		blocs = append(blocs, Encadre{Fort: "Vous avez " + jusquau(i.AvantLe) + " pour répondre.",
			Texte: " Vous pouvez accepter, ou nous dire pourquoi vous n’êtes pas d’accord : un responsable vous répond."})
	}
	nous := "Nous"
	if i.Rang == 0 && i.Reponse == "" && !i.Rouvert {
		nous = "Sans contestation, nous"
	}
	return append(blocs, Paragraphe{Texte: nous + " retenons " + i.Reste.String() +
		" sur nos prochains paiements ; l’avis montrera les deux lignes. Vous pouvez aussi nous virer cette somme, avec la référence " + i.Numero + "."})
}

// Lettre returns the letter.
func (i Indu) Lettre(m Maison) (Lettre, bool) {
	refs := []Reference{{"Indu", i.Numero}, {"Dossier", i.Dossier.Numero}}
	return i.lettreSur(m, refs, i.titre(), i.corps()...), true
}

// Courriel returns the mail.
func (i Indu) Courriel(m Maison) (Message, error) {
	return i.message(m, i.objet(), i.titre(), "Voir le dossier", i.corps())
}

// indu words a letter about a debt.
func (r redaction) indu() (Evenement, error) {
	x := r.e.Indu
	if x == nil {
		return nil, opco.Errorf(opco.Invalid, "L’indu dont parle ce courrier manque.")
	}
	i := Indu{Envoi: r.entete, Numero: x.Numero, Facture: x.FactureNumero, Cause: x.Cause, Raison: x.Raison, Montant: x.Montant,
		Reste: x.Reste(), NotifieLe: x.NotifieLe, AvantLe: x.ReponseAvant, Rang: r.e.Courrier.Numero,
		Rouvert: r.e.Courrier.Evenement == opco.CourrierInduRelance && r.e.Courrier.Numero == 0}
	if r.e.Courrier.Evenement == opco.CourrierInduReponse {
		i.Reponse, i.Annule = x.Reponse, x.Etat == opco.InduAnnule
	}
	return i, nil
}
