package api

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

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
	if p.Status != http.StatusUnauthorized || c.FullPath() == "" {
		s.pages.Refuser(c, int(p.Status), p)
		return
	}
	adresse := "/connexion"
	if suite := Suite(c.Request.URL.RequestURI()); c.Request.Method == http.MethodGet && suite != "/" {
		adresse += "?suite=" + url.QueryEscape(suite)
	}
	c.Redirect(http.StatusSeeOther, adresse)
}

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
	case err == nil && t == "multipart/form-data":
		if err := http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(envoiMax)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return fmt.Errorf("giving an upload its time: %w", err)
		}
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, multipartMax)
	default:
		return &erreurStatut{statut: http.StatusUnsupportedMediaType, detail: "Un formulaire est attendu ici."}
	}
	return nil
}
