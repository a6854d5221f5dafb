package web

import (
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// travailleurs read the work queues; instructeurs take from them.
var (
	instructeurs = []opco.Role{opco.RoleGestionnaire, opco.RoleResponsable}
	travailleurs = append(slices.Clone(instructeurs), opco.RoleAuditeur)
)

// filesMenu are the queues of the menu, with their icons.
var filesMenu = []struct {
	file  store.File
	icone string
}{
	{store.FileCompletude, "inbox"}, {store.FileInstruction, "file-search"}, {store.FileValidation, "eye"}, {store.FileServiceFait, "list-checks"},
	{store.FileFactures, "receipt-text"}, {store.FileACompleter, "hourglass"}, {store.FileRejets, "undo-2"},
}

// adresseFile is where a queue is.
func adresseFile(f store.File) string { return "/instruction?file=" + string(nommee(f)) }

// compterInstruction counts the queues, for those who work on them.
func (w *Web) compterInstruction(c *gin.Context, o Occupant, n *CompteursMenu) error {
	if !slices.Contains(travailleurs, o.Role) {
		return nil
	}
	var err error
	n.Files, err = w.Interieur.CompterFiles(c)
	return err
}

// menuInstruction are the entries of the work queues.
func menuInstruction(o Occupant, n CompteursMenu) []Rubrique {
	if !slices.Contains(travailleurs, o.Role) {
		return nil
	}
	noms := store.Files()
	var files []Entree
	for _, f := range filesMenu {
		e := Entree{Nom: noms[f.file], URL: adresseFile(f.file), Icone: f.icone}
		for _, x := range n.Files {
			if x.Code == string(f.file) {
				e.Compte, e.Ton = int(x.Nombre), tonRetard(x.EnRetard)
			}
		}
		files = append(files, e)
	}
	files = append(files, Entree{Nom: "Étiquettes", URL: "/instruction/etiquettes", Icone: "tag"}, Entree{Nom: "Actions groupées", URL: adresseActions, Icone: "list-checks"})
	return rubriques(Rubrique{Titre: "Mes files", Entrees: files})
}
