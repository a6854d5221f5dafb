package web

import (
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// Who reads the contrôle, and who acts on it: as on its JSON routes.
var (
	controleLu   = api.Regle{Roles: []opco.Role{opco.RoleControleur, opco.RoleResponsable, opco.RoleAuditeur}}
	controleMene = api.Regle{Roles: []opco.Role{opco.RoleControleur, opco.RoleResponsable}}
)

func (w *Web) routesControle() map[string]route {
	return map[string]route{
		"GET /controle":               {w.getControle, controleLu},
		"GET /controle/:signalement":  {w.getSignalement, controleLu},
		"POST /controle":              {w.postControle, controleMene},
		"POST /controle/:signalement": {w.postSignalement, controleMene},
	}
}

// menuControle is the entry of the contrôle: what waits is counted, a late review calls.
func menuControle(o Occupant, n CompteursMenu) []Rubrique {
	if !slices.Contains(controleLu.Roles, o.Role) {
		return nil
	}
	k := n.Controle
	ton := tonSi(k.Ouverts+k.ARevoir, Ambre)
	if k.EnRetard > 0 {
		ton = Rouge
	}
	return []Rubrique{{Titre: "Mes files", Entrees: []Entree{{Nom: "Contrôle", URL: adresseControle, Icone: "shield-check", Compte: int(k.Ouverts + k.ARevoir), Ton: ton}}}}
}

// compterControle counts what waits for the contrôleur.
func (w *Web) compterControle(c *gin.Context, o Occupant, n *CompteursMenu) error {
	if !slices.Contains(controleLu.Roles, o.Role) {
		return nil
	}
	var err error
	n.Controle, err = w.Interieur.CompterLesSignalements(c)
	return err
}
