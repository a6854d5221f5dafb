package api

import (
	"context"

	"github.com/gin-gonic/gin"

	"guichet/opco"
	"guichet/store"
)

// ChoisirPerimetre answers PUT /api/session/perimetre: the person enters one of
// their espaces, under a new session id. Choosing again leaves the first one.
func (s *Server) ChoisirPerimetre(ctx context.Context, r ChoisirPerimetreRequestObject) (ChoisirPerimetreResponseObject, error) {
	if _, ok := qui(ctx).Entrer(r.Body.Perimetre); !ok {
		return nil, opco.Errorf(opco.NotFound, "Ce périmètre n’est pas, ou n’est plus, le vôtre.")
	}
	p, err := s.changer(ctx, func(rctx context.Context) { s.sessions.Put(rctx, clePerimetre, r.Body.Perimetre) })
	if err != nil {
		return nil, err
	}
	rep, err := s.sessionDe(ctx, p)
	return ChoisirPerimetre200JSONResponse(rep), err
}

func espaceLu(e store.Espace) EspaceLu {
	l := EspaceLu{Cle: e.Cle, Role: e.Role, Siren: e.SIREN, Nom: e.Nom, Sirets: e.SIRETs, Ecrit: e.Ecrit, Services: []string{}, PourNom: e.PourNom}
	for _, x := range e.Services {
		l.Services = append(l.Services, string(x))
	}
	return l
}

// noterUsage writes that rights served, on the routes where they do.
func (s *Server) noterUsage(c *gin.Context, r Regle, u store.Utilisateur) error {
	if r.Limite || u.Role.Interne() {
		return nil
	}
	return s.Store.NoterUsage(c.Request.Context(), u)
}
