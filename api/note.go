package api

import (
	"context"

	"guichet/opco"
	"guichet/store"
)

// LireNotes answers GET /api/dossiers/{id}/notes: what colleagues wrote for each
// other. Who is named by one and reads it is called no more.
func (s *Server) LireNotes(ctx context.Context, r LireNotesRequestObject) (LireNotesResponseObject, error) {
	u := qui(ctx)
	if _, err := s.Store.Ligne(ctx, u.Portee(), r.Id); err != nil {
		return nil, err
	}
	page, err := s.Store.Notes(ctx, r.Id, r.Params.Apres)
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(page.Notes))
	return LireNotes200JSONResponse(page), s.Store.NoterMentionsLues(ctx, u.Personne, r.Id)
}

// EcrireNote answers POST /api/dossiers/{id}/notes.
func (s *Server) EcrireNote(ctx context.Context, r EcrireNoteRequestObject) (EcrireNoteResponseObject, error) {
	texte, nommes, err := s.noteLisible(ctx, r.Id, r.Body.Texte)
	if err != nil {
		return nil, err
	}
	n, err := s.Store.EcrireNote(ctx, qui(ctx).Acteur(""), store.Note{ID: r.Body.ActeId, Dossier: r.Id, Texte: texte}, nommes)
	return EcrireNote200JSONResponse(n), err
}

// ModifierNote writes a new version of one's own note, from the version read: for
// the pages.
func (s *Server) ModifierNote(ctx context.Context, dossier, note string, version int, texte string) (store.Note, error) {
	texte, nommes, err := s.noteLisible(ctx, dossier, texte)
	if err != nil {
		return store.Note{}, err
	}
	return s.Store.ModifierNote(ctx, qui(ctx).Acteur(""), store.Note{ID: note, Dossier: dossier, Version: version, Texte: texte}, nommes)
}

// VersionsNote reads what a note said before: for the pages.
func (s *Server) VersionsNote(ctx context.Context, dossier, note string) ([]store.VersionNote, error) {
	if _, err := s.Store.Ligne(ctx, qui(ctx).Portee(), dossier); err != nil {
		return nil, err
	}
	return s.Store.VersionsNote(ctx, dossier, note)
}

// noteLisible checks a note on a dossier within reach, and finds whom it names.
func (s *Server) noteLisible(ctx context.Context, dossier, texte string) (string, []opco.Nomme, error) {
	if _, err := s.Store.Ligne(ctx, qui(ctx).Portee(), dossier); err != nil {
		return "", nil, err
	}
	texte, err := opco.Message("texte", texte)
	if err != nil {
		return "", nil, err
	}
	equipe, err := s.Nommables(ctx)
	return texte, opco.Mentions(texte, equipe), err
}

// Nommables lists the colleagues whom a note may name: those who read dossiers.
func (s *Server) Nommables(ctx context.Context) ([]opco.Nomme, error) {
	as, err := s.Store.Agents(ctx)
	if err != nil {
		return nil, err
	}
	var ns []opco.Nomme
	for _, a := range as {
		if a.Etat == opco.CompteActif && a.Nom != "" && a.Personne != qui(ctx).Personne {
			ns = append(ns, opco.Nomme{Personne: a.Personne, Nom: a.NomComplet()})
		}
	}
	return ns, nil
}

// Mentions lists the notes that name the reader and that they have not read: for
// the pages.
func (s *Server) Mentions(ctx context.Context, apres string) (store.PageMentions, error) {
	page, err := s.Store.Mentions(ctx, qui(ctx).Portee(), apres)
	montrer(ctx, len(page.Mentions))
	return page, err
}

// CompterMentions counts the notes that name the reader and that they have not read.
func (s *Server) CompterMentions(ctx context.Context) (int, error) {
	return s.Store.CompterMentions(ctx, qui(ctx).Personne)
}
