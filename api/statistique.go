package api

import (
	"context"

	"guichet/opco"
	"guichet/store"
)

// semainesProposees is the period of who asks for none.
const semainesProposees = 12

// LireStatistiques answers GET /api/statistiques: what the house promises to
// measure, over a period of at most a year (domain.md 5.3).
func (s *Server) LireStatistiques(ctx context.Context, r LireStatistiquesRequestObject) (LireStatistiquesResponseObject, error) {
	du, au := opco.Date(r.Params.Du), opco.Date(r.Params.Au)
	if du == "" && au == "" {
		le, err := s.Store.Maintenant(ctx)
		if err != nil {
			return nil, err
		}
		au = opco.JourDe(le)
		du = au.Jours(1 - 7*semainesProposees)
	}
	st, err := s.Store.Statistiques(ctx, store.FiltreMesures{Du: du, Au: au, IDCC: r.Params.Idcc, Instructeur: r.Params.Instructeur})
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(st.Decision.Gens))
	return LireStatistiques200JSONResponse(st), nil
}

// ListerRejets answers GET /api/rejets: what the bank refused or sent back and that
// nobody has treated yet.
func (s *Server) ListerRejets(ctx context.Context, r ListerRejetsRequestObject) (ListerRejetsResponseObject, error) {
	p, err := s.Store.Rejets(ctx, r.Params.Apres, limite(r.Params.Limite))
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(p.Rejets))
	return ListerRejets200JSONResponse{Rejets: p.Rejets, Nombre: p.Nombre, Somme: p.Somme, Suivant: p.Suivant}, nil
}
