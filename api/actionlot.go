package api

import (
	"context"
	"time"

	"guichet/opco"
	"guichet/store"
)

// CreerActionLot has an action tried on many dossiers: those named, or all of a filter
// when it is not nil. Its id is the acte of the form: sent twice, it is one action.
func (s *Server) CreerActionLot(ctx context.Context, id string, a opco.ActionLot, dossiers []string, filtre *store.FiltreFile) error {
	u := qui(ctx)
	par := u.Acteur("")
	v := store.ActionLotVue{ID: id, Action: a, Compte: u.Compte, Session: IDSession(ctx), Espace: u.Espace, Personne: par.Personne, Pour: par.Pour, Nom: par.Nom, Role: par.Role}
	choix := store.ChoixLot{Dossiers: dossiers, Filtre: filtre}
	if filtre != nil {
		f := *filtre
		if f.Instructeur == "moi" {
			f.Instructeur = u.Personne
		}
		choix = store.ChoixLot{Filtre: &f}
	}
	return s.Store.CreerActionLot(ctx, u.Portee(), v, choix)
}

// ActionLotDe reads an action within reach of who asks.
func (s *Server) ActionLotDe(ctx context.Context, id string) (store.ActionLotVue, error) {
	return s.Store.ActionLot(ctx, qui(ctx).Portee(), id)
}

// ActionsLotDe reads the actions of who asks, the newest first.
func (s *Server) ActionsLotDe(ctx context.Context, avant time.Time, limite int) ([]store.ActionLotVue, error) {
	return s.Store.ActionsLot(ctx, qui(ctx).Portee(), avant, limite)
}

// ElementsLotDe reads what became of the dossiers of an action.
func (s *Server) ElementsLotDe(ctx context.Context, id string, etats []string, apres, limite int) ([]store.ElementLot, error) {
	es, err := s.Store.ElementsLot(ctx, qui(ctx).Portee(), id, etats, apres, limite)
	montrer(ctx, len(es))
	return es, err
}

// ChangerActionLot launches, stops, resumes or gives up an action.
func (s *Server) ChangerActionLot(ctx context.Context, id, geste string) error {
	u := qui(ctx)
	return s.Store.ChangerActionLot(ctx, u.Portee(), u.Acteur(""), id, geste)
}
