package opco_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"guichet/opco"
)

// vie is one dossier that lives through Appliquer, as the store would have it:
// a refused step leaves it as it was.
type vie struct {
	t        *testing.T
	d        *opco.Dossier
	f        opco.Faits
	derniers opco.Effets
}

func paris(t *testing.T, s string) time.Time {
	t.Helper()
	le, err := time.ParseInLocation("2006-01-02 15:04", s, opco.Paris)
	if err != nil {
		t.Fatal(err)
	}
	return le.UTC()
}

// naitre is a brouillon of S01, for a training on the given days.
func naitre(t *testing.T, debut, fin opco.Date) *vie {
	t.Helper()
	f := lesFaits()
	f.Calendrier, f.NouveauNumero = semaine{}, "AF26-000118"
	f.Bareme, _ = opco.ChoisirBareme(opco.BaremeTest2026(), "1486", 7, "2026-05-01")
	f.Entreprise = opco.Entreprise{SIREN: siretE1.SIREN(), Nom: "Atelier Numérique Sorbier", IDCC: "1486", Effectif: 7, Adherente: true, AJour: true, IBAN: ibanE1}
	f.Organisme.NDA, f.Organisme.SubrogationAutorisee = "11756099975", true
	f.Fonds = []opco.Fonds{{Enveloppe: "e1", Code: "MUTUALISE", Disponible: 600_000}}
	d := &opco.Dossier{ID: "d1", Demande: opco.Demande{Etablissement: siretE1, Subrogation: true, Intitule: "Sécurité des applications",
		Nature: opco.NatureFormation, Debut: debut, Fin: fin, Duree: 14 * heure,
		Organisme: opco.OrganismeDemande{SIRET: siretOF1, Nom: "Formalia Synthèse", NDA: "11756099975", Adresse: "1 rue des Essais", CodePostal: "75001", Ville: "Paris"},
		Lignes:    []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 120_000}},
		Stagiaires: []opco.Stagiaire{{ID: "s1", Nom: "Ruiz", Prenom: "Ana", Heures: 14 * heure, Peda: 60_000},
			{ID: "s2", Nom: "Petit", Prenom: "Léo", Heures: 14 * heure, Peda: 60_000}}}}
	v := &vie{t: t, d: d, f: f}
	v.doit("2026-06-01 08:00", opco.ActeCreer, actEnt, nil)
	return v
}

// faire performs an acte of people or of the bank at an instant of Paris.
func (v *vie) faire(le string, a opco.TypeActe, par opco.Acteur, charge any) error {
	v.t.Helper()
	b, err := json.Marshal(charge)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.appliquer(opco.Acte{Type: a, Par: par, Le: paris(v.t, le), Charge: b}, nil)
}

func (v *vie) appliquer(a opco.Acte, ech *opco.Echeance) error {
	f := v.f
	f.Le = a.Le
	apres, _ := copier(v.d)
	e, err := apres.Appliquer(a, ech, f)
	if err == nil {
		v.d, v.derniers = apres, e
	}
	return err
}

func (v *vie) doit(le string, a opco.TypeActe, par opco.Acteur, charge any) {
	v.t.Helper()
	if err := v.faire(le, a, par, charge); err != nil {
		v.t.Fatalf("%s: %v", a, err)
	}
}

// echoir applies the next échéance at its instant.
func (v *vie) echoir() {
	v.t.Helper()
	if len(v.d.Echeances) == 0 {
		v.t.Fatalf("a dossier %s waits for no échéance", string(v.d.Etat))
	}
	e := v.d.Echeances[0]
	if err := v.appliquer(opco.Acte{Type: e.Type, Par: opco.ActeurSysteme(), Le: e.Le}, &e); err != nil {
		v.t.Fatalf("%s %s: %v", e.Type, e.Code, err)
	}
}

var (
	depotAVenir = opco.ChargeDeposer{Certifie: true, AVenir: []opco.TypePiece{opco.PieceProgramme, opco.PieceConvention}}
	complement  = opco.ChargeDemanderComplement{Pieces: []opco.PieceDemandee{{Type: opco.PieceProgramme, Motif: opco.MotifManquante},
		{Type: opco.PieceConvention, Motif: opco.MotifManquante}}}
	jointes = opco.ChargeJoindre{Pieces: []opco.Piece{{ID: "p1", Type: opco.PieceProgramme, Titre: "Programme", Etat: opco.PieceRecue},
		{ID: "p2", Type: opco.PieceConvention, Titre: "Convention", Etat: opco.PieceRecue}}}
	refus = opco.ChargeDecider{Refus: true, Motifs: []opco.Motif{opco.MotifActionNonEligible}}
)

// chemins says how a dossier comes to each étape of the tests below.
var chemins map[string]func(*vie)

func init() { chemins = lesChemins() }

