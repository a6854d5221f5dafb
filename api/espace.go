package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

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

// servis are the services that a route uses: those that open dossiers, to act or to
// read, or the users of an organisation. Every other route is open to whoever has
// come in, and uses no right.
func servis(methode, chemin string) []opco.Service {
	sous := func(racines ...string) bool {
		return slices.ContainsFunc(racines, func(r string) bool { return chemin == r || strings.HasPrefix(chemin, r+"/") })
	}
	switch {
	case sous("/api/utilisateurs", "/api/mandats", "/utilisateurs"):
		return []opco.Service{opco.ServiceUtilisateurs}
	case !sous("/api/dossiers", "/api/pieces", "/api/courriers", "/api/enveloppes", "/api/synthese", "/api/estimation",
		"/api/documents", "/api/reglements-recus", "/api/indus", "/api/factures", "/api/ribs", "/api/salaries", "/api/demandes", "/api/organismes", "/entreprise", "/organisme"):
		return nil
	case methode == http.MethodGet || methode == http.MethodHead:
		return []opco.Service{opco.ServiceDossiers, opco.ServicePaiements, opco.ServiceLecture}
	}
	return []opco.Service{opco.ServiceDossiers, opco.ServicePaiements}
}

// noterUsage writes which rights served, on the routes where some do.
func (s *Server) noterUsage(c *gin.Context, u store.Utilisateur) error {
	if u.Role.Interne() {
		return nil
	}
	return s.Store.NoterUsage(c.Request.Context(), u, servis(c.Request.Method, c.FullPath()))
}
