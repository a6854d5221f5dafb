package web

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/store"
)

// Defaire is the way back of a light gesture that has just been done: the form of the
// gesture that undoes it, sent to the same door, under the same rights. It stands in the
// announcement; guichet.js takes it away after eight seconds.
type Defaire struct {
	Action string     `json:"a"`
	Champs url.Values `json:"c"`
}

// cookieDefaire holds it for the next page. It gives no right: it is a form that its
// reader could fill.
const cookieDefaire = "guichet-defaire"

// defairePar offers, on the next page, to undo what was done: champs are names and values
// of the form that action takes.
func (w *Web) defairePar(c *gin.Context, action string, champs url.Values) {
	b, err := json.Marshal(Defaire{action, champs})
	if err != nil || len(b) > 2500 {
		return // a cookie has no room for more: the gesture is then undone where it was done
	}
	w.poser(c, cookieDefaire, base64.RawURLEncoding.EncodeToString(b), time.Minute)
}

// sansRetour is the cookie of a gesture that is done, and that the next page cannot offer
// to undo.
const sansRetour = "non"

// sansRetourDit says it, after what was done.
const sansRetourDit = " L’annulation immédiate n’est pas disponible cette fois : pour revenir en arrière, refaites le geste inverse."

// defaireGeste offers to undo the gesture that its reader has just made on dossiers, as
// long as nobody comes in between. What is done is done: when the way back cannot be
// read, the next page says so.
func (w *Web) defaireGeste(c *gin.Context, action, geste string, dossiers []string, champs url.Values) {
	n, err := w.Interieur.MonGeste(c, geste, dossiers...)
	switch {
	case err != nil:
		w.Log.WarnContext(c.Request.Context(), "a gesture is done, and cannot be offered to be undone", "gesture", geste, "error", err)
		w.poser(c, cookieDefaire, sansRetour, time.Minute)
	case n > 0:
		champs.Set("depuis", strconv.FormatInt(n, 10))
		w.defairePar(c, action, champs)
	}
}

// retourDemande reads the gesture that a form asks to undo; false when it asks for a
// gesture of its own.
func retourDemande(f Formulaire, geste string, dossiers ...string) (store.Retour, bool) {
	n, err := strconv.ParseInt(f.Valeur("depuis"), 10, 64)
	return store.Retour{Geste: geste, Dossiers: dossiers, Depuis: n}, err == nil && n > 0
}

// aDefaire is what the page offers to undo, once, after what it announces.
func (w *Web) aDefaire(c *gin.Context, p *Page) *Defaire {
	k, err := c.Cookie(cookieDefaire)
	if err != nil || k == "" {
		return nil
	}
	w.poser(c, cookieDefaire, "", 0)
	if k == sansRetour && p.Annonce != "" {
		p.Annonce += sansRetourDit
		return nil
	}
	b, err := base64.RawURLEncoding.DecodeString(k)
	var d Defaire
	if err != nil || json.Unmarshal(b, &d) != nil || !gesteLeger(d.Action) {
		return nil
	}
	return &d
}

// gesteLeger reports whether action is the door of a gesture that may be undone so.
func gesteLeger(action string) bool {
	morceaux := strings.Split(action, "/")
	if len(morceaux) < 3 || morceaux[0] != "" || strings.ContainsAny(action, "\\?#%") {
		return false
	}
	switch fin := strings.Join(morceaux[len(morceaux)-1:], ""); morceaux[1] {
	case "instruction":
		return len(morceaux) > 4 && morceaux[2] == "dossiers" && (fin == "etiquettes" || fin == "attribution" || strings.HasSuffix(action, "/attente/fin"))
	case "organisme":
		return len(morceaux) == 5 && morceaux[2] == "reglements" && fin == "pointage"
	case "equipe":
		return action == "/equipe/dossiers"
	}
	return false
}

// defait is the reason written when a gesture is undone.
const defait = "Geste annulé aussitôt."

// auxPortefeuilles is the holder of what is entrusted to nobody.
const auxPortefeuilles = "portefeuilles"

// titulaire is the person of a form to whom dossiers are entrusted.
func titulaire(valeur string) string {
	if valeur == auxPortefeuilles {
		return ""
	}
	return valeur
}

// titulaireOuAucun is the value of a form for a holder.
func titulaireOuAucun(personne string) string {
	if personne == "" {
		return auxPortefeuilles
	}
	return personne
}
