package store

import (
	"fmt"
	"slices"
	"time"

	"guichet/opco"
)

// The people of the OPCO who work on the set: those of the demo accounts, so that
// their queues have weight.
var (
	gestionnairesSemis = []opco.Acteur{
		{Personne: "personne-gestionnaire", Nom: "Claire Morin", Role: opco.RoleGestionnaire},
		{Personne: "personne-gestionnaire2", Nom: "Hugo Bastide", Role: opco.RoleGestionnaire}}
	responsableSemis = opco.Acteur{Personne: "personne-responsable", Nom: "Nadia Ferrand", Role: opco.RoleResponsable}
	comptablesSemis  = []opco.Acteur{
		{Personne: "personne-comptable", Nom: "Paul Girard", Role: opco.RoleComptable},
		{Personne: "personne-comptable2", Nom: "Inès Lacombe", Role: opco.RoleComptable}}
)

// piecesInitiales are what a demande needs (AK-45).
var piecesInitiales = []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention}

// suite is the next acte that someone will do to a dossier. charge is made when
// it is done, on the dossier as it then is.
type suite struct {
	acte   opco.TypeActe
	par    opco.Acteur
	du, au int // days to wait, drawn between the two
	charge func(le time.Time) any
}

// poursuivre plans what someone does next, after a step that gave them something
// to do. A plan made earlier is void.
func (x *semeur) poursuivre(ds *dossierSeme, p opco.Passage) {
	relance := p.Par.Role == opco.RoleSysteme && p.De == p.Vers && p.Type != opco.ActeForclore
	if relance && p.Verdict == opco.VerdictApplique {
		return
	}
	s, ok := x.suiteDe(ds, p)
	ds.attente++
	if !ok {
		return
	}
	attente, le := ds.attente, x.auBureau(p.Le, x.entre(s.du, s.au))
	x.prevoir(le, func() error {
		if ds.attente != attente {
			return nil
		}
		return x.recevoir(ds, s.acte, s.par, le, s.chargeA(le))
	})
}

func (s suite) chargeA(le time.Time) any {
	if s.charge == nil {
		return nil
	}
	return s.charge(le)
}

// fixe is a charge known in advance.
func fixe(v any) func(time.Time) any { return func(time.Time) any { return v } }

// gestionnaire is who is in charge of a dossier, or one of them.
func (x *semeur) gestionnaire(ds *dossierSeme) opco.Acteur {
	for _, g := range gestionnairesSemis {
		if g.Personne == ds.d.InstruitPar.Personne {
			return g
		}
	}
	return parmi(x, gestionnairesSemis)
}

func (x *semeur) suiteDe(ds *dossierSeme, p opco.Passage) (suite, bool) {
	if p.Verdict == opco.VerdictRefuse && p.Type != opco.ActeDecider {
		return suite{}, false // nobody asks for the same thing twice: a person must look
	}
	switch ds.d.Etat {
	case opco.EtatBrouillon:
		return x.suiteBrouillon(ds)
	case opco.EtatTransmise, opco.EtatACompleter:
		return x.suiteCompletude(ds)
	case opco.EtatEnInstruction, opco.EtatEnValidation:
		return x.suiteInstruction(ds, p)
	case opco.EtatAccordee, opco.EtatAccordeePartielle:
		return x.suiteAccord(ds, p)
	case opco.EtatAttenteServiceFait, opco.EtatSFEnControle, opco.EtatSFNonConforme:
		return x.suiteServiceFait(ds)
	case opco.EtatEnReglement:
		return x.suiteReglement(ds)
	}
	return suite{}, false
}

func (x *semeur) suiteBrouillon(ds *dossierSeme) (suite, bool) {
	ent := ds.ent.acteur
	switch {
	case ds.profil.brouillon:
		return suite{}, false
	case ds.profil.supprime:
		return suite{acte: opco.ActeSupprimer, par: ent, du: 1, au: 40}, true
	}
	return suite{opco.ActeDeposer, ent, 0, 3, func(le time.Time) any {
		c := opco.ChargeDeposer{Certifie: true}
		if ds.profil.incomplet {
			c.AVenir = piecesInitiales
		} else {
			x.piecesDe(ds, le, piecesInitiales...)
		}
		return c
	}}, true
}

func (x *semeur) suiteCompletude(ds *dossierSeme) (suite, bool) {
	g := x.gestionnaire(ds)
	switch {
	case ds.d.Etat == opco.EtatACompleter && ds.profil.sansReponse:
		return suite{}, false
	case ds.d.Etat == opco.EtatACompleter:
		return suite{opco.ActeJoindre, ds.ent.acteur, 1, x.entre(4, 27), func(le time.Time) any {
			return opco.ChargeJoindre{Pieces: x.piecesDe(ds, le, piecesInitiales...)}
		}}, true
	case len(opco.PiecesManquantes(ds.d)) > 0:
		return suite{opco.ActeDemanderComplement, g, 1, 4, fixe(opco.ChargeDemanderComplement{Pieces: opco.PiecesManquantes(ds.d)})}, true
	}
	return suite{acte: opco.ActeInstruire, par: g, du: 1, au: 5}, true
}

