package web

import (
	"guichet/api"
	"guichet/opco"
)

// rejoue are those who ask for a replay or a verification.
var rejoue = api.Regle{Roles: []opco.Role{opco.RoleOps}}

// routesRejeu are the pages of the replays and of the verifications of the base.
func (w *Web) routesRejeu() map[string]route {
	return map[string]route{
		"GET /ops/rejeux":           {w.getRejeux, exploiteLu},
		"POST /ops/rejeux":          {w.postRejeu, rejoue},
		"GET /ops/rejeux/:id":       {w.getRejeu, exploiteLu},
		"GET /ops/verification":     {w.getVerifications, exploiteLu},
		"POST /ops/verification":    {w.postVerification, rejoue},
		"GET /ops/verification/:id": {w.getVerification, exploiteLu},
	}
}
