package courrier

import (
	"fmt"
	"time"

	"guichet/opco"
)

// Depot acknowledges a demande (T04), to the company, and tells the organisme
// that it was made.
type Depot struct {
	Envoi
	DeposeLe     time.Time
	Demande      opco.Montant
	AVenir       []opco.TypePiece // pièces announced « à venir »
	ReponseAvant opco.Date        // legal délai of the decision, R6332-24
}

// Nom is the name of the event.
func (Depot) Nom() string { return "depot" }

func (d Depot) corps() []Bloc {
	quand := opco.JourDe(d.DeposeLe).Longue() + " à " + d.DeposeLe.In(opco.Paris).Format("15 h 04")
	qui := "Nous avons reçu votre demande le " + quand + "."
	if d.A.organisme() {
		qui = d.Dossier.Entreprise + " nous a adressé une demande le " + quand + "."
	}
	blocs := []Bloc{
		Paragraphe{Texte: qui + " Elle porte sur " + d.Dossier.formation() + "."},
		Encadre{Fort: "Votre demande porte le numéro " + d.Dossier.Numero + ".",
			Texte: " Montant demandé : " + d.Demande.String() + "."},
	}
	if d.A.organisme() {
		blocs[1] = Encadre{Fort: "Le dossier porte le numéro " + d.Dossier.Numero + ".", Texte: " Écrivez-le sur votre facture."}
	}
	if len(d.AVenir) > 0 {
		l := Liste{}
		for _, t := range d.AVenir {
			l.Points = append(l.Points, Paragraphe{Texte: majuscule(t.Libelle())})
		}
		blocs = append(blocs, Paragraphe{Texte: "Vous avez annoncé « à venir » :"}, l,
			Paragraphe{Texte: "Déposez ces pièces dans le dossier : l’étude commence quand il est complet."})
	}
	suite := "Nous étudions la demande."
	if d.ReponseAvant != "" {
		suite = "Nous étudions la demande et vous répondons le " + d.ReponseAvant.Longue() + " au plus tard."
	}
	if len(d.AVenir) == 0 {
		suite += " Vous n’avez rien à faire."
	}
	return append(blocs,
		Paragraphe{Texte: suite},
		Paragraphe{Texte: "Ce message n’est pas un accord : attendez notre réponse avant de compter sur ce financement."})
}

// Lettre returns the accusé de réception.
func (d Depot) Lettre(m Maison) (Lettre, bool) {
	return d.lettre(m, "Nous avons bien reçu "+d.laDemande(), d.corps()...), true
}

// Courriel returns the mail.
func (d Depot) Courriel(m Maison) (Message, error) {
	return d.message(m, "demande bien reçue", "Nous avons bien reçu "+d.laDemande(), "Suivre le dossier", d.corps())
}

func (d Depot) laDemande() string {
	if d.A.organisme() {
		return "une demande pour votre formation"
	}
	return "votre demande"
}

// Complement asks for pièces, one by one with their reason (T06), and repeats
// the request (T08).
type Complement struct {
	Envoi
	DemandeLe opco.Date            // day from which the délai runs
	AvantLe   opco.Date            // last day of the délai
	Pieces    []opco.PieceDemandee // those still missing
	Relance   int                  // 0 for the request, then 1, 2
}

// Nom is the name of the event.
func (Complement) Nom() string { return "complement" }

func (c Complement) titre() string {
	n := compter(len(c.Pieces), "pièce")
	if c.A.organisme() {
		return "Nous attendons " + n + " de vous pour étudier une demande"
	}
	if c.Relance == 0 {
		return "Votre dossier est à compléter : il manque " + n
	}
	return "Il nous manque toujours " + n
}

