package opco_test

import (
	"errors"
	"strings"
	"testing"

	"guichet/opco"
)

// echelonne is a dossier of two stagiaires paid period by period, in training from
// 13 to 30 April 2026.
func echelonne(t *testing.T) *vie {
	t.Helper()
	v := enAttente(t)
	v.d.Demande.Echelonnement, v.d.Demande.Fin, v.d.Etat = true, "2026-04-30", opco.EtatEnRealisation
	v.d.Echeances = []opco.Echeance{{Type: opco.ActeTerminer, Code: "fin", Le: opco.Date("2026-04-30").FinDuJour(), Effet: "2026-04-30"}}
	return v
}

func envoiPeriode(numero, stagiaire string, date opco.Date) opco.ChargeFacturer {
	c := envoiFacture(numero, pedaDe(stagiaire, 35*heure, 140000))
	c.Facture.Date = date
	return c
}

func virement(reglement string, jour opco.Date) opco.ChargeReglement {
	return opco.ChargeReglement{Reglement: reglement, Montant: 140000, Date: jour}
}

func (v *vie) etape(want opco.Etat) {
	v.t.Helper()
	if v.d.Etat != want {
		v.t.Fatalf("got %s after « %s », want %s", string(v.d.Etat), v.derniers.Phrase, string(want))
	}
}

var (
	anaP1   = certifie("ana", "Ana", "Ruiz", 35*heure, "2026-04-13", "2026-04-17")
	borisP2 = certifie("boris", "Boris", "Petit", 35*heure, "2026-04-20", "2026-04-24")
)

// A period ends during the training: it is certified, invoiced and paid, and the
// training goes on (T18, T28). The next one is taken while the first is being paid.
func TestPeriodesPendantLaFormation(t *testing.T) {
	v := echelonne(t)
	v.doit("2026-04-18 09:00", opco.ActeCertifier, actOF, envoyer(anaP1))
	v.etape(opco.EtatEnRealisation)
	v.doit("2026-04-18 10:00", opco.ActeFacturer, actOF, envoiPeriode("P1", "Ana Ruiz", "2026-04-18"))
	v.etape(opco.EtatSFEnControle)
	v.doit("2026-04-20 10:00", opco.ActeConstater, actGes, nil)
	v.etape(opco.EtatEnReglement)
	v.doit("2026-04-25 10:00", opco.ActeFacturer, actOF, envoiPeriode("P2", "Boris Petit", "2026-04-25"))
	v.etape(opco.EtatEnReglement)
	comparer(t, "factures", v.etatFactures(), lignes("P1 APPROUVEE|P2 SUSPENDUE JUSTIF_ABS"))
	v.doit("2026-04-25 11:00", opco.ActeCertifier, actOF, envoyer(borisP2))
	comparer(t, "factures", v.etatFactures(), lignes("P1 APPROUVEE|P2 PRISE_EN_CHARGE"))
	v.doit("2026-04-27 10:00", opco.ActeRegler, opco.ActeurBanque(), virement("P1-1", "2026-04-27"))
	v.echoir()
	v.etape(opco.EtatSFEnControle)
	v.doit("2026-04-28 10:00", opco.ActeConstater, actRes, opco.ChargeConstater{Solde: true})
	v.doit("2026-05-04 10:00", opco.ActeRegler, opco.ActeurBanque(), virement("P2-1", "2026-05-04"))
	v.etape(opco.EtatReglee)
}

