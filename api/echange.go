package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"guichet/opco"
	"guichet/store"
)

// filDe is the thread that a person reads or writes: their own for an organisation;
// for the staff the one they name, by default that of the company.
func filDe(u store.Utilisateur, fil opco.Role) (opco.Role, error) {
	if u.Role.Interne() {
		fil = cmp.Or(fil, opco.RoleEntreprise)
	}
	return opco.Filaire(u.Role, fil)
}

// LireEchanges answers GET /api/dossiers/{id}/echanges. What is read here, by
// somebody who may answer, waits no more.
func (s *Server) LireEchanges(ctx context.Context, r LireEchangesRequestObject) (LireEchangesResponseObject, error) {
	u := qui(ctx)
	d, err := s.Store.Dossier(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	fil, err := filDe(u, r.Params.Fil)
	if err != nil {
		return nil, err
	}
	page, err := s.Store.Echanges(ctx, u.Portee(), d.ID, fil, r.Params.Apres)
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(page.Echanges))
	if par, err := acteurPour(u, d); err == nil && u.Role.Ecrit() && page.NonLus > 0 {
		if err := s.Store.NoterEchangesLus(ctx, par, d.ID, fil); err != nil {
			return nil, err
		}
	}
	return LireEchanges200JSONResponse(page), nil
}

// EcrireEchange answers POST /api/dossiers/{id}/echanges.
func (s *Server) EcrireEchange(ctx context.Context, r EcrireEchangeRequestObject) (EcrireEchangeResponseObject, error) {
	u := qui(ctx)
	d, err := s.Store.Dossier(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	par, err := acteurPour(u, d)
	if err != nil {
		return nil, err
	}
	if err := s.impartial(ctx, par, "ce dossier", d.Tiers()...); err != nil {
		return nil, err
	}
	fil, err := opco.Filaire(u.Role, r.Body.Fil)
	if err != nil {
		return nil, err
	}
	if fil == opco.RoleOrganisme && d.Demande.Organisme.SIRET == "" {
		return nil, opco.Champf("fil", "Ce dossier n’a pas d’organisme de formation : écrivez à l’entreprise.")
	}
	texte, err := opco.Message("texte", r.Body.Texte)
	if err != nil {
		return nil, err
	}
	if err := s.citables(ctx, d.ID, r.Body.Pieces); err != nil {
		return nil, err
	}
	e, err := s.Store.EcrireEchange(ctx, par, store.Echange{ID: r.Body.ActeId, Dossier: d.ID, Fil: fil, Texte: texte, Pieces: r.Body.Pieces})
	return EcrireEchange200JSONResponse(e), err
}

// citables refuses pièces that the author of a message does not read.
func (s *Server) citables(ctx context.Context, dossier string, pieces []string) error {
	if len(pieces) == 0 {
		return nil
	}
	lues, err := s.Store.Pieces(ctx, qui(ctx).Portee(), dossier)
	if err != nil {
		return err
	}
	for i, id := range pieces {
		if !slices.ContainsFunc(lues, func(p store.LignePiece) bool { return p.ID == id }) {
			return opco.Champf(fmt.Sprintf("pieces[%d]", i), "Ce dossier n’a pas cette pièce : déposez-la d’abord.")
		}
	}
	return nil
}

// EchangesNonLus counts, by thread, what waits for the side of the reader in a
// dossier: for the pages.
func (s *Server) EchangesNonLus(ctx context.Context, dossier string) (map[opco.Role]int, error) {
	return s.Store.EchangesNonLus(ctx, qui(ctx).Portee(), dossier)
}

// MessagesAttendus lists the messages that wait for the reader's side: for the
// pages. The staff may keep those of their own dossiers.
func (s *Server) MessagesAttendus(ctx context.Context, miens bool, apres string) (store.PageMessages, error) {
	u := qui(ctx)
	page, err := s.Store.MessagesAttendus(ctx, u.Portee(), instructeurDe(u, miens), apres)
	montrer(ctx, len(page.Messages))
	return page, err
}

// CompterMessages counts the dossiers where a message waits for the reader's side.
func (s *Server) CompterMessages(ctx context.Context, miens bool) (int, error) {
	u := qui(ctx)
	return s.Store.CompterEchanges(ctx, u.Portee(), instructeurDe(u, miens))
}

// instructeurDe is whose dossiers are looked at: those of u, or "" for all.
func instructeurDe(u store.Utilisateur, miens bool) string {
	if miens && u.Role.Interne() {
		return u.Personne
	}
	return ""
}
