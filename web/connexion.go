package web

import (
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"guichet/api"
)

// Connexion is the login page (AK-06).
type Connexion struct {
	Page
	OIDC string // where staff sign in with the account of their house; "" when nowhere
	Vers string // where to go afterwards, one of our own addresses
	Fin  bool   // the session ended while the person was at work
}

// SecondFacteur is the second step of a login: a code, a passkey, or a recovery
// code.
type SecondFacteur struct {
	Page
	Nom     string
	TOTP    bool
	Passkey bool
	Secours bool
	Vers    string
}

// atouts are the four things that an account gives (MA-75).
var atouts = []Atout{
	{"history", "Retrouver l’historique de vos démarches", "Vos demandes, nos réponses et nos courriers, au même endroit."},
	{"receipt-text", "Suivre règlements, factures et attestations", "Déposez vos factures et vos certificats, voyez quand vous serez payé."},
	{"folder-open", "Demander une prise en charge", "Entreprises : déposez vos demandes et voyez qui doit agir."},
	{"landmark", "Déclarer vos contributions", "Bientôt, pour les entreprises : simulez, puis déclarez."},
}

// dejaLa says what is open, and for whom.
const dejaLa = "Entreprises et organismes de formation : un seul compte, des droits que vous partagez avec vos collègues."

// Atout is one selling point of the home page.
type Atout struct{ Icone, Titre, Phrase string }

// getAccueil answers GET /: the public page; whoever is connected has their own.
func (w *Web) getAccueil(c *gin.Context) {
	if q := w.Portes.Qui(c); q != nil {
		suite(c, adresseEtape(q.Etape, "/accueil"))
		return
	}
	w.rendre(c, http.StatusOK, PageAccueil(w.page(c, "Accueil")))
}

// getConnexion answers GET /connexion. Whoever is connected goes on.
func (w *Web) getConnexion(c *gin.Context) {
	vers := api.Suite(c.Query("suite"))
	if q := w.Portes.Qui(c); q != nil {
		suite(c, adresseEtape(q.Etape, vers))
		return
	}
	w.rendre(c, http.StatusOK, PageConnexion(Connexion{Page: w.page(c, "Connexion"), OIDC: w.Portes.OIDC(), Vers: vers, Fin: c.Query("session") == "finie"}))
}

// postConnexion answers POST /connexion.
func (w *Web) postConnexion(c *gin.Context) {
	f, ok := w.formulaire(c, "identifiant", "mot_de_passe", "rester", "suite")
	if !ok {
		return
	}
	vers := api.Suite(f.Valeur("suite"))
	l := lecteur{Formulaire: f}
	l.exiger("identifiant", f.Valeur("identifiant") != "", "Indiquez votre identifiant ou votre adresse e-mail.")
	l.exiger("mot_de_passe", f.Valeur("mot_de_passe") != "", "Indiquez votre mot de passe.")
	l.borner("identifiant", 254)
	l.borner("mot_de_passe", motDePasseMax)
	statut, etape := http.StatusUnprocessableEntity, EtapeConnexion("")
	if len(l.fautes) == 0 {
		var err error
		etape, err = w.Portes.Connecter(c, f.Valeur("identifiant"), f.Valeur("mot_de_passe"), f.Coche("rester", "oui"))
		if err == nil {
			suite(c, adresseEtape(etape, vers))
			return
		}
		if statut, l.fautes, ok = w.reprendre(c, err, nil); !ok {
			return
		}
	}
	p := Connexion{Page: w.page(c, "Connexion"), OIDC: w.Portes.OIDC(), Vers: vers}
	p.Formulaire = f.avec(l.fautes)
	w.rendre(c, statut, PageConnexion(p))
}

// adresseEtape is where a login goes on: its next step, or the page wanted.
func adresseEtape(e EtapeConnexion, vers string) string {
	if e == ConnexionFaite {
		return vers
	}
	adresse := adressesEtape[e]
	if vers != "/" {
		adresse += "?suite=" + url.QueryEscape(vers)
	}
	return adresse
}

// aLEtape returns who stands at a step of a login, and sends anybody else on.
func (w *Web) aLEtape(c *gin.Context, e EtapeConnexion) (*Connecte, bool) {
	q := w.Portes.Qui(c)
	if q == nil || q.Etape != e {
		suite(c, "/")
		return nil, false
	}
	return q, true
}

// getSecondFacteur answers GET /connexion/second-facteur.
func (w *Web) getSecondFacteur(c *gin.Context) {
	if _, ok := w.aLEtape(c, ConnexionFacteur); !ok {
		return
	}
	w.montrerSecondFacteur(c, http.StatusOK, api.Suite(c.Query("suite")), Formulaire{})
}

// postSecondFacteur answers POST /connexion/second-facteur.
func (w *Web) postSecondFacteur(c *gin.Context) {
	f, ok := w.formulaire(c, "code", "secours", "suite")
	if !ok {
		return
	}
	vers := api.Suite(f.Valeur("suite"))
	champ := "code"
	if f.Valeur("secours") != "" {
		champ = "secours"
	}
	l := lecteur{Formulaire: f}
	l.exiger(champ, f.Valeur(champ) != "", "Indiquez le code.")
	l.borner(champ, 40)
	statut := http.StatusUnprocessableEntity
	if len(l.fautes) == 0 {
		etape, err := w.Portes.SecondFacteur(c, f.Valeur(champ))
		if err == nil {
			suite(c, adresseEtape(etape, vers))
			return
		}
		if statut, l.fautes, ok = w.reprendre(c, err, map[string]string{"": champ, "code": champ}); !ok {
			return
		}
	}
	w.montrerSecondFacteur(c, statut, vers, Formulaire{Erreurs: l.fautes})
}

// montrerSecondFacteur shows the ways that this person has; a code is never sent
// back to the page.
func (w *Web) montrerSecondFacteur(c *gin.Context, statut int, vers string, f Formulaire) {
	a, err := w.Portes.FacteursAttendus(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := SecondFacteur{Page: w.page(c, "Seconde preuve"), Nom: a.Nom, TOTP: a.TOTP, Passkey: a.Passkey, Secours: a.Secours, Vers: vers}
	p.Formulaire = f
	w.rendre(c, statut, PageSecondFacteur(p))
}

// postDeconnexion answers POST /deconnexion.
func (w *Web) postDeconnexion(c *gin.Context) {
	if err := w.Portes.Deconnecter(c); err != nil {
		w.echouer(c, err)
		return
	}
	w.annoncer(c, "deconnecte")
	suite(c, "/connexion")
}
