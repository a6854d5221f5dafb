package api

import (
	"context"
	"errors"
	"fmt"

	"guichet/opco"
)

// corpsServiceFait is the comparison of a dossier, and what it would pay now.
type corpsServiceFait struct {
	Controles   []opco.Controle `json:"controles"`
	Constat     *opco.Constat   `json:"constat,omitempty"`
	Empechement string          `json:"empechement,omitempty"`
}

// LireServiceFait answers GET /api/dossiers/{id}/service-fait.
func (s *Server) LireServiceFait(ctx context.Context, r LireServiceFaitRequestObject) (LireServiceFaitResponseObject, error) {
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	f, err := s.Store.Faits(ctx, d)
	if err != nil {
		return nil, err
	}
	rep := corpsServiceFait{Controles: append([]opco.Controle{}, opco.ControlerServiceFait(d, f)...)}
	k, err := opco.Constater(d, r.Params.Solde, f)
	var e *opco.Error
	switch {
	case errors.As(err, &e):
		rep.Empechement = e.Message
	case err != nil:
		return nil, err
	default:
		rep.Constat = &k
	}
	return LireServiceFait200JSONResponse(rep), nil
}

// ConstaterServiceFait answers POST /api/dossiers/{id}/service-fait.
func (s *Server) ConstaterServiceFait(ctx context.Context, r ConstaterServiceFaitRequestObject) (ConstaterServiceFaitResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeConstater, r.Body.ChargeConstater)
}

// DeposerCertificats answers POST /api/dossiers/{id}/certificats. A certificat has
// an id made from the acte's, and the hash of the pièce that proves it.
func (s *Server) DeposerCertificats(ctx context.Context, r DeposerCertificatsRequestObject) (DeposerCertificatsResponseObject, error) {
	c := r.Body.ChargeCertifier
	for i := range c.Certificats {
		x := &c.Certificats[i]
		x.ID = fmt.Sprintf("%s-%d", r.Body.ActeID, i+1)
		p, err := s.pieceCitee(ctx, r.Id, x.PieceID, fmt.Sprintf("certificats[%d].piece_id", i))
		if err != nil {
			return nil, err
		}
		x.Empreinte = p.Empreinte
	}
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeCertifier, c)
}

// pieceCitee returns the pièce of this dossier that a body names, or the file put aside
// by its author that becomes one with the acte; the zero one when it names none.
func (s *Server) pieceCitee(ctx context.Context, dossier, piece, champ string) (opco.Piece, error) {
	if piece == "" {
		return opco.Piece{}, nil
	}
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), dossier)
	if err != nil {
		return opco.Piece{}, err
	}
	if _, err := acteurPour(qui(ctx), d); err != nil {
		return opco.Piece{}, err // who only reads the dossier is told so first
	}
	for _, p := range d.Pieces {
		if p.ID == piece {
			return p, nil
		}
	}
	m, err := s.Store.MiseDeCote(ctx, qui(ctx).Portee(), dossier, piece)
	if errors.Is(err, opco.NotFound) {
		err = opco.Champf(champ, "Ce dossier n’a pas cette pièce : déposez-la d’abord.")
	}
	return opco.Piece{ID: m.ID, Type: m.Type, Empreinte: m.Empreinte}, err
}

// DeclarerNonConforme answers POST /api/dossiers/{id}/non-conformite.
func (s *Server) DeclarerNonConforme(ctx context.Context, r DeclarerNonConformeRequestObject) (DeclarerNonConformeResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeDeclarerNonConforme, r.Body.ChargeNonConforme)
}

// ConfirmerForclusion answers POST /api/dossiers/{id}/forclusion.
func (s *Server) ConfirmerForclusion(ctx context.Context, r ConfirmerForclusionRequestObject) (ConfirmerForclusionResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeId, opco.ActeConfirmerForclusion, struct{}{})
}
