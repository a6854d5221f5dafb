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
		p.Resultats = p.grouper(t)
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
	return []Planche{
		{"recherche-vide", PageRecherche(chercher(agent, "", Trouves{}))},
		{"recherche", PageRecherche(chercher(agent, "compte", Trouves{Dossiers: []store.LigneDossier{dossier}, Comptes: []store.LigneCompte{compte}}))},
		{"recherche-rien", PageRecherche(chercher(entrepriseDemo(), "zzz-introuvable", Trouves{}))},
		{"recherche-longue", PageRecherche(chercher(agent, strings.Repeat("Languedoc", 11), Trouves{
			Dossiers: []store.LigneDossier{long, dossier, long, dossier, long, dossier, long, dossier}, Comptes: []store.LigneCompte{compteLong, compte, compteLong}}))},
	}
}