// suiteInstruction decides: an accord, or a refusal when the dossier was to be
// refused or a check has just blocked the accord.
func (x *semeur) suiteInstruction(ds *dossierSeme, p opco.Passage) (suite, bool) {
	if ds.d.Etat == opco.EtatEnValidation {
		return suite{acte: opco.ActeValider, par: responsableSemis, du: 1, au: 7}, true
	}
	g := x.gestionnaire(ds)
	bloque := p.Verdict == opco.VerdictRefuse && p.Type == opco.ActeDecider
	switch {
	case bloque && ds.profil.refuse:
		return suite{}, false // refused twice: a person must look
	case bloque:
		ds.profil.refuse = true
		return suite{opco.ActeDecider, g, 0, 1, fixe(opco.ChargeDecider{Refus: true, Motifs: []opco.Motif{motifDuBlocage(p)}})}, true
	case ds.profil.refuse:
		return suite{opco.ActeDecider, g, 2, 15, fixe(opco.ChargeDecider{Refus: true,
			Motifs: []opco.Motif{parmi(x, []opco.Motif{opco.MotifProgrammeInsuffisant, opco.MotifActionNonEligible})}})}, true
	}
	return suite{opco.ActeDecider, g, 2, 14, fixe(opco.ChargeDecider{})}, true
}

func motifDuBlocage(p opco.Passage) opco.Motif {
	if m := opco.Motif(p.Motif); m.Pour(opco.UsageRefus) {
		return m
	}
	return opco.MotifActionNonEligible
}

func (x *semeur) suiteAccord(ds *dossierSeme, p opco.Passage) (suite, bool) {
	switch {
	case ds.profil.abandon:
		return suite{opco.ActeAnnuler, ds.ent.acteur, 1, 12, fixe(opco.ChargeRaison{Raison: "La session est annulée."})}, true
	case ds.profil.retrait && len(ds.d.Demande.Presents()) > 1 && p.Type != opco.ActeRetirerStagiaire:
		return suite{opco.ActeRetirerStagiaire, ds.ent.acteur, 1, 10, fixe(opco.ChargeRetirer{Stagiaire: ds.d.Demande.Presents()[0].ID, Raison: "Départ de l’entreprise."})}, true
	}
	return suite{}, false
}

// suiteServiceFait brings the certificat, then the invoice, then the constat; one
// time in thirty the first pièces are sent back.
func (x *semeur) suiteServiceFait(ds *dossierSeme) (suite, bool) {
	d, of, g := ds.d, ds.of.acteur, x.gestionnaire(ds)
	part := 100
	if ds.profil.ecartHeures {
		part = 50
	}
	ouverte := slices.ContainsFunc(d.Factures, func(f opco.Facture) bool { return f.Etat.Ouverte() })
	certifier := func(le time.Time) any { return x.certificats(ds, le, part) }
	switch {
	case d.Etat == opco.EtatAttenteServiceFait && d.Forclos:
		return suite{acte: opco.ActeConfirmerForclusion, par: g, du: 2, au: 12}, true
	case d.Etat == opco.EtatAttenteServiceFait && ds.profil.muet:
		return suite{}, false
	case len(d.Certificats) == 0:
		return suite{opco.ActeCertifier, of, 1, 20, certifier}, true
	case d.Etat == opco.EtatSFNonConforme:
		return suite{opco.ActeJoindre, of, 4, 27, func(le time.Time) any {
			return opco.ChargeJoindre{Pieces: x.piecesDe(ds, le, opco.PieceCertificat)}
		}}, true
	case !ouverte && len(d.Factures) > 1:
		return suite{}, false // refused twice
	case !ouverte:
		return suite{opco.ActeFacturer, of, 0, 6, func(le time.Time) any { return x.facture(ds, le) }}, true
	case ds.profil.nonConforme:
		ds.profil.nonConforme = false
		return suite{opco.ActeDeclarerNonConforme, g, 1, 5, fixe(opco.ChargeNonConforme{Defauts: []opco.PieceDemandee{
			{Type: opco.PieceCertificat, Motif: opco.MotifNonSignee, Precision: "Le certificat n’est pas signé par l’organisme."}}})}, true
	}
	return suite{opco.ActeConstater, g, 1, 8, fixe(opco.ChargeConstater{Solde: true})}, true
}

// suiteReglement sends the avoir that the invoice waits for, or presents again a
// règlement that the bank rejected, once a RIB has come.
func (x *semeur) suiteReglement(ds *dossierSeme) (suite, bool) {
	for _, f := range ds.d.Factures {
		if f.AttendAvoir {
			numero, id := fmt.Sprintf("AV-%s", f.Numero), x.id()
			return suite{opco.ActeDeposerAvoir, ds.of.acteur, 2, 12, func(le time.Time) any {
				return opco.ChargeAvoir{Avoir: opco.Avoir{ID: id, Numero: numero, Facture: f.Numero, Montant: f.NonApprouve, Date: opco.JourDe(le)}}
			}}, true
		}
	}
	for _, r := range slices.Backward(ds.d.Reglements) {
		if r.Etat == opco.ReglementRejete {
			return suite{opco.ActeRepresenter, parmi(x, comptablesSemis), 4, 12, fixe(opco.ChargeReglement{Reglement: r.ID})}, true
		}
		break
	}
	return suite{}, false
}
