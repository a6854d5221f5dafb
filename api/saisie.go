package api

import (
	"context"
	"slices"
	"time"

	"guichet/opco"
	"guichet/store"
)

// GarderSaisie keeps what a page holds of a brouillon while it is typed: neither an
// Enregistrement that its author asked for, nor ever an Envoi (T02). It is a comfort of
// the pages, which a program does with EnregistrerBrouillon.
func (s *Server) GarderSaisie(ctx context.Context, id string, version int64, dem opco.Demande) (int64, time.Time, error) {
	u := qui(ctx)
	if _, err := s.Store.Version(ctx, u.Portee(), id); err != nil {
		return 0, time.Time{}, err
	}
	if err := brouillonValide(ctx, dem); err != nil {
		return 0, time.Time{}, err
	}
	return s.Store.GarderSaisie(ctx, u.PorteeEcrite(), id, version, dem)
}

// AnnulerSaisie gives a brouillon back as its author last saved it (AK-36).
func (s *Server) AnnulerSaisie(ctx context.Context, id string) (bool, error) {
	u := qui(ctx)
	if _, err := s.Store.Version(ctx, u.Portee(), id); err != nil {
		return false, err
	}
	return s.Store.AnnulerSaisie(ctx, u.PorteeEcrite(), id)
}

// ChercherOrganismes answers GET /api/organismes (AK-20).
func (s *Server) ChercherOrganismes(ctx context.Context, r ChercherOrganismesRequestObject) (ChercherOrganismesResponseObject, error) {
	os, err := s.Store.Annuaire(ctx, r.Params.Texte)
	return ChercherOrganismes200JSONResponse{Organismes: os}, err
}

// CopierDossier answers POST /api/dossiers/{id}/copie: a brouillon made of a past
// demande, without its days.
func (s *Server) CopierDossier(ctx context.Context, r CopierDossierRequestObject) (CopierDossierResponseObject, error) {
	d, err := s.Store.Dossier(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	if _, err := acteurPour(qui(ctx), d); err != nil {
		return nil, err
	}
	rep, err := s.CreerDossier(ctx, CreerDossierRequestObject{Body: &CorpsCreation{ActeId: r.Body.ActeId, Id: r.Body.Id, Demande: d.Demande.Copie()}})
	if err != nil {
		return nil, err
	}
	fait, _ := rep.(reponseActe)
	return fait, nil
}

// EstimationSaisie is what a page says beside a demande: the engine of the décision on
// it, the moment of its sending, and the checks of the instruction that its author can
// still do something about.
type EstimationSaisie struct {
	Decision  opco.Decision
	Moment    opco.MomentDepot
	Controles []opco.Controle
}

// controlesAnnonces are the checks that a company reads before it sends: theme,
// organisme, hourly cap, envelope, direct payment.
var controlesAnnonces = []string{"C06", opco.ControleQualiopi, "C12", "C13", "C17"}

// EstimerSaisie estimates a demande that is being typed, as POST /api/estimation does.
func (s *Server) EstimerSaisie(ctx context.Context, dem opco.Demande) (EstimationSaisie, error) {
	var e EstimationSaisie
	d, f, err := s.faitsDeSaisie(ctx, dem)
	if err != nil {
		return e, err
	}
	e.Moment = f.Parametres.MomentDepot(f.Le, dem.Debut)
	if e.Decision, err = opco.Estimer(dem, f.Bareme, f.Fonds); err != nil {
		return e, err
	}
	for _, c := range opco.Instruire(d, f) {
		muet := c.Resultat == opco.ResultatSansObjet || c.Resultat == opco.ResultatAttendu
		if slices.Contains(controlesAnnonces, c.Code) && !muet {
			e.Controles = append(e.Controles, c)
		}
	}
	return e, nil
}

// faitsDeSaisie reads what an estimate needs, on a dossier that nobody keeps.
func (s *Server) faitsDeSaisie(ctx context.Context, dem opco.Demande) (*opco.Dossier, opco.Faits, error) {
	if refus := champs(dem.ValiderBrouillon()); len(refus) > 0 {
		return nil, opco.Faits{}, refus
	}
	if err := sien(ctx, dem); err != nil {
		return nil, opco.Faits{}, err
	}
	d := &opco.Dossier{ID: "00000000-0000-0000-0000-000000000000", Etat: opco.EtatBrouillon, Demande: dem}
	f, err := s.Store.Faits(ctx, d)
	return d, f, err
}

// MomentDuDepot says how the sending of a demande that starts on debut would stand now.
func (s *Server) MomentDuDepot(ctx context.Context, debut opco.Date) (opco.MomentDepot, error) {
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return opco.MomentDepot{}, err
	}
	p, err := s.Store.Parametres(ctx, opco.JourDe(le))
	return p.MomentDepot(le, debut), err
}

// SalariesChoisis returns the salariés that a page picked, within the reader's reach.
func (s *Server) SalariesChoisis(ctx context.Context, ids []string) ([]opco.Salarie, error) {
	return s.Store.SalariesParID(ctx, qui(ctx).Portee(), ids)
}

// Brouillons is a page of the brouillons of the reader.
func (s *Server) Brouillons(ctx context.Context, texte, apres string) (store.PageDossiers, error) {
	return s.Store.Dossiers(ctx, qui(ctx).Portee(), store.Filtre{Etats: []opco.Etat{opco.EtatBrouillon}, Texte: texte, Apres: apres, Limite: 25})
}
