package web

import (
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// Who reads debts, and who acts on them: as on their JSON routes.
var (
	indusVus  = api.Regle{Roles: []opco.Role{opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleAuditeur}}
	induLu    = api.Regle{Roles: indusVus.Roles, Donnees: "facture"}
	induMene  = api.Regle{Roles: []opco.Role{opco.RoleResponsable, opco.RoleComptable}}
	fondsMene = api.Regle{Roles: []opco.Role{opco.RoleComptable}}
)

// routesIndus are the pages of debts, in each room, and of what funds the envelopes.
func (w *Web) routesIndus() map[string]route {
	return map[string]route{
		"GET " + adresseIndus:                     {w.getIndus(adresseIndus), indusVus},
		"GET " + adresseIndus + "/:indu":          {w.getIndu(adresseIndus), induLu},
		"POST " + adresseIndus + "/:indu":         {w.postIndu(adresseIndus), induMene},
		"GET " + indusOrganisme:                   {w.getIndus(indusOrganisme), deLOrganisme},
		"GET " + indusOrganisme + "/:indu":        {w.getIndu(indusOrganisme), deLOrganisme},
		"POST " + indusOrganisme + "/:indu":       {w.postIndu(indusOrganisme), deLOrganisme},
		"GET " + indusEntreprise:                  {w.getIndus(indusEntreprise), deLEntreprise},
		"GET " + indusEntreprise + "/:indu":       {w.getIndu(indusEntreprise), deLEntreprise},
		"POST " + indusEntreprise + "/:indu":      {w.postIndu(indusEntreprise), deLEntreprise},
		"GET " + adresseFonds:                     {w.getFonds, fondsMene},
		"POST " + adresseFonds:                    {w.postDotation, fondsMene},
		"POST /comptabilite/enveloppes/exercices": {w.postExercice, fondsMene},
	}
}

// compterIndus counts the debts that wait for the reader.
func (w *Web) compterIndus(c *gin.Context, o Occupant, n *CompteursMenu) error {
	if !slices.Contains(indusVus.Roles, o.Role) && o.Role != opco.RoleOrganisme && !ouvreDossiers(o) {
		return nil
	}
	var err error
	n.Indus, err = w.Interieur.CompterLesIndus(c)
	return err
}

// menuIndus is the entry of debts: what waits for the reader is counted, and calls.
func menuIndus(o Occupant, n CompteursMenu) []Rubrique {
	e := Entree{Nom: titreIndusDus, Icone: "coins"}
	titre := "Payer"
	switch {
	case slices.Contains(indusVus.Roles, o.Role):
		e.Nom, e.URL, e.Compte = titreIndusMaison, adresseIndus, n.Indus[opco.InduConstate]+n.Indus[opco.InduNotifie]+n.Indus[opco.InduConteste]+n.Indus[opco.InduContentieux]+n.Indus[opco.InduAbandonPropose]
		switch o.Role {
		case opco.RoleComptable:
			e.Compte = n.Indus[opco.InduConstate] + n.Indus[opco.InduAbandonPropose]
			e.Ton = tonSi(int64(e.Compte), Ambre)
		case opco.RoleResponsable:
			e.Compte = n.Indus[opco.InduConteste]
			e.Ton = tonSi(int64(e.Compte), Ambre)
		}
	case o.Role == opco.RoleOrganisme:
		titre, e.URL, e.Compte = "Encaisser", indusOrganisme, n.Indus[opco.InduNotifie]
	case ouvreDossiers(o):
		titre, e.URL, e.Compte = "Suivre", indusEntreprise, n.Indus[opco.InduNotifie]
	default:
		return nil
	}
	return []Rubrique{{Titre: titre, Entrees: []Entree{e}}}
}
