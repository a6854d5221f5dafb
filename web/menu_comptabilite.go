package web

import (
	"slices"

	"github.com/gin-gonic/gin"
)

// compterComptables counts what waits at the desk of the comptable.
func (w *Web) compterComptables(c *gin.Context, o Occupant, n *CompteursMenu) error {
	if !slices.Contains(comptables, o.Role) {
		return nil
	}
	var err error
	n.Comptabilite, err = w.Interieur.CompterComptabilite(c)
	return err
}

// menuComptabilite are the entries of payments, and of what is measured.
func menuComptabilite(o Occupant, n CompteursMenu) []Rubrique {
	var payer, suivre []Entree
	k := n.Comptabilite
	if slices.Contains(comptables, o.Role) {
		payer = []Entree{
			{Nom: "À payer aujourd’hui", URL: "/comptabilite", Icone: "wallet"},
			{Nom: "Factures à payer", URL: "/comptabilite/factures", Icone: "receipt-text", Compte: int(k.APayer.Nombre), Ton: tonRetard(k.EnRetard.Nombre)},
			{Nom: "Lots de règlement", URL: "/comptabilite/lots", Icone: "layers", Compte: int(k.AValider.Nombre), Ton: tonSi(k.AValider.Nombre, Prune)},
			{Nom: "Retours de banque", URL: "/comptabilite/retours", Icone: "undo-2", Compte: int(k.Quarantaine.Nombre), Ton: tonSi(k.Quarantaine.Nombre, Ambre)},
			{Nom: "Rejets à traiter", URL: "/comptabilite/rejets", Icone: "octagon-x", Compte: int(k.Rejets.Nombre), Ton: tonSi(k.Rejets.Nombre, Rouge)},
		}
	}
	if slices.Contains(enveloppeVue.Roles, o.Role) {
		suivre = append(suivre, Entree{Nom: "Fonds et enveloppes", URL: "/comptabilite/enveloppes", Icone: "landmark"},
			Entree{Nom: "Synthèse financière", URL: "/comptabilite/synthese", Icone: "chart-pie"})
	}
	if slices.Contains(journalLu.Roles, o.Role) {
		suivre = append(suivre, Entree{Nom: "Journal comptable", URL: "/comptabilite/journal", Icone: "scale"})
	}
	return rubriques(Rubrique{Titre: "Payer", Entrees: payer}, Rubrique{Titre: "Piloter", Entrees: suivre})
}

// tonSi is ton when something is counted.
func tonSi(n int64, ton string) string {
	if n > 0 {
		return ton
	}
	return ""
}