func lesChemins() map[string]func(*vie) {
	return map[string]func(*vie){
		"brouillon": func(*vie) {},
		"transmise": func(v *vie) { v.doit("2026-06-01 09:00", opco.ActeDeposer, actEnt, depotAVenir) },
		"complete": func(v *vie) {
			v.d.Pieces = jointes.Pieces
			v.doit("2026-06-01 09:00", opco.ActeDeposer, actEnt, opco.ChargeDeposer{Certifie: true})
		},
		"à compléter": func(v *vie) {
			v.par("transmise").doit("2026-06-02 10:00", opco.ActeDemanderComplement, actGes, complement)
		},
		"instruction": func(v *vie) { v.par("à compléter").doit("2026-06-03 10:00", opco.ActeJoindre, actEnt, jointes) },
		"validation":  func(v *vie) { v.par("instruction").doit("2026-06-04 10:00", opco.ActeDecider, actGes, refus) },
		"accordée": func(v *vie) {
			v.par("instruction").doit("2026-06-04 10:00", opco.ActeDecider, actGes, opco.ChargeDecider{})
		},
		"réalisation": func(v *vie) { v.par("accordée").echoir() },
		"attente":     func(v *vie) { v.par("réalisation").echoir() },
		"forclose": func(v *vie) {
			for v.par("attente"); !v.d.Forclos; {
				v.echoir()
			}
		},
		"contrôle": func(v *vie) {
			v.par("attente").doit("2026-07-27 10:00", opco.ActeCertifier, actOF, v.certificats(14*heure))
			v.doit("2026-07-27 11:00", opco.ActeFacturer, actOF, v.facture("f1", 120_000))
		},
		"contrôle vide": func(v *vie) {
			v.par("attente").doit("2026-07-27 10:00", opco.ActeCertifier, actOF, v.certificats(0))
		},
		"contrôle à moitié": func(v *vie) {
			v.par("attente").doit("2026-07-27 10:00", opco.ActeCertifier, actOF, v.certificats(7*heure))
			v.doit("2026-07-27 11:00", opco.ActeFacturer, actOF, v.facture("f1", 120_000))
		},
		"deux factures": func(v *vie) {
			v.par("attente").doit("2026-07-27 10:00", opco.ActeCertifier, actOF, v.certificats(14*heure))
			v.doit("2026-07-27 11:00", opco.ActeFacturer, actOF, v.facture("f1", 60_000))
			v.doit("2026-07-27 12:00", opco.ActeFacturer, actOF, v.facture("f2", 60_000))
			v.doit("2026-07-28 09:00", opco.ActeConstater, actRes, nil)
		},
		"suspendue": func(v *vie) {
			v.par("attente").doit("2026-07-27 11:00", opco.ActeFacturer, actOF, v.facture("f1", 120_000))
		},
		"non conforme": func(v *vie) {
			v.par("contrôle").doit("2026-07-28 09:00", opco.ActeDeclarerNonConforme, actGes, nonConforme)
		},
		"règlement":    func(v *vie) { v.par("contrôle").doit("2026-07-28 09:00", opco.ActeConstater, actRes, nil) },
		"attend avoir": func(v *vie) { v.par("contrôle à moitié").doit("2026-07-28 09:00", opco.ActeConstater, actRes, nil) },
		"rejetée": func(v *vie) {
			v.par("règlement").doit("2026-08-10 09:00", opco.ActeRejeterReglement, opco.ActeurBanque(), opco.ChargeReglement{Reglement: "f1-1", Motif: "AC04"})
		},
		"réglée": func(v *vie) {
			v.par("règlement").doit("2026-08-10 09:00", opco.ActeRegler, opco.ActeurBanque(), paiement)
		},
		"clôturée": func(v *vie) { v.par("réglée").echoir() },
		"réglée en partie": func(v *vie) {
			v.d.Demande.Echelonnement = true
			v.par("attente").doit("2026-07-27 10:00", opco.ActeCertifier, actOF, v.certificats(7*heure))
			v.doit("2026-07-27 11:00", opco.ActeFacturer, actOF, v.facture("f1", 60_000))
			v.doit("2026-07-28 09:00", opco.ActeConstater, actRes, nil)
			v.doit("2026-08-10 09:00", opco.ActeRegler, opco.ActeurBanque(), paiement)
		},
	}
}

var (
	paiement    = opco.ChargeReglement{Reglement: "f1-1", Montant: 120_000, Date: "2026-08-10"}
	nonConforme = opco.ChargeNonConforme{Defauts: []opco.PieceDemandee{{Type: opco.PieceCertificat, Motif: opco.MotifIllisible}}}
)

func (v *vie) par(etape string) *vie { chemins[etape](v); return v }

func (v *vie) certificats(h opco.Minutes) opco.ChargeCertifier {
	var c opco.ChargeCertifier
	for _, s := range v.d.Demande.Stagiaires {
		x := certificat(s.Prenom, s.Nom, h)
		x.Du, x.Au, x.SigneLe = v.d.Demande.Debut, v.d.Demande.Fin, v.d.Demande.Fin.Jours(1)
		c.Certificats = append(c.Certificats, x)
	}
	return c
}

func (v *vie) facture(id string, m opco.Montant) opco.ChargeFacturer {
	f := facture("F-"+id, peda(m))
	f.ID, f.Date = id, "2026-07-27"
	return opco.ChargeFacturer{Facture: f}
}

// echeances writes what the dossier waits for, in the time of Paris.
func (v *vie) echeances() []string {
	var s []string
	for _, e := range v.d.Echeances {
		s = append(s, fmt.Sprintf("%s %s %s effet %s", e.Type, e.Code, e.Le.In(opco.Paris).Format("2006-01-02 15:04"), e.Effet))
	}
	return s
}

func (v *vie) courriers() []string {
	var s []string
	for _, c := range v.derniers.Courriers {
		s = append(s, string(c.Evenement)+" "+string(c.Pour))
	}
	return s
}

func (v *vie) mouvements() []string {
	var s []string
	for _, m := range v.derniers.Mouvements {
		s = append(s, fmt.Sprintf("%s %d", m.Type, m.Montant))
	}
	return s
}

