package courrier

import (
	"fmt"
	"strings"

	"guichet/opco"
)

// RappelFin asks for the proofs and the invoice once the training is over (T18),
// then reminds (T19). It is sent to the organisme under subrogation, else to
// the company.
type RappelFin struct {
	Envoi
	Accorde     opco.Montant
	Pieces      []opco.TypePiece // those still missing
	AvantLe     opco.Date        // forclusion
	Rang        int              // 0 at the end of the training, then 1, 2, 3
	Subrogation bool
}

// Nom is the name of the event.
func (RappelFin) Nom() string { return "rappel_fin" }

func (r RappelFin) titre() string {
	but := "être remboursés de "
	if r.Subrogation {
		but = "être payés de "
	}
	return "Envoyez " + compter(len(r.Pieces), "pièce") + " pour " + but + r.Accorde.String()
}

func (r RappelFin) corps(m Maison) []Bloc {
	l := Liste{}
	for _, t := range r.Pieces {
		nom := majuscule(t.Libelle())
		if t == opco.PieceFacture {
			nom = "Votre facture à l’OPCO"
		}
		l.Points = append(l.Points, Paragraphe{Texte: nom})
	}
	verbe := "rembourser"
	if r.Subrogation {
		verbe = "payer"
	}
	intro := "La formation « " + r.Dossier.Formation + " » s’est terminée le " + r.Dossier.Fin.Longue() + "."
	if r.Rang > 0 {
		intro += " Nous n’avons pas encore tout reçu."
	}
	return []Bloc{
		Paragraphe{Texte: intro + " Pour vous " + verbe + ", il nous faut :"},
		l,
		Encadre{Fort: "Vous avez " + jusquau(r.AvantLe) + ".",
			Texte: " Plus tôt les pièces arrivent, plus tôt nous payons : " + m.delaiPaiement() + " après réception d’une facture conforme."},
		Paragraphe{Texte: "Écrivez le numéro " + r.Dossier.Numero + " sur la facture. Passé ce délai, l’accord tombe et la somme n’est plus réservée."},
	}
}

// Lettre returns the letter.
func (r RappelFin) Lettre(m Maison) (Lettre, bool) {
	return r.lettre(m, r.titre(), r.corps(m)...), true
}

// Courriel returns the mail.
func (r RappelFin) Courriel(m Maison) (Message, error) {
	objet := "pièces de fin attendues"
	if r.Rang > 0 {
		objet = fmt.Sprintf("rappel %d, pièces de fin attendues", r.Rang)
	}
	return r.message(m, objet, r.titre(), "Envoyer les pièces", r.corps(m))
}

// ServiceFaitNonConforme tells what does not match between the accord, the
// certificates and the invoices (T22).
type ServiceFaitNonConforme struct {
	Envoi
	Constats []Constat
	AvantLe  opco.Date
	Rang     int // 0 when it is declared, then 1, 2 for its relances
}

// Constat is one thing found, on one document.
type Constat struct {
	Objet      string // « Facture F-2026-118 », « Certificat de Mme Dupont »
	Motif      opco.Motif
	Precisions opco.Precisions
	Phrase     string // the sentence already made for this case, else the motif's
}

// Nom is the name of the event.
func (ServiceFaitNonConforme) Nom() string { return "service_fait_non_conforme" }

func (s ServiceFaitNonConforme) corps() []Bloc {
	intro := "Voici ce qui ne va pas :"
	if s.Rang > 0 {
		intro = "Nous attendons toujours ceci :"
	}
	return []Bloc{
		Paragraphe{Texte: "Nous avons comparé l’accord, les certificats et les factures de " + s.Dossier.courte() +
			", " + periode(s.Dossier.Debut, s.Dossier.Fin) + ". " + intro},
		s.A.constats(s.Constats),
		Encadre{Fort: "Vous avez " + jusquau(s.AvantLe) + ".", Texte: " Déposez les documents corrigés dans le dossier."},
		Paragraphe{Texte: "La somme accordée reste réservée. Le paiement attend ces documents."},
	}
}

const titreNonConforme = "Nous ne pouvons pas encore payer : un point est à corriger"

// Lettre returns the letter.
func (s ServiceFaitNonConforme) Lettre(m Maison) (Lettre, bool) {
	return s.lettre(m, titreNonConforme, s.corps()...), true
}

// Courriel returns the mail.
func (s ServiceFaitNonConforme) Courriel(m Maison) (Message, error) {
	objet := "documents de fin à corriger"
	if s.Rang > 0 {
		objet = fmt.Sprintf("rappel %d, documents de fin à corriger", s.Rang)
	}
	return s.message(m, objet, titreNonConforme, "Corriger les documents", s.corps())
}

