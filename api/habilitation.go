package api

import (
	"context"

	"guichet/opco"
	"guichet/store"
)

// ListerHabilitations answers GET /api/habilitations: the advisers' queue.
func (s *Server) ListerHabilitations(ctx context.Context, r ListerHabilitationsRequestObject) (ListerHabilitationsResponseObject, error) {
	q := r.Params
	page, err := s.Store.Demandes(ctx, store.FiltreDemandes{Etat: opco.EtatHabilitation(q.Etat), Profil: q.Profil, Service: q.Service,
		SIREN: opco.SIREN(q.Siren), Texte: q.Texte, Retard: q.Retard, Lecteurs: qui(ctx).Acteur("").Personnes(), Apres: q.Apres, Limite: pageDe(q.Limite)})
	if err != nil {
		return nil, err
	}
	compteurs, err := s.Store.CompterDemandes(ctx)
	if err != nil {
		return nil, err
	}
	p, _, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(page.Demandes))
	return ListerHabilitations200JSONResponse{Demandes: page.Demandes, Suivant: page.Suivant, Compteurs: compteurs,
		ReponseOuvres: int32(p.Comptes.ReponseOuvres)}, nil //nolint:gosec // a few days
}

// pageDe is the length of a page, 50 unless told, 100 at most.
func pageDe(limite int32) int {
	if limite < 1 || limite > 100 {
		return 50
	}
	return int(limite)
}

// PrendreHabilitation answers GET /api/habilitations/suivante.
func (s *Server) PrendreHabilitation(ctx context.Context, r PrendreHabilitationRequestObject) (PrendreHabilitationResponseObject, error) {
	id, err := s.Store.DemandeSuivante(ctx, qui(ctx).Acteur("").Personnes(), r.Params.Sauf)
	if err != nil {
		return nil, err
	}
	c, err := s.Store.CompterDemandes(ctx)
	if err != nil {
		return nil, err
	}
	return PrendreHabilitation200JSONResponse{Compte: id, Reste: c.Comptes}, nil
}

// ListerComptes answers GET /api/comptes.
func (s *Server) ListerComptes(ctx context.Context, r ListerComptesRequestObject) (ListerComptesResponseObject, error) {
	q := r.Params
	cs, suivant, err := s.Store.Comptes(ctx, store.FiltreComptes{Etats: q.Etat, SIREN: opco.SIREN(q.Siren), Texte: q.Texte, Apres: q.Apres,
		Limite: pageDe(q.Limite)})
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(cs))
	return ListerComptes200JSONResponse{Comptes: cs, Suivant: suivant}, nil
}

// organisation returns the account {id} of an organisation, for the staff: that of a
// staff member is not found here.
func (s *Server) organisation(ctx context.Context, id string) (store.CompteLu, error) {
	c, err := s.Store.CompteLu(ctx, id)
	if err == nil && c.Interne() {
		err = store.CompteIntrouvable()
	}
	return c, err
}

