package api

import (
	"context"
	"time"

	"guichet/opco"
)

// ListerRejeux answers GET /api/ops/rejeux.
func (s *Server) ListerRejeux(ctx context.Context, r ListerRejeuxRequestObject) (ListerRejeuxResponseObject, error) {
	avant, err := avantDe(r.Params.Avant)
	if err != nil {
		return nil, err
	}
	n := limite(r.Params.Limite)
	vs, err := s.RejeuxDe(ctx, avant, n)
	rep := ListerRejeux200JSONResponse{Rejeux: vs}
	if len(vs) == n {
		rep.Suivant = vs[n-1].DemandeLe.UTC().Format(time.RFC3339Nano)
	}
	return rep, err
}

// avantDe reads where a page of a list by instant begins, "" for the first.
func avantDe(suivant string) (time.Time, error) {
	if suivant == "" {
		return time.Time{}, nil
	}
	avant, err := time.Parse(time.RFC3339Nano, suivant)
	if err != nil {
		return avant, opco.Champf("avant", "Cette page n’existe pas : reprenez la liste depuis le début.")
	}
	return avant, nil
}

// DemanderRejeu answers POST /api/ops/rejeux.
func (s *Server) DemanderRejeu(ctx context.Context, r DemanderRejeuRequestObject) (DemanderRejeuResponseObject, error) {
	b := r.Body
	if err := s.DemanderUnRejeu(ctx, b.Id, b.Objet, b.Etapes, int(b.Echantillon)); err != nil {
		return nil, err
	}
	v, err := s.RejeuDe(ctx, b.Id)
	return DemanderRejeu200JSONResponse(v), err
}

// LireRejeu answers GET /api/ops/rejeux/{id}.
func (s *Server) LireRejeu(ctx context.Context, r LireRejeuRequestObject) (LireRejeuResponseObject, error) {
	v, err := s.RejeuDe(ctx, r.Id)
	return LireRejeu200JSONResponse(v), err
}
