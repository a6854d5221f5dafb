package api_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// specification is openapi.yaml, read once.
var specification = sync.OnceValue(func() *openapi3.T {
	s, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		panic(err)
	}
	return s
})

var variable = regexp.MustCompile(`\{[a-z_]+\}`)

// routeDe finds the operation that a request takes, nil when the specification has
// none.
func routeDe(methode, chemin string) *routers.Route {
	var trouve *routers.Route
	for _, modele := range specification().Paths.InMatchingOrder() {
		item := specification().Paths.Value(modele)
		motif := "^" + variable.ReplaceAllString(strings.ReplaceAll(modele, ".", `\.`), `[^/]+`) + "$"
		if op := item.GetOperation(methode); op != nil && regexp.MustCompile(motif).MatchString(chemin) {
			if trouve == nil || !strings.Contains(modele, "{") {
				trouve = &routers.Route{Spec: specification(), Path: modele, PathItem: item, Method: methode, Operation: op}
			}
		}
	}
	return trouve
}

// verifierContrat fails the test when an answer is not what the specification says:
// status, type, every field.
func verifierContrat(t testing.TB, req *http.Request, r reponse) {
	t.Helper()
	route := routeDe(req.Method, req.URL.Path)
	if route == nil || strings.HasPrefix(r.entete.Get("Content-Type"), "text/event-stream") {
		return
	}
	in := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: req, Route: route},
		Status:                 r.statut, Header: r.entete, Body: io.NopCloser(bytes.NewReader(r.corps)),
		Options: &openapi3filter.Options{MultiError: true, ExcludeResponseBody: !strings.Contains(r.entete.Get("Content-Type"), "json")},
	}
	if err := openapi3filter.ValidateResponse(context.Background(), in); err != nil {
		t.Errorf("%s %s answered %d, which is not in the contract: %.600v\n%.600s", req.Method, req.URL.Path, r.statut, err, r.corps)
	}
}
