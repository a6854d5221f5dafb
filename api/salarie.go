package api

import (
	"context"
	"slices"

	"guichet/opco"
	"guichet/store"
)

// ListerSalaries answers GET /api/salaries: those of the reader's établissements.
func (s *Server) ListerSalaries(ctx context.Context, r ListerSalariesRequestObject) (ListerSalariesResponseObject, error) {
	p := r.Params
	page, err := s.Store.Salaries(ctx, qui(ctx).Portee(), store.FiltreSalaries{Texte: p.Texte, Etablissement: p.Etablissement, Apres: p.Apres, Limite: int(p.Limite)})
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(page.Salaries))
	return ListerSalaries200JSONResponse{Salaries: page.Salaries, Suivant: page.Suivant}, nil
}

// LireSalarie answers GET /api/salaries/{id}: the person, the writings of their line
// and the dossiers that train them.
func (s *Server) LireSalarie(ctx context.Context, r LireSalarieRequestObject) (LireSalarieResponseObject, error) {
	p := qui(ctx).Portee()
	x, gestes, err := s.Store.Salarie(ctx, p, r.Id)
	if err != nil {
		return nil, err
	}
	fs, err := s.Store.FormationsDe(ctx, p, r.Id)
	if err != nil {
		return nil, err
	}
	return LireSalarie200JSONResponse{Salarie: x, Formations: fs, Journal: gestes}, nil
}

// AjouterSalarie answers POST /api/salaries.
func (s *Server) AjouterSalarie(ctx context.Context, r AjouterSalarieRequestObject) (AjouterSalarieResponseObject, error) {
	x := opco.Salarie(r.Body.Salarie)
	x.ID = r.Body.Id
	v, err := s.ecrireSalarie(ctx, x, 0)
	return AjouterSalarie200JSONResponse{Version: v}, err
}

// ModifierSalarie answers PUT /api/salaries/{id}.
func (s *Server) ModifierSalarie(ctx context.Context, r ModifierSalarieRequestObject) (ModifierSalarieResponseObject, error) {
	x := opco.Salarie(r.Body.Salarie)
	x.ID = r.Id
	if _, _, err := s.Store.Salarie(ctx, qui(ctx).Portee(), r.Id); err != nil {
		return nil, err
	}
	v, err := s.ecrireSalarie(ctx, x, r.Body.Version)
	return ModifierSalarie200JSONResponse{Version: v}, err
}

// ecrireSalarie tells every field that is wrong together, then writes.
func (s *Server) ecrireSalarie(ctx context.Context, x opco.Salarie, version int64) (int64, error) {
	u := qui(ctx)
	if len(u.Ecrit) == 0 {
		return 0, opco.Errorf(opco.Forbidden, "Votre droit est de lire seulement : demandez le service « Dossiers de formation » pour tenir la liste des salariés.")
	}
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return 0, err
	}
	if refus := champs(x.Normalise().Valider(opco.JourDe(le))); len(refus) > 0 {
		return 0, refus
	}
	return s.Store.EcrireSalarie(ctx, u.PorteeEcrite(), u.Acteur(string(x.Etablissement)), x, version)
}

// RetirerSalarie answers DELETE /api/salaries/{id}: the person leaves the lists, their
// dossiers stay.
func (s *Server) RetirerSalarie(ctx context.Context, r RetirerSalarieRequestObject) (RetirerSalarieResponseObject, error) {
	u := qui(ctx)
	x, _, err := s.Store.Salarie(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(u.Ecrit, string(x.Etablissement)) {
		return nil, opco.Errorf(opco.Forbidden, "Votre droit est de lire seulement : demandez le service « Dossiers de formation » pour tenir la liste des salariés.")
	}
	if err := s.Store.RetirerSalarie(ctx, u.PorteeEcrite(), u.Acteur(string(x.Etablissement)), r.Id, r.Params.Version); err != nil {
		return nil, err
	}
	return RetirerSalarie204Response{}, nil
}
