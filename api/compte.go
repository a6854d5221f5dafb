package api

import (
	"context"
	"mime"
	"net/http"
	"slices"

	"guichet/opco"
	"guichet/store"
)

// LireCompte answers GET /api/compte.
func (s *Server) LireCompte(ctx context.Context, _ LireCompteRequestObject) (LireCompteResponseObject, error) {
	v, _, err := s.leSien(ctx)
	if err != nil {
		return nil, err
	}
	return LireCompte200JSONResponse(v), nil
}

// leSien returns the account of who is connected, as they see it and whole.
func (s *Server) leSien(ctx context.Context) (MonCompte, store.CompteLu, error) {
	c, err := s.Store.CompteLu(ctx, qui(ctx).Compte)
	if err != nil {
		return MonCompte{}, c, err
	}
	p, jour, err := s.regles(ctx)
	if err != nil {
		return MonCompte{}, c, err
	}
	return monCompte(c, p, jour), c, nil
}

// ModifierCompte answers PUT /api/compte (MA-71).
func (s *Server) ModifierCompte(ctx context.Context, r ModifierCompteRequestObject) (ModifierCompteResponseObject, error) {
	b := r.Body
	charge := opco.ChargeModifier{Civilite: b.Civilite, Nom: b.Nom, Prenom: b.Prenom, Telephone: b.Telephone}
	if err := tous(charge.Valider()); err != nil {
		return nil, err
	}
	if err := s.unePersonne(ctx, b.ActeId, objetModification, b.Epreuve); err != nil {
		return nil, err
	}
	return s.agirSurLeSien(ctx, b.ActeId, opco.ActeModifierCompte, charge)
}

// unePersonne asks for the answer to the anti-robot question, but of an acte that is
// already in the inbox: its question has served.
func (s *Server) unePersonne(ctx context.Context, acteID, objet string, e EpreuveSaisie) error {
	if recu, err := s.Store.Acte(ctx, acteID); err == nil && recu.Acte.Compte == qui(ctx).Compte {
		return nil
	}
	return s.verifierEpreuve(ctx, objet, e)
}

func (s *Server) agirSurLeSien(ctx context.Context, acteID string, t opco.TypeActe, charge any) (reponseActe, error) {
	return s.agirCompte(ctx, geste{compte: qui(ctx).Compte, acteID: acteID, genre: t, charge: charge})
}

