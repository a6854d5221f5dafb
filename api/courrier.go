package api

import (
	"context"
	"fmt"
	"io"
	"net/http"

	"guichet/opco"
)

// LireCourriers answers GET /api/dossiers/{id}/courriers.
func (s *Server) LireCourriers(ctx context.Context, r LireCourriersRequestObject) (LireCourriersResponseObject, error) {
	u := qui(ctx)
	if _, err := s.Store.Ligne(ctx, u.Portee(), r.Id); err != nil {
		return nil, err
	}
	cs, err := s.Store.Courriers(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	for i := range cs {
		if !u.Role.Interne() && cs[i].Erreur != "" {
			cs[i].Erreur = erreurLue(cs[i].Etat)
		}
	}
	montrer(ctx, len(cs))
	return LireCourriers200JSONResponse{Courriers: cs}, nil
}

// erreurLue says to an organisation what became of a mail that did not leave; what
// the server said is for the staff.
func erreurLue(etat string) string {
	if etat == "REFUSE" {
		return "La messagerie du destinataire refuse ce courriel : vérifiez l’adresse."
	}
	if etat == "ECARTE" {
		return "Ce courriel ne partira pas : appelez-nous pour savoir ce qu’il disait."
	}
	return "Ce courriel n’est pas encore parti : nous réessayons."
}

// LireLettrePdf answers GET /api/courriers/{id}/lettre.pdf.
func (s *Server) LireLettrePdf(ctx context.Context, r LireLettrePdfRequestObject) (LireLettrePdfResponseObject, error) {
	c, err := s.Store.Courrier(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	corps, taille, err := s.lettre(c.LettrePDF)
	if err != nil {
		return nil, err
	}
	dossier, _ := dossierDe(c.Objet)
	montrerDe(ctx, dossier)
	return fichierServi{corps: corps, taille: taille, nom: "lettre-" + c.ID + ".pdf", format: "application/pdf"}, nil
}

// pageLettre is a letter to read in the browser: our own HTML, inert.
type pageLettre struct{ corps []byte }

// VisitLireLettreHtmlResponse writes the letter.
func (p pageLettre) VisitLireLettreHtmlResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'")
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(p.corps)
	return err
}

// LireLettreHtml answers GET /api/courriers/{id}/lettre.html.
func (s *Server) LireLettreHtml(ctx context.Context, r LireLettreHtmlRequestObject) (LireLettreHtmlResponseObject, error) {
	c, err := s.Store.Courrier(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	corps, _, err := s.lettre(c.LettreHTML)
	if err != nil {
		return nil, err
	}
	defer corps.Close()
	brut, err := io.ReadAll(corps)
	if err != nil {
		return nil, fmt.Errorf("reading letter %s: %w", c.ID, err)
	}
	dossier, _ := dossierDe(c.Objet)
	montrerDe(ctx, dossier)
	return pageLettre{corps: brut}, nil
}

// lettre opens a stored letter; a mail that has none is not found.
func (s *Server) lettre(empreinte string) (io.ReadCloser, int64, error) {
	if empreinte == "" {
		return nil, 0, opco.Errorf(opco.NotFound, "Ce courrier n’a pas de lettre, ou elle n’est pas encore écrite.")
	}
	return s.Fichiers.Ouvrir(empreinte)
}
