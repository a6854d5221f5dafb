package web

import (
	"maps"
	"regexp"
	"strings"

	"github.com/gin-gonic/gin"

	"guichet/api"
)

// route is one page: what answers it, and who may take it.
type route struct {
	repond gin.HandlerFunc
	regle  api.Regle
}

var (
	public = api.Regle{Public: true}
	// The steps of a login have pages that nobody else reaches.
	etapePremiere  = api.Regle{Limite: true, Etapes: []api.Etape{api.EtapePremiere}}
	etapePolitique = api.Regle{Limite: true, Etapes: []api.Etape{api.EtapeConfidentialite}}
	etapeFacteur   = api.Regle{Limite: true, Etapes: []api.Etape{api.EtapeSecondFacteur}}
)

// pagesConnectees are the pages of connected people, room by room.
var pagesConnectees = []func(*Web) map[string]route{(*Web).routesCompte, (*Web).routesEquipe, (*Web).routesEntreprise, (*Web).routesOrganisme, (*Web).routesDemande, (*Web).routesComptabilite, (*Web).routesRIB, (*Web).routesControle, (*Web).routesIndus, (*Web).routesStatistiques, (*Web).routesResponsable, (*Web).routesDirect, (*Web).routesActionLot, (*Web).routesIntervention, (*Web).routesEtude, (*Web).routesFile, (*Web).routesSynthese, (*Web).routesRejeu, (*Web).routesOps}

// routes are every page, by « METHOD /path », as the router writes it.
func (w *Web) routes() map[string]route {
	toutes := map[string]route{"GET /statique/:empreinte/:fichier": {w.getStatique, public}}
	maps.Copy(toutes, w.routesSeuil())
	if w.Interieur != nil {
		for _, de := range pagesConnectees {
			maps.Copy(toutes, de(w))
		}
	}
	if w.Dev {
		toutes["GET /dev/pages"] = route{w.getPlanches, public}
		toutes["GET /dev/pages/:nom"] = route{w.getPlanche, public}
	}
	return toutes
}

// routesSeuil are the pages before login, and those of its steps.
func (w *Web) routesSeuil() map[string]route {
	return map[string]route{
		"GET /":                                 {w.getAccueil, public},
		"GET /connexion":                        {w.getConnexion, public},
		"POST /connexion":                       {w.postConnexion, public},
		"POST /deconnexion":                     {w.postDeconnexion, public},
		"GET /connexion/second-facteur":         {w.getSecondFacteur, etapeFacteur},
		"POST /connexion/second-facteur":        {w.postSecondFacteur, etapeFacteur},
		"GET /inscription":                      {w.getInscription, public},
		"POST /inscription":                     {w.postInscription, public},
		"GET /inscription/confirmation":         {w.getInscriptionFaite, public},
		"GET /activation":                       {w.getActivation, public},
		"POST /activation":                      {w.postActivation, public},
		"GET /activation/code":                  {w.getRenvoiCode, public},
		"POST /activation/code":                 {w.postRenvoiCode, public},
		"GET /activation/terminee":              {w.getActivationTerminee, public},
		"GET /mot-de-passe-oublie":              {w.getOubli, public},
		"POST /mot-de-passe-oublie":             {w.postOubli, public},
		"GET /mot-de-passe-oublie/envoye":       {w.getOubliEnvoye, public},
		"GET /reinitialisation":                 {w.getReinitialisation, public},
		"POST /reinitialisation":                {w.postReinitialisation, public},
		"GET /premiere-connexion":               {w.getPremiere, etapePremiere},
		"POST /premiere-connexion":              {w.postPremiere, etapePremiere},
		"GET /premiere-connexion/envoyee":       {w.getPremiereEnvoyee, public},
		"GET /premiere-connexion/confirmation":  {w.getPremiereConfirmation, public},
		"POST /premiere-connexion/confirmation": {w.postPremiereConfirmation, public},
		"GET /premiere-connexion/politique":     {w.getPolitique, etapePolitique},
		"POST /premiere-connexion/politique":    {w.postPolitique, etapePolitique},
		"GET /conditions":                       {w.getConditions, public},
		"GET /confidentialite":                  {w.getConfidentialite, public},
	}
}

// Routes registers every page.
func (w *Web) Routes(e gin.IRoutes) {
	for nom, r := range w.routes() {
		methode, chemin, _ := strings.Cut(nom, " ")
		repond := r.repond
		if r.appliqueA(methode) {
			repond = w.pourLeMeme(r)
		}
		e.Handle(methode, chemin, repond)
	}
}

// Acces is the part of the authorisation table that the pages bring, with the
// parameters of a path written {name}.
func (w *Web) Acces() map[string]api.Regle {
	acces := map[string]api.Regle{}
	for nom, r := range w.routes() {
		acces[parametre.ReplaceAllString(nom, "{$1}")] = r.regle
	}
	return acces
}

var parametre = regexp.MustCompile(`:(\w+)`)

var _ api.Pages = (*Web)(nil)