// ChangerMotDePasse answers POST /api/compte/mot-de-passe (MA-71).
func (s *Server) ChangerMotDePasse(ctx context.Context, r ChangerMotDePasseRequestObject) (ChangerMotDePasseResponseObject, error) {
	_, c, err := s.leSien(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.redemander(ctx, "actuel", r.Body.Actuel); err != nil {
		return nil, err
	}
	if r.Body.Actuel == r.Body.Nouveau {
		return nil, opco.Champf("nouveau", "Choisissez un mot de passe différent de l’actuel.")
	}
	p, _, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	hache, err := s.choisirMotDePasse(ctx, "nouveau", p.Politique(c.Politique), r.Body.Nouveau, contexteDe(c)...)
	if err != nil {
		return nil, err
	}
	return s.agirEtRenouveler(ctx, geste{compte: c.ID, acteID: r.Body.ActeId, genre: opco.ActeChangerMotDePasse, charge: struct{}{}, hache: hache, mot: r.Body.Nouveau})
}

// AjouterEntite answers POST /api/compte/entites (C12, MA-73).
func (s *Server) AjouterEntite(ctx context.Context, r AjouterEntiteRequestObject) (AjouterEntiteResponseObject, error) {
	b := r.Body
	if err := tous(opco.ValiderBlocs(b.Blocs)); err != nil {
		return nil, err
	}
	if err := s.redemander(ctx, "mot_de_passe", b.MotDePasse); err != nil {
		return nil, err
	}
	if err := s.unePersonne(ctx, b.ActeId, objetEntite, b.Epreuve); err != nil {
		return nil, err
	}
	return s.agirSurLeSien(ctx, b.ActeId, opco.ActeAjouterEntite, opco.ChargeBlocs{Blocs: b.Blocs})
}

// OuvrirEspaceOrganisme answers POST /api/compte/espaces/organisme (C07, MA-65).
func (s *Server) OuvrirEspaceOrganisme(ctx context.Context, r OuvrirEspaceOrganismeRequestObject) (OuvrirEspaceOrganismeResponseObject, error) {
	return s.agirSurLeSien(ctx, r.Body.ActeId, opco.ActeOuvrirEspace, struct{}{})
}

// RepondrePrecision answers POST /api/compte/precisions (C10).
func (s *Server) RepondrePrecision(ctx context.Context, r RepondrePrecisionRequestObject) (RepondrePrecisionResponseObject, error) {
	return s.agirSurLeSien(ctx, r.Body.ActeId, opco.ActeRepondrePrecision,
		opco.ChargeReponse{Habilitations: r.Body.Habilitations, Reponse: r.Body.Reponse})
}

// RedemanderDroits answers POST /api/compte/reprises (C09, C15).
func (s *Server) RedemanderDroits(ctx context.Context, r RedemanderDroitsRequestObject) (RedemanderDroitsResponseObject, error) {
	return s.agirSurLeSien(ctx, r.Body.ActeId, opco.ActeRedemanderDroit,
		opco.ChargeDroits{Habilitations: r.Body.Habilitations, Raison: r.Body.Raison})
}

// LireMonJournal answers GET /api/compte/journal.
func (s *Server) LireMonJournal(ctx context.Context, _ LireMonJournalRequestObject) (LireMonJournalResponseObject, error) {
	ps, err := s.journalDe(ctx, qui(ctx).Compte)
	if err != nil {
		return nil, err
	}
	return LireMonJournal200JSONResponse{Passages: journalLu(ps, true)}, nil
}

// journalDe reads the journal of an account that its caller has found to be the
// reader's own, or readable by the staff.
func (s *Server) journalDe(ctx context.Context, compte string) ([]opco.Passage, error) {
	return s.Store.Journal(ctx, opco.Portee{Interne: true}, opco.ObjetCompte(compte))
}

// ExporterDonnees answers GET /api/compte/donnees (RGPD, articles 15 and 20): all that
// the house holds about the person as the holder of this account.
func (s *Server) ExporterDonnees(ctx context.Context, _ ExporterDonneesRequestObject) (ExporterDonneesResponseObject, error) {
	v, c, err := s.leSien(ctx)
	if err != nil {
		return nil, err
	}
	d, err := s.Store.DonneesCompte(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	ps, err := s.journalDe(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return nil, err
	}
	return donneesJointes{ExporterDonnees200JSONResponse{Compte: v, Demandes: blocsLus(c, false), Journal: journalLu(ps, true), Messages: d.Messages,
		Sessions: d.Sessions, Consultations: d.Consultations, Le: le}}, nil
}

// donneesJointes are the data of a person as a file to keep.
type donneesJointes struct{ ExporterDonnees200JSONResponse }

// VisitExporterDonneesResponse writes them under a name that says what they are.
func (d donneesJointes) VisitExporterDonneesResponse(w http.ResponseWriter) error {
	nom := "mes-donnees-" + string(opco.JourDe(d.Le)) + ".json"
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": nom}))
	return d.ExporterDonnees200JSONResponse.VisitExporterDonneesResponse(w)
}

// CloreMonCompte answers POST /api/compte/cloture (C22).
func (s *Server) CloreMonCompte(ctx context.Context, r CloreMonCompteRequestObject) (CloreMonCompteResponseObject, error) {
	if err := s.redemander(ctx, "mot_de_passe", r.Body.MotDePasse); err != nil {
		return nil, err
	}
	return s.agirCompte(ctx, geste{compte: qui(ctx).Compte, acteID: r.Body.ActeId, genre: opco.ActeCloreCompte, retrait: true,
		charge: opco.ChargeRaisonCompte{Raison: r.Body.Raison}})
}

// contient reports whether every id is one of those known.
func contient(connus, ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(connus, id) })
}
