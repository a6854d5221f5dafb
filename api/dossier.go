package api

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"guichet/opco"
	"guichet/store"
)

// ListerDossiers answers GET /api/dossiers.
func (s *Server) ListerDossiers(ctx context.Context, r ListerDossiersRequestObject) (ListerDossiersResponseObject, error) {
	u, p := qui(ctx), r.Params
	f := store.Filtre{Etats: p.Etat, File: p.File, Texte: p.Texte, Etablissement: p.Etablissement, Organisme: p.Organisme,
		DebutDu: opco.Date(p.DebutDu), DebutAu: opco.Date(p.DebutAu), MontantMin: opco.Montant(p.MontantMin),
		MontantMax: opco.Montant(p.MontantMax), Instructeur: p.Instructeur, Apres: p.Apres, Avant: p.Avant, Limite: int(p.Limite)}
	if f.Instructeur == "moi" {
		f.Instructeur = u.Personne
	}
	page, err := s.Store.Dossiers(ctx, u.Portee(), f)
	if err != nil {
		return nil, err
	}
	montrer(ctx, len(page.Dossiers))
	return ListerDossiers200JSONResponse{Dossiers: page.Dossiers, Suivant: page.Suivant, Precedent: page.Precedent}, nil
}

// CompterDossiers answers GET /api/dossiers/compteurs.
func (s *Server) CompterDossiers(ctx context.Context, _ CompterDossiersRequestObject) (CompterDossiersResponseObject, error) {
	c, err := s.Store.Compter(ctx, qui(ctx).Portee())
	if err != nil {
		return nil, err
	}
	return CompterDossiers200JSONResponse(c), nil
}

// sien refuses a demande for an établissement that is not one of the author's, in
// the same words whether it exists or not.
func sien(ctx context.Context, d opco.Demande) error {
	u := qui(ctx)
	if u.Role.Interne() || slices.Contains(u.Ecrit, string(d.Etablissement)) {
		return nil
	}
	return opco.Champf("demande.etablissement", "Cet établissement n’est pas l’un des vôtres. Choisissez-le dans votre liste.")
}

// CreerDossier answers POST /api/dossiers.
func (s *Server) CreerDossier(ctx context.Context, r CreerDossierRequestObject) (CreerDossierResponseObject, error) {
	dem := r.Body.Demande
	if err := brouillonValide(ctx, dem); err != nil {
		return nil, err
	}
	charge, err := json.Marshal(dem)
	if err != nil {
		return nil, err
	}
	a := opco.Acte{ID: r.Body.ActeId, Objet: opco.ObjetDossier(r.Body.Id), Type: opco.ActeCreer, Charge: charge,
		Par: qui(ctx).Acteur(string(dem.Etablissement))}
	recu, err := s.Store.AppliquerDirect(ctx, a, &opco.Dossier{ID: r.Body.Id, Demande: dem})
	if errors.Is(err, store.ErrTrou) {
		return nil, opco.Errorf(opco.Conflict, "Cet identifiant de dossier a déjà servi : utilisez-en un nouveau.").AvecCode("DOSSIER_REUTILISE")
	}
	if err != nil {
		return nil, err
	}
	return s.repondre(ctx, recu)
}

func brouillonValide(ctx context.Context, dem opco.Demande) error {
	if err := sien(ctx, dem); err != nil {
		return err
	}
	if refus := dem.ValiderBrouillon(); len(refus) > 0 {
		tous := make(champs, len(refus))
		for i, e := range refus {
			x := *e
			x.Champ = "demande." + e.Champ
			tous[i] = &x
		}
		return tous
	}
	return nil
}

