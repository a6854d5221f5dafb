package courrier

import "guichet/opco"

// ComplementRecu acknowledges the pièces asked for: the instruction goes on, and
// the day of the deposit has not changed (T07).
type ComplementRecu struct {
	Envoi
	RecuLe       opco.Date
	ReponseAvant opco.Date // legal délai, from the deposit
}

// Nom is the name of the event.
func (ComplementRecu) Nom() string { return "complement_recu" }

// Lettre says that the event has no letter.
func (ComplementRecu) Lettre(Maison) (Lettre, bool) { return Lettre{}, false }

// Courriel returns the mail.
func (c ComplementRecu) Courriel(m Maison) (Message, error) {
	return c.message(m, "pièces bien reçues", "Toutes vos pièces sont arrivées", "Suivre le dossier", []Bloc{
		Paragraphe{Texte: "Le " + c.RecuLe.Longue() + ", nous avons reçu la dernière des pièces demandées pour " + c.Dossier.courte() + "."},
		Paragraphe{Texte: "Nous reprenons l’étude de votre demande. Vous n’avez rien à faire. Nous répondons le " +
			c.ReponseAvant.Longue() + " au plus tard."},
	})
}
