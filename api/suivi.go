package api

import (
	"context"
	"slices"
	"strings"

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

// etatsAFaire are the états in which an organisation may have to act, those in which it
// always does first: whatever the number of its other dossiers, they are told.
var etatsAFaire = [][]opco.Etat{
	{opco.EtatACompleter, opco.EtatSFNonConforme},
	{opco.EtatAttenteServiceFait, opco.EtatSFEnControle},
	{opco.EtatEnReglement, opco.EtatRegleePartielle},
}

// aFairePages is how many pages of dossiers are read for what an organisation may have to
// do, of those in which it seldom does.
const aFairePages = 5

// CeQuiAttend lists the dossiers of the organisation that makes the request in which
// it is the one who acts, the nearest limit first, at most 12.
func (s *Server) CeQuiAttend(ctx context.Context) ([]AFaire, error) {
	u := qui(ctx)
	f, err := s.faitsDuJour(ctx)
	if err != nil {
		return nil, err
	}
	var fs []AFaire
	for _, etats := range etatsAFaire {
		lus, err := s.attendDans(ctx, u, etats, aFaireMax-len(fs), f)
		if err != nil {
			return nil, err
		}
		if fs = append(fs, lus...); len(fs) == aFaireMax {
			break
		}
	}
	slices.SortStableFunc(fs, func(a, b AFaire) int { return strings.Compare(limiteTri(a), limiteTri(b)) })
	return fs, nil
}

// attendDans lists the first dossiers in etats, by échéance, in which u acts.
func (s *Server) attendDans(ctx context.Context, u store.Utilisateur, etats []opco.Etat, reste int, f opco.FaitsSuivi) ([]AFaire, error) {
	const taille = 4 * aFaireMax
	var fs []AFaire
	var apres *store.DossierAttendu
	for range aFairePages {
		page, err := s.Store.DossiersAttendus(ctx, u.Portee(), etats, apres, taille)
		if err != nil {
			return nil, err
		}
		for i := range page {
			x, err := s.aFaire(ctx, u, page[i], f)
			if err != nil {
				return nil, err
			}
			if x.Suivi.Qui != u.Role || x.Suivi.DesLe > f.Jour {
				continue
			}
			if fs = append(fs, x); len(fs) == reste {
				return fs, nil
			}
		}
		if len(page) < taille {
			break
		}
		apres = &page[len(page)-1]
	}
	return fs, nil
}

// aFaire says where a dossier stands to u. What its lots say of its règlements is read
// only when it has some.
func (s *Server) aFaire(ctx context.Context, u store.Utilisateur, x store.DossierAttendu, f opco.FaitsSuivi) (AFaire, error) {
	d := x.Dossier
	if len(d.Reglements) > 0 {
		var err error
		if d.Reglements, err = s.Store.ReglementsDe(ctx, u.Portee(), d); err != nil {
			return AFaire{}, err
		}
		if f.Executions, err = s.Store.ExecutionsDe(ctx, u.Portee(), d.ID); err != nil {
			return AFaire{}, err
		}
	}
	vu := voir(d, u.Role)
	return AFaire{x.LigneDossier, SuiviLu{Suivi: vu.Suivi(u.Role, f), Etat: d.Etat, Jour: f.Jour}}, nil
}

func limiteTri(a AFaire) string {
	if a.Suivi.AvantLe == "" {
		return "9999"
	}
	return string(a.Suivi.AvantLe)
}
