package workflows

import (
	"fmt"

	"go.temporal.io/sdk/workflow"

	"guichet/opco"
)

// etapesIndu is the life of a debt (domain.md I01 to I04).
var etapesIndu = []etape{
	{"constat", "le comptable : la notification", []opco.Etat{opco.Etat(opco.InduNouveau), opco.Etat(opco.InduConstate)}},
	{"recouvrement", "le débiteur : réponse, remboursement ou compensation ; relances à 30, 60 et 90 jours", []opco.Etat{opco.Etat(opco.InduNotifie)}},
	{"contestation", "le responsable : la réponse au débiteur", []opco.Etat{opco.Etat(opco.InduConteste)}},
	{"contentieux", "l’issue du contentieux", []opco.Etat{opco.Etat(opco.InduContentieux)}},
	{"abandon", "le comptable : confirmer ou refuser l’abandon", []opco.Etat{opco.Etat(opco.InduAbandonPropose)}},
}

// Indu carries a debt of a payee from the day it is found to the day nothing more is
// asked for: its délais and its relances, whatever became of its dossier. It
// returns the état in which the debt was left.
func Indu(ctx workflow.Context, s Suite) (opco.Etat, error) {
	p, err := ouvrir(ctx, s)
	if err != nil {
		return "", fmt.Errorf("%s: %w", s.Depart.Objet, err)
	}
	for !induFini(p.resume.Etat) {
		e, err := etapeDe(etapesIndu, p.resume.Etat)
		if err != nil {
			return p.resume.Etat, err
		}
		p.annoncer(ctx, "Étape : "+e.nom+". On attend "+e.attend+".")
		if err := p.demeurer(ctx, e.etats...); err != nil {
			return p.resume.Etat, fmt.Errorf("%s, %s: %w", p.objet, e.nom, err)
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
