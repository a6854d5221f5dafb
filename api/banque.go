package api

import (
	"context"

	"guichet/opco"
)

// ImporterRetour answers POST /api/banque/retours. A file that cannot be read is
// refused whole; one already imported changes nothing and says so.
func (s *Server) ImporterRetour(ctx context.Context, r ImporterRetourRequestObject) (ImporterRetourResponseObject, error) {
	nom, f, err := LireFichierBanque(r.Body, nil)
	defer f.Jeter()
	if err != nil {
		return nil, err
	}
	imp, err := s.Importer(ctx, nom, f)
	if err != nil {
		return nil, err
	}
	return ImporterRetour200JSONResponse{Empreinte: imp.Empreinte, Nom: imp.Nom, Format: imp.Format, Entrees: int32(imp.Entrees),
		Nouvelles: int32(imp.Nouvelles), Quarantaine: int32(imp.Quarantaine), Deja: imp.Deja, Phrase: imp.Phrase, RecuLe: imp.RecuLe, Par: imp.Par}, nil
}

// Importer files what the bank sent, and tells the lots that it concerns. Whoever sent
// it may leave meanwhile: it is filed to its end.
func (s *Server) Importer(ctx context.Context, nom string, f *RetourPose) (opco.Importation, error) {
	ctx = context.WithoutCancel(ctx)
	ret, err := s.LireRetour(f)
	if err != nil {
		return opco.Importation{}, surChamp("fichier", err)
	}
	imp, err := s.Store.ImporterRetour(ctx, nom, f, ret, qui(ctx).Acteur(""))
	if err != nil {
		return imp, err
	}
	for _, a := range imp.Actes {
		if err := s.Procedures.Transmettre(ctx, a); err != nil {
			s.Log.WarnContext(ctx, "acte left to the relay", "acte", a.ID, "error", err)
		}
	}
	return imp, nil
}

// ListerRetours answers GET /api/banque/retours.
func (s *Server) ListerRetours(ctx context.Context, r ListerRetoursRequestObject) (ListerRetoursResponseObject, error) {
	ls, suivant, err := s.Store.Retours(ctx, r.Params.Apres, limite(r.Params.Limite))
	if err != nil {
		return nil, err
	}
	rep := ListerRetours200JSONResponse{Retours: []Retour{}, Suivant: suivant}
	for _, l := range ls {
		x := Retour{Empreinte: l.Empreinte, Nom: l.Nom, Format: l.Format, Entrees: l.Entrees, Nouvelles: l.Nouvelles,
			Quarantaine: l.Quarantaine, Deja: l.Nouvelles == 0, RecuLe: l.RecuLe.UTC(), Par: l.Par}
		rep.Retours = append(rep.Retours, x)
	}
	return rep, nil
}

// ListerQuarantaine answers GET /api/banque/quarantaine.
func (s *Server) ListerQuarantaine(ctx context.Context, r ListerQuarantaineRequestObject) (ListerQuarantaineResponseObject, error) {
	ls, nombre, suivant, err := s.Store.Quarantaine(ctx, r.Params.Apres, limite(r.Params.Limite))
	if err != nil {
		return nil, err
	}
	return ListerQuarantaine200JSONResponse{Entrees: ls, Nombre: nombre, Suivant: suivant}, nil
}