// After the payment of a period the dossier is where its date says: still in
// training before the last day, at the pièces de fin after it.
func TestApresUnePeriode(t *testing.T) {
	tests := []struct {
		nom, paye string
		jour      opco.Date
		etat      opco.Etat
		premiere  string
	}{
		{"before the end", "2026-04-30 10:00", "2026-04-30", opco.EtatEnRealisation, "terminer fin 2026-05-01 00:00 effet 2026-04-30"},
		{"after the end", "2026-05-04 10:00", "2026-05-04", opco.EtatAttenteServiceFait, "relancer rappel_1 2026-05-15 08:00 effet 2026-05-15"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			v := echelonne(t)
			v.doit("2026-04-18 09:00", opco.ActeCertifier, actOF, envoyer(anaP1))
			v.doit("2026-04-18 10:00", opco.ActeFacturer, actOF, envoiPeriode("P1", "Ana Ruiz", "2026-04-18"))
			v.doit("2026-04-20 10:00", opco.ActeConstater, actGes, nil)
			v.doit(tt.paye, opco.ActeRegler, opco.ActeurBanque(), virement("P1-1", tt.jour))
			v.etape(opco.EtatRegleePartielle)
			v.echoir()
			v.etape(tt.etat)
			if got := v.echeances()[0]; got != tt.premiere {
				t.Errorf("waits for %s, want %s", got, tt.premiere)
			}
		})
	}
}

// deuxiemePeriode is echelonne with its first period paid, and the second on the desk.
func deuxiemePeriode(t *testing.T) *vie {
	t.Helper()
	v := echelonne(t)
	v.doit("2026-04-18 09:00", opco.ActeCertifier, actOF, envoyer(anaP1))
	v.doit("2026-04-18 10:00", opco.ActeFacturer, actOF, envoiPeriode("P1", "Ana Ruiz", "2026-04-18"))
	v.doit("2026-04-20 10:00", opco.ActeConstater, actGes, nil)
	v.doit("2026-05-04 10:00", opco.ActeRegler, opco.ActeurBanque(), virement("P1-1", "2026-05-04"))
	v.echoir()
	v.doit("2026-05-05 10:00", opco.ActeCertifier, actOF, envoyer(borisP2))
	v.doit("2026-05-05 11:00", opco.ActeFacturer, actOF, envoiPeriode("P2", "Boris Petit", "2026-05-05"))
	v.etape(opco.EtatSFEnControle)
	return v
}

// The bank sends money back while the next period is on the desk, or non conforme:
// once it is paid again the dossier is where it was, with what it had asked for.
func TestRetourPendantLaPeriodeSuivante(t *testing.T) {
	for _, nonConf := range []bool{false, true} {
		v := deuxiemePeriode(t)
		if nonConf {
			v.doit("2026-05-06 10:00", opco.ActeDeclarerNonConforme, actGes, nonConforme)
		}
		v.doit("2026-05-07 10:00", opco.ActeRetournerReglement, opco.ActeurBanque(), virement("P1-1", "2026-05-07"))
		v.etape(opco.EtatEnReglement)
		v.doit("2026-05-08 10:00", opco.ActeRepresenter, actCpt, opco.ChargeReglement{Reglement: "P1-1"})
		v.doit("2026-05-12 10:00", opco.ActeRegler, opco.ActeurBanque(), virement("P1-2", "2026-05-12"))
		v.echoir()
		if !nonConf {
			v.etape(opco.EtatSFEnControle)
			v.doit("2026-05-13 10:00", opco.ActeConstater, actRes, opco.ChargeConstater{Solde: true})
			v.etape(opco.EtatEnReglement)
			continue
		}
		v.etape(opco.EtatSFNonConforme)
		if c := v.d.Complement; c == nil || c.LeJour != "2026-05-06" {
			t.Errorf("the pièces asked for are forgotten: %+v", c)
		}
		comparer(t, "échéances", v.echeances(), lignes("relancer relance_1 2026-05-16 08:00 effet 2026-05-16|relancer relance_2 2026-05-26 08:00 effet 2026-05-26|"+
			"refuser_facture facture_P2 2026-06-06 00:00 effet 2026-06-05|forclore forclusion 2026-10-31 00:00 effet 2026-10-30"))
	}
}

