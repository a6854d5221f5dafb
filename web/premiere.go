package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// Premiere is the first login to an account that the OPCO opened: a new
// identifier and a new password, both chosen (AT-03).
type Premiere struct {
	Page
	Identifiant string // the provisional one
	Exigence    Exigence
}

// PremiereConfirmation comes from the link of the second mail: the password again
// (AT-04, AT-05).
type PremiereConfirmation struct{ Page }

// Politique asks to accept the privacy policy, in its version (AT-06).
type Politique struct {
	Page
	Version string
}

// etapesPremiere are the steps of the first login; they are taken once (AT-07).
var etapesPremiere = []string{"Identifiant et mot de passe", "Confirmation par e-mail", "Votre espace personnel"}

// getPremiere answers GET /premiere-connexion (AT-03).
func (w *Web) getPremiere(c *gin.Context) { w.montrerPremiere(c, http.StatusOK, Formulaire{}) }

// postPremiere answers POST /premiere-connexion (C17).
func (w *Web) postPremiere(c *gin.Context) {
	f, ok := w.formulaire(c, "acte_id", "identifiant", "mot_de_passe", "mot_de_passe2")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	identifiant := strings.TrimSpace(f.Valeur("identifiant"))
	l.exiger("identifiant", identifiant != "", "Choisissez votre identifiant.")
	l.deuxFois()
	statut := http.StatusUnprocessableEntity
	if len(l.fautes) == 0 {
		err := w.Portes.Personnaliser(c, f.Valeur("acte_id"), identifiant, f.Valeur("mot_de_passe"))
		if err == nil {
			suite(c, "/premiere-connexion/envoyee")
			return
		}
		if statut, l.fautes, ok = w.reprendre(c, err, nil); !ok {
			return
		}
	}
	w.montrerPremiere(c, statut, f.avec(l.fautes))
}

func (w *Web) montrerPremiere(c *gin.Context, statut int, f Formulaire) {
	q, ok := w.aLEtape(c, ConnexionPremiere)
	if !ok {
		return
	}
	exigence, err := w.Portes.Exigence(c, VoieProvisoire)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := Premiere{Page: w.page(c, "Première connexion"), Identifiant: strings.ToUpper(q.Identifiant), Exigence: exigence}
	p.Formulaire = f.nomme()
	w.rendre(c, statut, PagePremiere(p))
}

// getPremiereEnvoyee answers GET /premiere-connexion/envoyee: the second mail has
// left (AT-04).
func (w *Web) getPremiereEnvoyee(c *gin.Context) {
	parametres, err := w.Portes.Parametres(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, http.StatusOK, PageTermine(Termine{Page: w.page(c, "Confirmez par e-mail"), Etape: 2, Etapes: etapesPremiere,
		Phrases: []string{"Votre choix est enregistré. Un e-mail vient de partir : il vous rappelle votre ancien et votre nouvel identifiant.",
			"Suivez son lien dans les " + strconv.Itoa(parametres.LienHeures) + " heures pour confirmer. Vous y retaperez votre mot de passe : il n’est jamais dans nos e-mails."},
		Suite: Lien{"Revenir à l’accueil", "/"}}))
}

// getPremiereConfirmation answers GET /premiere-connexion/confirmation, the link
// of the second mail. It consumes nothing.
func (w *Web) getPremiereConfirmation(c *gin.Context) {
	w.montrerPremiereConfirmation(c, http.StatusOK, deLAdresse(c, "jeton"))
}

// postPremiereConfirmation answers POST /premiere-connexion/confirmation (C18).
func (w *Web) postPremiereConfirmation(c *gin.Context) {
	f, ok := w.formulaire(c, "compte", "jeton", "mot_de_passe")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	l.exiger("mot_de_passe", f.Valeur("mot_de_passe") != "", "Retapez le mot de passe que vous venez de choisir.")
	l.borner("mot_de_passe", motDePasseMax)
	statut := http.StatusUnprocessableEntity
	if len(l.fautes) == 0 {
		etape, err := w.Portes.ConfirmerIdentifiant(c, DemandeConfirmation{f.Valeur("compte"), f.Valeur("jeton"), f.Valeur("mot_de_passe")})
		if err == nil {
			w.annoncer(c, "identifiant")
			suite(c, adresseEtape(etape, "/"))
			return
		}
		if statut, l.fautes, ok = w.reprendre(c, err, map[string]string{"jeton": ""}); !ok {
			return
		}
	}
	w.montrerPremiereConfirmation(c, statut, f.avec(l.fautes))
}

func (w *Web) montrerPremiereConfirmation(c *gin.Context, statut int, f Formulaire) {
	p := PremiereConfirmation{Page: w.page(c, "Confirmez votre identifiant")}
	p.Formulaire = f
	w.rendre(c, statut, PagePremiereConfirmation(p))
}

// getPolitique answers GET /premiere-connexion/politique (AT-06).
func (w *Web) getPolitique(c *gin.Context) {
	if _, ok := w.aLEtape(c, ConnexionConfidentialite); ok {
		w.montrerPolitique(c, http.StatusOK, Formulaire{})
	}
}

// postPolitique answers POST /premiere-connexion/politique (C18).
func (w *Web) postPolitique(c *gin.Context) {
	f, ok := w.formulaire(c, "acte_id", "version", "confidentialite")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	l.exiger("confidentialite", f.Coche("confidentialite", "oui"), "Acceptez la politique de confidentialité pour ouvrir votre espace.")
	statut := http.StatusUnprocessableEntity
	if len(l.fautes) == 0 {
		err := w.Portes.AccepterConfidentialite(c, f.Valeur("acte_id"), f.Valeur("version"))
		if err == nil {
			suite(c, "/")
			return
		}
		if statut, l.fautes, ok = w.reprendre(c, err, map[string]string{"version": "confidentialite"}); !ok {
			return
		}
	}
	w.montrerPolitique(c, statut, f.avec(l.fautes))
}

func (w *Web) montrerPolitique(c *gin.Context, statut int, f Formulaire) {
	parametres, err := w.Portes.Parametres(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := Politique{Page: w.page(c, "Politique de confidentialité"), Version: parametres.VersionConfidence}
	p.Formulaire = f.nomme()
	w.rendre(c, statut, PagePolitique(p))
}