// pasAttendu is one step and all that must come of it.
type pasAttendu struct {
	nom, depuis, le string
	acte            opco.TypeActe
	par             opco.Acteur
	charge          any // nil: none; of a délai (par is the system), the acte is the next échéance
	etat            opco.Etat
	code            string
	echeances       []string
	courriers       []string
	mouvements      []string
}

const completude = "alerter completude 2026-06-08 08:00 effet 2026-06-08"

const alertes = "alerter instruction 2026-06-15 08:00 effet 2026-06-15|alerter decision 2026-07-16 08:00 effet 2026-07-16"

func lignes(s ...string) []string {
	var l []string
	for _, x := range s {
		if x != "" {
			l = append(l, strings.Split(x, "|")...)
		}
	}
	return l
}

const relancesF1 = "relancer justificatif_1_f1 2026-08-06 08:00 effet 2026-08-06|relancer justificatif_2_f1 2026-08-16 08:00 effet 2026-08-16"

var finAttendue = lignes("relancer rappel_1 2026-08-05 08:00 effet 2026-08-05|relancer rappel_2 2026-09-04 08:00 effet 2026-09-04|" +
	"relancer rappel_3 2026-10-04 08:00 effet 2026-10-04|forclore forclusion 2027-01-22 00:00 effet 2027-01-21")

