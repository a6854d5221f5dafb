package web

import (
	"guichet/api"
	"guichet/opco"
)

// Who intervenes, who agrees as a second person, and who reads the journal of it.
var (
	intervient        = api.Regle{Roles: opco.Intervenants()}
	interventionJugee = api.Regle{Roles: opco.SecondsIntervenants()}
	interventionLue   = api.Regle{Roles: []opco.Role{opco.RoleOps, opco.RoleResponsable, opco.RoleAdmin, opco.RoleAuditeur}}
)

// routesIntervention are the pages of the safe actions of the ops staff.
func (w *Web) routesIntervention() map[string]route {
	return map[string]route{
		"GET /ops/interventions":             {w.getInterventions, interventionLue},
		"POST /ops/interventions":            {w.postIntervention, intervient},
		"GET /ops/interventions/nouvelle":    {w.getNouvelleIntervention, intervient},
		"GET /ops/interventions/export.csv":  {w.getInterventionsCSV, interventionLue},
		"GET /ops/interventions/:id":         {w.getIntervention, interventionLue},
		"POST /ops/interventions/:id/:geste": {w.postGesteIntervention, interventionJugee},
	}
}
