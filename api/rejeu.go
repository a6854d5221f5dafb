package api

import (
	"context"
	"time"

	"guichet/opco"
	"guichet/store"
)

// DemanderUnRejeu writes down a replay for the workers, in the name of who asks: of the
// object that dit names, else of a class of open dossiers.
func (s *Server) DemanderUnRejeu(ctx context.Context, id, dit string, etapes []string, echantillon int) error {
	u := qui(ctx)
	par := u.Acteur("")
	v := store.RejeuVue{ID: id, Etapes: etapes, Echantillon: echantillon, Personne: par.Personne, Nom: par.Nom}
	if dit != "" {
		objet, err := s.Store.ObjetDit(ctx, dit)
		if opco.KindOf(err) == opco.NotFound {
			return opco.Champf("objet", "Aucun dossier et aucun lot ne porte ce numéro.")
		}
		if err != nil {
			return err
		}
		v.Objet, v.Etapes, v.Echantillon = objet, nil, 0
	}
	return s.Store.DemanderRejeu(ctx, v)
}

// RejeuDe reads a replay.
func (s *Server) RejeuDe(ctx context.Context, id string) (store.RejeuVue, error) {
	return s.Store.Rejeu(ctx, id)
}

// RejeuxDe lists the replays, the newest first.
func (s *Server) RejeuxDe(ctx context.Context, avant time.Time, limite int) ([]store.RejeuVue, error) {
	return s.Store.Rejeux(ctx, avant, limite)
}

// ChronologieDe tells the journal of an object étape by étape, without a name.
func (s *Server) ChronologieDe(ctx context.Context, objet string) ([]opco.EtapeVecue, error) {
	ps, err := s.Store.Journal(ctx, qui(ctx).Portee(), objet)
	return opco.Chronologie(ps), err
}
