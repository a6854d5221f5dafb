package api

import (
	"context"

	"guichet/opco"
)

// ListerReglesAuto answers GET /api/regles-auto.
func (s *Server) ListerReglesAuto(ctx context.Context, _ ListerReglesAutoRequestObject) (ListerReglesAutoResponseObject, error) {
	rs, err := s.Store.ReglesAuto(ctx)
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(rs))
	return ListerReglesAuto200JSONResponse{Regles: rs}, nil
}

// EssayerRegleAuto answers POST /api/regles-auto/essai: what a rule would have done,
// and what advisers did.
func (s *Server) EssayerRegleAuto(ctx context.Context, r EssayerRegleAutoRequestObject) (EssayerRegleAutoResponseObject, error) {
	e, err := s.Store.EssayerRegleAuto(ctx, opco.RegleAuto{Profil: r.Body.Profil, Service: r.Body.Service, Questions: r.Body.Questions},
		qui(ctx).Personne)
	if err != nil {
		return nil, err
	}
	return EssayerRegleAuto200JSONResponse(e), nil
}

// ActiverRegleAuto answers POST /api/regles-auto.
func (s *Server) ActiverRegleAuto(ctx context.Context, r ActiverRegleAutoRequestObject) (ActiverRegleAutoResponseObject, error) {
	id, err := s.Store.ActiverRegleAuto(ctx, r.Body.Essai, qui(ctx).Acteur(""))
	if err != nil {
		return nil, err
	}
	return ActiverRegleAuto200JSONResponse{Id: id}, nil
}

// ArreterRegleAuto answers POST /api/regles-auto/{id}/arret.
func (s *Server) ArreterRegleAuto(ctx context.Context, r ArreterRegleAutoRequestObject) (ArreterRegleAutoResponseObject, error) {
	return ArreterRegleAuto204Response{}, s.Store.ArreterRegleAuto(ctx, r.Id, qui(ctx).Acteur(""))
}
