package web_test

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"

	"guichet/web"
)

func init() { gin.SetMode(gin.ReleaseMode) }

// portesFausses stands for the API: what a test needs of it, it sets.
type portesFausses struct {
	web.Portes
}

// moteur returns the pages on the doors p, the storybook included.
func moteur(t *testing.T, p web.Portes) http.Handler {
	t.Helper()
	w, err := web.New(web.Config{Portes: p, Dev: true})
	if err != nil {
		t.Fatal(err)
	}
	e := gin.New()
	e.ContextWithFallback = true
	w.Routes(e)
	return e
}
