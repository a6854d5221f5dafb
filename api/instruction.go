package api

import (
	"context"

	"guichet/opco"
)

// DeposerDossier answers POST /api/dossiers/{id}/depot. What a person can correct
// in the demande is told at once, every field together.
func (s *Server) DeposerDossier(ctx context.Context, r DeposerDossierRequestObject) (DeposerDossierResponseObject, error) {
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	if refus := champs(d.Demande.Valider()); d.Etat == opco.EtatBrouillon && len(refus) > 0 {
		return nil, refus
	}
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeDeposer, r.Body.ChargeDeposer)
}

// DemanderComplement answers POST /api/dossiers/{id}/complement.
func (s *Server) DemanderComplement(ctx context.Context, r DemanderComplementRequestObject) (DemanderComplementResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeDemanderComplement, r.Body.ChargeDemanderComplement)
}

// InstruireDossier answers POST /api/dossiers/{id}/instruction.
func (s *Server) InstruireDossier(ctx context.Context, r InstruireDossierRequestObject) (InstruireDossierResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeId, opco.ActeInstruire, struct{}{})
}

// RefuserTardif answers POST /api/dossiers/{id}/refus-tardif.
func (s *Server) RefuserTardif(ctx context.Context, r RefuserTardifRequestObject) (RefuserTardifResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeId, opco.ActeRefuserTardif, struct{}{})
}

// DeciderDossier answers POST /api/dossiers/{id}/decision.
func (s *Server) DeciderDossier(ctx context.Context, r DeciderDossierRequestObject) (DeciderDossierResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeDecider, r.Body.ChargeDecider)
}

// ValiderDecision answers POST /api/dossiers/{id}/validation.
func (s *Server) ValiderDecision(ctx context.Context, r ValiderDecisionRequestObject) (ValiderDecisionResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeId, opco.ActeValider, struct{}{})
}

// RenvoyerDossier answers POST /api/dossiers/{id}/renvoi.
func (s *Server) RenvoyerDossier(ctx context.Context, r RenvoyerDossierRequestObject) (RenvoyerDossierResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeRenvoyer, r.Body.ChargeRaison)
}

// AnnulerDossier answers POST /api/dossiers/{id}/annulation.
func (s *Server) AnnulerDossier(ctx context.Context, r AnnulerDossierRequestObject) (AnnulerDossierResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeAnnuler, r.Body.ChargeRaison)
}

// RetirerStagiaire answers POST /api/dossiers/{id}/retrait-stagiaire.
func (s *Server) RetirerStagiaire(ctx context.Context, r RetirerStagiaireRequestObject) (RetirerStagiaireResponseObject, error) {
	return s.agir(ctx, r.Id, r.Body.ActeID, opco.ActeRetirerStagiaire, r.Body.ChargeRetirer)
}

// LireControles answers GET /api/dossiers/{id}/controles.
func (s *Server) LireControles(ctx context.Context, r LireControlesRequestObject) (LireControlesResponseObject, error) {
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	f, err := s.Store.Faits(ctx, d)
	if err != nil {
		return nil, err
	}
	return LireControles200JSONResponse{Controles: opco.Instruire(d, f)}, nil
}

// Estimer answers POST /api/estimation: the engine of the décision, on a demande
// that nobody keeps.
func (s *Server) Estimer(ctx context.Context, r EstimerRequestObject) (EstimerResponseObject, error) {
	if refus := champs(r.Body.Demande.ValiderBrouillon()); len(refus) > 0 {
		return nil, refus
	}
	if err := sien(ctx, r.Body.Demande); err != nil {
		return nil, err
	}
	d := &opco.Dossier{ID: "00000000-0000-0000-0000-000000000000", Etat: opco.EtatBrouillon, Demande: r.Body.Demande}
	f, err := s.Store.Faits(ctx, d)
	if err != nil {
		return nil, err
	}
	e, err := opco.Estimer(r.Body.Demande, f.Bareme, f.Fonds)
	if err != nil {
		return nil, err
	}
	return Estimer200JSONResponse{Accorde: e.Accorde, Demande: e.Demande, ResteACharge: e.ResteACharge, Lignes: e.Lignes, Phrases: e.Conditions}, nil
}
