package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"guichet/api"
)

// Refus is a page that says no, why, and the way back.
type Refus struct {
	Page
	Statut    int
	Phrase    string
	Reference string
	Retour    Lien
}

// titresRefus names each status for a reader.
var titresRefus = map[int]string{
	http.StatusBadRequest: "Nous ne pouvons pas lire cette demande", http.StatusUnauthorized: "Connectez-vous pour continuer",
	http.StatusForbidden: "Cet espace ne vous est pas ouvert", http.StatusNotFound: "Cette page n’existe pas",
	http.StatusMethodNotAllowed: "Cette page ne se demande pas ainsi", http.StatusConflict: "Ce n’est plus possible à cette étape",
	http.StatusRequestEntityTooLarge: "Cet envoi est trop gros", http.StatusUnprocessableEntity: "Il y a un point à corriger",
	http.StatusUnsupportedMediaType: "Nous n’acceptons pas cet envoi",
	http.StatusTooManyRequests:      "Patientez un instant", http.StatusInternalServerError: "Un incident nous empêche de répondre",
	http.StatusServiceUnavailable: "Guichet n’est pas disponible pour l’instant", http.StatusInsufficientStorage: "Il n’y a plus de place pour enregistrer",
}

// iconesRefus draws each status.
var iconesRefus = map[int]string{
	http.StatusUnauthorized: "log-in", http.StatusForbidden: "lock", http.StatusNotFound: "search", http.StatusConflict: "history",
	http.StatusTooManyRequests: "clock",
}

func (r Refus) icone() string {
	if i := iconesRefus[r.Statut]; i != "" {
		return i
	}
	return "triangle-alert"
}

// phraseRefus is what a status says when nothing more precise is known.
func phraseRefus(statut int) string {
	switch statut {
	case http.StatusNotFound:
		return "L’adresse est fausse, ou ce qu’elle montrait n’est pas à vous. Vérifiez-la, ou repartez de l’accueil."
	case http.StatusInternalServerError:
		return "Rien n’a été perdu. Réessayez dans un instant ; si cela recommence, écrivez-nous en citant la référence."
	}
	return "Revenez en arrière, ou repartez de l’accueil."
}

// Refuser shows a refusal of the doors as a page, with the reference that the log
// holds. Whoever has not finished logging in is sent to the step that is left.
func (w *Web) Refuser(c *gin.Context, statut int, p api.Probleme) {
	if q := w.Portes.Qui(c); q != nil && statut == http.StatusForbidden && q.Etape != ConnexionFaite && c.Request.Method == http.MethodGet {
		c.Abort()
		suite(c, adresseEtape(q.Etape, api.Suite(c.Request.URL.RequestURI())))
		return
	}
	titre, ok := titresRefus[statut]
	if !ok {
		statut, titre = http.StatusInternalServerError, titresRefus[http.StatusInternalServerError]
	}
	phrase := p.Detail
	if phrase == "" || statut == http.StatusInternalServerError || statut == http.StatusNotFound {
		phrase = phraseRefus(statut)
	}
	r := Refus{Page: w.page(c, titre), Statut: statut, Phrase: phrase, Reference: p.Reference, Retour: Lien{"Aller à l’accueil", "/"}}
	r.Egaree = c.FullPath() == ""
	if statut == http.StatusUnauthorized {
		r.Retour = Lien{"Se connecter", "/connexion"}
	}
	c.Abort()
	w.rendre(c, statut, PageRefus(r))
}

func (w *Web) introuvable(c *gin.Context) { w.Refuser(c, http.StatusNotFound, api.Probleme{}) }

// echouer answers a request that failed for a reason that no form can show, and
// logs what is our own fault.
func (w *Web) echouer(c *gin.Context, err error) {
	p := api.AnswerTo(c.Request.Method, err)
	p.Reference = c.Writer.Header().Get("X-Reference")
	api.Retarder(c.Writer, err)
	w.noterFaute(c, p, err)
	w.Refuser(c, int(p.Status), p)
}

// noterFaute logs what is our own fault, under the reference that the person reads.
func (w *Web) noterFaute(c *gin.Context, p api.Probleme, err error) {
	if p.Status >= http.StatusInternalServerError {
		w.Log.ErrorContext(c.Request.Context(), "request failed", "route", c.FullPath(), "reference", p.Reference, "error", err)
	}
}

// reprendre turns a refusal into what a form shows again. It reports false when
// the person can mend nothing: the answer has then been given.
func (w *Web) reprendre(c *gin.Context, err error, noms map[string]string) (int, []Faute, bool) {
	p := api.Answer(err)
	switch p.Status {
	case http.StatusUnprocessableEntity, http.StatusUnauthorized, http.StatusConflict, http.StatusTooManyRequests, http.StatusForbidden, http.StatusBadRequest,
		http.StatusRequestEntityTooLarge:
	case http.StatusServiceUnavailable, http.StatusInsufficientStorage: // what was typed stays there, to be sent again
		p.Reference = c.Writer.Header().Get("X-Reference")
		p.Detail += " Référence : " + p.Reference + "."
		api.Retarder(c.Writer, err)
		w.noterFaute(c, p, err)
	default:
		w.echouer(c, err)
		return 0, nil, false
	}
	var f []Faute
	for _, x := range p.Champs {
		f = append(f, Faute{x.Champ, x.Detail})
	}
	if len(f) == 0 {
		f = []Faute{{p.Champ, p.Detail}}
	}
	for i := range f {
		f[i].Champ = traduit(err, f[i].Champ)
		if nom, connu := noms[f[i].Champ]; connu {
			f[i].Champ = nom
		}
	}
	return int(p.Status), f, true
}
