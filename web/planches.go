package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// Planche is one page of the storybook, with its data.
type Planche struct {
	Nom  string
	Page templ.Component
}

// planches are the lists of the files of pages: one entry for each page and each
// kind of data.
var planches = []func(Maison) []Planche{planchesSeuil, planchesComposants}

// Planches lists every page with data: empty, ordinary, long, with faults. They
// are what the browser tests walk.
func Planches(m Maison) []Planche {
	var toutes []Planche
	for _, f := range planches {
		toutes = append(toutes, f(m)...)
	}
	slices.SortStableFunc(toutes, func(a, b Planche) int { return strings.Compare(a.Nom, b.Nom) })
	return toutes
}

// getPlanches answers GET /dev/pages, in development only.
func (w *Web) getPlanches(c *gin.Context) {
	p := w.page(c, "Toutes les pages")
	w.rendre(c, http.StatusOK, PagePlanches(p, Planches(w.Maison)))
}

// getPlanche answers GET /dev/pages/:nom. The theme of the visitor holds.
func (w *Web) getPlanche(c *gin.Context) {
	for _, p := range Planches(w.Maison) {
		if p.Nom == c.Param("nom") {
			w.rendre(c, http.StatusOK, p.Page)
			return
		}
	}
	w.introuvable(c)
}

const (
	nomLong   = "Marie-Christine Apolline de La Fontanelle-Ô’Brien d’Estienne d’Orves"
	emailLong = "marie-christine.apolline.de-la-fontanelle-obrien@etablissement-superieur-de-la-formation.example"
)

var epreuveDePlanche = Epreuve{Question: "Combien font sept plus cinq ?", Jeton: "jeton"}

func formulaire(valeurs url.Values, f ...Faute) Formulaire {
	return Formulaire{Valeurs: valeurs, Erreurs: f}
}

