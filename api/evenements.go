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

const battement = 15 * time.Second

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
	if !s.dire(c, id) {
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.Arret:
			return
		case <-coeur.C:
			if _, ok := s.toujours(c); !ok {
				return
			}
			if _, err := fmt.Fprint(c.Writer, ": vivant\n\n"); err != nil {
				return
			}
			c.Writer.Flush()
		case n := <-nouvelles:
			concerne := n.Sujet == "" || n.Sujet == "dossier" && n.ID == id
			if concerne && !s.dire(c, id) {
				return
			}
		}
	}
}

// toujours reads again the key or the session that opened a stream, which does not
// keep the session alive: false once it is closed, has expired or its account is
// closed.
func (s *Server) toujours(c *gin.Context) (store.Utilisateur, bool) {
	ctx := c.Request.Context()
	if h := c.GetHeader("Authorization"); h != "" {
		u, err := s.parCle(ctx, h)
		return u, err == nil
	}
	token, err := c.Cookie(s.sessions.Cookie.Name)
	if err != nil {
		return store.Utilisateur{}, false
	}
	neuf, fin := context.WithTimeout(context.Background(), 5*time.Second) // that of the request remembers the session it read
	defer fin()
	if neuf, err = s.sessions.Load(neuf, token); err != nil {
		return store.Utilisateur{}, false
	}
	u, err := s.Store.Utilisateur(neuf, s.sessions.GetString(neuf, cleIdentifiant))
	return u, err == nil && !s.delaissee(neuf, u)
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
