package api

import (
	"context"
	"slices"
	"strings"

	"guichet/opco"
	"guichet/store"
)

// ProposerIntervention writes what who asks wants done to what is stuck: the cases that dits names, or those of
// the cause of i. Each is then tried; nothing is done. id is the acte of the form: sent twice, it is one.
func (s *Server) ProposerIntervention(ctx context.Context, id string, i opco.Intervention, dits []string) (store.InterventionVue, error) {
	u := qui(ctx)
	var cibles []store.Cible
	for _, d := range dits {
		cs, err := s.ciblesDites(ctx, i.Verbe, d)
		if err != nil {
			return store.InterventionVue{}, err
		}
		cibles = append(cibles, cs...)
	}
	if i.Verbe == opco.VerbeRevenir && len(dits) == 1 && i.Etape != "" {
		if err := s.verifierEtape(ctx, dits[0], i.Etape); err != nil {
			return store.InterventionVue{}, err
		}
	}
	return s.Store.ProposerIntervention(ctx, u.Acteur(""), u.Compte, id, i, cibles)
}

func (s *Server) ciblesDites(ctx context.Context, v opco.Verbe, dit string) ([]store.Cible, error) {
	if v.Cible() == opco.CibleCourriel {
		return s.Store.CourrielsDits(ctx, dit)
	}
	o, err := s.Store.ObjetDit(ctx, dit)
	if err != nil {
		return nil, err
	}
	return []store.Cible{{Objet: o}}, nil
}

// verifierEtape refuses to go back to an étape where the object named never was.
func (s *Server) verifierEtape(ctx context.Context, dit, etape string) error {
	noms, err := s.EtapesPasseesDe(ctx, dit)
	if err == nil && !slices.Contains(noms, etape) {
		err = opco.Champf("etape", "Cet objet n’est jamais passé par l’étape « %s ». Choisissez parmi les siennes : %s.", etape, strings.Join(noms, ", "))
	}
	return err
}

// EtapesPasseesDe names the étapes that an object has been in by its journal, the last one first. dit is
// its number, or its own name.
func (s *Server) EtapesPasseesDe(ctx context.Context, dit string) ([]string, error) {
	objet, err := s.Store.ObjetDit(ctx, dit)
	if err != nil {
		return nil, err
	}
	vecues, err := s.ChronologieDe(ctx, objet)
	return opco.EtapesPassees(objet, vecues), err
}

// ChangerIntervention launches an intervention, agrees to it as a second person, or refuses it.
func (s *Server) ChangerIntervention(ctx context.Context, id, geste, raison string) error {
	par := qui(ctx).Acteur("")
	switch geste {
	case "lancement":
		return s.Store.LancerIntervention(ctx, par, id)
	case "accord":
		return s.Store.ApprouverIntervention(ctx, par, id)
	case "refus":
		return s.Store.RefuserIntervention(ctx, par, id, raison)
	}
	return opco.Errorf(opco.NotFound, "Ce geste n’existe pas.")
}

// InterventionDe reads an intervention.
func (s *Server) InterventionDe(ctx context.Context, id string) (store.InterventionVue, error) {
	return s.Store.Intervention(ctx, id)
}

// InterventionsDe reads the journal of interventions, the newest first; those on the object that the
// filter names, by its number or its own name.
func (s *Server) InterventionsDe(ctx context.Context, f store.FiltreInterventions, limite int) ([]store.InterventionVue, error) {
	if f.Objet != "" && !strings.Contains(f.Objet, "/") {
		var err error
		if f.Objet, err = s.Store.ObjetDit(ctx, f.Objet); err != nil {
			return nil, err
		}
	}
	return s.Store.Interventions(ctx, f, limite)
}

// ElementsInterventionDe reads what an intervention bears on.
func (s *Server) ElementsInterventionDe(ctx context.Context, id string, apres, limite int) ([]store.ElementIntervention, error) {
	return s.Store.ElementsIntervention(ctx, id, nil, apres, limite)
}

// InterrupteursDe reads the kill switches.
func (s *Server) InterrupteursDe(ctx context.Context) ([]store.Interrupteur, error) {
	return s.Store.Interrupteurs(ctx)
}
