package workflows

import (
	"fmt"
	"slices"

	"go.temporal.io/sdk/workflow"

	"guichet/opco"
)

// etapesCompte is the procedure of an account (domain.md 2.9). The rights of an
// open account have their own états: they live inside its étape « vie du compte ».
var etapesCompte = []etape{
	{"inscription", "la vérification de l’adresse", []opco.Etat{opco.EtatNouveau, opco.CompteDemandeSaisie}},
	{"confirmation", "le demandeur : le code reçu par courriel ; rappel à 24 h, expiration à 72 h", []opco.Etat{opco.CompteEmailAConfirmer}},
	{"première connexion", "l’organisme : son identifiant, son mot de passe, le lien du second courriel ; expiration au bout de quinze jours",
		[]opco.Etat{opco.CompteProvisoire, opco.CompteIdentifiantModifie, opco.CompteMotDePasseConfirme}},
	{"expiration", "un nouveau code ou de nouveaux identifiants provisoires ; sinon l’effacement des données", []opco.Etat{opco.CompteExpire}},
	{"vie du compte", "les demandes de droits et leurs réponses, les mandats, la revue annuelle", []opco.Etat{opco.CompteActifLimite, opco.CompteActif}},
	{"clôture", "l’effacement des données personnelles", []opco.Etat{opco.CompteClos}},
}

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
		e, err := etapeDe(etapesCompte, p.resume.Etat)
		if err != nil {
			return p.resume.Etat, err
		}
		if dite != e.nom && p.resume.Etat != opco.EtatNouveau {
			dite = e.nom
			p.annoncer(ctx, "Étape : "+e.nom+". On attend "+e.attend+".")
		}
		pas := int64(1)
		if premiere == "" || premiere == e.nom {
			premiere, pas = e.nom, pasParRun
		}
		if err := p.sejourner(ctx, e.etats, pas); err != nil {
			return p.resume.Etat, fmt.Errorf("%s, %s: %w", p.objet, e.nom, err)
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
