package web

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"

	"guichet/api"
)

// formulaire reads the form of a request, the named fields only. It reports false
// when it cannot be read: the answer has then been given.
func (w *Web) formulaire(c *gin.Context, noms ...string) (Formulaire, bool) {
	v, ok := w.valeurs(c)
	return Formulaire{Valeurs: seulement(v, noms)}, ok
}

// valeurs reads every field of the form of a request, as formulaire does.
func (w *Web) valeurs(c *gin.Context) (url.Values, bool) {
	err := c.Request.ParseForm()
	var trop *http.MaxBytesError
	switch {
	case errors.As(err, &trop):
		w.Refuser(c, http.StatusRequestEntityTooLarge, api.Probleme{Detail: "Ce formulaire est trop long. Raccourcissez vos textes et envoyez-le de nouveau."})
		return nil, false
	case err != nil:
		w.Refuser(c, http.StatusBadRequest, api.Probleme{Detail: "Ce formulaire est arrivé abîmé. Revenez à la page précédente et envoyez-le de nouveau."})
		return nil, false
	}
	return c.Request.PostForm, true
}

// nomme gives the form the id of the acte that it will make, once: sent twice, it
// makes one acte.
func (f Formulaire) nomme() Formulaire {
	if uuid.Validate(f.Valeur("acte_id")) == nil {
		return f
	}
	v := maps.Clone(f.Valeurs)
	if v == nil {
		v = url.Values{}
	}
	v.Set("acte_id", uuid.NewString())
	f.Valeurs = v
	return f
}

// avec returns the form with what is wrong with it.
func (f Formulaire) avec(fautes []Faute) Formulaire {
	f.Erreurs = fautes
	return f
}

// motDePasseMax bounds what is hashed; the API accepts no more.
const motDePasseMax = 256

// borner refuses what no person types in a field.
func (l *lecteur) borner(champ string, max int) {
	l.exiger(champ, utf8.RuneCountInString(l.Valeur(champ)) <= max, "C’est trop long : "+strconv.Itoa(max)+" caractères au plus.")
}

// deuxFois wants a password typed twice alike; the rule of the portal is said by
// the API.
func (l *lecteur) deuxFois() {
	l.exiger("mot_de_passe", l.Valeur("mot_de_passe") != "", "Choisissez un mot de passe.")
	l.borner("mot_de_passe", motDePasseMax)
	l.exiger("mot_de_passe2", l.Valeur("mot_de_passe") == "" || l.Valeur("mot_de_passe") == l.Valeur("mot_de_passe2"),
		"Les deux mots de passe sont différents. Tapez-les de nouveau.")
}

// deLAdresse reads what the link of a mail carries: the account, and the proof
// called nom.
func deLAdresse(c *gin.Context, nom string) Formulaire {
	return Formulaire{Valeurs: url.Values{"compte": {compteDe(c.Query("compte"))}, nom: {coupe(c.Query(nom), 128)}}}
}

// coupe bounds what comes from an address before it is shown.
func coupe(s string, max int) string {
	if r := []rune(s); len(r) > max {
		return string(r[:max])
	}
	return s
}