// Every transition of domain.md 2.3 and 2.7 bis that this house has: the état, the
// number of the edge, each échéance at its exact instant, each letter and each
// movement of money.
func TestAppliquerChaqueTransition(t *testing.T) {
	tests := []pasAttendu{
		{"T03", "brouillon", "2026-06-01 09:00", opco.ActeSupprimer, actEnt, nil, opco.EtatSupprime, "T03", nil, nil, nil},
		{"T04", "brouillon", "2026-06-01 09:00", opco.ActeDeposer, actEnt, depotAVenir, opco.EtatTransmise, "T04", lignes(completude, alertes),
			lignes("ACCUSE_RECEPTION entreprise|ACCUSE_RECEPTION organisme"), nil},
		{"T04 the last second", "brouillon", "2026-07-19 23:59", opco.ActeDeposer, actEnt, depotAVenir, opco.EtatTransmise, "T04",
			lignes("alerter completude 2026-07-24 08:00 effet 2026-07-24|alerter instruction 2026-07-31 08:00 effet 2026-07-31|alerter decision 2026-09-02 08:00 effet 2026-09-02"),
			lignes("ACCUSE_RECEPTION entreprise|ACCUSE_RECEPTION organisme"), nil},
		{"T05", "brouillon", "2026-07-20 00:00", opco.ActeDeposer, actEnt, depotAVenir, opco.EtatRefusee, "T05", nil,
			lignes("REFUS entreprise|REFUS organisme"), nil},
		{"T06", "transmise", "2026-06-02 10:00", opco.ActeDemanderComplement, actGes, complement, opco.EtatACompleter, "T06",
			lignes("relancer relance_1 2026-06-12 08:00 effet 2026-06-12", strings.Split(alertes, "|")[0],
				"relancer relance_2 2026-06-22 08:00 effet 2026-06-22|classer_sans_suite sans_suite 2026-07-03 00:00 effet 2026-07-02", strings.Split(alertes, "|")[1]),
			lignes("COMPLEMENT_DEMANDE entreprise|COMPLEMENT_DEMANDE organisme"), nil},
		{"T06 again, from the day of the new judgement", "instruction", "2026-06-10 10:00", opco.ActeDemanderComplement, actGes, complement, opco.EtatACompleter, "T06",
			lignes(strings.Split(alertes, "|")[0], "relancer relance_1 2026-06-20 08:00 effet 2026-06-20|relancer relance_2 2026-06-30 08:00 effet 2026-06-30|"+
				"classer_sans_suite sans_suite 2026-07-11 00:00 effet 2026-07-10", strings.Split(alertes, "|")[1]),
			lignes("COMPLEMENT_DEMANDE entreprise|COMPLEMENT_DEMANDE organisme"), nil},
		{"T07", "à compléter", "2026-06-03 10:00", opco.ActeJoindre, actEnt, jointes, opco.EtatEnInstruction, "T07", lignes(alertes),
			lignes("COMPLEMENT_RECU entreprise"), nil},
		{"T07 not the last one", "à compléter", "2026-06-03 10:00", opco.ActeJoindre, actOF, opco.ChargeJoindre{Pieces: jointes.Pieces[:1]}, opco.EtatACompleter, "T07",
			lignes("relancer relance_1 2026-06-12 08:00 effet 2026-06-12", strings.Split(alertes, "|")[0],
				"relancer relance_2 2026-06-22 08:00 effet 2026-06-22|classer_sans_suite sans_suite 2026-07-03 00:00 effet 2026-07-02", strings.Split(alertes, "|")[1]), nil, nil},
		{"T08", "à compléter", "", opco.ActeRelancer, opco.ActeurSysteme(), nil, opco.EtatACompleter, "T08",
			lignes(strings.Split(alertes, "|")[0], "relancer relance_2 2026-06-22 08:00 effet 2026-06-22|"+
				"classer_sans_suite sans_suite 2026-07-03 00:00 effet 2026-07-02", strings.Split(alertes, "|")[1]),
			lignes("RELANCE_COMPLEMENT entreprise|RELANCE_COMPLEMENT organisme"), nil},
		{"T10", "complete", "2026-06-02 10:00", opco.ActeInstruire, actGes, nil, opco.EtatEnInstruction, "T10", lignes(alertes), nil, nil},
		{"T11", "instruction", "2026-06-04 10:00", opco.ActeDecider, actGes, refus, opco.EtatEnValidation, "T11",
			lignes("alerter validation 2026-06-08 08:00 effet 2026-06-08", alertes), nil, nil},
		{"T11 bis", "validation", "2026-06-05 10:00", opco.ActeRenvoyer, actRes, opco.ChargeRaison{Raison: "Le motif ne tient pas."},
			opco.EtatEnInstruction, "T11 bis", lignes(alertes), nil, nil},
		{"T12", "instruction", "2026-06-04 10:00", opco.ActeDecider, actGes, opco.ChargeDecider{}, opco.EtatAccordee, "T12",
			lignes("demarrer debut 2026-07-20 00:00 effet 2026-07-20"), lignes("ACCORD entreprise|ACCORD organisme"), lignes("ENGAGEMENT 120000")},
		{"T13", "instruction", "2026-06-04 10:00", opco.ActeDecider, actGes,
			opco.ChargeDecider{Lignes: []opco.LigneImposee{{Ligne: opco.LignePeda, Accorde: 70_001, Motif: opco.MotifPlafondHoraire}}},
			opco.EtatAccordeePartielle, "T13", lignes("demarrer debut 2026-07-20 00:00 effet 2026-07-20"),
			lignes("ACCORD_PARTIEL entreprise|ACCORD_PARTIEL organisme"), lignes("ENGAGEMENT 70001")},
		{"T14", "validation", "2026-06-05 10:00", opco.ActeValider, actRes, nil, opco.EtatRefusee, "T14", nil, lignes("REFUS entreprise|REFUS organisme"), nil},
		{"T14 alert", "instruction", "", opco.ActeAlerter, opco.ActeurSysteme(), nil, opco.EtatEnInstruction, "T14", lignes(strings.Split(alertes, "|")[1]), nil, nil},
		{"T15", "validation", "2026-06-05 10:00", opco.ActeAnnuler, actEnt, nil, opco.EtatAnnulee, "T15", nil, lignes("ANNULATION entreprise"), nil},
		{"T16", "accordée", "2026-06-05 10:00", opco.ActeAnnuler, actGes, opco.ChargeRaison{Raison: "Session annulée."}, opco.EtatAnnulee, "T16", nil,
			lignes("ANNULATION entreprise|ANNULATION organisme"), lignes("DEGAGEMENT 120000")},
		{"T16 with an invoice", "contrôle", "2026-07-28 10:00", opco.ActeAnnuler, actEnt, nil, opco.EtatAnnulee, "T16", nil,
			lignes("FACTURE_REFUSEE organisme|ANNULATION entreprise|ANNULATION organisme"), lignes("DEGAGEMENT 120000")},
		{"S12", "accordée", "2026-06-05 10:00", opco.ActeRetirerStagiaire, actEnt, opco.ChargeRetirer{Stagiaire: "s2"}, opco.EtatAccordee, "S12",
			lignes("demarrer debut 2026-07-20 00:00 effet 2026-07-20"), lignes("ACCORD entreprise|ACCORD organisme"), lignes("DEGAGEMENT 60000")},
		{"T17", "accordée", "", opco.ActeDemarrer, opco.ActeurSysteme(), nil, opco.EtatEnRealisation, "T17",
			lignes("terminer fin 2026-07-22 00:00 effet 2026-07-21"), nil, nil},
		{"T18", "réalisation", "", opco.ActeTerminer, opco.ActeurSysteme(), nil, opco.EtatAttenteServiceFait, "T18", finAttendue,
			lignes("PIECES_FIN_ATTENDUES organisme"), nil},
		{"T19", "attente", "", opco.ActeRelancer, opco.ActeurSysteme(), nil, opco.EtatAttenteServiceFait, "T19", finAttendue[1:],
			lignes("RAPPEL_PIECES_FIN organisme"), nil},
		{"T20 confirmed", "forclose", "2027-01-25 10:00", opco.ActeConfirmerForclusion, actGes, nil, opco.EtatCloturee, "T20", nil,
			lignes("FORCLUSION entreprise|FORCLUSION organisme"), lignes("DEGAGEMENT 120000")},
		{"T21", "attente", "2026-07-27 10:00", opco.ActeFacturer, actOF, facture1(t), opco.EtatAttenteServiceFait, "F01",
			lignes(finAttendue[0], relancesF1, "refuser_facture facture_f1 2026-08-27 00:00 effet 2026-08-26", finAttendue[1], finAttendue[2], finAttendue[3]),
			lignes("FACTURE_SUSPENDUE organisme"), nil},
		{"F04 at J+30", "suspendue", "", opco.ActeRelancer, opco.ActeurSysteme(), nil, opco.EtatAttenteServiceFait, "T19",
			lignes(relancesF1, "refuser_facture facture_f1 2026-08-27 00:00 effet 2026-08-26", finAttendue[1], finAttendue[2], finAttendue[3]),
			lignes("RAPPEL_PIECES_FIN organisme"), nil},
		{"F05", "suspendue", "2026-07-30 10:00", opco.ActeCertifier, actOF, v0(t).certificats(14 * heure), opco.EtatSFEnControle, "T21", nil, nil, nil},
		{"F06", "contrôle", "2026-07-28 10:00", opco.ActeMettreEnLitige, actGes, opco.ChargeRaison{Facture: "f1", Raison: "Tarif discuté.", Motif: opco.MotifPUErr},
			opco.EtatSFEnControle, "F06", lignes("alerter litige_f1 2026-08-12 08:00 effet 2026-08-12"), lignes("FACTURE_SUSPENDUE organisme"), nil},
		{"F08", "contrôle", "2026-07-28 10:00", opco.ActeRefuserFacture, actGes, opco.ChargeRaison{Facture: "f1", Raison: "Tarif faux.", Motif: opco.MotifPUErr},
			opco.EtatAttenteServiceFait, "F04", finAttendue, lignes("FACTURE_REFUSEE organisme"), nil},
		{"T22", "contrôle", "2026-07-28 09:00", opco.ActeDeclarerNonConforme, actGes, nonConforme, opco.EtatSFNonConforme, "T22",
			lignes("relancer relance_1 2026-08-07 08:00 effet 2026-08-07|relancer relance_2 2026-08-17 08:00 effet 2026-08-17|"+
				"refuser_facture facture_f1 2026-08-28 00:00 effet 2026-08-27", finAttendue[3]),
			lignes("SERVICE_FAIT_NON_CONFORME organisme"), nil},
		{"T23", "non conforme", "2026-07-29 09:00", opco.ActeCertifier, actOF, v0(t).certificats(14 * heure), opco.EtatSFEnControle, "T23", nil, nil, nil},
		{"T25", "contrôle", "2026-07-28 09:00", opco.ActeConstater, actRes, nil, opco.EtatEnReglement, "T25", nil,
			lignes("FACTURE_APPROUVEE organisme"), lignes("SERVICE_FAIT 120000")},
		{"T25, half of the hours", "contrôle à moitié", "2026-07-28 09:00", opco.ActeConstater, actRes, nil, opco.EtatEnReglement, "T25",
			lignes("relancer avoir_1_f1 2026-08-07 08:00 effet 2026-08-07|relancer avoir_2_f1 2026-08-17 08:00 effet 2026-08-17|" +
				"alerter sans_avoir_f1 2026-08-27 08:00 effet 2026-08-27"),
			lignes("FACTURE_APPROUVEE organisme"), lignes("SERVICE_FAIT 60000|DEGAGEMENT 60000")},
		{"T26", "contrôle vide", "2026-07-28 09:00", opco.ActeConstater, actRes, nil, opco.EtatCloturee, "T26", nil,
			lignes("CLOTURE entreprise|CLOTURE organisme"), lignes("DEGAGEMENT 120000")},
		{"T27", "règlement", "2026-08-10 09:00", opco.ActeRegler, opco.ActeurBanque(), paiement, opco.EtatReglee, "T27",
			lignes("cloturer cloture 2026-09-10 00:00 effet 2026-09-09"), lignes("AVIS_VIREMENT organisme"), nil},
		{"T27, one of two", "deux factures", "2026-08-10 09:00", opco.ActeRegler, opco.ActeurBanque(), paiement, opco.EtatEnReglement, "T27",
			nil, lignes("AVIS_VIREMENT organisme"), nil},
		{"T28", "réglée en partie", "", opco.ActeAttendreSuite, opco.ActeurSysteme(), nil, opco.EtatAttenteServiceFait, "T28", finAttendue[1:], nil, nil},
		{"T29", "réglée", "", opco.ActeCloturer, opco.ActeurSysteme(), nil, opco.EtatCloturee, "T29", nil,
			lignes("CLOTURE entreprise|CLOTURE organisme"), nil},
		{"F09, the avoir that was awaited", "attend avoir", "2026-08-03 09:00", opco.ActeDeposerAvoir, actOF, avoir("F-f1", 60_000), opco.EtatEnReglement, "F09", nil, nil, nil},
		{"F09, the whole", "règlement", "2026-08-03 09:00", opco.ActeDeposerAvoir, actOF, avoir("F-f1", 120_000), opco.EtatAttenteServiceFait, "F09",
			finAttendue, nil, lignes("SERVICE_FAIT_ANNULE 120000")},
		{"F09, the whole of one of two", "deux factures", "2026-08-03 09:00", opco.ActeDeposerAvoir, actOF, avoir("F-f1", 60_000), opco.EtatEnReglement, "F09",
			nil, nil, lignes("SERVICE_FAIT_ANNULE 60000")},
		{"R04", "règlement", "2026-08-10 09:00", opco.ActeRejeterReglement, opco.ActeurBanque(), opco.ChargeReglement{Reglement: "f1-1", Motif: "AC04"},
			opco.EtatEnReglement, "R04", nil, lignes("REJET_BANCAIRE organisme"), nil},
		{"R04, the file never left", "règlement", "2026-08-10 09:00", opco.ActeRejeterReglement, opco.ActeurBanque(),
			opco.ChargeReglement{Reglement: "f1-1", Motif: string(opco.IssueJamaisParti)}, opco.EtatEnReglement, "R04", nil, nil, nil},
		{"R07", "rejetée", "2026-08-12 09:00", opco.ActeRepresenter, actCpt, opco.ChargeReglement{Reglement: "f1-1"}, opco.EtatEnReglement, "R07", nil, nil, nil},
		{"R06 after the clôture", "clôturée", "2026-09-20 09:00", opco.ActeRetournerReglement, opco.ActeurBanque(), opco.ChargeReglement{Reglement: "f1-1", Motif: "AC01"},
			opco.EtatEnReglement, "R06", nil, lignes("REJET_BANCAIRE organisme"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := naitre(t, "2026-07-20", "2026-07-21").par(tt.depuis)
			if tt.le == "" {
				if got := v.d.Echeances[0].Type; got != tt.acte {
					t.Fatalf("the next échéance is %s, want %s", got, tt.acte)
				}
				v.echoir()
			} else {
				v.doit(tt.le, tt.acte, tt.par, tt.charge)
			}
			if v.d.Etat != tt.etat || v.derniers.Code != tt.code || v.derniers.Phrase == "" {
				t.Errorf("got %s by %s, « %s »; want %s by %s", string(v.d.Etat), v.derniers.Code, v.derniers.Phrase, string(tt.etat), tt.code)
			}
			comparer(t, "échéances", v.echeances(), tt.echeances)
			comparer(t, "courriers", v.courriers(), tt.courriers)
			comparer(t, "mouvements", v.mouvements(), tt.mouvements)
		})
	}
}

