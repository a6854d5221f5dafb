package web

import (
	"context"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"
)

// champOccupant is the field that says for whom a form was shown.
const champOccupant = "pour"

type cleOccupant struct{}

// occupant names who makes a request, and in which espace; "" for nobody.
func (w *Web) occupant(c *gin.Context) string {
	if w.Interieur != nil {
		if o := w.Interieur.Occupant(c); o.Compte != "" {
			return o.Compte + " " + o.Espace
		}
	}
	if q := w.Portes.Qui(c); q != nil && q.Identifiant != "" {
		return q.Identifiant + " "
	}
	return ""
}

// contextePage is the context in which a page is drawn: its forms read there for
// whom they are.
func (w *Web) contextePage(c *gin.Context) context.Context {
	return context.WithValue(c.Request.Context(), cleOccupant{}, w.occupant(c))
}

// occupantDe is for whom the page that is being drawn is.
func occupantDe(ctx context.Context) string {
	s, _ := ctx.Value(cleOccupant{}).(string)
	return s
}

// pourLeMeme lets a form in when it was shown to who sends it. A form left open
// while somebody else logged in from another tab must not apply to them; one that
// belongs to an espace must not apply to another; one that does not say for whom it
// was shown applies to nobody. The fields of a form with files are read as they come:
// its handler asks memeOccupant.
func (w *Web) pourLeMeme(r route) gin.HandlerFunc {
	return func(c *gin.Context) {
		if c.ContentType() == gin.MIMEMultipartPOSTForm {
			r.repond(c)
			return
		}
		v, ok := w.valeurs(c)
		if !ok {
			return
		}
		montre, ici := v.Get(champOccupant), w.occupant(c)
		compte, espace, _ := strings.Cut(montre, " ")
		compteIci, espaceIci, _ := strings.Cut(ici, " ")
		switch {
		case ici == "":
		case montre == "":
			w.montrerSansOccupant(c)
			return
		case compte != compteIci:
			w.montrerAutre(c, "Vous êtes maintenant connecté sous un autre compte",
				"Ce formulaire était ouvert pour un autre compte que celui où vous êtes connecté. Rien n’a été enregistré. Repartez de l’accueil, ou déconnectez-vous pour revenir à l’autre compte.")
			return
		case !r.regle.Limite && espace != espaceIci:
			w.montrerAutre(c, "Vous êtes maintenant dans un autre périmètre",
				"Ce formulaire était ouvert dans un autre périmètre que celui où vous travaillez. Rien n’a été enregistré. Repartez de l’accueil, ou changez de périmètre dans le menu.")
			return
		}
		r.repond(c)
	}
}

// memeOccupant refuses files whose form was shown to somebody else, or in another
// espace, as pourLeMeme does for other forms.
func (w *Web) memeOccupant(c *gin.Context, montre string) bool {
	ici := w.occupant(c)
	switch {
	case ici == "" || montre == ici:
		return true
	case montre == "":
		w.montrerSansOccupant(c)
	default:
		w.montrerAutre(c, "Vous êtes maintenant connecté autrement",
			"Cette page était ouverte pour un autre compte ou un autre périmètre. Rien n’a été envoyé. Repartez de l’accueil.")
	}
	return false
}

// montrerSansOccupant says that a form does not tell for whom it was shown.
func (w *Web) montrerSansOccupant(c *gin.Context) {
	w.montrerAutre(c, "Ce formulaire ne dit pas pour qui il était ouvert",
		"Nous ne savons pas s’il était ouvert pour vous, et dans ce périmètre. Rien n’a été enregistré. Rouvrez la page depuis l’accueil et recommencez.")
}

// montrerAutre says that a form was not for who sent it.
func (w *Web) montrerAutre(c *gin.Context, titre, phrase string) {
	c.Abort()
	w.rendre(c, http.StatusConflict, PageRefus(Refus{Page: w.page(c, titre), Statut: http.StatusConflict, Phrase: phrase, Retour: Lien{"Aller à l’accueil", "/accueil"}}))
}

// appliqueA reports whether the forms of a route say for whom they are: those of
// connected people do.
func (r route) appliqueA(methode string) bool { return methode == http.MethodPost && !r.regle.Public }
