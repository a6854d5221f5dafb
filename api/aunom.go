package api

import (
	"context"
	"net/http"

	"github.com/gin-gonic/gin"

	"guichet/store"
)

// AuNomDe returns a request that reads as u does now, for what a stream draws once for
// a whole audience: nobody asked for it, and nothing is answered to it.
func (s *Server) AuNomDe(ctx context.Context, u store.Utilisateur) (*gin.Context, error) {
	ctx = context.WithValue(ctx, cleQui{}, presence{Utilisateur: u, Etape: EtapeOuverte})
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "/direct", http.NoBody)
	if err != nil {
		return nil, err
	}
	c := gin.CreateTestContextOnly(sansReponse{}, s.moteur)
	c.Request = req
	return c, nil
}

// sansReponse is the writer of a request to which nothing is answered.
type sansReponse struct{}

// Header returns headers that go nowhere.
func (sansReponse) Header() http.Header { return http.Header{} }

// Write drops what it is given.
func (sansReponse) Write(b []byte) (int, error) { return len(b), nil }

// WriteHeader does nothing.
func (sansReponse) WriteHeader(int) {}