func v0(t *testing.T) *vie { return naitre(t, "2026-07-20", "2026-07-21") }

func facture1(t *testing.T) opco.ChargeFacturer { return v0(t).facture("f1", 120_000) }

func avoir(facture string, m opco.Montant) opco.ChargeAvoir {
	return opco.ChargeAvoir{Avoir: opco.Avoir{ID: "av", Numero: "AV-7", Facture: facture, Montant: m, Date: "2026-08-03"}}
}

func comparer(t *testing.T, quoi string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n\t%s\nwant\n\t%s", quoi, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}

// What is refused: with its kind, its code and words of its sentence. The dossier
// is left as it was.
func TestAppliquerRefuse(t *testing.T) {
	tests := []struct {
		nom, depuis, le string
		acte            opco.TypeActe
		par             opco.Acteur
		charge          any
		kind            opco.Kind
		code, mots      string
	}{
		{"unreadable", "transmise", "2026-06-02 10:00", opco.ActeDemanderComplement, actGes, []int{1}, opco.Invalid, "", "illisible"},
		{"not certified", "brouillon", "2026-06-01 09:00", opco.ActeDeposer, actEnt, opco.ChargeDeposer{}, opco.Invalid, "", "Certifiez"},
		{"a missing pièce not announced", "brouillon", "2026-06-01 09:00", opco.ActeDeposer, actEnt, opco.ChargeDeposer{Certifie: true}, opco.Invalid, "PIECES_MANQUANTES", "programme"},
		{"in time, so not late", "transmise", "2026-07-21 09:00", opco.ActeRefuserTardif, actGes, nil, opco.Conflict, "", "à temps"},
		{"no pièce named", "transmise", "2026-06-02 10:00", opco.ActeDemanderComplement, actGes, nil, opco.Invalid, "", "au moins une pièce"},
		{"a pièce without its reason", "transmise", "2026-06-02 10:00", opco.ActeDemanderComplement, actGes,
			opco.ChargeDemanderComplement{Pieces: []opco.PieceDemandee{{Type: opco.PieceRIB}}}, opco.Invalid, "", "pourquoi"},
		{"an unknown pièce", "transmise", "2026-06-02 10:00", opco.ActeDemanderComplement, actGes,
			opco.ChargeDemanderComplement{Pieces: []opco.PieceDemandee{{Type: "SELFIE", Motif: opco.MotifManquante}}}, opco.Invalid, "", "n’existe pas"},
		{"not complete", "transmise", "2026-06-02 10:00", opco.ActeInstruire, actGes, nil, opco.Conflict, "", "Demandez un complément"},
		{"too early to decide", "transmise", "2026-06-02 10:00", opco.ActeDecider, actGes, nil, opco.Conflict, "ETAPE_INATTENDUE", "« Transmise »"},
		{"decided already", "accordée", "2026-06-05 10:00", opco.ActeDecider, actGes, nil, opco.Conflict, "ETAPE_INATTENDUE", "« Accordée »"},
		{"wrong role", "instruction", "2026-06-05 10:00", opco.ActeDecider, actEnt, nil, opco.Forbidden, "", "rôle"},
		{"a person plays the system", "à compléter", "2026-07-03 00:00", opco.ActeClasserSansSuite, actRes, nil, opco.Forbidden, "", "rôle"},
		{"a person plays the bank", "règlement", "2026-08-10 09:00", opco.ActeRegler, actCpt, paiement, opco.Forbidden, "", "rôle"},
		{"a refusal without a motif", "instruction", "2026-06-05 10:00", opco.ActeDecider, actGes, opco.ChargeDecider{Refus: true}, opco.Invalid, "", "motif"},
		{"late is a fact, not an opinion", "instruction", "2026-06-05 10:00", opco.ActeDecider, actGes,
			opco.ChargeDecider{Refus: true, Motifs: []opco.Motif{opco.MotifDepotTardif}}, opco.Invalid, "", "à temps"},
		{"second regard by the same person", "validation", "2026-06-05 10:00", opco.ActeValider,
			opco.Acteur{Personne: actGes.Personne, Nom: "Gaëlle, promue", Role: opco.RoleResponsable}, nil, opco.Forbidden, "QUATRE_YEUX", "une autre personne"},
		{"sent back without a reason", "validation", "2026-06-05 10:00", opco.ActeRenvoyer, actRes, nil, opco.Invalid, "", "pourquoi"},
		{"cancelled by the staff without a reason", "accordée", "2026-06-05 10:00", opco.ActeAnnuler, actGes, nil, opco.Invalid, "", "pourquoi"},
		{"cancelled after the service fait", "règlement", "2026-08-01 10:00", opco.ActeAnnuler, actEnt, nil, opco.Conflict, "ETAPE_INATTENDUE", "Paiement en cours"},
		{"cancelled after a first period", "réglée en partie", "2026-08-11 10:00", opco.ActeAnnuler, actEnt, nil, opco.Conflict, "ETAPE_INATTENDUE", "Réglée en partie"},
		{"withdrawn twice", "accordée", "2026-06-05 10:00", opco.ActeRetirerStagiaire, actEnt, opco.ChargeRetirer{Stagiaire: "s9"}, opco.NotFound, "", "ne figure pas"},
		{"forclusion not come", "attente", "2026-09-01 10:00", opco.ActeConfirmerForclusion, actGes, nil, opco.Conflict, "", "21 janvier 2027"},
		{"no certificat in the envoi", "attente", "2026-07-27 10:00", opco.ActeCertifier, actOF, nil, opco.Invalid, "", "au moins un"},
		{"nothing is awaited", "non conforme", "2026-07-29 10:00", opco.ActeFacturer, actOF, facture1(t), opco.Conflict, "", "déjà dans le dossier"},
		{"no invoice to accept", "contrôle vide", "2026-07-28 09:00", opco.ActeMettreEnLitige, actGes, opco.ChargeRaison{Facture: "f9", Raison: "x", Motif: opco.MotifPUErr}, opco.NotFound, "", "n’existe pas"},
		{"litige without its motif", "contrôle", "2026-07-28 09:00", opco.ActeMettreEnLitige, actGes, opco.ChargeRaison{Facture: "f1"}, opco.Invalid, "", "discussion"},
		{"an approved invoice is not refused", "règlement", "2026-07-29 09:00", opco.ActeRefuserFacture, actGes,
			opco.ChargeRaison{Facture: "f1", Raison: "x", Motif: opco.MotifPUErr}, opco.Conflict, "", "Approuvée"},
		{"an avoir over the invoice", "règlement", "2026-08-03 09:00", opco.ActeDeposerAvoir, actOF, avoir("F-f1", 120_001), opco.Invalid, "MONTANTTOTAL_ERR", "dépasse"},
		{"an avoir on another invoice", "règlement", "2026-08-03 09:00", opco.ActeDeposerAvoir, actOF, avoir("F-9", 1), opco.NotFound, "REF_ERR", "F-9"},
		{"paid again while one lives", "règlement", "2026-08-12 09:00", opco.ActeRepresenter, actCpt, opco.ChargeReglement{Reglement: "f1-1"}, opco.Conflict, "", "en cours"},
		{"paid while the avoir is awaited", "attend avoir", "2026-08-12 09:00", opco.ActeRepresenter, actCpt, opco.ChargeReglement{Reglement: "f1-1"}, opco.NotFound, "", "n’existe pas"},
		{"rejected twice", "rejetée", "2026-08-11 09:00", opco.ActeRejeterReglement, opco.ActeurBanque(), opco.ChargeReglement{Reglement: "f1-1", Motif: "AC04"}, opco.Conflict, "", "a déjà son issue"},
		{"executed after its rejection", "rejetée", "2026-08-11 09:00", opco.ActeRegler, opco.ActeurBanque(), paiement, opco.Conflict, "", "a déjà son issue"},
		{"returned before it left", "règlement", "2026-08-11 09:00", opco.ActeRetournerReglement, opco.ActeurBanque(), opco.ChargeReglement{Reglement: "f1-1", Motif: "AC01"}, opco.Conflict, "", "issue"},
		{"unknown règlement", "règlement", "2026-08-11 09:00", opco.ActeRegler, opco.ActeurBanque(), opco.ChargeReglement{Reglement: "f9-1"}, opco.NotFound, "", "n’existe pas"},
		{"over", "clôturée", "2026-09-20 09:00", opco.ActeJoindre, actEnt, jointes, opco.Conflict, "ETAPE_INATTENDUE", "« Clôturée »"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := naitre(t, "2026-07-20", "2026-07-21").par(tt.depuis)
			err := v.faire(tt.le, tt.acte, tt.par, tt.charge)
			var e *opco.Error
			if !errors.As(err, &e) {
				t.Fatalf("got %v, want a refusal that a person may read", err)
			}
			if e.Kind != tt.kind || e.Code != tt.code || !strings.Contains(e.Message, tt.mots) {
				t.Errorf("got %s %s « %s »; want %s %s with « %s »", e.Kind, e.Code, e.Message, tt.kind, tt.code, tt.mots)
			}
		})
	}
}