// All of a period is claimed back, then the bank gives its payment back while the next
// one is paid: there is nothing to pay again, and a comptable is told so.
func TestRienARemettreEnPaiement(t *testing.T) {
	v := deuxiemePeriode(t)
	v.doit("2026-05-06 10:00", opco.ActeConstater, actRes, opco.ChargeConstater{Solde: true})
	v.doit("2026-05-07 10:00", opco.ActeConstaterIndu, actGes, opco.ChargeConstaterIndu{Facture: "P1", Montant: 140000, Cause: opco.CauseControle, Raison: "Heures non suivies."})
	v.doit("2026-05-08 10:00", opco.ActeRetournerReglement, opco.ActeurBanque(), virement("P1-1", "2026-05-08"))
	v.etape(opco.EtatEnReglement)
	err := v.faire("2026-05-11 10:00", opco.ActeRepresenter, actCpt, opco.ChargeReglement{Reglement: "P1-1"})
	if opco.KindOf(err) != opco.Conflict || !strings.Contains(err.Error(), "Rien n’est plus à payer sur la facture P1") {
		t.Errorf("an invoice of which nothing is due is paid again: %v", err)
	}
	comparer(t, "règlements", v.etatReglements(), lignes("P1-1 RETOURNE 1400|P2-1 A_PAYER 1400"))
}

// The whole of an invoice is credited while the next one waits: the dossier goes to
// the desk, not to sleep with nothing to pay.
func TestAvoirTotalPendantLaPeriodeSuivante(t *testing.T) {
	v := echelonne(t)
	v.doit("2026-05-04 09:00", opco.ActeCertifier, actOF, envoyer(anaP1, borisP2))
	v.doit("2026-05-04 10:00", opco.ActeFacturer, actOF, envoiPeriode("P1", "Ana Ruiz", "2026-05-04"))
	v.doit("2026-05-05 10:00", opco.ActeConstater, actGes, nil)
	v.doit("2026-05-05 11:00", opco.ActeFacturer, actOF, envoiPeriode("P2", "Boris Petit", "2026-05-05"))
	v.doit("2026-05-06 10:00", opco.ActeDeposerAvoir, actOF, opco.ChargeAvoir{Avoir: leAvoirDu("2026-05-06", "P1", 140000)})
	v.etape(opco.EtatSFEnControle)
	v.doit("2026-05-06 11:00", opco.ActeConstater, actGes, nil)
}

// Without échelonnement a pièce that comes before the end says when to come back,
// and the number of the invoice stays free.
func TestTropTot(t *testing.T) {
	v := enAttente(t)
	v.d.Etat = opco.EtatEnRealisation
	if err := v.faire("2026-04-17 17:00", opco.ActeCertifier, actOF, envoyer(ana)); !errors.Is(err, opco.Conflict) || !strings.Contains(err.Error(), "17 avril 2026") {
		t.Errorf("an early certificat: got %v", err)
	}
	v.d.Certificats = []opco.Certificat{ana, boris}
	c := envoiFacture("F1", peda(280000))
	c.Facture.Date = "2026-04-17"
	v.doit("2026-04-17 18:00", opco.ActeFacturer, actOF, c)
	comparer(t, "factures", v.etatFactures(), lignes("F1 REFUSEE LIVR_INCOMP"))
	if f := v.d.Factures[0]; !strings.Contains(f.Phrase, "renvoyez-la après le 17 avril 2026") {
		t.Errorf("got « %s »", f.Phrase)
	}
	v.d.Etat = opco.EtatAttenteServiceFait
	c.Facture.ID = "F1bis"
	v.doit("2026-04-18 09:00", opco.ActeFacturer, actOF, c)
	comparer(t, "factures", v.etatFactures(), lignes("F1 REFUSEE LIVR_INCOMP|F1 PRISE_EN_CHARGE"))
}

