package api

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/gin-gonic/gin"
)

//go:embed openapi.yaml
var specification []byte

//go:embed doc.html
var pageDoc string

//go:embed doc.css
var styleDoc []byte

var modeleDoc = template.Must(template.New("doc").Funcs(template.FuncMap{
	"paragraphes": func(s string) []string { return strings.Split(strings.TrimSpace(s), "\n\n") },
}).Parse(pageDoc))

// lireSpecification reads and checks openapi.yaml.
func lireSpecification() (*openapi3.T, error) {
	l := openapi3.NewLoader()
	spec, err := l.LoadFromData(specification)
	if err != nil {
		return nil, fmt.Errorf("reading the specification: %w", err)
	}
	if err := spec.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		return nil, fmt.Errorf("checking the specification: %w", err)
	}
	return spec, nil
}

func (s *Server) getYAML(c *gin.Context) {
	c.Data(http.StatusOK, "application/yaml; charset=utf-8", specification)
}

func (s *Server) getJSON(c *gin.Context) { c.JSON(http.StatusOK, s.spec) }

func (s *Server) getStyle(c *gin.Context) {
	c.Data(http.StatusOK, "text/css; charset=utf-8", styleDoc)
}

// operationLue is one operation on the documentation page.
type operationLue struct {
	Methode, Chemin, Resume, Description, Roles string
	Parametres                                  []champLu
	Corps                                       []champLu
	Multipart                                   bool
}

type champLu struct {
	Nom, Type, Description string
	Obligatoire            bool
}

type chapitre struct {
	Nom, Description string
	Operations       []operationLue
}

// getDoc answers the page that people read.
func (s *Server) getDoc(c *gin.Context) {
	var b bytes.Buffer
	err := modeleDoc.Execute(&b, gin.H{"Titre": s.spec.Info.Title, "Version": s.spec.Info.Version,
		"Description": s.spec.Info.Description, "Chapitres": s.chapitres()})
	if err != nil {
		s.refuser(c, fmt.Errorf("rendering the documentation: %w", err))
		return
	}
	c.Header("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	c.Data(http.StatusOK, "text/html; charset=utf-8", b.Bytes())
}

func (s *Server) chapitres() []chapitre {
	var cs []chapitre
	for _, t := range s.spec.Tags {
		ch := chapitre{Nom: t.Name, Description: t.Description}
		for _, chemin := range s.spec.Paths.InMatchingOrder() {
			item := s.spec.Paths.Value(chemin)
			for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
				if op := item.GetOperation(m); op != nil && slices.Contains(op.Tags, t.Name) {
					ch.Operations = append(ch.Operations, lireOperation(m, chemin, op))
				}
			}
		}
		cs = append(cs, ch)
	}
	return cs
}

func lireOperation(methode, chemin string, op *openapi3.Operation) operationLue {
	o := operationLue{Methode: methode, Chemin: chemin, Resume: op.Summary, Description: op.Description}
	r := acces[methode+" "+chemin]
	var roles []string
	for _, x := range r.Roles {
		roles = append(roles, string(x))
	}
	o.Roles = strings.Join(roles, ", ")
	if r.Public {
		o.Roles = "tout le monde"
	}
	for _, p := range op.Parameters {
		o.Parametres = append(o.Parametres, lireChamp(p.Value.Name, p.Value.Schema.Value, p.Value.Description, p.Value.Required))
	}
	if op.RequestBody == nil {
		return o
	}
	for t, m := range op.RequestBody.Value.Content {
		o.Multipart = t != "application/json"
		for _, nom := range slices.Sorted(mapsKeys(m.Schema.Value.Properties)) {
			x := m.Schema.Value.Properties[nom].Value
			o.Corps = append(o.Corps, lireChamp(nom, x, x.Description, slices.Contains(m.Schema.Value.Required, nom)))
		}
	}
	return o
}

// typesLus names the types of the specification for a reader.
var typesLus = map[string]string{"string": "texte", "integer": "nombre entier", "boolean": "vrai ou faux", "object": "objet", "array": "liste"}

func lireChamp(nom string, s *openapi3.Schema, description string, obligatoire bool) champLu {
	f := champLu{Nom: nom, Description: description, Obligatoire: obligatoire}
	for _, t := range s.Type.Slice() {
		f.Type = typesLus[t]
	}
	if s.Format != "" && s.Format != "int64" && s.Format != "int32" {
		f.Type += " (" + s.Format + ")"
	}
	if len(s.Enum) > 0 {
		var vs []string
		for _, v := range s.Enum {
			vs = append(vs, fmt.Sprint(v))
		}
		f.Type += " : " + strings.Join(vs, ", ")
	}
	return f
}
