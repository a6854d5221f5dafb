package web

import (
	"guichet/api"
	"guichet/opco"
)

// Who reaches the rooms of an organisme, and the documents that it sends.
var (
	deLOrganisme  = api.Regle{Roles: []opco.Role{opco.RoleOrganisme}}
	documentsLus  = api.Regle{Roles: []opco.Role{opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleAuditeur}, Donnees: "identite"}
	documentsJuge = api.Regle{Roles: []opco.Role{opco.RoleGestionnaire, opco.RoleResponsable}}
)

// routesOrganisme are the pages of an organisme de formation, and the forms of who
// invoices, which a company fills too for its remboursement.
func (w *Web) routesOrganisme() map[string]route {
	return map[string]route{
		"GET /organisme":                                   {w.getOrganisme, deLOrganisme},
		"GET /organisme/dossiers":                          {w.getDossiersOrganisme, deLOrganisme},
		"GET /organisme/dossiers/:id":                      {w.getDossierOrganisme, deLOrganisme},
		"GET /organisme/dossiers/:id/suivi":                {w.getSuiviOrganisme, deLOrganisme},
		"GET /organisme/dossiers/:id/stagiaires":           {w.getDossierOrganisme, deLOrganisme},
		"GET /organisme/dossiers/:id/documents":            {w.getDossierOrganisme, deLOrganisme},
		"GET /organisme/dossiers/:id/factures":             {w.getDossierOrganisme, deLOrganisme},
		"GET /organisme/dossiers/:id/historique":           {w.getDossierOrganisme, deLOrganisme},
		"GET /organisme/dossiers/:id/echanges":             {w.getDossierOrganisme, deLOrganisme},
		"POST /organisme/dossiers/:id/echanges":            {w.postEchangeOrganisme, deLOrganisme},
		"POST /organisme/dossiers/:id/documents":           {w.postDocumentsOrganisme, deLOrganisme},
		"GET /organisme/dossiers/:id/certificats":          {w.getCertificats(salleOrganisme), deLOrganisme},
		"POST /organisme/dossiers/:id/certificats":         {w.postCertificats(salleOrganisme), deLOrganisme},
		"GET /organisme/dossiers/:id/factures/nouvelle":    {w.getSaisieFacture(salleOrganisme), deLOrganisme},
		"POST /organisme/dossiers/:id/factures/nouvelle":   {w.postSaisieFacture(salleOrganisme), deLOrganisme},
		"GET /organisme/dossiers/:id/factures/lecture":     {w.getDepotElectronique(salleOrganisme), deLOrganisme},
		"POST /organisme/dossiers/:id/factures/lecture":    {w.postDepotElectronique(salleOrganisme), deLOrganisme},
		"GET /organisme/dossiers/:id/factures/statuts":     {w.getStatutsFactures(salleOrganisme), deLOrganisme},
		"GET /entreprise/dossiers/:id/factures/lecture":    {w.getDepotElectronique(salleEntreprise), deLEntreprise},
		"POST /entreprise/dossiers/:id/factures/lecture":   {w.postDepotElectronique(salleEntreprise), deLEntreprise},
		"GET /entreprise/dossiers/:id/factures/statuts":    {w.getStatutsFactures(salleEntreprise), deLEntreprise},
		"GET /organisme/dossiers/:id/avoirs/nouveau":       {w.getAvoir, deLOrganisme},
		"POST /organisme/dossiers/:id/avoirs/nouveau":      {w.postAvoir, deLOrganisme},
		"GET /organisme/documents":                         {w.getDocuments, deLOrganisme},
		"GET /organisme/documents/nouveau":                 {w.getDocumentNouveau, deLOrganisme},
		"POST /organisme/documents/nouveau":                {w.postDocumentNouveau, deLOrganisme},
		"GET /organisme/documents/:document":               {w.getDocumentModifie, deLOrganisme},
		"POST /organisme/documents/:document":              {w.postDocumentModifie, deLOrganisme},
		"POST /organisme/documents/:document/suppression":  {w.postDocumentSupprime, deLOrganisme},
		"GET /organisme/reglements":                        {w.getReglementsRecus, deLOrganisme},
		"POST /organisme/reglements/:reglement/pointage":   {w.postPointage, deLOrganisme},
		"GET /entreprise/dossiers/:id/certificats":         {w.getCertificats(salleEntreprise), deLEntreprise},
		"POST /entreprise/dossiers/:id/certificats":        {w.postCertificats(salleEntreprise), deLEntreprise},
		"GET /entreprise/dossiers/:id/factures/nouvelle":   {w.getSaisieFacture(salleEntreprise), deLEntreprise},
		"POST /entreprise/dossiers/:id/factures/nouvelle":  {w.postSaisieFacture(salleEntreprise), deLEntreprise},
		"GET /instruction/documents":                       {w.getDocumentsEquipe, documentsLus},
		"POST /instruction/documents/:document/conformite": {w.postConformite, documentsJuge},
	}
}
