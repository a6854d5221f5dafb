package web

import (
	"strings"

	"guichet/opco"
	"guichet/store"
)

func init() { planches = append(planches, planchesDirect) }

// planchesDirect are the pages that every room shares: the search.
func planchesDirect(m Maison) []Planche {
	chercher := func(o Occupant, texte string, t Trouves) Recherche {
		p := Recherche{Piece: pieceDe(m, "Chercher", "/recherche", o, Formulaire{}), Texte: texte, Cherche: texte != ""}
		p.Resultats = p.grouper(t, o.Role)
		return p
	}
	agent := personneDemo(opco.RoleGestionnaire, "Claire", "Morin")
	dossier := store.LigneDossier{ID: "6ba7b810-9dad-11d1-80b4-00c04fd430c8", Numero: "26.A.21056.1", Entreprise: "École Les Tilleuls",
		Intitule: "Accueillir des élèves dyslexiques", Etat: opco.EtatEnInstruction}
	long := dossier
	long.Entreprise, long.Intitule, long.Etat = nomEntLong, strings.Repeat("Sécurité incendie et évacuation des établissements recevant du public ", 3), opco.EtatAttenteServiceFait
	compte := store.LigneCompte{ID: compteDemo, Prenom: "Paul-Aurélien", Nom: "Kerbrat", Email: "p.kerbrat@sorbier.example"}
	compteLong := compte
	compteLong.Prenom, compteLong.Nom, compteLong.Email = "", nomLong, emailLong
	comptable := comptableDemo()
	nommes := store.Nommes{
		Factures: []store.Nomme{{ID: "f1", Numero: "F-2026-118", Etat: string(opco.FactureApprouvee), Montant: 120_000, Dossier: dossierPaye, DossierNumero: "AF26-017704", Intitule: long.Intitule},
			{ID: "f2", Numero: "F-2026-118", Etat: string(opco.FactureEnLitige), Montant: 9_999_999_99, Dossier: dossierPaye, DossierNumero: "AF26-017705", Intitule: "Sécurité incendie"}},
		Reglements: []store.Nomme{{ID: "r1", Numero: "R26-000123", Etat: string(opco.ReglementExecute), Montant: 120_000, Dossier: dossierPaye, DossierNumero: "AF26-017704", Intitule: "Sécurité incendie", Lot: "L26-0021"}},
		Lots:       []store.Nomme{{ID: "L26-0021", Numero: "L26-0021", Etat: string(opco.LotSolde), Montant: 1_146_740, Nombre: 3, Lot: "L26-0021"}}}
	organisations := []store.OrganisationConnue{{SIREN: "999001019", SIRET: "99900101900010", Nom: "Atelier Numérique Sorbier"},
		{SIREN: "999001365", SIRET: "99900136500017", Nom: nomEntLong, Organisme: true}}
	salarie := store.LigneSalarie{Salarie: opco.Salarie{ID: compteDemo, Prenom: "Anaïs", Nom: nomLong}, EtablissementNom: "Atelier Numérique Sorbier, Toulouse"}
	documents := []store.DocumentNomme{{ID: "d1", Genre: "piece", Titre: "Programme de formation", Nom: strings.Repeat("programme-detaille-", 6) + ".pdf", DossierNumero: "AF26-017704"},
		{ID: "d2", Genre: "lettre", Titre: "Accord de prise en charge", DossierNumero: "AF26-017704"}}
	return []Planche{
		{"recherche-gens", PageRecherche(chercher(entrepriseDemo(), "programme", Trouves{Salaries: []store.LigneSalarie{salarie}, Documents: documents}))},
		{"recherche-numero", PageRecherche(chercher(comptable, "F-2026-118", Trouves{Nommes: nommes, Dossiers: []store.LigneDossier{dossier}}))},
		{"recherche-organisations", PageRecherche(chercher(agent, "sorbier", Trouves{Organisations: organisations, Dossiers: []store.LigneDossier{dossier, long}}))},
		{"recherche-vide", PageRecherche(chercher(agent, "", Trouves{}))},
		{"recherche", PageRecherche(chercher(agent, "compte", Trouves{Dossiers: []store.LigneDossier{dossier}, Comptes: []store.LigneCompte{compte}}))},
		{"recherche-rien", PageRecherche(chercher(entrepriseDemo(), "zzz-introuvable", Trouves{}))},
		{"recherche-longue", PageRecherche(chercher(agent, strings.Repeat("Languedoc", 11), Trouves{
			Dossiers: []store.LigneDossier{long, dossier, long, dossier, long, dossier, long, dossier}, Comptes: []store.LigneCompte{compteLong, compte, compteLong}}))},
	}
}
