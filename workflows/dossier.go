package workflows

import (
	"fmt"
	"slices"

	"go.temporal.io/sdk/workflow"

	"guichet/opco"
)

// etape is one room of the procedure: the états in which a dossier is there,
// what it waits for, and the method that keeps it.
type etape struct {
	nom    string
	attend string
	etats  []opco.Etat
}

// etapes is the procedure of an AF dossier, from its dépôt to its clôture
// (domain.md 2.3). A dossier enters each of them as often as its pièces demand.
var etapes = []etape{
	{"dépôt", "l’entreprise : l’envoi de la demande", []opco.Etat{opco.EtatBrouillon}},
	{"complétude", "le gestionnaire : dossier complet ou pièces à demander ; relances J+10, J+20, sans suite J+30",
		[]opco.Etat{opco.EtatTransmise, opco.EtatACompleter}},
	{"instruction", "le gestionnaire : la décision", []opco.Etat{opco.EtatEnInstruction}},
	{"second regard", "le responsable : valider ou renvoyer", []opco.Etat{opco.EtatEnValidation}},
	{"réalisation", "le début, puis la fin de la formation",
		[]opco.Etat{opco.EtatAccordee, opco.EtatAccordeePartielle, opco.EtatEnRealisation}},
	{"pièces de fin", "l’organisme ou l’entreprise : certificat et facture ; rappels, puis forclusion",
		[]opco.Etat{opco.EtatAttenteServiceFait}},
	{"service fait", "le gestionnaire : contrôle du service fait, ou des pièces corrigées",
		[]opco.Etat{opco.EtatSFEnControle, opco.EtatSFNonConforme}},
	{"règlement", "la comptabilité, puis la banque", []opco.Etat{opco.EtatEnReglement, opco.EtatRegleePartielle}},
	{"clôture", "trente jours sans rien de nouveau", []opco.Etat{opco.EtatReglee}},
}

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
		e, err := etapeDe(etapes, p.resume.Etat)
		if err != nil {
			return p.resume.Etat, err
		}
		p.annoncer(ctx, "Étape : "+e.nom+". On attend "+e.attend+".")
		if err := p.demeurer(ctx, e.etats...); err != nil {
			return p.resume.Etat, fmt.Errorf("%s, %s: %w", p.objet, e.nom, err)
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
func etapeDe(etapes []etape, e opco.Etat) (etape, error) {
	for _, x := range etapes {
		if slices.Contains(x.etats, e) {
			return x, nil
		}
	}
	return etape{}, fmt.Errorf("no étape holds an object %q", string(e))
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
