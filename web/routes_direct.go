package web

import (
	"guichet/api"
	"guichet/opco"
)

// Who hears and who searches.
var (
	entend  = api.Regle{Roles: opco.Roles()}
	cherche = api.Regle{Roles: chercheurs, Donnees: "identite"}
)

// routesDirect are what every connected page uses.
func (w *Web) routesDirect() map[string]route {
	return map[string]route{
		"GET /direct":          {w.getDirect, entend},
		"GET /direct/liste":    {w.getVenus, api.Regle{Roles: liseursDossiers}},
		"GET /recherche":       {w.getRecherche, cherche},
		"POST /compte/touches": {w.postTouches, connu},
	}
}