// Délais on the days when the clocks change and at the ends of months, in UTC.
func TestEcheancesAuxBordsDuCalendrier(t *testing.T) {
	utc := func(e opco.Echeance) string {
		return string(e.Type) + " " + e.Code + " " + e.Le.Format("2006-01-02T15:04Z")
	}
	tests := []struct {
		nom        string
		debut, fin opco.Date
		jusque     opco.Etat
		want       []string
	}{
		{"starts on the 23-hour day", "2027-03-28", "2027-03-28", opco.EtatAccordee, lignes("demarrer debut 2027-03-27T23:00Z")},
		{"ends on the 23-hour day", "2027-03-26", "2027-03-28", opco.EtatEnRealisation, lignes("terminer fin 2027-03-28T22:00Z")},
		{"starts on the 25-hour day", "2026-10-25", "2026-10-26", opco.EtatAccordee, lignes("demarrer debut 2026-10-24T22:00Z")},
		{"ends on the 25-hour day", "2026-10-23", "2026-10-25", opco.EtatEnRealisation, lignes("terminer fin 2026-10-25T23:00Z")},
		{"31 August + 6 months is the end of February", "2026-08-31", "2026-08-31", opco.EtatAttenteServiceFait,
			lignes("relancer rappel_1 2026-09-15T06:00Z|relancer rappel_2 2026-10-15T06:00Z|relancer rappel_3 2026-11-14T07:00Z|forclore forclusion 2027-02-28T23:00Z")},
		{"a rappel on the 25-hour day", "2026-10-10", "2026-10-10", opco.EtatAttenteServiceFait,
			lignes("relancer rappel_1 2026-10-25T07:00Z|relancer rappel_2 2026-11-24T07:00Z|relancer rappel_3 2026-12-24T07:00Z|forclore forclusion 2027-04-10T22:00Z")},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := naitre(t, tt.debut, tt.fin).par("accordée")
			for v.d.Etat != tt.jusque {
				v.echoir()
			}
			var got []string
			for _, e := range v.d.Echeances {
				got = append(got, utc(e))
			}
			comparer(t, "échéances", got, tt.want)
		})
	}
}

