package web

import (
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// CompteursEntreprise are the figures of the menu of a company (AK-09, AK-11).
type CompteursEntreprise struct {
	Dossiers store.Compteurs
	Suivis   store.CompteursSuivis
}

// compterEntreprise reads the figures of the menu of a company.
func (w *Web) compterEntreprise(c *gin.Context, o Occupant, n *CompteursMenu) error {
	if !ouvreDossiers(o) {
		return nil
	}
	var err error
	if n.Entreprise.Dossiers, err = w.Interieur.CompteursDeDossiers(c); err != nil {
		return err
	}
	n.Entreprise.Suivis, err = w.Interieur.CompteursSuivis(c)
	return err
}

// ouvreDossiers reports whether an espace reads the dossiers of a company.
func ouvreDossiers(o Occupant) bool {
	s := o.Entre().Services
	return o.Role == opco.RoleEntreprise && (slices.Contains(s, opco.ServiceDossiers) || slices.Contains(s, opco.ServiceLecture))
}

// menuEntreprise are the entries of a company, those that its rights open (AK-10).
func menuEntreprise(o Occupant, n CompteursMenu) []Rubrique {
	if slices.Contains(annonceurs.Roles, o.Role) {
		return []Rubrique{{Titre: "Entreprises et organismes", Entrees: []Entree{{Nom: "Interlocuteurs", URL: "/equipe/interlocuteurs", Icone: "users"},
			{Nom: "Informations", URL: "/equipe/informations", Icone: "info"}}}}
	}
	if !ouvreDossiers(o) {
		return nil
	}
	d := n.Entreprise.Dossiers
	var demander []Entree
	if len(o.Ecrit) > 0 {
		demander = append(demander, Entree{Nom: "Nouvelle demande", URL: "/entreprise/demandes/nouvelle", Icone: "plus"})
	}
	demander = append(demander, Entree{Nom: "Brouillons", URL: "/entreprise/brouillons", Icone: "pencil-line", Compte: brouillons(d)})
	suivre := []Entree{{Nom: "Mon entreprise", URL: "/entreprise", Icone: "building-2"},
		{Nom: "Dossiers formation", URL: "/entreprise/dossiers", Icone: "folder-open", Compte: groupeAF{}.compte(d)}}
	for _, g := range groupesAF {
		suivre = append(suivre, Entree{Nom: g.Nom, URL: "/entreprise/dossiers?groupe=" + g.Cle, Icone: g.Icone, Compte: g.compte(d)})
	}
	suivre = append(suivre, Entree{Nom: "Factures", URL: "/entreprise/factures", Icone: "receipt-text", Compte: int(n.Entreprise.Suivis.Factures)},
		Entree{Nom: "Règlements", URL: "/entreprise/reglements", Icone: "banknote", Compte: int(n.Entreprise.Suivis.Reglements)},
		Entree{Nom: "Documents", URL: "/entreprise/documents", Icone: "files", Compte: int(n.Entreprise.Suivis.Documents)})
	return []Rubrique{{Titre: "Demander", Entrees: demander}, {Titre: "Suivre", Entrees: suivre}, {Titre: "Mon entreprise", Entrees: []Entree{{Nom: "Salariés", URL: "/entreprise/salaries", Icone: "user", Compte: int(n.Entreprise.Suivis.Salaries)},
		{Nom: "Établissements", URL: "/entreprise/etablissements", Icone: "map-pin", Compte: len(o.SIRETs)},
		{Nom: "Synthèse financière", URL: "/entreprise/synthese", Icone: "chart-pie"}, {Nom: "États", URL: "/entreprise/etats", Icone: "download"}}}}
}
