package web

import (
	"guichet/api"
	"guichet/opco"
)

// Who reaches the board of the responsable, and the figures.
var (
	equipeLue     = api.Regle{Roles: []opco.Role{opco.RoleResponsable, opco.RoleAuditeur}, Donnees: "identite"}
	equipeMenee   = api.Regle{Roles: []opco.Role{opco.RoleResponsable}}
	personneLibre = "personne" // in an address: the dossiers that are nobody's
)

var statistiquesLues = api.Regle{Roles: []opco.Role{opco.RoleResponsable, opco.RoleGestionnaire, opco.RoleComptable, opco.RoleAuditeur, opco.RoleAdmin}, Donnees: "identite"}

// routesStatistiques are the pages of the figures.
func (w *Web) routesStatistiques() map[string]route {
	return map[string]route{"GET /statistiques": {w.getStatistiques, statistiquesLues},
		"GET /statistiques/tableau.csv": {w.getStatistiquesCSV, statistiquesLues}}
}

// routesResponsable are the pages of the responsable of a team.
func (w *Web) routesResponsable() map[string]route {
	return map[string]route{
		"GET /equipe":               {w.getEquipe, equipeLue},
		"GET /equipe/second-regard": {w.getSecondsRegards, equipeLue},
		"GET /equipe/dossiers":      {w.getDossiersDe, equipeLue},
		"POST /equipe/dossiers":     {w.postConfierPlusieurs, equipeMenee},
	}
}
