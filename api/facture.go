package api

import (
	"context"

	"guichet/opco"
)

// DeposerFacture answers POST /api/dossiers/{id}/factures. The invoice's id is the
// acte's.
func (s *Server) DeposerFacture(ctx context.Context, r DeposerFactureRequestObject) (DeposerFactureResponseObject, error) {
	c := r.Body.ChargeFacturer
	if _, err := s.pieceCitee(ctx, r.Id, c.Facture.PieceID, "facture.piece_id"); err != nil {
		return nil, err
	}
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	if c.Facture.Electronique, err = s.electronique(ctx, d, c.Facture.PieceID); err != nil {
		return nil, err
	}
	c.Facture.ID = r.Body.ActeID
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeFacturer, c)
}

// LireFactures answers GET /api/dossiers/{id}/factures.
func (s *Server) LireFactures(ctx context.Context, r LireFacturesRequestObject) (LireFacturesResponseObject, error) {
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	return LireFactures200JSONResponse{Factures: append([]opco.Facture{}, voir(d, qui(ctx).Role).Factures...)}, nil
}

// LireReglements answers GET /api/dossiers/{id}/reglements.
func (s *Server) LireReglements(ctx context.Context, r LireReglementsRequestObject) (LireReglementsResponseObject, error) {
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	rs, err := s.Store.ReglementsDe(ctx, qui(ctx).Portee(), d)
	if err != nil {
		return nil, err
	}
	d.Reglements = rs
	return LireReglements200JSONResponse{Reglements: append([]opco.Reglement{}, voir(d, qui(ctx).Role).Reglements...)}, nil
}

// DeposerAvoir answers POST /api/dossiers/{id}/avoirs. The avoir's id is the acte's.
func (s *Server) DeposerAvoir(ctx context.Context, r DeposerAvoirRequestObject) (DeposerAvoirResponseObject, error) {
	c := r.Body.ChargeAvoir
	c.Avoir.ID = r.Body.ActeID
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeDeposerAvoir, c)
}

// MettreEnLitige answers POST /api/dossiers/{id}/litige.
func (s *Server) MettreEnLitige(ctx context.Context, r MettreEnLitigeRequestObject) (MettreEnLitigeResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeMettreEnLitige, r.Body.ChargeRaison)
}

// RefuserFacture answers POST /api/dossiers/{id}/refus-facture.
func (s *Server) RefuserFacture(ctx context.Context, r RefuserFactureRequestObject) (RefuserFactureResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeRefuserFacture, r.Body.ChargeRaison)
}

// RepresenterReglement answers POST /api/dossiers/{id}/remise-en-paiement.
func (s *Server) RepresenterReglement(ctx context.Context, r RepresenterReglementRequestObject) (RepresenterReglementResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeRepresenter, opco.ChargeReglement{Reglement: r.Body.Reglement})
}
