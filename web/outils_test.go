package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/web"
)

func init() { gin.SetMode(gin.ReleaseMode) }

// portesFausses stands for the API: the figures of the specification, one
// question, and what each test sets.
type portesFausses struct {
	web.Portes
	qui      *web.Connecte
	refus    error // what every acte answers
	etape    web.EtapeConnexion
	inscrite web.DemandeInscription
	activee  web.DemandeActivation
	verrou   sync.Mutex // a browser calls beside the test
	appels   []string
}

func (p *portesFausses) Qui(*gin.Context) *web.Connecte { return p.qui }
func (p *portesFausses) OIDC() string                   { return "" }
func (p *portesFausses) Jour(context.Context) (opco.Date, error) {
	return "2026-06-11", nil
}

func (p *portesFausses) Parametres(context.Context) (opco.ParametresCompte, error) {
	return opco.ParametresDefaut().Comptes, nil
}

func (p *portesFausses) Branches(context.Context) ([]web.Option, error) {
	return []web.Option{{Valeur: "", Texte: "Choisir une branche"}, {Valeur: "2691", Texte: "Enseignement privé indépendant (IDCC 2691)"}}, nil
}

func (p *portesFausses) Exigence(_ context.Context, v web.Voie) (web.Exigence, error) {
	if v == web.VoieInterne {
		return web.Exigence{Minimum: 16, Phrase: "16 caractères au moins."}, nil
	}
	return web.Exigence{Minimum: 15, Phrase: "15 caractères au moins."}, nil
}

func (p *portesFausses) Epreuve(_ context.Context, objet string) (web.Epreuve, error) {
	return web.Epreuve{Question: "Combien font sept plus cinq ?", Jeton: "jeton-" + objet}, nil
}

func (p *portesFausses) noter(quoi ...string) error {
	p.verrou.Lock()
	defer p.verrou.Unlock()
	p.appels = append(p.appels, strings.Join(quoi, " "))
	return p.refus
}

// vider forgets what was asked so far, and returns it.
func (p *portesFausses) vider() []string {
	p.verrou.Lock()
	defer p.verrou.Unlock()
	appels := p.appels
	p.appels = nil
	return appels
}

func (p *portesFausses) Connecter(_ *gin.Context, identifiant, mot string, rester bool) (web.EtapeConnexion, error) {
	suite := "connecter"
	if rester {
		suite = "rester"
	}
	return p.etape, p.noter(suite, identifiant, mot)
}

func (p *portesFausses) SecondFacteur(_ *gin.Context, code string) (web.EtapeConnexion, error) {
	return p.etape, p.noter("facteur", code)
}

func (p *portesFausses) FacteursAttendus(*gin.Context) (web.FacteursAttendus, error) {
	return web.FacteursAttendus{Nom: "Inès Benkirane", TOTP: true, Passkey: true, Secours: true}, nil
}

func (p *portesFausses) Deconnecter(*gin.Context) error { return p.noter("deconnecter") }

func (p *portesFausses) Inscrire(_ *gin.Context, d web.DemandeInscription) error {
	p.inscrite = d
	return p.noter("inscrire")
}

func (p *portesFausses) RenvoyerCode(_ *gin.Context, email string) error {
	return p.noter("renvoyer", email)
}

func (p *portesFausses) Activer(_ *gin.Context, d web.DemandeActivation) error {
	p.activee = d
	return p.noter("activer")
}

func (p *portesFausses) DemanderReinitialisation(_ *gin.Context, identifiant string) error {
	return p.noter("oubli", identifiant)
}

func (p *portesFausses) Reinitialiser(_ *gin.Context, d web.DemandeReinitialisation) error {
	return p.noter("reinitialiser", d.Identifiant, d.Compte, d.Jeton, d.MotDePasse)
}

func (p *portesFausses) Personnaliser(_ *gin.Context, _, identifiant, mot string) error {
	return p.noter("personnaliser", identifiant, mot)
}

func (p *portesFausses) ConfirmerIdentifiant(_ *gin.Context, d web.DemandeConfirmation) (web.EtapeConnexion, error) {
	return p.etape, p.noter("confirmer", d.Compte, d.Jeton, d.MotDePasse)
}

func (p *portesFausses) AccepterConfidentialite(_ *gin.Context, _, version string) error {
	return p.noter("accepter", version)
}

// moteur returns the pages on the doors p, the storybook included.
func moteur(t *testing.T, p web.Portes) http.Handler {
	t.Helper()
	w, err := web.New(web.Config{Portes: p, Dev: true})
	if err != nil {
		t.Fatal(err)
	}
	e := gin.New()
	e.ContextWithFallback = true
	w.Routes(e)
	return e
}

// demander sends a request, a form when there is one.
func demander(h http.Handler, methode, chemin string, f url.Values) *httptest.ResponseRecorder {
	r := httptest.NewRequest(methode, chemin, strings.NewReader(f.Encode()))
	if f != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rep := httptest.NewRecorder()
	h.ServeHTTP(rep, r)
	return rep
}

// portesEnPanne answers nothing.
type portesEnPanne struct{ portesFausses }

var errPanne = errors.New("panne")

func (p *portesEnPanne) Jour(context.Context) (opco.Date, error) { return "", errPanne }

func (p *portesEnPanne) Parametres(context.Context) (opco.ParametresCompte, error) {
	return opco.ParametresCompte{}, errPanne
}

func (p *portesEnPanne) Epreuve(context.Context, string) (web.Epreuve, error) {
	return web.Epreuve{}, errPanne
}

// portesStandard has a telephone of its own.
type portesStandard struct{ portesFausses }

func (p *portesStandard) Parametres(context.Context) (opco.ParametresCompte, error) {
	c := opco.ParametresDefaut().Comptes
	c.Telephones = []opco.LigneAide{{Public: "Entreprises", Numero: "01 99 00 02 10"}}
	return c, nil
}