func (c Complement) corps() []Bloc {
	intro := "Pour étudier " + c.Dossier.courte() + ", il nous faut :"
	if c.Relance > 0 {
		intro = "Le " + c.DemandeLe.Longue() + ", nous vous avons demandé des pièces pour étudier " + c.Dossier.courte() +
			". Il nous manque encore :"
	}
	fin := "Sans ces pièces, nous classerons le dossier sans suite et la formation ne sera pas financée."
	if c.Relance > 0 {
		fin = "Passé ce jour, nous classerons le dossier sans suite et la formation ne sera pas financée."
	}
	if c.A.organisme() {
		intro = "Pour étudier la demande de " + c.Dossier.Entreprise + ", " + c.Dossier.courte() + ", il nous faut des documents que vous rédigez :"
	}
	return []Bloc{
		Paragraphe{Texte: intro},
		c.A.pieces(c.Pieces),
		Encadre{Fort: "Vous avez " + jusquau(c.AvantLe) + ".", Texte: " Déposez les pièces dans le dossier, en ligne."},
		Paragraphe{Texte: fin + c.dateGardee()},
	}
}

// dateGardee reassures who made the demande.
func (c Complement) dateGardee() string {
	if c.A.organisme() {
		return " Nous avons écrit aussi à l’entreprise."
	}
	return " La date de dépôt de votre demande, elle, ne change pas."
}

// Lettre returns the letter.
func (c Complement) Lettre(m Maison) (Lettre, bool) {
	return c.lettre(m, c.titre(), c.corps()...), true
}

// Courriel returns the mail.
func (c Complement) Courriel(m Maison) (Message, error) {
	objet := "pièces à envoyer"
	if c.Relance > 0 {
		objet = fmt.Sprintf("rappel %d, pièces à envoyer", c.Relance)
	}
	return c.message(m, objet, c.titre(), "Envoyer les pièces", c.corps())
}

// SansSuite tells that the délai of a complement has ended (T09).
type SansSuite struct {
	Envoi
	DemandeLe opco.Date
	Effet     opco.Date // last day of the délai
	Pieces    []opco.PieceDemandee
}

// Nom is the name of the event.
func (SansSuite) Nom() string { return "sans_suite" }

func (s SansSuite) corps() []Bloc {
	suite := "La formation a commencé : elle ne peut plus faire l’objet d’une demande."
	if s.Le < s.Dossier.Debut {
		suite = "La formation commence le " + s.Dossier.Debut.Longue() +
			" : vous pouvez déposer une nouvelle demande jusqu’à la veille, avec toutes ses pièces."
	}
	return []Bloc{
		Encadre{Fort: "Nous classons ce dossier sans suite le " + s.Effet.Longue() + ".",
			Texte: " Aucune somme n’est réservée pour la formation."},
		Paragraphe{Texte: "Le " + s.DemandeLe.Longue() + ", nous vous avons demandé des pièces pour étudier " +
			s.Dossier.formation() + ". Elles ne nous sont pas parvenues dans le délai :"},
		s.A.manques(s.Pieces),
		Intertitre{"Ce que vous pouvez faire"},
		Paragraphe{Texte: suite},
	}
}

// Lettre returns the letter.
func (s SansSuite) Lettre(m Maison) (Lettre, bool) {
	return s.lettre(m, "Nous classons votre demande sans suite", s.corps()...), true
}

// Courriel returns the mail.
func (s SansSuite) Courriel(m Maison) (Message, error) {
	return s.message(m, "classé sans suite", "Nous classons votre demande sans suite", "Voir le dossier", s.corps())
}

// manques lists the pièces that did not come, without asking for them again.
func (d Destinataire) manques(demandees []opco.PieceDemandee) Bloc {
	l := Liste{}
	for _, p := range demandees {
		l.Points = append(l.Points, Paragraphe{
			Fort:  majuscule(p.Type.Libelle()) + ". ",
			Texte: d.vu(p.Motif.Expliquer(opco.Precisions{"detail": incise(p.Precision)}).Quoi),
		})
	}
	return l
}

// pieces lists the pièces asked for, each with its reason and what to do.
func (d Destinataire) pieces(demandees []opco.PieceDemandee) Bloc {
	l := Liste{}
	for _, p := range demandees {
		l.Points = append(l.Points, Paragraphe{
			Fort:  majuscule(p.Type.Libelle()) + ". ",
			Texte: d.vu(p.Motif.Phrase(opco.Precisions{"detail": incise(p.Precision)})),
		})
	}
	return l
}
