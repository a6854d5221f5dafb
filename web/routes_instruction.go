package web

import (
	"guichet/api"
	"guichet/opco"
)

// Who works on the queues, as the JSON routes of the same noun say.
var (
	travail   = api.Regle{Roles: instructeurs}
	travailLu = api.Regle{Roles: travailleurs, Donnees: "identite"}
	vuesLues  = api.Regle{Roles: travailleurs}
	dirigeFil = api.Regle{Roles: []opco.Role{opco.RoleResponsable}}
)

// routesFile are the pages of the work queues.
func (w *Web) routesFile() map[string]route {
	return map[string]route{
		"GET /instruction":                             {w.getTravail, travailLu},
		"POST /instruction/suivant":                    {w.postSuivant, travail},
		"GET /instruction/vues":                        {w.getVues, vuesLues},
		"POST /instruction/vues":                       {w.postVue, vuesLues},
		"POST /instruction/vues/:id/ouverture":         {w.postVueDAbord, vuesLues},
		"POST /instruction/vues/:id/suppression":       {w.postVueSupprimee, vuesLues},
		"GET /instruction/etiquettes":                  {w.getEtiquettes, vuesLues},
		"POST /instruction/etiquettes":                 {w.postEtiquette, travail},
		"POST /instruction/etiquettes/:id/suppression": {w.postEtiquetteSupprimee, dirigeFil},
		"GET /instruction/dossiers/:id/classement":     {w.getClassement, travailLu},
		"POST /instruction/dossiers/:id/prise":         {w.postPrise, travail},
		"POST /instruction/dossiers/:id/prise/fin":     {w.postRendre, travail},
		"POST /instruction/dossiers/:id/prise/vie":     {w.postVivre, travail},
		"POST /instruction/dossiers/:id/attente":       {w.postAttente, travail},
		"POST /instruction/dossiers/:id/attente/fin":   {w.postReveil, travail},
		"POST /instruction/dossiers/:id/etiquettes":    {w.postEtiqueter, travail},
		"POST /instruction/dossiers/:id/attribution":   {w.postConfier, dirigeFil},
		"GET /equipe/portefeuilles":                    {w.getPortefeuilles, api.Regle{Roles: []opco.Role{opco.RoleResponsable}, Donnees: "identite"}},
		"POST /equipe/portefeuilles":                   {w.postPortefeuille, dirigeFil},
		"POST /equipe/portefeuilles/:id/suppression":   {w.postDelaisser, dirigeFil},
	}
}
