package web

import (
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// Who looks at bank details, and who acts on them: as on their JSON routes.
var (
	ribsLus = api.Regle{Roles: []opco.Role{opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur}, Donnees: "iban"}
	ribsVus = api.Regle{Roles: []opco.Role{opco.RoleComptable, opco.RoleResponsable}}
)

// The pages where a payee reads its bank details.
const (
	coordonneesOrganisme  = "/organisme/coordonnees"
	coordonneesEntreprise = "/entreprise/coordonnees"
)

func (w *Web) routesRIB() map[string]route {
	return map[string]route{
		"GET /organisme/coordonnees":   {w.getCoordonnees(coordonneesOrganisme), deLOrganisme},
		"POST /organisme/coordonnees":  {w.postCoordonnees(coordonneesOrganisme), deLOrganisme},
		"GET /entreprise/coordonnees":  {w.getCoordonnees(coordonneesEntreprise), deLEntreprise},
		"POST /entreprise/coordonnees": {w.postCoordonnees(coordonneesEntreprise), deLEntreprise},
		"GET /comptabilite/ribs":       {w.getRIBs, ribsLus},
		"GET /comptabilite/ribs/:rib":  {w.getRIB, ribsLus},
		"POST /comptabilite/ribs/:rib": {w.postRIB, ribsVus},
	}
}

// menuRIB are the entries of bank details, beside those of payments.
func menuRIB(o Occupant, n CompteursMenu) []Rubrique {
	switch {
	case slices.Contains(ribsLus.Roles, o.Role):
		return []Rubrique{{Titre: "Payer", Entrees: []Entree{{Nom: "RIB à vérifier", URL: adresseRIBs, Icone: "shield-check", Compte: n.RIBs, Ton: tonSi(int64(n.RIBs), Ambre)}}}}
	case o.Role == opco.RoleOrganisme:
		return []Rubrique{{Titre: "Encaisser", Entrees: []Entree{{Nom: "Coordonnées bancaires", URL: coordonneesOrganisme, Icone: "landmark"}}}}
	case ouvreDossiers(o):
		return []Rubrique{{Titre: "Mon entreprise", Entrees: []Entree{{Nom: "Coordonnées bancaires", URL: coordonneesEntreprise, Icone: "landmark"}}}}
	}
	return nil
}

// compterRIBs counts the RIBs that wait for somebody of the OPCO.
func (w *Web) compterRIBs(c *gin.Context, o Occupant, n *CompteursMenu) error {
	if !slices.Contains(ribsLus.Roles, o.Role) {
		return nil
	}
	var err error
	n.RIBs, err = w.Interieur.CompterLesRIBs(c)
	return err
}
