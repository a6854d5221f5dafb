package web

import (
	"maps"

	"guichet/api"
	"guichet/opco"
)

var (
	deLEntreprise = api.Regle{Roles: []opco.Role{opco.RoleEntreprise}}
	annonceurs    = api.Regle{Roles: []opco.Role{opco.RoleAdmin, opco.RoleResponsable}}
)

// routesEntreprise are the rooms of a company, and the pages of what the OPCO tells it.
func (w *Web) routesEntreprise() map[string]route {
	rs := map[string]route{
		"GET /dossiers/:id":              {w.getDossier, connu},
		"GET /entreprise":                {w.getEntreprise, deLEntreprise},
		"GET /entreprise/dossiers":       {w.getDossiersEntreprise, deLEntreprise},
		"GET /entreprise/factures":       {w.getFacturesEntreprise, deLEntreprise},
		"GET /entreprise/reglements":     {w.getReglementsEntreprise, deLEntreprise},
		"GET /entreprise/documents":      {w.getDocumentsEntreprise, deLEntreprise},
		"GET /entreprise/etablissements": {w.getEtablissements, deLEntreprise},

		"GET /entreprise/dossiers/:id/suivi":                          {w.getSuiviDossier(baseEntreprise), deLEntreprise},
		"GET /entreprise/dossiers/:id/impression":                     {w.getImpression, deLEntreprise},
		"POST /entreprise/dossiers/:id/documents":                     {w.postDocumentsEntreprise, deLEntreprise},
		"POST /entreprise/dossiers/:id/echanges":                      {w.postEchangeEntreprise, deLEntreprise},
		"GET /entreprise/dossiers/:id/annulation":                     {w.getAnnulation, deLEntreprise},
		"POST /entreprise/dossiers/:id/annulation":                    {w.postAnnulation, deLEntreprise},
		"GET /entreprise/dossiers/:id/stagiaires/:stagiaire/retrait":  {w.getRetraitStagiaire, deLEntreprise},
		"POST /entreprise/dossiers/:id/stagiaires/:stagiaire/retrait": {w.postRetraitStagiaire, deLEntreprise},
	}
	maps.Copy(rs, map[string]route{
		"GET /equipe/interlocuteurs":            {w.getUnites, annonceurs},
		"POST /equipe/interlocuteurs":           {w.postUnite, annonceurs},
		"GET /equipe/interlocuteurs/:unite":     {w.getUnite, annonceurs},
		"GET /equipe/informations":              {w.getInformations, annonceurs},
		"POST /equipe/informations":             {w.postInformation, annonceurs},
		"GET /equipe/informations/:information": {w.getInformation, annonceurs},
	})
	maps.Copy(rs, map[string]route{
		"GET /entreprise/dossiers/:id":            {w.getDossierEntreprise(ongletCouts), deLEntreprise},
		"GET /entreprise/dossiers/:id/stagiaires": {w.getDossierEntreprise(ongletStagiaires), deLEntreprise},
		"GET /entreprise/dossiers/:id/documents":  {w.getDossierEntreprise(ongletDocuments), deLEntreprise},
		"GET /entreprise/dossiers/:id/factures":   {w.getDossierEntreprise(ongletFactures), deLEntreprise},
		"GET /entreprise/dossiers/:id/historique": {w.getDossierEntreprise(ongletHistorique), deLEntreprise},
		"GET /entreprise/dossiers/:id/echanges":   {w.getDossierEntreprise(ongletEchanges), deLEntreprise},
	})
	return rs
}
