package web

import (
	"net/url"
	"slices"

	"guichet/opco"
	"guichet/store"
)

// Where a result leads depends on the rooms of who reads it: "" when none shows it.

// ligneNommee is an invoice, a règlement or a lot, whose number was typed.
func ligneNommee(n store.Nomme, adresse, icone string, m marque) LigneTrouvee {
	l := LigneTrouvee{URL: adresse, Icone: icone, Numero: n.Numero, Nom: n.Montant.String(), Marque: m, Exacte: true}
	switch {
	case n.DossierNumero != "":
		l.Precision = "Dossier " + n.DossierNumero + ", " + intituleOuSans(n.Intitule)
	case n.Nombre > 0:
		l.Precision = combien(int(n.Nombre), "règlement")
	}
	return l
}

// adresseFacture is the service fait for who judges it, the tab of the invoices for an
// organisation, else the dossier.
func adresseFacture(n store.Nomme, r opco.Role) string {
	switch r {
	case opco.RoleEntreprise:
		return "/entreprise/dossiers/" + n.Dossier + "/factures"
	case opco.RoleOrganisme:
		return "/organisme/dossiers/" + n.Dossier + "/factures"
	case opco.RoleGestionnaire, opco.RoleResponsable, opco.RoleAuditeur:
		return "/instruction/dossiers/" + n.Dossier + "/service-fait"
	}
	return "/dossiers/" + n.Dossier
}

// adresseReglement is its lot for who reads lots, else where its invoice is.
func adresseReglement(n store.Nomme, r opco.Role) string {
	if n.Lot != "" && slices.Contains(comptables, r) {
		return "/comptabilite/lots/" + n.Lot
	}
	return adresseFacture(n, r)
}

func adresseLotTrouve(n store.Nomme, r opco.Role) string {
	if slices.Contains(comptables, r) {
		return "/comptabilite/lots/" + n.ID
	}
	return ""
}

// ligneOrganisation is a company, by its page or its envelopes, or an organisme, by its
// dossiers in the queues.
func ligneOrganisation(o store.OrganisationConnue, r opco.Role) LigneTrouvee {
	l := LigneTrouvee{Icone: "building-2", Nom: o.Nom, Precision: "Entreprise, SIREN " + o.SIREN.Affiche()}
	switch {
	case o.Organisme:
		l.Icone, l.Precision = "graduation-cap", "Organisme de formation, SIREN "+o.SIREN.Affiche()
		if o.SIRET != "" && slices.Contains(travailLu.Roles, r) {
			l.URL = "/instruction?" + url.Values{"file": {"toutes"}, "perimetre": {"equipe"}, "organisme": {string(o.SIRET)}}.Encode()
		}
	case slices.Contains(conseille.Roles, r):
		l.URL = "/instruction/entreprises/" + string(o.SIREN)
	case slices.Contains(enveloppeVue.Roles, r):
		l.URL = "/comptabilite/enveloppes?siren=" + string(o.SIREN)
	}
	return l
}

// ligneDocumentTrouve is a document, which its line opens.
func ligneDocumentTrouve(d store.DocumentNomme) LigneTrouvee {
	l := LigneTrouvee{URL: "/api/documents/" + d.ID + "/fichier", Icone: "file-text", Nom: majuscule(sujetDit(d.Titre)), Precision: d.Nom}
	switch d.Genre {
	case "piece":
		l.URL = "/api/pieces/" + d.ID + "/fichier"
	case "lettre":
		l.URL, l.Icone, l.Precision = "/api/courriers/"+d.ID+"/lettre.pdf", "mail", "Lettre de l’OPCO"
	}
	if d.DossierNumero != "" {
		l.Precision += ", dossier " + d.DossierNumero
	}
	return l
}