// A replacement cancels the règlement of what it replaces, whatever its amount, and
// takes its place even when it had to wait for its proof first.
func TestRemplacerSansPayerDeuxFois(t *testing.T) {
	v := enAttente(t)
	v.doit("2026-04-20 09:00", opco.ActeCertifier, actOF, envoyer(ana, boris))
	v.doit("2026-04-20 10:00", opco.ActeFacturer, actOF, envoiFacture("F1", peda(280000)))
	v.doit("2026-04-21 10:00", opco.ActeConstater, actRes, nil)
	c := envoiFacture("F2", peda(280000))
	c.Facture.Remplace, c.Facture.Date = "F1", "2026-04-22"
	v.doit("2026-04-22 10:00", opco.ActeFacturer, actOF, c)
	comparer(t, "factures", v.etatFactures(), lignes("F1 ANNULEE_PAR_AVOIR|F2 APPROUVEE"))
	comparer(t, "règlements", v.etatReglements(), lignes("F1-1 ANNULE 2800|F2-1 A_PAYER 2800"))

	v = enAttente(t)
	v.doit("2026-04-20 10:00", opco.ActeFacturer, actOF, envoiFacture("F1", peda(280000)))
	c.Facture.Lignes, c.Facture.TotalHT, c.Facture.TotalTTC = []opco.LigneFacture{peda(224000)}, 224000, 224000
	v.doit("2026-04-22 10:00", opco.ActeFacturer, actOF, c)
	v.doit("2026-04-23 10:00", opco.ActeCertifier, actOF, envoyer(ana, certifie("b", "Boris", "Petit", 21*heure, "2026-04-13", "2026-04-17")))
	comparer(t, "factures", v.etatFactures(), lignes("F1 ANNULEE_PAR_AVOIR|F2 PRISE_EN_CHARGE"))
	v.doit("2026-04-24 10:00", opco.ActeConstater, actRes, nil)
	comparer(t, "règlements", v.etatReglements(), lignes("F2-1 A_PAYER 2240"))
}

// etatReglements writes « id état euros » for each règlement.
func (v *vie) etatReglements() []string {
	var s []string
	for _, r := range v.d.Reglements {
		s = append(s, r.ID+" "+string(r.Etat)+" "+strings.TrimSuffix(r.Montant.Decimal(), ".00"))
	}
	return s
}

// What the bank rejected is paid again by a comptable only: neither an avoir nor a
// replacement sends money to an account that was just refused.
func TestRienNeRepartApresUnRejet(t *testing.T) {
	v := enAttente(t)
	v.doit("2026-04-20 09:00", opco.ActeCertifier, actOF, envoyer(ana, boris))
	v.doit("2026-04-20 10:00", opco.ActeFacturer, actOF, envoiFacture("F1", peda(280000)))
	v.doit("2026-04-21 10:00", opco.ActeConstater, actRes, nil)
	v.doit("2026-04-28 10:00", opco.ActeRejeterReglement, opco.ActeurBanque(), opco.ChargeReglement{Reglement: "F1-1", Motif: "AC04"})
	v.doit("2026-04-29 10:00", opco.ActeDeposerAvoir, actOF, opco.ChargeAvoir{Avoir: leAvoirDu("2026-04-29", "F1", 10000)})
	comparer(t, "règlements", v.etatReglements(), lignes("F1-1 REJETE_BANQUE 2800"))
	c := envoiFacture("F2", peda(270000))
	c.Facture.Remplace, c.Facture.Date = "F1", "2026-04-29"
	v.doit("2026-04-29 11:00", opco.ActeFacturer, actOF, c)
	comparer(t, "factures", v.etatFactures(), lignes("F1 APPROUVEE|F2 REFUSEE NON_CONFORME"))
	comparer(t, "règlements", v.etatReglements(), lignes("F1-1 REJETE_BANQUE 2800"))
	v.doit("2026-04-30 10:00", opco.ActeRepresenter, actCpt, opco.ChargeReglement{Reglement: "F1-1"})
	comparer(t, "règlements", v.etatReglements(), lignes("F1-1 REJETE_BANQUE 2800|F1-2 A_PAYER 2700"))
}

