package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// Texte is a text that people accept, in its version.
type Texte struct {
	Page
	Version string
	Parties []Partie
}

// Partie is one part of a text.
type Partie struct {
	Titre   string
	Phrases []string
}

// textesConditions and textesConfidentialite hold every version that somebody may
// have accepted: a version is never changed, a new one is added.
var (
	textesConditions      = map[string][]Partie{"v1": conditionsV1}
	textesConfidentialite = map[string][]Partie{"v1": confidentialiteV1}
)

// getConditions answers GET /conditions, in the version in force or another one
// that was.
func (w *Web) getConditions(c *gin.Context) {
	w.montrerTexte(c, "Conditions d’utilisation", textesConditions, func(p opco.ParametresCompte) string { return p.VersionCGU })
}

// getConfidentialite answers GET /confidentialite.
func (w *Web) getConfidentialite(c *gin.Context) {
	w.montrerTexte(c, "Politique de confidentialité", textesConfidentialite, func(p opco.ParametresCompte) string { return p.VersionConfidence })
}

func (w *Web) montrerTexte(c *gin.Context, titre string, textes map[string][]Partie, enVigueur func(opco.ParametresCompte) string) {
	version := c.Query("version")
	if version == "" {
		parametres, err := w.Portes.Parametres(c)
		if err != nil {
			w.echouer(c, err)
			return
		}
		version = enVigueur(parametres)
	}
	parties, ok := textes[version]
	if !ok {
		w.introuvable(c)
		return
	}
	w.rendre(c, http.StatusOK, PageTexte(Texte{Page: w.page(c, titre), Version: version, Parties: parties}))
}

var conditionsV1 = []Partie{
	{"À quoi sert ce service", []string{
		"Ce guichet sert à demander le financement d’une formation, à suivre les dossiers, à déposer les factures et les justificatifs, et à déclarer les contributions.",
		"Il est ouvert aux entreprises adhérentes, aux organismes de formation et aux personnes qu’ils autorisent."}},
	{"Votre compte", []string{
		"Un compte appartient à une personne. Vous le créez avec votre nom et votre adresse e-mail professionnelle, et vous n’en donnez le mot de passe à personne.",
		"Vous certifiez que vous êtes autorisé à agir pour les établissements que vous déclarez. Nos conseillers le vérifient avant d’ouvrir vos droits ; ils peuvent les refuser ou les retirer, et vous disent pourquoi.",
		"Un droit qui n’a pas servi pendant un an est suspendu. Nous vous prévenons avant."}},
	{"Ce que vous déposez", []string{
		"Vous répondez de l’exactitude de vos déclarations et de vos pièces. Une fausse déclaration peut entraîner le refus ou le remboursement du financement.",
		"Un dépôt est acquis quand nous vous en donnons le reçu. Sa date est celle du reçu, à l’heure de Paris."}},
	{"Ce que nous faisons", []string{
		"Nous gardons le service ouvert jour et nuit, sauf pendant les interventions nécessaires, que nous annonçons quand nous le pouvons.",
		"Nous journalisons les actes et les consultations des dossiers, pour pouvoir dire qui a fait ou lu quoi."}},
	{"Fin du compte", []string{
		"Vous pouvez demander la fermeture de votre compte à tout moment. Les dossiers des organisations demeurent, comme la loi l’exige."}},
}

var confidentialiteV1 = []Partie{
	{"Qui traite vos données", []string{
		"L’opérateur de compétences qui tient ce guichet est responsable du traitement. Son délégué à la protection des données répond à vos questions, aux coordonnées données sur la page d’accueil."}},
	{"Lesquelles, et pourquoi", []string{
		"Votre nom, votre prénom, votre adresse e-mail, vos fonctions et, si vous les donnez, votre téléphone et votre date de naissance : pour ouvrir votre compte et vous répondre.",
		"Les données des dossiers (formations, stagiaires, heures, salaires, factures, coordonnées bancaires) : pour accorder, contrôler et payer les financements, comme le code du travail nous en charge.",
		"La trace de vos connexions et de vos actes : pour la sécurité et pour la preuve."}},
	{"Qui les lit", []string{
		"Les personnes de l’opérateur chargées de vos dossiers, et elles seules ; chaque consultation est notée, et vous pouvez voir qui a lu les vôtres.",
		"Les organismes de formation et les entreprises parties au même dossier, pour ce qui les concerne. Personne ne les achète, et aucun prestataire de mesure d’audience ne les reçoit."}},
	{"Combien de temps", []string{
		"Une demande de compte jamais confirmée est effacée. Les dossiers de financement sont gardés le temps des contrôles et des obligations comptables, dix ans au plus.",
		"Les traces de connexion et de consultation sont gardées un an."}},
	{"Vos droits", []string{
		"Vous pouvez demander à lire, corriger, limiter ou effacer vos données, ou à les recevoir dans un format lisible. Écrivez-nous : nous répondons dans le mois.",
		"Si notre réponse ne vous convient pas, vous pouvez saisir la Commission nationale de l’informatique et des libertés."}},
	{"Cookies", []string{
		"Nous n’en posons que de nécessaires : celui de votre session, et ceux qui gardent vos préférences d’affichage."}},
}
