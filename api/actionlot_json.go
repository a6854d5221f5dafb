package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"guichet/opco"
	"guichet/store"
)

// corpsActionLot asks for an action: what to do, and of which dossiers.
type corpsActionLot struct {
	ActeID string `json:"acte_id"`
	opco.ActionLot
	Dossiers []string   `json:"dossiers"`
	Filtre   *FiltreLot `json:"filtre"`
}

// file is the filter as the queues read it.
func (q FiltreLot) file() *store.FiltreFile {
	return &store.FiltreFile{Filtre: store.Filtre{File: q.File, Etats: q.Etat, Texte: q.Texte, Etablissement: q.Etablissement, Organisme: q.Organisme,
		Instructeur: q.Instructeur, DebutDu: q.DebutDu, DebutAu: q.DebutAu, MontantMin: q.MontantMin, MontantMax: q.MontantMax},
		Perimetre: q.Perimetre, EnAttente: q.Attente, IDCC: q.Branche, Etiquette: q.Etiquette, Prise: q.Prise, EnRetard: q.Retard, LimiteAu: q.LimiteAu}
}

// actionCreee is an action that was just made, with where to follow it.
type actionCreee store.ActionLotVue

// VisitAgirEnLotResponse writes it.
func (a actionCreee) VisitAgirEnLotResponse(w http.ResponseWriter) error {
	w.Header().Set("Location", "/api/actions-lot/"+a.ID)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	if err := json.NewEncoder(w).Encode(store.ActionLotVue(a)); err != nil {
		return fmt.Errorf("writing an action: %w", err)
	}
	return nil
}

// AgirEnLot answers POST /api/actions-lot.
func (s *Server) AgirEnLot(ctx context.Context, r AgirEnLotRequestObject) (AgirEnLotResponseObject, error) {
	b := r.Body
	var filtre *store.FiltreFile
	if b.Filtre != nil {
		if len(b.Dossiers) > 0 {
			return nil, opco.Champf("dossiers", "Nommez des dossiers, ou donnez un filtre : pas les deux.")
		}
		filtre = b.Filtre.file()
	}
	if err := s.CreerActionLot(ctx, b.ActeID, b.ActionLot, b.Dossiers, filtre); err != nil {
		return nil, err
	}
	v, err := s.ActionLotDe(ctx, b.ActeID)
	return actionCreee(v), err
}

// ListerActionsLot answers GET /api/actions-lot.
func (s *Server) ListerActionsLot(ctx context.Context, r ListerActionsLotRequestObject) (ListerActionsLotResponseObject, error) {
	var avant time.Time
	if r.Params.Avant != "" {
		var err error
		if avant, err = time.Parse(time.RFC3339Nano, r.Params.Avant); err != nil {
			return nil, opco.Champf("avant", "Cette page n’existe pas : reprenez la liste depuis le début.")
		}
	}
	n := limite(r.Params.Limite)
	vs, err := s.ActionsLotDe(ctx, avant, n)
	rep := ListerActionsLot200JSONResponse{Actions: vs}
	if len(vs) == n {
		rep.Suivant = vs[n-1].CreeLe.UTC().Format(time.RFC3339Nano)
	}
	return rep, err
}

// LireActionLot answers GET /api/actions-lot/{id}.
func (s *Server) LireActionLot(ctx context.Context, r LireActionLotRequestObject) (LireActionLotResponseObject, error) {
	v, err := s.ActionLotDe(ctx, r.Id)
	return LireActionLot200JSONResponse(v), err
}

// ListerResultatsLot answers GET /api/actions-lot/{id}/resultats.
func (s *Server) ListerResultatsLot(ctx context.Context, r ListerResultatsLotRequestObject) (ListerResultatsLotResponseObject, error) {
	n := 100
	if r.Params.Limite > 0 {
		n = int(r.Params.Limite)
	}
	es, err := s.ElementsLotDe(ctx, r.Id, r.Params.Etat, int(r.Params.Apres), n)
	rep := ListerResultatsLot200JSONResponse{Resultats: es}
	if len(es) == n {
		rep.Suivant = int32(es[n-1].N) //nolint:gosec // a rank
	}
	return rep, err
}

// changerEtLire does a gesture on an action, and reads it.
func (s *Server) changerEtLire(ctx context.Context, id, geste string) (store.ActionLotVue, error) {
	if err := s.ChangerActionLot(ctx, id, geste); err != nil {
		return store.ActionLotVue{}, err
	}
	return s.ActionLotDe(ctx, id)
}

// LancerActionLot answers POST /api/actions-lot/{id}/lancement.
func (s *Server) LancerActionLot(ctx context.Context, r LancerActionLotRequestObject) (LancerActionLotResponseObject, error) {
	v, err := s.changerEtLire(ctx, r.Id, "lancer")
	return LancerActionLot200JSONResponse(v), err
}

// ArreterActionLot answers POST /api/actions-lot/{id}/arret.
func (s *Server) ArreterActionLot(ctx context.Context, r ArreterActionLotRequestObject) (ArreterActionLotResponseObject, error) {
	v, err := s.changerEtLire(ctx, r.Id, "arreter")
	return ArreterActionLot200JSONResponse(v), err
}

// ReprendreActionLot answers POST /api/actions-lot/{id}/reprise.
func (s *Server) ReprendreActionLot(ctx context.Context, r ReprendreActionLotRequestObject) (ReprendreActionLotResponseObject, error) {
	v, err := s.changerEtLire(ctx, r.Id, "reprendre")
	return ReprendreActionLot200JSONResponse(v), err
}

// AbandonnerActionLot answers POST /api/actions-lot/{id}/abandon.
func (s *Server) AbandonnerActionLot(ctx context.Context, r AbandonnerActionLotRequestObject) (AbandonnerActionLotResponseObject, error) {
	v, err := s.changerEtLire(ctx, r.Id, "abandonner")
	return AbandonnerActionLot200JSONResponse(v), err
}