// A décision taken after the training has ended starts and ends it at once: no
// step goes back in time, and no rappel of a day that has passed is sent.
func TestDecisionApresLaFin(t *testing.T) {
	v := naitre(t, "2026-06-02", "2026-06-03")
	v.par("instruction").doit("2026-07-30 10:00", opco.ActeDecider, actGes, opco.ChargeDecider{})
	comparer(t, "échéances", v.echeances(), lignes("demarrer debut 2026-07-30 10:00 effet 2026-06-02"))
	v.echoir()
	comparer(t, "échéances", v.echeances(), lignes("terminer fin 2026-07-30 10:00 effet 2026-06-03"))
	v.echoir()
	comparer(t, "échéances", v.echeances(), lignes("relancer rappel_3 2026-08-17 08:00 effet 2026-08-17|forclore forclusion 2026-12-04 00:00 effet 2026-12-03"))
}

// A batch that holds the règlement is a fact the dossier is told with the acte: an
// avoir or a replacement that would change the sum waits for the bank.
func TestAvoirSurUnReglementEnLot(t *testing.T) {
	v := v0(t).par("règlement")
	v.f.EnLot = []string{"f1-1"}
	for nom, err := range map[string]error{
		"whole": v.faire("2026-08-03 09:00", opco.ActeDeposerAvoir, actOF, avoir("F-f1", 120_000)),
		"part":  v.faire("2026-08-03 09:00", opco.ActeDeposerAvoir, actOF, avoir("F-f1", 10_000)),
	} {
		if !errors.Is(err, opco.Conflict) || !strings.Contains(err.Error(), "déjà en paiement") {
			t.Errorf("%s: got %v, want a Conflict", nom, err)
		}
	}
	c := v.facture("f2", 100_000)
	c.Facture.Remplace = "F-f1"
	v.doit("2026-08-03 09:00", opco.ActeFacturer, actOF, c)
	if f := v.d.Factures[1]; f.Etat != opco.FactureRefusee || v.d.Factures[0].Etat != opco.FactureApprouvee {
		t.Errorf("got the replacement %s, the paid invoice %s", f.Etat, v.d.Factures[0].Etat)
	}
}

