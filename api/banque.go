package api

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"mime/multipart"
	"net/http"

	"guichet/opco"
)

// ImporterRetour answers POST /api/banque/retours. A file that cannot be read is
// refused whole; one already imported changes nothing and says so.
func (s *Server) ImporterRetour(ctx context.Context, r ImporterRetourRequestObject) (ImporterRetourResponseObject, error) {
	nom, f, err := lireFichierBanque(r.Body)
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

// lireFichierBanque puts on the disk the one file of a form that holds nothing else.
func lireFichierBanque(r *multipart.Reader) (nom string, f *RetourPose, err error) {
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", f, retourTropGros(err)
		}
		if p.FormName() != "fichier" || f != nil {
			return "", f, malforme("Envoyez un seul fichier, dans le champ « fichier ».")
		}
		nom = etiquette(p.FileName())
		if f, err = PoserRetour(p); err != nil {
			return "", f, retourTropGros(err)
		}
	}
	if f.Vide() {
		return "", f, opco.Champf("fichier", "Choisissez le fichier de la banque : celui-ci est vide.")
	}
	return nom, f, nil
}

func retourTropGros(err error) error {
	var trop *http.MaxBytesError
	var disque *fs.PathError
	switch {
	case errors.As(err, &trop):
		r := opco.RetourTropGros()
		return &erreurStatut{statut: http.StatusRequestEntityTooLarge, champ: r.Champ, detail: r.Message}
	case errors.As(err, &disque):
		return err
	}
	return malforme("Ce formulaire est illisible : renvoyez-le.")
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
