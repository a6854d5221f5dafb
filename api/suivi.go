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

func (s *Server) faitsSuivi(ctx context.Context, p opco.Portee, id string) (opco.FaitsSuivi, error) {
	le, err := s.Store.Maintenant(ctx)
	if err != nil {
		return opco.FaitsSuivi{}, err
	}
	f := opco.FaitsSuivi{Jour: opco.JourDe(le)}
	if f.Parametres, err = s.Store.Parametres(ctx, f.Jour); err != nil {
		return f, err
	}
	f.Executions, err = s.Store.ExecutionsDe(ctx, p, id)
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

// etatsAFaire are the états in which an organisation may have to act.
var etatsAFaire = []opco.Etat{opco.EtatACompleter, opco.EtatSFNonConforme, opco.EtatAttenteServiceFait, opco.EtatSFEnControle, opco.EtatEnReglement, opco.EtatRegleePartielle}

// CeQuiAttend lists the dossiers of the organisation that makes the request in which
// it is the one who acts, the nearest limit first, at most 12.
func (s *Server) CeQuiAttend(ctx context.Context) ([]AFaire, error) {
	u := qui(ctx)
	page, err := s.Store.Dossiers(ctx, u.Portee(), store.Filtre{Etats: etatsAFaire, Limite: 4 * aFaireMax})
	if err != nil {
		return nil, err
	}
	var fs []AFaire
	for _, l := range page.Dossiers {
		d, err := s.Store.Dossier(ctx, u.Portee(), l.ID)
		if err != nil {
			return nil, err
		}
		if d.Reglements, err = s.Store.ReglementsDe(ctx, u.Portee(), d); err != nil {
			return nil, err
		}
		f, err := s.faitsSuivi(ctx, u.Portee(), l.ID)
		if err != nil {
			return nil, err
		}
		vu := voir(d, u.Role)
		if x := vu.Suivi(u.Role, f); x.Qui == u.Role && x.DesLe <= f.Jour {
			fs = append(fs, AFaire{l, SuiviLu{Suivi: x, Etat: d.Etat, Jour: f.Jour}})
		}
		if len(fs) == aFaireMax {
			break
		}
	}
	slices.SortStableFunc(fs, func(a, b AFaire) int { return strings.Compare(limiteTri(a), limiteTri(b)) })
	return fs, nil
}

func limiteTri(a AFaire) string {
	if a.Suivi.AvantLe == "" {
		return "9999"
	}
	return string(a.Suivi.AvantLe)
}
