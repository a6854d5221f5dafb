package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"
)

// Oubli asks for the link that changes a lost password (AT-10, C20).
type Oubli struct{ Page }

// Reinitialisation chooses a new password with the link of the mail.
type Reinitialisation struct {
	Page
	Exigence Exigence
	Epreuve  Epreuve
}

// getOubli answers GET /mot-de-passe-oublie.
func (w *Web) getOubli(c *gin.Context) { w.montrerOubli(c, http.StatusOK, Formulaire{}) }

// postOubli answers POST /mot-de-passe-oublie (C20): the same for an identifier
// that is known and for one that is not.
func (w *Web) postOubli(c *gin.Context) {
	f, ok := w.formulaire(c, "identifiant")
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	l.exiger("identifiant", strings.TrimSpace(f.Valeur("identifiant")) != "", "Indiquez votre identifiant ou votre adresse e-mail.")
	l.borner("identifiant", 254)
	statut := http.StatusUnprocessableEntity
	if len(l.fautes) == 0 {
		err := w.Portes.DemanderReinitialisation(c, strings.TrimSpace(f.Valeur("identifiant")))
		if err == nil {
			suite(c, "/mot-de-passe-oublie/envoye")
			return
		}
		if statut, l.fautes, ok = w.reprendre(c, err, nil); !ok {
			return
		}
	}
	w.montrerOubli(c, statut, f.avec(l.fautes))
}

func (w *Web) montrerOubli(c *gin.Context, statut int, f Formulaire) {
	p := Oubli{Page: w.page(c, "Mot de passe oublié")}
	p.Formulaire = f
	w.rendre(c, statut, PageOubli(p))
}

// getOubliEnvoye answers GET /mot-de-passe-oublie/envoye.
func (w *Web) getOubliEnvoye(c *gin.Context) {
	parametres, err := w.Portes.Parametres(c)
	if err != nil {
		w.echouer(c, err)
		return
	}
	w.rendre(c, http.StatusOK, PageTermine(Termine{Page: w.page(c, "Regardez vos e-mails"),
		Phrases: []string{"Si un compte porte cet identifiant, un lien vient de partir à son adresse e-mail.",
			"Il sert une fois, pendant " + strconv.Itoa(parametres.ReinitMinutes) + " minutes. Rien reçu ? Regardez dans vos courriers indésirables."},
		Suite: Lien{"Revenir à la connexion", "/connexion"}}))
}

// getReinitialisation answers GET /reinitialisation. It consumes nothing.
func (w *Web) getReinitialisation(c *gin.Context) {
	w.montrerReinitialisation(c, http.StatusOK, deLAdresse(c, "jeton"))
}

// postReinitialisation answers POST /reinitialisation (AT-10).
func (w *Web) postReinitialisation(c *gin.Context) {
	f, ok := w.formulaire(c, "compte", "jeton", "identifiant", "mot_de_passe", "mot_de_passe2", champReponse, champJeton, champPiege)
	if !ok {
		return
	}
	l := lecteur{Formulaire: f}
	l.exiger("identifiant", strings.TrimSpace(f.Valeur("identifiant")) != "", "Indiquez votre identifiant ou votre adresse e-mail.")
	l.borner("identifiant", 254)
	l.deuxFois()
	statut := http.StatusUnprocessableEntity
	if len(l.fautes) == 0 {
		err := w.Portes.Reinitialiser(c, DemandeReinitialisation{Compte: f.Valeur("compte"), Jeton: f.Valeur("jeton"), Identifiant: strings.TrimSpace(f.Valeur("identifiant")),
			MotDePasse: f.Valeur("mot_de_passe"), Epreuve: f.reponseEpreuve()})
		if err == nil {
			w.annoncer(c, "mot-de-passe")
			suite(c, "/connexion")
			return
		}
		if statut, l.fautes, ok = w.reprendre(c, err, map[string]string{"jeton": ""}); !ok {
			return
		}
	}
	w.montrerReinitialisation(c, statut, f.avec(l.fautes))
}

func (w *Web) montrerReinitialisation(c *gin.Context, statut int, f Formulaire) {
	exigence, err := w.Portes.Exigence(c, VoieOubli)
	var epreuve Epreuve
	if err == nil {
		epreuve, err = w.Portes.Epreuve(c, "reinitialisation")
	}
	if err != nil {
		w.echouer(c, err)
		return
	}
	p := Reinitialisation{Page: w.page(c, "Choisissez un nouveau mot de passe"), Exigence: exigence, Epreuve: epreuve}
	p.Formulaire = f
	w.rendre(c, statut, PageReinitialisation(p))
}
