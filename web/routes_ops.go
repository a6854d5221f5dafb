package web

import (
	"slices"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
)

// exploiteLu are those who look at what is stuck, as on its JSON routes.
var exploiteLu = api.Regle{Roles: []opco.Role{opco.RoleOps, opco.RoleAdmin, opco.RoleAuditeur}}

// adresseOps is the console.
const adresseOps = "/ops"

func (w *Web) routesOps() map[string]route {
	return map[string]route{
		"GET /ops":               {w.getBloques, exploiteLu},
		"GET /ops/causes/:cause": {w.getCause, exploiteLu},
		"GET /ops/cas/:cas":      {w.getCas, exploiteLu},
	}
}

// menuOps is the entry of the console: the causes are counted, one calls.
func menuOps(o Occupant, n CompteursMenu) []Rubrique {
	if !slices.Contains(exploiteLu.Roles, o.Role) {
		return nil
	}
	return []Rubrique{{Titre: "Exploitation", Entrees: []Entree{{Nom: "Bloqués", URL: adresseOps, Icone: "octagon-x", Compte: int(n.Bloques), Ton: tonSi(n.Bloques, Rouge)}}}}
}

// compterOps counts what is stuck.
func (w *Web) compterOps(c *gin.Context, o Occupant, n *CompteursMenu) error {
	if !slices.Contains(exploiteLu.Roles, o.Role) {
		return nil
	}
	var err error
	n.Bloques, _, err = w.Interieur.CompterLesBloques(c)
	return err
}
