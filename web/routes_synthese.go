package web

import (
	"guichet/api"
	"guichet/opco"
)

var journalLu = api.Regle{Roles: []opco.Role{opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur}}

// routesSynthese are the money of a year, the lists of a company and the accounting
// journal.
func (w *Web) routesSynthese() map[string]route {
	return map[string]route{
		"GET /entreprise/synthese":          {w.getSynthese("/entreprise/synthese"), deLEntreprise},
		"GET /entreprise/synthese/dossiers": {w.getEngagements, deLEntreprise},
		"GET /entreprise/etats":             {w.getEtats, deLEntreprise},
		"GET /entreprise/etats/:etat":       {w.getEtat, deLEntreprise},
		"GET /comptabilite/synthese":        {w.getSynthese("/comptabilite/synthese"), enveloppeVue},
		"GET /comptabilite/journal":         {w.getJournal, journalLu},
		"POST /comptabilite/journal":        {w.postJournal, comptable},
		"GET /comptabilite/journal/fichier": {w.getFichierJournal, journalLu},
	}
}
