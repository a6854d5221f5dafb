package web

import (
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// menuOrganisme are the entries of an organisme de formation.
func menuOrganisme(o Occupant, n CompteursMenu) []Rubrique {
	if o.Role != opco.RoleOrganisme {
		return nil
	}
	attendus := Entree{Nom: "Dossiers", URL: "/organisme/dossiers", Icone: "folder-open", Compte: int(n.Organisme.Attendus)}
	if n.Organisme.Attendus > 0 {
		attendus.Ton = Ambre
	}
	return []Rubrique{
		{Titre: "Suivre", Entrees: []Entree{{Nom: "Mon espace", URL: "/organisme", Icone: "graduation-cap"}, attendus}},
		{Titre: "Encaisser", Entrees: []Entree{
			{Nom: "Règlements", URL: "/organisme/reglements", Icone: "banknote", Compte: int(n.Organisme.APointer)},
			{Nom: "Documents", URL: "/organisme/documents", Icone: "files", Compte: int(n.Organisme.NonConformes), Ton: tonRetard(n.Organisme.NonConformes)},
		}},
	}
}

// compterOrganisme counts what waits for an organisme.
func (w *Web) compterOrganisme(c *gin.Context, o Occupant, n *CompteursMenu) error {
	if o.Role != opco.RoleOrganisme {
		return nil
	}
	var err error
	n.Organisme, err = w.Interieur.CompteursOrganisme(c)
	return err
}

// menuDocuments is the entry of the documents of organismes, for the staff that
// judges them.
func menuDocuments(o Occupant, _ CompteursMenu) []Rubrique {
	if !slices.Contains(documentsLus.Roles, o.Role) {
		return nil
	}
	return []Rubrique{{Titre: "Entreprises et organismes", Entrees: []Entree{{Nom: "Documents des organismes", URL: "/instruction/documents", Icone: "files"}}}}
}
