package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

const (
	requeteMax    = 4096 // bytes of a query string
	multipartMax  = store.FichierMax + 64<<10
	parametresMax = 50
	envoiMax      = 2 * time.Minute
	envoiLongMax  = 10 * time.Minute // 170 MB, which 120,000 transfers take, at 3 Mb/s
)

// verifier holds every request against the specification before its handler sees
// it: path, query, body. What it lets through is in normal form.
func (s *Server) verifier(c *gin.Context) {
	if c.FullPath() == "" {
		return
	}
	cle := cleRoute(c.Request.Method, c.FullPath())
	_, chemin, _ := strings.Cut(cle, " ")
	item := s.spec.Paths.Value(chemin)
	if item == nil { // a page, or the documentation itself
		if err := verifierFormulaire(c); err != nil {
			s.refuser(c, err)
		}
		return
	}
	op := item.GetOperation(c.Request.Method)
	err := verifierChemin(c, append(slices.Clone(item.Parameters), op.Parameters...))
	if err == nil {
		err = verifierRequete(c, op.Parameters)
	}
	if err == nil {
		err = verifierCorps(c, op)
	}
	if err != nil {
		s.refuser(c, err)
	}
}

// verifierChemin reads the path parameters. One that is not an identifier names
// nothing: 404.
func verifierChemin(c *gin.Context, ps openapi3.Parameters) error {
	for i, x := range c.Params {
		p := ps.GetByInAndName(openapi3.ParameterInPath, x.Key)
		if p == nil {
			return fmt.Errorf("path parameter %s is not in the specification", x.Key)
		}
		var k controle
		v, err := k.valeur(x.Key, p.Schema.Value, x.Value)
		if err != nil || len(k.refus) > 0 {
			return opco.Errorf(opco.NotFound, "Cette adresse n’existe pas.")
		}
		c.Params[i].Value, _ = v.(string)
	}
	return nil
}

// verifierRequete reads the query string: known parameters, each once, and writes
// it back in normal form.
func verifierRequete(c *gin.Context, ps openapi3.Parameters) error {
	if len(c.Request.URL.RawQuery) > requeteMax {
		return malforme("Cette adresse est trop longue.")
	}
	q, err := url.ParseQuery(c.Request.URL.RawQuery)
	if err != nil || len(q) > parametresMax {
		return malforme("Les paramètres de cette adresse sont illisibles.")
	}
	for nom := range q {
		if ps.GetByInAndName(openapi3.ParameterInQuery, nom) == nil {
			return malforme("Cette adresse porte un paramètre inconnu.")
		}
	}
	var k controle
	for _, r := range ps {
		p := r.Value
		if p.In != openapi3.ParameterInQuery {
			continue
		}
		if err := k.parametre(p, q); err != nil {
			return err
		}
	}
	if len(k.refus) > 0 {
		return &erreurStatut{statut: http.StatusBadRequest, detail: k.refus[0].Message, champ: k.refus[0].Champ}
	}
	c.Request.URL.RawQuery = q.Encode()
	return nil
}

// parametre checks the values of one query parameter and puts their normal form
// back in q.
func (k *controle) parametre(p *openapi3.Parameter, q url.Values) error {
	vs, s := q[p.Name], p.Schema.Value
	if len(vs) == 0 {
		if p.Required {
			k.non(p.Name, "Ce paramètre est obligatoire.")
		}
		return nil
	}
	if s.Type.Is("array") {
		if s.MaxItems != nil && uint64(len(vs)) > *s.MaxItems {
			return malforme("Le paramètre « %s » a trop de valeurs.", p.Name)
		}
		s = s.Items.Value
	} else if len(vs) > 1 {
		return malforme("Le paramètre « %s » est écrit deux fois.", p.Name)
	}
	for i, v := range vs {
		n, err := k.scalaire(p.Name, s, v)
		if err != nil {
			return err
		}
		vs[i] = fmt.Sprint(n)
	}
	return nil
}

// scalaire reads a value written in an address as its schema says.
func (k *controle) scalaire(nom string, s *openapi3.Schema, v string) (any, error) {
	switch {
	case strings.ContainsRune(v, 0):
		return nil, malforme("Le paramètre « %s » porte un caractère nul.", nom)
	case s.Type.Is("integer"):
		return k.valeur(nom, s, json.Number(v))
	case s.Type.Is("boolean") && (v == "true" || v == "false"):
		return v == "true", nil
	}
	return k.valeur(nom, s, any(v))
}

// verifierCorps reads the body when the operation has one: strict JSON, or a
// multipart form that its handler reads itself.
func verifierCorps(c *gin.Context, op *openapi3.Operation) error {
	if op.RequestBody == nil {
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, 0)
		return nil
	}
	if e := c.GetHeader("Content-Encoding"); e != "" && e != "identity" {
		return &erreurStatut{statut: http.StatusUnsupportedMediaType, detail: "Un contenu compressé n’est pas accepté."}
	}
	attendu := "application/json"
	contenu := op.RequestBody.Value.Content[attendu]
	if contenu == nil {
		attendu = "multipart/form-data"
	}
	types := c.Request.Header.Values("Content-Type")
	if len(types) != 1 {
		return &erreurStatut{statut: http.StatusUnsupportedMediaType, detail: "Annoncez le type du contenu : " + attendu + "."}
	}
	t, params, err := mime.ParseMediaType(types[0])
	jeu := params["charset"]
	if err != nil || t != attendu || jeu != "" && !strings.EqualFold(jeu, "utf-8") {
		return &erreurStatut{statut: http.StatusUnsupportedMediaType, detail: "Le contenu doit être de type " + attendu + "."}
	}
	if contenu == nil {
		return bornerEnvoi(c)
	}
	return verifierJSON(c, contenu.Schema.Value)
}

// envoisLongs are the routes that take a file of the bank, which may be longer than any
// other: it goes to the disk as it comes.
var envoisLongs = []string{"/api/banque/retours", "/comptabilite/retours"}

// bornerEnvoi bounds an upload, and gives it its time: ten megabytes from the countryside
// take longer than a form, and a file of the bank is read before the answer.
func bornerEnvoi(c *gin.Context) error {
	taille, temps, r := int64(multipartMax), envoiMax, http.NewResponseController(c.Writer)
	if slices.Contains(envoisLongs, c.FullPath()) {
		taille, temps = opco.RetourMax+64<<10, envoiLongMax
		if err := r.SetWriteDeadline(time.Now().Add(2 * temps)); err != nil && !errors.Is(err, http.ErrNotSupported) {
			return fmt.Errorf("giving a file of the bank its time: %w", err)
		}
	}
	if err := r.SetReadDeadline(time.Now().Add(temps)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("giving an upload its time: %w", err)
	}
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, taille)
	return nil
}

func verifierJSON(c *gin.Context, schema *openapi3.Schema) error {
	v, err := lireJSON(c.Request.Body)
	if err != nil {
		return err
	}
	var k controle
	n, err := k.valeur("", schema, v)
	if err != nil {
		return err
	}
	if len(k.refus) > 0 {
		return k.refus
	}
	brut, err := json.Marshal(n)
	if err != nil {
		return err
	}
	var libre any
	if err := json.Unmarshal(brut, &libre); err != nil {
		return err
	}
	// The last word is the library's: our own walk must not know less than it.
	if err := schema.VisitJSON(libre, openapi3.VisitAsRequest()); err != nil {
		return malforme("Ce contenu ne suit pas la documentation de l’API.")
	}
	c.Request.Body = io.NopCloser(bytes.NewReader(brut))
	c.Request.ContentLength = int64(len(brut))
	return nil
}
