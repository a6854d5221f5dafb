package web

import (
	"guichet/api"
	"guichet/opco"
)

// Who reaches the desk of the comptable: as on the JSON routes of lots.
var (
	comptables     = []opco.Role{opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur, opco.RoleOps}
	valideurs      = []opco.Role{opco.RoleComptable, opco.RoleResponsable}
	comptable      = api.Regle{Roles: []opco.Role{opco.RoleComptable}}
	comptableForme = api.Regle{Roles: []opco.Role{opco.RoleComptable}, Donnees: "iban"}
	comptableVu    = api.Regle{Roles: comptables}
	comptableLu    = api.Regle{Roles: comptables, Donnees: "iban"}
	valide         = api.Regle{Roles: valideurs}
	fichierLu      = api.Regle{Roles: []opco.Role{opco.RoleComptable, opco.RoleResponsable, opco.RoleAuditeur}, Donnees: "iban"}
	enveloppeVue   = api.Regle{Roles: []opco.Role{opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleComptable, opco.RoleAuditeur}}
)

// routesComptabilite are the pages of the desk of the comptable.
func (w *Web) routesComptabilite() map[string]route {
	return map[string]route{
		"GET /comptabilite":                       {w.getComptabilite, comptableLu},
		"GET /comptabilite/factures":              {w.getFacturesAPayer, comptableLu},
		"GET /comptabilite/lots":                  {w.getLots, comptableVu},
		"GET /comptabilite/lots/nouveau":          {w.getLotNouveau, comptableForme},
		"POST /comptabilite/lots/nouveau":         {w.postLotNouveau, comptableForme},
		"GET /comptabilite/lots/:lot":             {w.getLot, comptableLu},
		"GET /comptabilite/lots/:lot/fichier":     {w.getFichierLot, fichierLu},
		"POST /comptabilite/lots/:lot/validation": {w.postValidationLot, valide},
		"POST /comptabilite/lots/:lot/annulation": {w.postAnnulationLot, valide},

		"POST /comptabilite/lots/:lot/issue":              {w.postIssueLot, valide},
		"POST /comptabilite/lots/:lot/issue/confirmation": {w.postConfirmationIssue, valide},

		"POST /comptabilite/lots/:lot/lignes":   {w.postLignesLot, comptable},
		"GET /comptabilite/retours":             {w.getRetours, comptableVu},
		"POST /comptabilite/retours":            {w.postRetour, comptable},
		"GET /comptabilite/retours/:retour":     {w.getRetour, comptableVu},
		"GET /comptabilite/quarantaine":         {w.getQuarantaine, comptableVu},
		"GET /comptabilite/rejets":              {w.getRejets, comptableLu},
		"POST /comptabilite/rejets":             {w.postRejet, comptable},
		"GET /comptabilite/enveloppes":          {w.getEnveloppes, enveloppeVue},
		"GET /comptabilite/enveloppes/dossiers": {w.getEnveloppe, enveloppeVue},
	}
}
