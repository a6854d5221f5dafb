package api

import (
	"context"

	"guichet/opco"
	"guichet/store"
)

// filtreRecus reads what a payee looks for; an unreadable day is refused by its field.
func filtreRecus(du, au, dossier, numero, pointage string) store.FiltreRecus {
	return store.FiltreRecus{Du: opco.Date(du), Au: opco.Date(au), Dossier: dossier, Numero: numero,
		Pointes: pointage == "pointes", APointer: pointage == "a_pointer"}
}

// ListerReglementsRecus answers GET /api/reglements-recus.
func (s *Server) ListerReglementsRecus(ctx context.Context, r ListerReglementsRecusRequestObject) (ListerReglementsRecusResponseObject, error) {
	p := r.Params
	f := filtreRecus(p.Du, p.Au, p.Dossier, p.Numero, p.Pointage)
	f.Apres, f.Limite = p.Apres, limite(p.Limite)
	page, err := s.Store.Recus(ctx, qui(ctx).Portee(), f)
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(page.Reglements))
	return ListerReglementsRecus200JSONResponse(page), nil
}

// PointerReglement answers PUT /api/reglements-recus/{id}/pointage.
func (s *Server) PointerReglement(ctx context.Context, r PointerReglementRequestObject) (PointerReglementResponseObject, error) {
	u := qui(ctx)
	return PointerReglement204Response{}, s.Store.Pointer(ctx, u.PorteeEcrite(), u.Acteur(""), r.Id, r.Body.Pointe)
}

// EssaiReglements answers POST /api/essai/reglements.
func (s *Server) EssaiReglements(ctx context.Context, r EssaiReglementsRequestObject) (EssaiReglementsResponseObject, error) {
	rs := make([]store.ReglementRepris, 0, len(r.Body.Reglements))
	for _, x := range r.Body.Reglements {
		rs = append(rs, store.ReglementRepris{Organisme: x.Organisme, Numero: x.Numero, Dossier: x.Dossier, Nom: x.Nom, Prenom: x.Prenom,
			Formation: x.Formation, Facture: x.Facture, Heures: x.Heures, Du: x.Du, Au: x.Au, Montant: x.Montant, ExecuteLe: x.ExecuteLe})
	}
	return EssaiReglements204Response{}, s.Store.ReprendreReglements(ctx, rs)
}
