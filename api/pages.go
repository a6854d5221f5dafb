package api

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
)

// Pages are the rooms behind the same doors as the API: who is there, what the
// table allows and where a request comes from are checked before them. Acces is
// their part of the authorisation table, by « METHOD /path/{name} »; a route
// without a row does not start. Refuser shows a refusal as a page.
type Pages interface {
	Routes(e gin.IRoutes)
	Acces() map[string]Regle
	Refuser(c *gin.Context, statut int, p Probleme)
}

const formulaireMax = 1 << 20 // bytes of a page form without a file

// accueillir gives pages their routes and their rows.
func (s *Server) accueillir(e *gin.Engine, p Pages) error {
	s.pages = p
	for cle, r := range p.Acces() {
		if _, deja := s.acces[cle]; deja && cle != "GET /" {
			return fmt.Errorf("the row %s of a page is already one of the API", cle)
		}
		s.acces[cle] = r
	}
	p.Routes(e)
	return nil
}

// estPage reports whether a path belongs to the pages.
func estPage(chemin string) bool { return chemin != "/api" && !strings.HasPrefix(chemin, "/api/") }

// refuserPage shows a refusal: who is not known is sent to log in, and comes back
// where they were going.
func (s *Server) refuserPage(c *gin.Context, p Probleme) {
	if strings.Contains(c.GetHeader("Accept"), "text/event-stream") && c.FullPath() == "/direct" {
		c.Status(int(p.Status)) // a stream has nobody to send to a page
		c.Writer.WriteHeaderNow()
		return
	}
	if p.Status != http.StatusUnauthorized || c.FullPath() == "" {
		s.pages.Refuser(c, int(p.Status), p)
		return
	}
	q := url.Values{}
	if suite := Suite(s.retour(c)); suite != "/" {
		q.Set("suite", suite)
	}
	if c.Request.Method != http.MethodGet {
		q.Set("session", "finie") // only who was connected has such a form
	}
	adresse := "/connexion"
	if len(q) > 0 {
		adresse += "?" + q.Encode()
	}
	c.Redirect(http.StatusSeeOther, adresse)
}

// retour is where a login leads back: the page itself, or the page of the form that
// was sent, which is the nearest address above it that can be read.
func (s *Server) retour(c *gin.Context) string {
	if c.Request.Method == http.MethodGet {
		return c.Request.URL.RequestURI()
	}
	modele := parametreGin.ReplaceAllString(c.FullPath(), "{$1}")
	return retourDe(c.Request.URL.Path, modele, func(m string) bool { _, ok := s.acces["GET "+m]; return ok })
}

// retourDe climbs from a path, and the route that it matched, to the first one that
// can be read.
func retourDe(chemin, modele string, seLit func(modele string) bool) string {
	for strings.Count(modele, "/") == strings.Count(chemin, "/") && modele != "" && modele != "/" {
		if seLit(modele) {
			return (&url.URL{Path: chemin}).EscapedPath()
		}
		modele, chemin = modele[:strings.LastIndex(modele, "/")], chemin[:strings.LastIndex(chemin, "/")]
	}
	return "/"
}

var parametreGin = regexp.MustCompile(`:(\w+)`)

// Suite returns adresse when it is a path of this very site, « / » otherwise: the
// only places where a login may lead.
func Suite(adresse string) string {
	u, err := url.Parse(adresse)
	bon := err == nil && u.Scheme == "" && u.Host == "" && u.User == nil && strings.HasPrefix(adresse, "/") &&
		!strings.HasPrefix(adresse, "//") && !strings.ContainsAny(adresse, "\\\r\n\t") && !strings.HasPrefix(u.Path, "//")
	if !bon || strings.HasPrefix(u.Path, "/api/") || u.Path == "/connexion" {
		return "/"
	}
	return adresse
}

// verifierFormulaire bounds what a page receives and says how it may be written: a
// form and nothing else, so that no other site can have it sent as plain text.
func verifierFormulaire(c *gin.Context) error {
	if q, err := url.ParseQuery(c.Request.URL.RawQuery); err != nil || len(c.Request.URL.RawQuery) > requeteMax || !lisible(q) || !lisible(parametres(c)) {
		return malforme(adresseIllisible)
	}
	switch c.Request.Method {
	case http.MethodGet, http.MethodHead:
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, 0)
		return nil
	}
	if e := c.GetHeader("Content-Encoding"); e != "" && e != "identity" {
		return &erreurStatut{statut: http.StatusUnsupportedMediaType, detail: "Un contenu compressé n’est pas accepté."}
	}
	types := c.Request.Header.Values("Content-Type")
	if len(types) == 0 && c.Request.ContentLength == 0 {
		return nil // a button alone
	}
	if len(types) != 1 {
		return &erreurStatut{statut: http.StatusUnsupportedMediaType, detail: "Un formulaire annonce un seul type de contenu."}
	}
	t, _, err := mime.ParseMediaType(types[0])
	switch {
	case err == nil && t == "application/x-www-form-urlencoded":
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, formulaireMax)
		return lireFormulaire(c)
	case err == nil && t == "multipart/form-data":
		return bornerEnvoi(c)
	default:
		return &erreurStatut{statut: http.StatusUnsupportedMediaType, detail: "Un formulaire est attendu ici."}
	}
}

const (
	adresseIllisible    = "Cette adresse est illisible. Vérifiez-la, ou reprenez depuis l’accueil."
	formulaireIllisible = "Ce formulaire porte un caractère illisible. Revenez à la page précédente et tapez votre texte de nouveau."
)

// lireFormulaire reads a form whole, and refuses what no keyboard types and no
// database keeps.
func lireFormulaire(c *gin.Context) error {
	err := c.Request.ParseForm()
	var trop *http.MaxBytesError
	switch {
	case errors.As(err, &trop):
		return &erreurStatut{statut: http.StatusRequestEntityTooLarge, detail: "Ce formulaire est trop long. Raccourcissez vos textes et envoyez-le de nouveau."}
	case err != nil:
		return malforme("Ce formulaire est arrivé abîmé. Revenez à la page précédente et envoyez-le de nouveau.")
	case !lisible(c.Request.PostForm):
		return malforme(formulaireIllisible)
	}
	return nil
}

// parametres are the values that the path of a request carries.
func parametres(c *gin.Context) url.Values {
	vs := url.Values{}
	for _, p := range c.Params {
		vs.Add(p.Key, p.Value)
	}
	return vs
}

// lisible reports whether every name and value is text, without a NUL.
func lisible(vs url.Values) bool {
	texte := func(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
	for nom, xs := range vs {
		if !texte(nom) || slices.ContainsFunc(xs, func(x string) bool { return !texte(x) }) {
			return false
		}
	}
	return true
}
