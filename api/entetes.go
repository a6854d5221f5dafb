package api

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"time"

	"github.com/gin-gonic/gin"
)

const cleReference = "reference"

// suivre gives the request its reference, writes its line of log (route, never the
// query string; the account by its opaque id, never by a name) and turns a panic into an answer.
func (s *Server) suivre(c *gin.Context) {
	debut := time.Now()
	ref := reference()
	c.Set(cleReference, ref)
	c.Header("X-Reference", ref)
	fini := func(int, bool) {}
	if s.Observer != nil {
		var ctx context.Context
		ctx, fini = s.Observer(c.Request, c.FullPath())
		c.Request = c.Request.WithContext(ctx)
	}
	defer func() {
		if r := recover(); r != nil {
			s.Log.ErrorContext(c.Request.Context(), "panic", "reference", ref, "route", c.FullPath(), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
			if !c.Writer.Written() {
				s.refuser(c, fmt.Errorf("panic: %v", r))
			}
		}
		s.Log.InfoContext(c.Request.Context(), "request", "method", c.Request.Method, "route", c.FullPath(), "status", c.Writer.Status(),
			"ms", time.Since(debut).Milliseconds(), "reference", ref, "compte", quiOuPersonne(c).Compte)
		fini(c.Writer.Status(), slices.Contains(routesDeFlux, c.FullPath()))
	}()
	c.Next()
}

// proteger sets the security headers of every answer. A page or a file that needs
// more says it itself.
func (s *Server) proteger(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("Cache-Control", "no-store")
	if c.Request.TLS != nil {
		h.Set("Strict-Transport-Security", "max-age=63072000")
	}
	if c.GetHeader("X-HTTP-Method-Override") != "" {
		s.refuserStatut(c, http.StatusMethodNotAllowed, "Une méthode ne se remplace pas par un en-tête.")
	}
}

var origine = http.NewCrossOriginProtection()

// verifierOrigine refuses what another site makes a browser send (reliability.md
// 3.9): no token is needed in forms.
func (s *Server) verifierOrigine(c *gin.Context) {
	if c.IsAborted() {
		return
	}
	if err := origine.Check(c.Request); err != nil {
		s.refuserStatut(c, http.StatusForbidden, "Cette demande vient d’un autre site : elle est refusée pour vous protéger.")
	}
}
