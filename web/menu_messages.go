package web

import (
	"slices"

	"github.com/gin-gonic/gin"
)

// menuMessages is what others wrote to the staff.
func menuMessages(o Occupant, n CompteursMenu) []Rubrique {
	if !slices.Contains(echange.Roles, o.Role) {
		return nil
	}
	return []Rubrique{{Titre: "", Entrees: []Entree{{Nom: "Messages", URL: "/instruction/messages", Icone: "message-square", Compte: n.Messages, Ton: tonRetard(int64(n.Mentions))}}}}
}

// compterMessages counts the dossiers where a message waits, and the notes that name
// the reader.
func (w *Web) compterMessages(c *gin.Context, o Occupant, n *CompteursMenu) error {
	if !slices.Contains(echange.Roles, o.Role) {
		return nil
	}
	var err error
	if n.Messages, err = w.Interieur.CompterMessages(c); err != nil {
		return err
	}
	n.Mentions, err = w.Interieur.CompterMentions(c)
	n.Messages += n.Mentions
	return err
}
