package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"guichet/opco"
)

// Indu carries a debt of a payee from the day it is found to the day nothing more is
// asked for: its délais and its relances, whatever became of its dossier. It
// returns the état in which the debt was left.
func Indu(ctx workflow.Context, s Suite) (opco.Etat, error) {
	p, err := ouvrir(ctx, s)
	if err != nil {
		return "", fmt.Errorf("%s: %w", s.Depart.Objet, err)
	}
	for !induFini(p.resume.Etat) {
		e, err := etapeDe(opco.EtapesIndu, p.resume.Etat)
		if err != nil {
			return p.resume.Etat, err
		}
		p.annoncer(ctx, "Étape : "+e.Nom+". On attend "+e.Attend+".")
		if err := p.demeurer(ctx, e.Etats...); err != nil {
			return p.resume.Etat, fmt.Errorf("%s, %s: %w", p.objet, e.Nom, err)
		}
		if induFini(p.resume.Etat) {
			break
		}
		if seul, err := p.seRepose(ctx); err != nil {
			return p.resume.Etat, err
		} else if seul {
			return p.resume.Etat, workflow.NewContinueAsNewError(ctx, Indu, p.suite())
		}
	}
	return p.clore(ctx, Indu, induFini)
}

func induFini(e opco.Etat) bool { return opco.EtatIndu(e).Final() }
