package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"guichet/store"
)

const (
	battement = 15 * time.Second
	// A right withdrawn closes its streams within the second (reliability.md 3.1,
	// rule 9): at once when the account says so, and by reading it again otherwise.
	relecture = 800 * time.Millisecond
)

// evenement is what a stream says of a dossier: where it stands. The reader asks
// for the rest.
type evenement struct {
	Etat string `json:"etat"`
	Rang int64  `json:"rang"`
}

// getEvenements answers GET /api/dossiers/{id}/evenements: one event now, then one
// at each change, for as long as the reader stays and may read the dossier.
func (s *Server) getEvenements(c *gin.Context) {
	ctx, id := c.Request.Context(), c.Param("id")
	nouvelles, stop := s.Store.Ecouter()
	defer stop()
	if _, err := s.Store.Ligne(ctx, qui(ctx).Portee(), id); err != nil {
		s.refuser(c, err)
		return
	}
	if err := http.NewResponseController(c.Writer).SetWriteDeadline(time.Time{}); err != nil {
		s.Log.DebugContext(ctx, "stream keeps its deadline", "error", err)
	}
	c.Header("Content-Type", "text/event-stream")
	c.Header("X-Accel-Buffering", "no")
	coeur := time.NewTicker(battement)
	defer coeur.Stop()
	verification := time.NewTicker(relecture)
	defer verification.Stop()
	if !s.dire(c, id) {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.Arret:
			return
		case <-verification.C:
			if !s.lisible(c, id) {
				return
			}
		case <-coeur.C:
			if _, err := fmt.Fprint(c.Writer, ": vivant\n\n"); err != nil {
				return
			}
			c.Writer.Flush()
		case n := <-nouvelles:
			if n.Sujet == "compte" && n.ID == qui(ctx).Compte && !s.lisible(c, id) {
				return
			}
			concerne := n.Sujet == "" || n.Sujet == "dossier" && n.ID == id
			if concerne && !s.dire(c, id) {
				return
			}
		}
	}
}

// toujours reads again the key or the session that opened a stream, which does not
// keep the session alive: false once it is closed, has expired, or its account has
// left the espace in which the stream began.
func (s *Server) toujours(c *gin.Context) (store.Utilisateur, bool) {
	avant := qui(c.Request.Context())
	neuf, fin := context.WithTimeout(context.Background(), 5*time.Second) // that of the request remembers the session it read
	defer fin()
	var p presence
	var err error
	if h := c.GetHeader("Authorization"); h != "" {
		p, err = s.parCle(neuf, h, c.Request.Header.Values("Guichet-Perimetre"))
	} else if neuf, err = s.chargerSession(neuf, c); err == nil {
		p, err = s.presenceEnSession(neuf)
	}
	return p.Utilisateur, err == nil && p.Etape == EtapeOuverte && p.Compte == avant.Compte && p.Espace == avant.Espace
}

// lisible reports whether the reader of a stream may still read its dossier.
func (s *Server) lisible(c *gin.Context, id string) bool {
	u, ok := s.toujours(c)
	if !ok {
		return false
	}
	_, err := s.Store.Ligne(c.Request.Context(), u.Portee(), id)
	return err == nil
}

// dire writes the present state of the dossier; false ends the stream.
func (s *Server) dire(c *gin.Context, id string) bool {
	ctx := c.Request.Context()
	u, ok := s.toujours(c)
	if !ok {
		return false
	}
	l, err := s.Store.Ligne(ctx, u.Portee(), id)
	if err != nil {
		return false
	}
	b, err := json.Marshal(evenement{Etat: string(l.Etat), Rang: l.Rang})
	if err != nil {
		return false
	}
	if _, err := fmt.Fprintf(c.Writer, "event: dossier\nid: %d\ndata: %s\n\n", l.Rang, b); err != nil {
		return false
	}
	c.Writer.Flush()
	return true
}
