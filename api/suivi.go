package api

import (
	"context"

	"guichet/opco"
	"guichet/store"
)

// SuiviLu is where a dossier stands, for who reads it, on the business day Jour.
type SuiviLu struct {
	opco.Suivi
	Etat opco.Etat `json:"etat"`
	Jour opco.Date `json:"jour"`
}

// SuiviDe says where a dossier stands to who makes the request: the answer of GET
// /api/dossiers/{id}/suivi and the head of every page of a dossier.
func (s *Server) SuiviDe(ctx context.Context, id string) (SuiviLu, error) {
	u := qui(ctx)
	d, err := s.Store.Dossier(ctx, u.Portee(), id)
	if err != nil {
		return SuiviLu{}, err
	}
	if d.Reglements, err = s.Store.ReglementsDe(ctx, u.Portee(), d); err != nil {
		return SuiviLu{}, err
	}
	ps, err := s.Store.Journal(ctx, u.Portee(), opco.ObjetDossier(id))
	if err != nil {
		return SuiviLu{}, err
	}
	f, err := s.faitsSuivi(ctx, u.Portee(), id)
	if err != nil {
		return SuiviLu{}, err
	}
	f.Depuis = opco.DernierChangement(voirJournal(ps, u.Role))
	vu := voir(d, u.Role)
	return SuiviLu{Suivi: vu.Suivi(u.Role, f), Etat: d.Etat, Jour: f.Jour}, nil
}

// LireSuivi answers GET /api/dossiers/{id}/suivi.
func (s *Server) LireSuivi(ctx context.Context, r LireSuiviRequestObject) (LireSuiviResponseObject, error) {
	l, err := s.SuiviDe(ctx, r.Id)
	return LireSuivi200JSONResponse(l), err
}

func (s *Server) faitsSuivi(ctx context.Context, p opco.Portee, id string) (opco.FaitsSuivi, error) {
	f, err := s.faitsDuJour(ctx)
	if err != nil {
		return f, err
	}
	if f.Suspension, err = s.Store.SuspensionDe(ctx, p, id); err != nil {
		return f, err
	}
	f.Executions, err = s.Store.ExecutionsDe(ctx, p, id)
	return f, err
}

// faitsDuJour are those that hold for every dossier on the present business day.
func (s *Server) faitsDuJour(ctx context.Context) (opco.FaitsSuivi, error) {
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return opco.FaitsSuivi{}, err
	}
	f := opco.FaitsSuivi{Jour: opco.JourDe(le)}
	f.Parametres, err = s.Store.Parametres(ctx, f.Jour)
	return f, err
}

// AccueilEntreprise is what the home page of a company shows: its établissements
// (AK-12, AK-15), who follows it at the OPCO (AK-13), what the OPCO tells (AK-14).
// Unite is nil when no unit follows it.
type AccueilEntreprise struct {
	Etablissements []store.Etablissement `json:"etablissements"`
	Unite          *opco.Unite           `json:"unite,omitempty"`
	Informations   []opco.Information    `json:"informations"`
	Jour           opco.Date             `json:"jour"`
}

// Accueillir gathers the home page of the organisation that makes the request.
func (s *Server) Accueillir(ctx context.Context) (AccueilEntreprise, error) {
	u := qui(ctx)
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return AccueilEntreprise{}, err
	}
	a := AccueilEntreprise{Jour: opco.JourDe(le)}
	if a.Informations, err = s.Store.Informations(ctx, string(u.Role), a.Jour); err != nil {
		return a, err
	}
	if a.Etablissements, err = s.Store.Etablissements(ctx, u.Portee()); err != nil || len(a.Etablissements) == 0 {
		return a, err
	}
	n, ok, err := s.Store.UniteDe(ctx, a.Etablissements[0])
	if ok {
		a.Unite = &n
	}
	return a, err
}

// Annoncer writes a unit of the OPCO, all that is wrong with it told together.
func (s *Server) Annoncer(ctx context.Context, u opco.Unite) error {
	if refus := champs(u.Valider()); len(refus) > 0 {
		return refus
	}
	return s.Store.EcrireUnite(ctx, u, qui(ctx).Acteur(""))
}

// Informer writes an information, all that is wrong with it told together.
func (s *Server) Informer(ctx context.Context, i opco.Information) error {
	if refus := champs(i.Valider()); len(refus) > 0 {
		return refus
	}
	return s.Store.EcrireInformation(ctx, i, qui(ctx).Acteur(""))
}

// aFaireMax bounds what the home page of a company asks of it.
const aFaireMax = 12

// AFaire is a dossier that waits for its reader, and why.
type AFaire struct {
	store.LigneDossier
	Suivi SuiviLu `json:"suivi"`
}

// CeQuiAttend lists the dossiers of the organisation that makes the request in which
// it is the one who acts, the nearest limit first, at most 12: whatever its other
// dossiers, one reading.
func (s *Server) CeQuiAttend(ctx context.Context) ([]AFaire, error) {
	u := qui(ctx)
	f, err := s.faitsDuJour(ctx)
	if err != nil {
		return nil, err
	}
	ds, err := s.Store.DossiersAttendus(ctx, u.Portee(), aFaireMax)
	if err != nil {
		return nil, err
	}
	var fs []AFaire
	for _, x := range ds {
		vu := voir(x.Dossier, u.Role)
		if suivi := vu.Suivi(u.Role, f); suivi.Qui == u.Role {
			fs = append(fs, AFaire{x.LigneDossier, SuiviLu{Suivi: suivi, Etat: x.Dossier.Etat, Jour: f.Jour}})
		}
	}
	return fs, nil
}
