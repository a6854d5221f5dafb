package courrier

// MessageRecu tells a party that somebody of the OPCO wrote to it in its dossier.
// The mail never carries the message: it is read where the dossier is, by who may.
type MessageRecu struct {
	Envoi
	De string // who wrote
}

// Nom is the name of the event.
func (MessageRecu) Nom() string { return "message_recu" }

// Lettre says that the event has no letter.
func (MessageRecu) Lettre(Maison) (Lettre, bool) { return Lettre{}, false }

// Courriel returns the mail.
func (r MessageRecu) Courriel(m Maison) (Message, error) {
	qui := "L’OPCO"
	if r.De != "" {
		qui = r.De + ", de l’OPCO,"
	}
	return r.message(m, "un message vous attend", "Un message vous attend", "Lire et répondre", []Bloc{
		Paragraphe{Texte: qui + " vous a écrit au sujet de " + r.Dossier.courte() + "."},
		Paragraphe{Texte: "Lisez le message et répondez dans le dossier, en ligne : ne répondez pas à ce courriel, personne ne le lirait."},
	})
}
