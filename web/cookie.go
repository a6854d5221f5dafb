package web

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// The small cookies of the pages: a taste, and what has just been done. None of
// them gives any right.
const (
	cookieTheme   = "guichet-theme"
	cookieDensite = "guichet-densite"
	cookieAnnonce = "guichet-annonce"
	cookieEmail   = "guichet-inscription" // the address that the last screen of a registration shows
)

// annonces are the only sentences that may come back after a redirection: the
// cookie holds their name, never a text.
var annonces = map[string]string{
	"deconnecte":   "Vous êtes déconnecté.",
	"mot-de-passe": "Votre mot de passe est changé. Connectez-vous avec le nouveau.",
	"code-renvoye": "Si un compte attend cette confirmation, un nouveau code vient de partir. L’ancien ne fonctionne plus.",
	"identifiant":  "Votre nouvel identifiant est confirmé.",
	"active":       "Votre compte est actif. Connectez-vous.",
	"enregistre":   "C’est enregistré.",
}

// page returns what every page carries, from the request: its taste, and the
// announcement, which is said once.
func (w *Web) page(c *gin.Context, titre string) Page {
	p := Page{Titre: titre, Maison: w.maison(c)}
	if q := w.Portes.Qui(c); q != nil {
		p.Qui = &q.Qui
	}
	if t, err := c.Cookie(cookieTheme); err == nil && (t == "clair" || t == "sombre") {
		p.Theme = t
	}
	if d, err := c.Cookie(cookieDensite); err == nil && (d == "serre" || d == "confort") {
		p.Densite = d
	}
	if a, err := c.Cookie(cookieAnnonce); err == nil {
		p.Annonce = annonces[a]
		p.Defaire = w.aDefaire(c, &p)
		w.poser(c, cookieAnnonce, "", 0)
	}
	return p
}

// maison is the OPCO with the telephones and the hours in force today (MA-42); those of the
// configuration answer while the database does not.
func (w *Web) maison(c *gin.Context) Maison {
	m := w.Maison
	parametres, err := w.Portes.Parametres(c)
	if err == nil && parametres.Horaires != "" {
		m.Horaires = parametres.Horaires
	}
	if err != nil || len(parametres.Telephones) == 0 {
		return m
	}
	m.Telephones = make([]Telephone, len(parametres.Telephones))
	for i, l := range parametres.Telephones {
		m.Telephones[i] = Telephone{Pour: l.Public, Numero: l.Numero}
	}
	return m
}

// annoncer keeps the name of an announcement for the next page.
func (w *Web) annoncer(c *gin.Context, nom string) { w.poser(c, cookieAnnonce, nom, time.Minute) }

// poser sets a cookie of the pages; an empty one is taken away.
func (w *Web) poser(c *gin.Context, nom, valeur string, duree time.Duration) {
	k := &http.Cookie{Name: nom, Value: valeur, Path: "/", HttpOnly: true, Secure: w.Https, SameSite: http.SameSiteLaxMode, MaxAge: int(duree.Seconds())}
	if valeur == "" {
		k.MaxAge = -1
	}
	http.SetCookie(c.Writer, k)
}

// suite sends to the next page: a form that worked is never sent twice by going
// back or by reloading.
func suite(c *gin.Context, vers string) { c.Redirect(http.StatusSeeOther, vers) }
