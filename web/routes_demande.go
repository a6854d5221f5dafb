package web

import (
	"guichet/api"
	"guichet/opco"
)

// entrepriseSeule is who enters demandes: a company, within its écritures.
var entrepriseSeule = api.Regle{Roles: []opco.Role{opco.RoleEntreprise}}

// routesDemande are the pages where a company enters demandes, keeps its salariés and
// imports files.
func (w *Web) routesDemande() map[string]route {
	e := entrepriseSeule
	return map[string]route{
		"GET /entreprise/demandes/nouvelle":           {w.getNouvelleDemande, e},
		"POST /entreprise/demandes/nouvelle":          {w.postNouvelleDemande, e},
		"GET /entreprise/demandes/:id":                {w.getDemandeSaisie, e},
		"GET /entreprise/demandes/:id/:etape":         {w.getEtape, e},
		"POST /entreprise/demandes/:id/:etape":        {w.postEtape, e},
		"POST /entreprise/demandes/:id/pieces":        {w.postPiecesDemande, e},
		"POST /entreprise/demandes/:id/estimation":    {w.postEstimation, e},
		"GET /entreprise/organismes":                  {w.getAnnuaire, e},
		"POST /entreprise/dossiers/:id/copie":         {w.postCopie, e},
		"GET /entreprise/brouillons":                  {w.getBrouillons, e},
		"GET /entreprise/brouillons/:id/suppression":  {w.getSuppression, e},
		"POST /entreprise/brouillons/:id/suppression": {w.postSuppression, e},
		"GET /entreprise/salaries":                    {w.getSalaries, e},
		"GET /entreprise/salaries/nouveau":            {w.getSalarieNouveau, e},
		"POST /entreprise/salaries/nouveau":           {w.postSalarieNouveau, e},
		"GET /entreprise/salaries/:id":                {w.getSalarie, e},
		"POST /entreprise/salaries/:id":               {w.postSalarie, e},
		"POST /entreprise/salaries/:id/retrait":       {w.postRetraitSalarie, e},
		"GET /entreprise/import":                      {w.getImport, e},
		"GET /entreprise/import/modele.csv":           {w.getModeleImport, e},
		"POST /entreprise/import":                     {w.postImport, e},
		"GET /entreprise/import/:id":                  {w.getImportLu, e},
		"POST /entreprise/import/:id/envoi":           {w.postEnvoiImport, e},
	}
}
