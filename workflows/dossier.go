package workflows

import (
	"fmt"
	"slices"

	"go.temporal.io/sdk/workflow"

	"guichet/opco"
)

// Dossier carries a demande from its dépôt to its clôture, or to the acte that
// ends it early. It returns the état in which the dossier was left. One run
// holds one étape: when the étape changes and all is quiet it continues as new,
// so that a deploy replays a few events and never months of them.
func Dossier(ctx workflow.Context, s Suite) (opco.Etat, error) {
	p, err := ouvrir(ctx, s)
	if err != nil {
		return "", fmt.Errorf("%s: %w", s.Depart.Objet, err)
	}
	for !p.resume.Etat.Final() {
		e, err := etapeDe(opco.EtapesDossier, p.resume.Etat)
		if err != nil {
			return p.resume.Etat, err
		}
		p.annoncer(ctx, "Étape : "+e.Nom+". On attend "+e.Attend+".")
		if err := p.demeurer(ctx, e.Etats...); err != nil {
			return p.resume.Etat, fmt.Errorf("%s, %s: %w", p.objet, e.Nom, err)
		}
		if p.resume.Etat.Final() {
			break
		}
		if seul, err := p.seRepose(ctx); err != nil {
			return p.resume.Etat, err
		} else if seul {
			return p.resume.Etat, workflow.NewContinueAsNewError(ctx, Dossier, p.suite())
		}
	}
	return p.clore(ctx, Dossier, opco.Etat.Final)
}

// etapeDe returns the étape that holds an object in état e.
func etapeDe(etapes []opco.EtapeProcedure, e opco.Etat) (opco.EtapeProcedure, error) {
	for _, x := range etapes {
		if slices.Contains(x.Etats, e) {
			return x, nil
		}
	}
	return opco.EtapeProcedure{}, fmt.Errorf("no étape holds an object %q", string(e))
}

// clore applies what came too late, so that each acte has its verdict, and ends.
// A late acte may also reopen the object (a bank return): its procedure moi then
// goes on.
func (p *procedure) clore(ctx workflow.Context, moi func(workflow.Context, Suite) (opco.Etat, error), final func(opco.Etat) bool) (opco.Etat, error) {
	for p.vider(); !p.calme(); p.vider() {
		if err := p.avancer(ctx); err != nil {
			return p.resume.Etat, err
		}
		if !final(p.resume.Etat) {
			return p.resume.Etat, workflow.NewContinueAsNewError(ctx, moi, p.suite())
		}
	}
	p.annoncer(ctx, "Procédure terminée.")
	return p.resume.Etat, nil
}