// What never left is to pay again at once, under a new rank, and the bank pays that one.
func TestCeQuiNEstJamaisPartiEstAPayer(t *testing.T) {
	v := enAttente(t)
	v.doit("2026-04-20 09:00", opco.ActeCertifier, actOF, envoyer(ana, boris))
	v.doit("2026-04-20 10:00", opco.ActeFacturer, actOF, envoiFacture("F1", peda(280000)))
	v.doit("2026-04-21 10:00", opco.ActeConstater, actRes, nil)
	perdu := opco.ChargeReglement{Reglement: "F1-1", Motif: string(opco.IssueJamaisParti)}
	v.doit("2026-04-28 10:00", opco.ActeRejeterReglement, opco.ActeurBanque(), perdu)
	comparer(t, "règlements", v.etatReglements(), lignes("F1-1 REJETE_BANQUE 2800|F1-2 A_PAYER 2800"))
	v.doit("2026-04-29 10:00", opco.ActeRegler, opco.ActeurBanque(), opco.ChargeReglement{Reglement: "F1-2", Date: "2026-04-29"})
	comparer(t, "règlements", v.etatReglements(), lignes("F1-1 REJETE_BANQUE 2800|F1-2 EXECUTE 2800"))
}

// An avoir sent before the constat is not counted again after it: only what still
// passes the approval lets the payment go.
func TestAvoirAvantEtApresLeConstat(t *testing.T) {
	v := enAttente(t)
	v.doit("2026-04-20 09:00", opco.ActeCertifier, actOF, envoyer(ana, certifie("b", "Boris", "Petit", 21*heure, "2026-04-13", "2026-04-17")))
	v.doit("2026-04-20 10:00", opco.ActeFacturer, actOF, envoiFacture("F1", peda(280000)))
	v.doit("2026-04-21 10:00", opco.ActeDeposerAvoir, actOF, opco.ChargeAvoir{Avoir: leAvoirDu("2026-04-21", "F1", 30000)})
	v.doit("2026-04-22 10:00", opco.ActeConstater, actRes, nil)
	for _, x := range []struct {
		jour    opco.Date
		montant opco.Montant
		attendu opco.Montant
	}{{"2026-04-23", 1, 25999}, {"2026-04-24", 25999, 0}} {
		v.doit(string(x.jour)+" 10:00", opco.ActeDeposerAvoir, actOF, opco.ChargeAvoir{Avoir: leAvoirDu(x.jour, "F1", x.montant)})
		f := v.d.Factures[0]
		if f.AvoirAttendu() != x.attendu || f.AttendAvoir != (x.attendu > 0) || (len(v.d.Reglements) == 1) != (x.attendu == 0) {
			t.Errorf("after %s: %s still awaited, want %s; %d règlements", x.montant, f.AvoirAttendu(), x.attendu, len(v.d.Reglements))
		}
	}
	comparer(t, "échéances", v.echeances(), nil)
}

// An avoir that never comes: two relances to the issuer, an alert to the team, who
// refuses the invoice. The money goes back to the engagement and the dossier waits.
func TestAvoirQuiNeVientPas(t *testing.T) {
	v := v0(t).par("attend avoir")
	for _, want := range []string{"FACTURE_APPROUVEE organisme", "FACTURE_APPROUVEE organisme"} {
		v.echoir()
		comparer(t, "courriers", v.courriers(), lignes(want))
	}
	v.echoir()
	if !strings.Contains(v.derniers.Phrase, "n’est pas venu") || v.derniers.Code != "F07" {
		t.Errorf("got %s « %s »", v.derniers.Code, v.derniers.Phrase)
	}
	v.doit("2026-09-01 10:00", opco.ActeRefuserFacture, actGes, opco.ChargeRaison{Facture: "f1", Motif: opco.MotifQteErr, Raison: "L’avoir n’est pas venu."})
	v.etape(opco.EtatAttenteServiceFait)
	comparer(t, "factures", v.etatFactures(), lignes("F-f1 REFUSEE QTE_ERR"))
	comparer(t, "mouvements", v.mouvements(), lignes("SERVICE_FAIT_ANNULE 60000"))
	if opco.Somme(v.d.Engagements) != 60000 || len(v.d.Acceptes) != 0 {
		t.Errorf("engaged %s, accepted %v", opco.Somme(v.d.Engagements), v.d.Acceptes)
	}
}
