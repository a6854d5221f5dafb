package api

import (
	"context"
	"time"

	"guichet/identite"
)

// PoserEpreuve answers GET /api/epreuve.
func (s *Server) PoserEpreuve(_ context.Context, r PoserEpreuveRequestObject) (PoserEpreuveResponseObject, error) {
	q, jeton := s.NouvelleEpreuve(string(r.Params.Objet))
	return PoserEpreuve200JSONResponse{Question: q, Jeton: jeton}, nil
}

// NouvelleEpreuve asks a question for the form objet; the page sends jeton back
// with the answer.
func (s *Server) NouvelleEpreuve(objet string) (question, jeton string) {
	q, jeton := s.epreuves.Nouvelle(objet, time.Now())
	return q.Texte, jeton
}

// passerEpreuve checks the answer to a question asked for the form objet, and
// burns it: it serves once. piege is the field that people do not see.
func (s *Server) passerEpreuve(ctx context.Context, objet, jeton, reponse, piege string) error {
	id, err := s.epreuves.Verifier(objet, jeton, reponse, piege, time.Now())
	if err != nil {
		return err
	}
	neuve, err := s.Store.BrulerJeton(ctx, "epreuve:"+id, identite.DureeEpreuve)
	if err == nil && !neuve {
		err = identite.ErreurServie()
	}
	return err
}