func planchesSeuil(m Maison) []Planche {
	page := func(titre string, f Formulaire) Page { return Page{Titre: titre, Maison: m, Formulaire: f} }
	exigence := Exigence{15, "15 caractères au moins. Une phrase que vous retenez convient très bien."}
	erreurs := formulaire(nil, Faute{champReponse, "Ce n’est pas le bon résultat. Voici une autre question."},
		Faute{"mot_de_passe", "Ce mot de passe est trop court : il lui manque 4 caractères."}, Faute{"code", "Ce code a expiré. Demandez-en un nouveau."})
	return []Planche{
		{"accueil", PageAccueil(page("Accueil", Formulaire{}))},
		{"connexion", PageConnexion(Connexion{Page: page("Connexion", Formulaire{})})},
		{"connexion-annonce", PageConnexion(Connexion{Page: Page{Titre: "Connexion", Maison: m, Annonce: annonces["deconnecte"]}})},
		{"connexion-refusee", PageConnexion(Connexion{Page: page("Connexion", formulaire(url.Values{"identifiant": {emailLong}, "rester": {"oui"}},
			Faute{"", "Identifiant ou mot de passe incorrect."})), OIDC: "/connexion/oidc"})},
		{"connexion-second-facteur", PageSecondFacteur(SecondFacteur{Page: page("Seconde preuve", Formulaire{}), Nom: "Inès Benkirane", TOTP: true, Passkey: true, Secours: true})},
		{"connexion-second-facteur-faux", PageSecondFacteur(SecondFacteur{Page: page("Seconde preuve", formulaire(nil, Faute{"secours", "Ce code de secours ne fonctionne pas."})),
			Nom: nomLong, TOTP: true, Secours: true})},
		{"activation", PageActivation(Activation{Page: page("Activer mon compte", formulaire(url.Values{"compte": {"0190f3c2-7a4e-7c11-9a55-3f1d0c6b2a10"}, "code": {"K7QD-2M4X-90PT"}})), Exigence: exigence, Epreuve: epreuveDePlanche})},
		{"activation-fautes", PageActivation(Activation{Page: page("Activer mon compte", erreurs), Exigence: exigence, Epreuve: epreuveDePlanche, Invitation: true})},
		{"activation-code", PageRenvoiCode(RenvoiCode{Page: page("Recevoir un nouveau code", Formulaire{})})},
		{"activation-faite", PageTermine(Termine{Page: page("Votre compte est ouvert", Formulaire{}), Phrases: []string{"Votre mot de passe est enregistré.", "Un conseiller vérifie vos droits."},
			Suite: Lien{"Se connecter", "/connexion"}, Etape: 2, Etapes: etapesActivation})},
		{"oubli", PageOubli(Oubli{Page: page("Mot de passe oublié", Formulaire{})})},
		{"oubli-fautes", PageOubli(Oubli{Page: page("Mot de passe oublié", formulaire(url.Values{"identifiant": {emailLong}}, Faute{"identifiant", "Indiquez votre identifiant ou votre adresse e-mail."}))})},
		{"reinitialisation", PageReinitialisation(Reinitialisation{Page: page("Nouveau mot de passe", Formulaire{}), Exigence: exigence, Epreuve: epreuveDePlanche})},
		{"premiere", PagePremiere(Premiere{Page: page("Première connexion", Formulaire{}), Identifiant: "OF3-0001", Exigence: exigence})},
		{"premiere-fautes", PagePremiere(Premiere{Page: page("Première connexion", formulaire(url.Values{"identifiant": {"pedagogie.nouvelle"}},
			Faute{"identifiant", "Cet identifiant est déjà pris."})), Identifiant: "OF3-0001", Exigence: exigence})},
		{"premiere-confirmation", PagePremiereConfirmation(PremiereConfirmation{Page: page("Confirmez votre identifiant", Formulaire{})})},
		{"premiere-politique", PagePolitique(Politique{Page: page("Politique de confidentialité", formulaire(nil, Faute{"confidentialite", "Acceptez la politique de confidentialité pour ouvrir votre espace."})), Version: "v1"})},
		{"refus-403", PageRefus(Refus{Page: page("Cet espace ne vous est pas ouvert", Formulaire{}), Statut: 403, Phrase: "Votre rôle ne permet pas cette action.", Retour: Lien{"Aller à l’accueil", "/"}})},
		{"refus-500", PageRefus(Refus{Page: page("Un incident nous empêche de répondre", Formulaire{}), Statut: 500, Phrase: phraseRefus(500), Reference: "a1b2c3d4e5f60718", Retour: Lien{"Aller à l’accueil", "/"}})},
		{"inscription-1-vide", plancheInscription(m, 1, Formulaire{})},
		{"inscription-1", plancheInscription(m, 1, formulaire(inscriptionPleine(), Faute{"siret_2", "Ce SIRET n’existe pas : un chiffre est faux. Vérifiez surtout les cinq derniers."},
			Faute{"certifie", "Certifiez que vous êtes autorisée à agir pour l’entreprise."}))},
		{"inscription-2", plancheInscription(m, 2, formulaire(inscriptionPleine(), Faute{"email2", "Les deux adresses sont différentes."}, Faute{"civilite", "Choisissez une civilité."}))},
		{"inscription-3", PageInscriptionFaite(InscriptionFaite{Page: page("Confirmez votre adresse e-mail", Formulaire{}), Email: emailLong, Heures: 72})},
		{"texte", PageTexte(Texte{Page: page("Conditions d’utilisation", Formulaire{}), Version: "v1", Parties: conditionsV1})},
		{"texte-confidentialite", PageTexte(Texte{Page: page("Politique de confidentialité", Formulaire{}), Version: "v1", Parties: confidentialiteV1})},
	}
}

func plancheInscription(m Maison, etape int, f Formulaire) templ.Component {
	if f.Valeurs == nil {
		f.Valeurs = inscriptionNeuve()
	}
	return PageInscription(Inscription{Page: Page{Titre: "Créer mon compte", Maison: m, Formulaire: f}, Etape: etape, Masse: 2025, Reponse: 2, Factures: 24, Epreuve: epreuveDePlanche,
		Branches: []Option{{"", "Choisir une branche"}, {"2691", "Enseignement privé indépendant (IDCC 2691)"}, {"1486", "Bureaux d’études techniques, ingénierie, conseil (IDCC 1486)"}}})
}

func inscriptionPleine() url.Values {
	return url.Values{"profil": {"entreprise", "organisme"}, "branche": {"2691"}, "service": {string(opco.ServiceDossiers)}, "code_adherent": {"A100002"}, "masse_salariale": {"198200"},
		"responsable": {nomLong}, "etablissements": {"2"}, "siret_1": {"999 001 084 00014"}, "fonction_1": {"Responsable administrative et financière"},
		"siret_2": {"999 001 019 00011"}, "fonction_2": {"Référente formation"}, "of_service": {string(opco.ServicePaiements)}, "of_etablissements": {"1"},
		"nom": {nomLong}, "email": {emailLong}, "email2": {"autre@exemple.test"}}
}