// constats lists what was found, each with its reason and what to do.
func (d Destinataire) constats(cs []Constat) Bloc {
	l := Liste{}
	for _, c := range cs {
		fort := c.Motif.Libelle()
		if c.Objet != "" && !strings.HasPrefix(strings.ToLower(fort), strings.ToLower(c.Objet)) {
			fort = c.Objet + ", " + minuscule(fort)
		}
		phrase := c.Phrase
		if phrase == "" {
			phrase = c.Motif.Phrase(c.Precisions)
		}
		l.Points = append(l.Points, Paragraphe{Fort: fort + ". ", Texte: d.vu(phrase)})
	}
	return l
}

// Forclusion tells that nothing came within the délai after the training (T20).
type Forclusion struct {
	Envoi
	Accorde   opco.Montant
	Libere    opco.Montant
	Echeance  opco.Date // last day of the délai
	Contester opco.Date
}

// Nom is the name of the event.
func (Forclusion) Nom() string { return "forclusion" }

func (f Forclusion) corps(m Maison) []Bloc {
	suite := "Nous avions réservé " + f.Libere.String() + " qui n’ont pas été utilisés : cette somme est de nouveau disponible dans votre enveloppe."
	if f.A.organisme() {
		suite = "Nous ne paierons plus de facture pour cette formation."
	}
	return append([]Bloc{
		Paragraphe{Texte: "Nous avions accordé " + f.Accorde.String() + " pour " + f.Dossier.formation() + "."},
		Encadre{Fort: "Le délai est passé : nous fermons ce dossier sans autre paiement.",
			Texte: " Les pièces de fin devaient nous parvenir le " + f.Echeance.Longue() + " au plus tard."},
		Paragraphe{Texte: suite},
		Paragraphe{Texte: "Si vous aviez envoyé les pièces à temps, dites-le-nous avec une preuve de l’envoi : nous pouvons rouvrir le dossier."},
	}, voiesDeRecours(m, f.Contester)...)
}

const titreForclusion = "Le délai est passé : nous fermons votre dossier"

// Lettre returns the letter.
func (f Forclusion) Lettre(m Maison) (Lettre, bool) {
	return f.lettre(m, titreForclusion, f.corps(m)...), true
}

// Courriel returns the mail.
func (f Forclusion) Courriel(m Maison) (Message, error) {
	return f.message(m, "fermé, délai passé", titreForclusion, "Voir le dossier", f.corps(m))
}

// Cloture tells that a dossier is closed: paid (T29), or with nothing to pay
// because nobody came (T26).
type Cloture struct {
	Envoi
	Paye      opco.Montant
	Libere    opco.Montant
	Contester opco.Date
}

// Nom is the name of the event.
func (Cloture) Nom() string { return "cloture" }

func (c Cloture) titre() string {
	if c.Paye == 0 {
		return "Votre dossier est fermé : il n’y a rien à payer"
	}
	return "Votre dossier est terminé : " + c.Paye.String() + " payés"
}

func (c Cloture) corps(m Maison) []Bloc {
	if c.Paye > 0 {
		return []Bloc{
			Paragraphe{Texte: "Le dossier portait sur " + c.Dossier.formation() + "."},
			Encadre{Fort: "Tout est payé : " + c.Paye.String() + ".", Texte: " Vous n’avez plus rien à faire."},
			Paragraphe{Texte: "Gardez les justificatifs 10 ans : ils peuvent être contrôlés."},
		}
	}
	e := opco.MotifSFAucunePresence.Expliquer(nil)
	rendu := "Les " + c.Libere.String() + " réservés sont de nouveau disponibles dans votre enveloppe."
	if c.A.organisme() {
		rendu = "Nous ne paierons pas de facture pour cette formation."
	}
	return append([]Bloc{
		Paragraphe{Texte: "Le dossier portait sur " + c.Dossier.formation() + "."},
		Encadre{Fort: opco.MotifSFAucunePresence.Libelle() + " : nous fermons le dossier sans paiement.", Texte: " " + rendu},
		Paragraphe{Texte: e.Quoi + " " + e.Pourquoi},
		Paragraphe{Texte: e.Comment},
	}, voiesDeRecours(m, c.Contester)...)
}

// Lettre returns the letter.
func (c Cloture) Lettre(m Maison) (Lettre, bool) {
	return c.lettre(m, c.titre(), c.corps(m)...), true
}

// Courriel returns the mail.
func (c Cloture) Courriel(m Maison) (Message, error) {
	objet := "terminé"
	if c.Paye == 0 {
		objet = "fermé sans paiement"
	}
	return c.message(m, objet, c.titre(), "Voir le dossier", c.corps(m))
}