// LireUnCompte answers GET /api/comptes/{id}: the evidence side by side, the rights,
// who else belongs to each company.
func (s *Server) LireUnCompte(ctx context.Context, r LireUnCompteRequestObject) (LireUnCompteResponseObject, error) {
	c, err := s.organisation(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	p, jour, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	tous, err := s.Store.ColleguesDesEntreprises(ctx, c.SirensDe())
	if err != nil {
		return nil, err
	}
	autres := []store.Collegue{}
	for _, x := range tous {
		if x.Compte != c.ID {
			autres = append(autres, x)
		}
	}
	u := qui(ctx)
	lien, err := s.Store.LieA(ctx, []string{u.Personne, u.Pour}, c.SirensDe())
	if err != nil {
		return nil, err
	}
	return LireUnCompte200JSONResponse{Compte: monCompte(c, p, jour), Blocs: blocsLus(c, true), Collegues: autres, Lien: lien}, nil
}

// LireJournalCompte answers GET /api/comptes/{id}/journal.
func (s *Server) LireJournalCompte(ctx context.Context, r LireJournalCompteRequestObject) (LireJournalCompteResponseObject, error) {
	c, err := s.organisation(ctx, r.Id)
	if err != nil {
		return nil, err
	}
	ps, err := s.journalDe(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	return LireJournalCompte200JSONResponse{Passages: journalLu(ps, false)}, nil
}

// OuvrirCompte answers POST /api/comptes (AK-01, AT-01): the OPCO opens the account of
// an organisation, with provisional credentials.
func (s *Server) OuvrirCompte(ctx context.Context, r OuvrirCompteRequestObject) (OuvrirCompteResponseObject, error) {
	p, jour, err := s.regles(ctx)
	if err != nil {
		return nil, err
	}
	if err := tous(r.Body.Identite.Valider(jour)); err != nil {
		return nil, err
	}
	siret := r.Body.Droits[0].SIRET
	identifiant, err := s.Store.IdentifiantProvisoire(ctx, r.Body.Droits[0].Profil, siret.SIREN(), r.Body.ActeId)
	if err != nil {
		return nil, err
	}
	return s.agirCompte(ctx, geste{compte: compteNe(r.Body.ActeId), acteID: r.Body.ActeId, genre: opco.ActeOuvrirCompte,
		charge: opco.ChargeOuvrirCompte{Identite: r.Body.Identite, Identifiant: identifiant, Politique: p.PolitiqueProvisoire, Droits: r.Body.Droits}})
}

// surOrganisation performs an acte of the staff on the account of an organisation.
func (s *Server) surOrganisation(ctx context.Context, g geste) (reponseActe, error) {
	if _, err := s.organisation(ctx, g.compte); err != nil {
		return reponseActe{}, err
	}
	return s.agirCompte(ctx, g)
}

// DeciderDroits answers POST /api/comptes/{id}/droits (C08, C09).
func (s *Server) DeciderDroits(ctx context.Context, r DeciderDroitsRequestObject) (DeciderDroitsResponseObject, error) {
	return s.surOrganisation(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeDeciderDroits,
		charge: opco.ChargeDecision{Reponses: r.Body.Reponses}})
}

// DemanderPrecision answers POST /api/comptes/{id}/precision (C10).
func (s *Server) DemanderPrecision(ctx context.Context, r DemanderPrecisionRequestObject) (DemanderPrecisionResponseObject, error) {
	return s.surOrganisation(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeDemanderPrecision,
		charge: opco.ChargePrecision{Habilitations: r.Body.Habilitations, Question: r.Body.Question}})
}

// AttribuerDroits answers POST /api/comptes/{id}/attribution (AK-02).
func (s *Server) AttribuerDroits(ctx context.Context, r AttribuerDroitsRequestObject) (AttribuerDroitsResponseObject, error) {
	return s.surOrganisation(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeDonnerDroits,
		charge: opco.ChargeInviter{Droits: r.Body.Droits}})
}

// RetirerDroits answers POST /api/comptes/{id}/retrait (C13).
func (s *Server) RetirerDroits(ctx context.Context, r RetirerDroitsRequestObject) (RetirerDroitsResponseObject, error) {
	return s.surOrganisation(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeRetirerDroits, retrait: true,
		charge: opco.ChargeDroits{Habilitations: r.Body.Habilitations, Motif: r.Body.Motif, Raison: r.Body.Raison}})
}

// ReemettreIdentifiants answers POST /api/comptes/{id}/reemission (C19).
func (s *Server) ReemettreIdentifiants(ctx context.Context, r ReemettreIdentifiantsRequestObject) (ReemettreIdentifiantsResponseObject, error) {
	return s.surOrganisation(ctx, geste{compte: r.Id, acteID: r.Body.ActeId, genre: opco.ActeReemettre, charge: struct{}{}})
}

// CloreCompte answers POST /api/comptes/{id}/cloture (C22).
func (s *Server) CloreCompte(ctx context.Context, r CloreCompteRequestObject) (CloreCompteResponseObject, error) {
	return s.surOrganisation(ctx, geste{compte: r.Id, acteID: r.Body.ActeID, genre: opco.ActeCloreCompte, retrait: true,
		charge: opco.ChargeRaisonCompte{Raison: r.Body.Raison}})
}