// EnregistrerBrouillon answers PUT /api/dossiers/{id}.
func (s *Server) EnregistrerBrouillon(ctx context.Context, r EnregistrerBrouillonRequestObject) (EnregistrerBrouillonResponseObject, error) {
	u := qui(ctx)
	if _, err := s.Store.Version(ctx, u.Portee(), r.Id); err != nil {
		return nil, err
	}
	if err := brouillonValide(ctx, r.Body.Demande); err != nil {
		return nil, err
	}
	v, err := s.Store.EnregistrerBrouillon(ctx, u.PorteeEcrite(), r.Id, r.Body.Version, r.Body.Demande)
	if err != nil {
		return nil, err
	}
	return EnregistrerBrouillon200JSONResponse{Version: v}, nil
}

// SupprimerBrouillon answers DELETE /api/dossiers/{id}.
func (s *Server) SupprimerBrouillon(ctx context.Context, r SupprimerBrouillonRequestObject) (SupprimerBrouillonResponseObject, error) {
	u := qui(ctx)
	a := opco.Acte{ID: r.Params.ActeId, Objet: opco.ObjetDossier(r.Id), Type: opco.ActeSupprimer}
	if deja, err := s.Store.Acte(ctx, a.ID); err == nil && deja.Acte.Objet == a.Objet && deja.Acte.Par.Personne == u.Personne && deja.Acte.Type == a.Type {
		return s.repondre(ctx, deja)
	}
	d, err := s.Store.Dossier(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	if a.Par, err = acteurPour(u, d); err != nil {
		return nil, err
	}
	if err := d.Admet(a.Type, u.Role); err != nil {
		return nil, err
	}
	recu, err := s.Store.AppliquerDirect(ctx, a, nil)
	if err != nil {
		return nil, err
	}
	return s.suivreActe(ctx, recu)
}

// LireDossier answers GET /api/dossiers/{id}.
func (s *Server) LireDossier(ctx context.Context, r LireDossierRequestObject) (LireDossierResponseObject, error) {
	u := qui(ctx)
	d, err := s.Store.Dossier(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	l, err := s.Store.Ligne(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	v, err := s.Store.Version(ctx, u.Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	if d.Reglements, err = s.Store.ReglementsDe(ctx, u.Portee(), d); err != nil {
		return nil, err
	}
	noms := d.Etat.Libelles()
	return LireDossier200JSONResponse{Dossier: voir(d, u.Role), Resume: l, Version: v, Actes: actesPossibles(d, u),
		Libelles: Libelles{Guichet: d.Etat.String(), Atlas: noms.Atlas, Akto: noms.Akto}}, nil
}

// actesPossibles lists the actes that u may try on d now.
func actesPossibles(d *opco.Dossier, u store.Utilisateur) []string {
	actes := []string{}
	if _, err := acteurPour(u, d); err != nil {
		return actes
	}
	for _, t := range opco.Parcours() {
		if d.Admet(t.Acte, u.Role) == nil && !slices.Contains(actes, string(t.Acte)) {
			actes = append(actes, string(t.Acte))
		}
	}
	return actes
}

// LireJournal answers GET /api/dossiers/{id}/journal.
func (s *Server) LireJournal(ctx context.Context, r LireJournalRequestObject) (LireJournalResponseObject, error) {
	u := qui(ctx)
	if _, err := s.Store.Ligne(ctx, u.Portee(), r.Id); err != nil {
		return nil, err
	}
	ps, err := s.Store.Journal(ctx, u.Portee(), opco.ObjetDossier(r.Id))
	if err != nil {
		return nil, err
	}
	return LireJournal200JSONResponse{Passages: voirJournal(ps, u.Role)}, nil
}

// LireEcritures answers GET /api/dossiers/{id}/ledger.
func (s *Server) LireEcritures(ctx context.Context, r LireEcrituresRequestObject) (LireEcrituresResponseObject, error) {
	if _, err := s.Store.Ligne(ctx, qui(ctx).Portee(), r.Id); err != nil {
		return nil, err
	}
	es, ss, err := s.Store.Ecritures(ctx, qui(ctx).Portee(), r.Id)
	if err != nil {
		return nil, err
	}
	return LireEcritures200JSONResponse{Ecritures: es, Soldes: ss}, nil
}
