package api

import (
	"context"
	"time"
)

// ListerVerifications answers GET /api/ops/verifications.
func (s *Server) ListerVerifications(ctx context.Context, r ListerVerificationsRequestObject) (ListerVerificationsResponseObject, error) {
	avant, err := avantDe(r.Params.Avant)
	if err != nil {
		return nil, err
	}
	n := limite(r.Params.Limite)
	vs, err := s.VerificationsDe(ctx, avant, n)
	rep := ListerVerifications200JSONResponse{Verifications: vs}
	if len(vs) == n {
		rep.Suivant = vs[n-1].DemandeeLe.UTC().Format(time.RFC3339Nano)
	}
	return rep, err
}

// DemanderVerification answers POST /api/ops/verifications.
func (s *Server) DemanderVerification(ctx context.Context, r DemanderVerificationRequestObject) (DemanderVerificationResponseObject, error) {
	if err := s.VerifierTout(ctx, r.Body.Id); err != nil {
		return nil, err
	}
	v, err := s.VerificationDe(ctx, r.Body.Id)
	return DemanderVerification200JSONResponse(v), err
}

// LireVerification answers GET /api/ops/verifications/{id}.
func (s *Server) LireVerification(ctx context.Context, r LireVerificationRequestObject) (LireVerificationResponseObject, error) {
	v, err := s.VerificationDe(ctx, r.Id)
	return LireVerification200JSONResponse(v), err
}
