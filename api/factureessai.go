package api

import (
	"context"
	"encoding/json"
	"fmt"

	"guichet/opco"
)

// EssayerFacture answers POST /api/dossiers/{id}/factures/essai: what would become of
// an invoice if it were sent now. Nothing of it is kept.
func (s *Server) EssayerFacture(ctx context.Context, r EssayerFactureRequestObject) (EssayerFactureResponseObject, error) {
	u := qui(ctx)
	d, err := s.Store.Dossier(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	par, err := acteurPour(u, d)
	if err != nil {
		return nil, err
	}
	if err := admettre(d, opco.ActeFacturer, u.Role); err != nil {
		return nil, err
	}
	c := r.Body.ChargeFacturer
	c.Facture.ID = r.Body.ActeID
	charge, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encoding an invoice to try: %w", err)
	}
	a := opco.Acte{ID: r.Body.ActeID, Objet: opco.ObjetDossier(d.ID), Type: opco.ActeFacturer, Par: par, Charge: charge}
	f, err := s.Store.FaitsFacture(ctx, d, a)
	if err != nil {
		return nil, err
	}
	a.Le = f.Le
	e, err := opco.EssayerFacture(d, a, f)
	if err != nil {
		return nil, err
	}
	return EssayerFacture200JSONResponse(e), nil
}
