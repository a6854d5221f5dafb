package workflows

import (
	"fmt"
	"slices"

	"go.temporal.io/sdk/workflow"

	"guichet/opco"
)

// pasParRun is how many steps of its étape a run holds: an account lives for years,
// and a deploy must replay a few of its steps only. Of an étape that the run did not
// begin in, it holds no more than must be done before the account is left alone.
const pasParRun = 20

// Compte carries an account from its inscription, its invitation or its opening by
// the OPCO to the day on which its personal data are erased. It returns the état in
// which the account was left. When the étape changes, or after some steps, and all
// is quiet, it continues as new.
func Compte(ctx workflow.Context, s Suite) (opco.Etat, error) {
	p, err := ouvrir(ctx, s)
	if err != nil {
		return "", fmt.Errorf("%s: %w", s.Depart.Objet, err)
	}
	premiere, dite := "", ""
	for !p.compteFini() {
		e, err := etapeDe(opco.EtapesCompte, p.resume.Etat)
		if err != nil {
			return p.resume.Etat, err
		}
		if dite != e.Nom && p.resume.Etat != opco.EtatNouveau {
			dite = e.Nom
			p.annoncer(ctx, "Étape : "+e.Nom+". On attend "+e.Attend+".")
		}
		pas := int64(1)
		if premiere == "" || premiere == e.Nom {
			premiere, pas = e.Nom, pasParRun
		}
		if err := p.sejourner(ctx, e.Etats, pas); err != nil {
			return p.resume.Etat, fmt.Errorf("%s, %s: %w", p.objet, e.Nom, err)
		}
		if p.compteFini() {
			break
		}
		if seul, err := p.seRepose(ctx); err != nil {
			return p.resume.Etat, err
		} else if seul {
			return p.resume.Etat, workflow.NewContinueAsNewError(ctx, Compte, p.suite())
		}
	}
	return p.clore(ctx, Compte, func(e opco.Etat) bool { return e == opco.EtatNouveau || opco.CompteFini(e) })
}

// compteFini reports whether nothing is left to do for the account: it is closed
// and its data are erased, or its very first acte was refused.
func (p *procedure) compteFini() bool {
	return opco.CompteFini(p.resume.Etat) && len(p.resume.Echeances) == 0 || p.resume.Etat == opco.EtatNouveau && p.rang > 0
}

// sejourner applies what comes, in order, while the account stays in the états of
// its étape, for at most that many steps.
func (p *procedure) sejourner(ctx workflow.Context, etats []opco.Etat, pas int64) error {
	debut := p.rang
	for slices.Contains(etats, p.resume.Etat) && !p.compteFini() && p.rang-debut < pas {
		if err := p.avancer(ctx); err != nil {
			return err
		}
	}
	return nil
}
