package api

import (
	"context"
	"strconv"

	"github.com/gin-gonic/gin"
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
	etat := Dessin{Nom: "etat", Faire: func(ctx context.Context, a Audience, id string) (Trame, error) {
		l, err := s.Store.Ligne(ctx, a.Portee, id)
		if err != nil {
			return nil, err
		}
		return evenementJSON("dossier", strconv.FormatInt(l.Rang, 10), evenement{Etat: string(l.Etat), Rang: l.Rang})
	}}
	s.Suivre(c, []Abonnement{{Sujet: Sujet{"dossier", c.Param("id")}, Dessin: etat, Depart: true}}, "")
}
