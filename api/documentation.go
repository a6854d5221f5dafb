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
	"texte":       texteLu,
	"ancre":       func(s string) string { return strings.ReplaceAll(s, " ", "-") },
	"suite":       func(champs []champLu, titre string) tableLue { return tableLue{Titre: titre, Champs: champs} },
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
	Parametres, Corps                           []champLu
	Multipart                                   bool
	Reponses                                    []reponseLue
}

// reponseLue is one answer that is not a refusal.
type reponseLue struct {
	Statut, Description string
	Type                typeLu
}

type chapitre struct {
	Nom, Description string
	Operations       []operationLue
}

// getDoc answers the page that people read.
func (s *Server) getDoc(c *gin.Context) {
	var b bytes.Buffer
	err := modeleDoc.Execute(&b, gin.H{"Titre": s.spec.Info.Title, "Version": s.spec.Info.Version,
		"Description": s.spec.Info.Description, "Chapitres": s.chapitres(), "Objets": objetsLus(s.spec)})
	if err != nil {
		s.refuser(c, fmt.Errorf("rendering the documentation: %w", err))
		return
	}
	c.Header("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	c.Data(http.StatusOK, "text/html; charset=utf-8", b.Bytes())
}

// chapitres lists the operations by tag, in the order of the specification: it
// is the order in which a dossier meets them.
func (s *Server) chapitres() []chapitre {
	chemins := s.spec.Paths.InMatchingOrder()
	slices.SortFunc(chemins, func(a, b string) int {
		return bytes.Index(specification, []byte("\n  "+a+":")) - bytes.Index(specification, []byte("\n  "+b+":"))
	})
	var cs []chapitre
	for _, t := range s.spec.Tags {
		ch := chapitre{Nom: t.Name, Description: t.Description}
		for _, chemin := range chemins {
			item := s.spec.Paths.Value(chemin)
			for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete} {
				if op := item.GetOperation(m); op != nil && slices.Contains(op.Tags, t.Name) {
					ch.Operations = append(ch.Operations, lireOperation(m, chemin, item, op))
				}
			}
		}
		cs = append(cs, ch)
	}
	return cs
}

func lireOperation(methode, chemin string, item *openapi3.PathItem, op *openapi3.Operation) operationLue {
	o := operationLue{Methode: methode, Chemin: chemin, Resume: op.Summary, Description: op.Description, Reponses: lireReponses(op)}
	r := acces[methode+" "+chemin]
	var roles []string
	for _, x := range r.Roles {
		roles = append(roles, string(x))
	}
	o.Roles = strings.Join(roles, ", ")
	switch {
	case r.Public:
		o.Roles = "tout le monde"
	case r.Limite && len(r.Roles) == 0:
		o.Roles = "toute personne identifiée, même en accès limité"
	}
	for _, p := range slices.Concat(item.Parameters, op.Parameters) {
		o.Parametres = append(o.Parametres, lireChamp(p.Value.Name, p.Value.Schema, p.Value.Description, p.Value.Required))
	}
	if op.RequestBody == nil {
		return o
	}
	for t, m := range op.RequestBody.Value.Content {
		o.Multipart = t != "application/json"
		o.Corps = lireChamps(m.Schema.Value)
	}
	return o
}

func lireReponses(op *openapi3.Operation) []reponseLue {
	var rs []reponseLue
	for _, statut := range []string{"200", "201", "202", "204"} {
		ref := op.Responses.Value(statut)
		if ref == nil {
			continue
		}
		r := reponseLue{Statut: statut, Description: *ref.Value.Description}
		for t, m := range ref.Value.Content {
			if t == "application/json" {
				r.Type = lireType(m.Schema)
			}
		}
		rs = append(rs, r)
	}
	return rs
}
