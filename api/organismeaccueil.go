package api

import (
	"context"

	"guichet/opco"
	"guichet/store"
)

// nonConformesMontres is how many documents to replace the home of an organisme
// shows, and attendusMontres how many dossiers and payments; the lists hold the rest.
const (
	nonConformesMontres = 5
	attendusMontres     = 10
)

// AccueilOrganisme is what the home page of an organisme shows: what it must send,
// what it must replace, what it will be paid.
type AccueilOrganisme struct {
	Compteurs    store.CompteursOrganisme
	Attendus     []store.Attendu
	Versements   []store.VersementAttendu
	NonConformes []documentLu
	Jour         opco.Date
}

// AccueillirOrganisme gathers the home page of the organisme that makes the request.
func (s *Server) AccueillirOrganisme(ctx context.Context) (AccueilOrganisme, error) {
	p := qui(ctx).Portee()
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return AccueilOrganisme{}, err
	}
	a := AccueilOrganisme{Jour: opco.JourDe(le)}
	if a.Compteurs, err = s.Store.CompterOrganisme(ctx, p); err != nil {
		return a, err
	}
	if a.Attendus, err = s.Store.Attendus(ctx, p, attendusMontres); err != nil {
		return a, err
	}
	if a.Versements, err = s.Store.Versements(ctx, p, attendusMontres); err != nil {
		return a, err
	}
	page, err := s.Store.Documents(ctx, p, store.FiltreDocuments{Etat: opco.DocumentNonConforme, Limite: nonConformesMontres})
	if err != nil {
		return a, err
	}
	a.NonConformes, err = s.direDocuments(ctx, page.Documents...)
	return a, err
}