// Who decided the accord, even one that an avenant replaced since, does not accept
// its service fait from the threshold up.
func TestConstaterQuatreYeuxApresUnAvenant(t *testing.T) {
	v := v0(t)
	v.f.Parametres.SecondRegard = 50_000
	v.par("instruction").doit("2026-06-04 10:00", opco.ActeDecider, actGes, opco.ChargeDecider{})
	v.doit("2026-06-05 10:00", opco.ActeValider, actRes, nil)
	v.doit("2026-06-08 10:00", opco.ActeRetirerStagiaire, actEnt, opco.ChargeRetirer{Stagiaire: "s2"})
	v.echoir()
	v.echoir()
	c := v.certificats(14 * heure)
	v.doit("2026-07-27 10:00", opco.ActeCertifier, actOF, opco.ChargeCertifier{Certificats: c.Certificats[:1]})
	v.doit("2026-07-27 11:00", opco.ActeFacturer, actOF, v.facture("f1", 60_000))
	err := v.faire("2026-07-28 09:00", opco.ActeConstater, actRes, nil)
	if opco.KindOf(err) != opco.Forbidden {
		t.Errorf("got %v, want QUATRE_YEUX", err)
	}
	v.doit("2026-07-28 09:00", opco.ActeConstater, actRes2, nil)
}

// A replacement for the very same sum is paid instead of the invoice that it
// replaces, never beside it.
func TestRemplacerPourLaMemeSomme(t *testing.T) {
	v := v0(t).par("règlement")
	c := v.facture("f2", 120_000)
	c.Facture.Remplace = "F-f1"
	v.doit("2026-08-03 09:00", opco.ActeFacturer, actOF, c)
	var vivants []string
	for _, r := range v.d.Reglements {
		if r.Etat.Vivant() {
			vivants = append(vivants, r.ID)
		}
	}
	comparer(t, "living règlements", vivants, []string{"f2-1"})
}
