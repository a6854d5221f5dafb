package courrier

import "guichet/opco"

// Refus tells a reasoned refusal (T05, T14): each motif with its rule and what
// can be done, then the recours.
type Refus struct {
	Envoi
	DemandeLe  opco.Date // day of the deposit
	Demande    opco.Montant
	Motifs     []opco.Motif
	Precisions map[opco.Motif]opco.Precisions
	Contester  opco.Date
}

// Nom is the name of the event.
func (Refus) Nom() string { return "refus" }

func (r Refus) titre() string {
	if r.A.organisme() {
		return "Nous ne finançons pas une formation que vous assurez"
	}
	return "Nous ne pouvons pas financer votre formation"
}

func (r Refus) corps(m Maison) []Bloc {
	qui := "vous avez demandé"
	if r.A.organisme() {
		qui = r.Dossier.Entreprise + " a demandé"
	}
	l := Liste{}
	for _, motif := range r.Motifs {
		texte := motif.Phrase(r.Precisions[motif])
		if r.A.organisme() { // what to do next is said to the company
			e := motif.Expliquer(r.Precisions[motif])
			texte = r.A.vu(e.Quoi + " " + e.Pourquoi)
		}
		l.Points = append(l.Points, Paragraphe{Fort: motif.Libelle() + ". ", Texte: texte})
	}
	blocs := []Bloc{
		Paragraphe{Texte: "Le " + r.DemandeLe.Longue() + ", " + qui + " la prise en charge de " + r.Dossier.formation() +
			", pour " + r.Demande.String() + "."},
		Encadre{Fort: "Nous refusons cette demande.", Texte: " Aucune somme n’est réservée, et votre enveloppe n’est pas touchée."},
		Intertitre{"Pourquoi, et que faire"},
		l,
	}
	if r.A.organisme() {
		blocs[2] = Intertitre{"Pourquoi"}
		blocs[1] = Encadre{Fort: "Nous refusons cette demande.", Texte: " Ne nous adressez pas de facture pour cette formation."}
	}
	return append(blocs, voiesDeRecours(m, r.Contester)...)
}

// Lettre returns the letter.
func (r Refus) Lettre(m Maison) (Lettre, bool) { return r.lettre(m, r.titre(), r.corps(m)...), true }

// Courriel returns the mail.
func (r Refus) Courriel(m Maison) (Message, error) {
	return r.message(m, "demande refusée", r.titre(), "Voir le dossier", r.corps(m))
}

// Annulation acknowledges a cancellation, before the decision (T15) or after it
// (T16), to the company and to the organisme.
type Annulation struct {
	Envoi
	AnnuleLe opco.Date
	Par      string       // who asked for it, when it is not the reader
	Libere   opco.Montant // engagement given back, 0 before the decision
}

// Nom is the name of the event.
func (Annulation) Nom() string { return "annulation" }

func (a Annulation) corps() []Bloc {
	fort := "Le dossier est annulé depuis le " + a.AnnuleLe.Longue()
	if a.Par != "" {
		fort += ", à la demande de " + a.Par
	}
	blocs := []Bloc{
		Paragraphe{Texte: "Le dossier portait sur " + a.Dossier.formation() + "."},
		Encadre{Fort: fort + "."},
	}
	switch {
	case a.A.organisme():
		return append(blocs, Paragraphe{Texte: "Notre accord n’existe plus : nous ne paierons pas de facture pour cette formation. " +
			"Si elle a lieu tout de même, voyez avec " + a.Dossier.Entreprise + " qui la paie."})
	case a.Libere > 0:
		return append(blocs, Paragraphe{Texte: "Nous avions réservé " + a.Libere.String() +
			" : cette somme est de nouveau disponible dans votre enveloppe. Vous n’avez rien à faire."})
	}
	return append(blocs, Paragraphe{Texte: "Aucune somme n’était réservée. Vous n’avez rien à faire. " +
		"Si vous changez d’avis, déposez une nouvelle demande avant le début de la formation."})
}

// Lettre returns the letter.
func (a Annulation) Lettre(m Maison) (Lettre, bool) {
	return a.lettre(m, "Le dossier "+a.Dossier.Numero+" est annulé", a.corps()...), true
}

// Courriel returns the mail.
func (a Annulation) Courriel(m Maison) (Message, error) {
	return a.message(m, "annulé", "Le dossier "+a.Dossier.Numero+" est annulé", "Voir le dossier", a.corps())
}
