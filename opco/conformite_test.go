package opco_test

import (
	"strings"
	"testing"

	"guichet/opco"
)

// deuxStagiaires is the accord of S01: 2 × 14 h, 1 200,00 € with OF1.
func deuxStagiaires() *opco.Dossier {
	return accord([]eleve{{"Ana", "Ruiz", 14 * heure, 14 * heure, 60000, 0}, {"Boris", "Petit", 14 * heure, 14 * heure, 60000, 0}})
}

func TestControlerFacture(t *testing.T) {
	bonne := func() opco.Facture {
		return facture("F-2026-118", pedaDe("Ana Ruiz", 14*heure, 60000), pedaDe("Boris Petit", 14*heure, 60000))
	}
	type cas = struct {
		name   string
		change func(d *opco.Dossier, f *opco.Facture, fa *opco.Faits)
		etat   opco.EtatFacture
		motif  opco.Motif
		phrase string // a piece of it
	}
	const refusee, rejetee, suspendue, prise = opco.FactureRefusee, opco.FactureRejetee, opco.FactureSuspendue, opco.FacturePriseEnCharge
	tests := []cas{
		{"S01 a conforming invoice", func(*opco.Dossier, *opco.Facture, *opco.Faits) {}, prise, "", ""},
		{"no number", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Numero = " " }, rejetee, opco.MotifIrrSyntax, "numéro"},
		{"a date that does not exist", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Date = "2026-02-30" }, rejetee, opco.MotifIrrSyntax, "date"},
		{"no line", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Lignes = nil }, rejetee, opco.MotifIrrSyntax, "ligne"},
		{"a cost that we do not know", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Lignes[0].Ligne = "CADEAU" }, rejetee, opco.MotifIrrSyntax, "coût"},
		{"a null total", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.TotalHT = 0 }, rejetee, opco.MotifIrrSyntax, "total"},
		{"an amount beyond a transfer", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.TotalTTC = opco.MontantMax + 1 }, rejetee, opco.MotifIrrSyntax, "dépasse"},
		{"a negative TVA", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.TVA = -1 }, rejetee, opco.MotifIrrSyntax, "négative"},
		{"a negative line", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Lignes[1].Montant = -1 }, rejetee, opco.MotifRejSeman, "négative"},
		{"impossible hours", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Lignes[0].Heures = 99999 * heure }, rejetee, opco.MotifIrrSyntax, "heures"},
		{"it replaces itself", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Remplace = "f-2026-118" }, rejetee, opco.MotifRejSeman, "elle-même"},
		{"a period that ends first", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Du, f.Au = "2026-04-14", "2026-04-13" }, rejetee, opco.MotifRejSeman, "période"},

		{"S12 the dossier is cancelled", func(d *opco.Dossier, _ *opco.Facture, _ *opco.Faits) { d.Etat = opco.EtatAnnulee }, refusee, opco.MotifContratTerm, "AF26-000118"},
		{"the dossier is closed", func(d *opco.Dossier, _ *opco.Facture, _ *opco.Faits) { d.Etat = opco.EtatCloturee }, refusee, opco.MotifContratTerm, ""},
		{"the demande was refused", func(d *opco.Dossier, _ *opco.Facture, _ *opco.Faits) { d.Etat = opco.EtatRefusee }, refusee, opco.MotifContratTerm, ""},
		{"no decision yet", func(d *opco.Dossier, _ *opco.Facture, _ *opco.Faits) { d.Decision = nil }, refusee, opco.MotifNonConforme, "aucun accord"},

		{"S18 the same number again, typed otherwise", func(d *opco.Dossier, _ *opco.Facture, _ *opco.Faits) {
			x := facture("f-2026-118 ", peda(1))
			x.ID, x.Etat = "autre", opco.FacturePriseEnCharge
			d.Factures = []opco.Facture{x}
		}, refusee, opco.MotifDoublon, "20 avril 2026"},
		{"a refused invoice is sent again, corrected, under its number", func(d *opco.Dossier, _ *opco.Facture, _ *opco.Faits) {
			x := facture("F-2026-118", peda(1))
			x.ID, x.Etat, x.Motif = "autre", opco.FactureRefusee, opco.MotifJustifAbs
			d.Factures = []opco.Facture{x}
		}, prise, "", ""},
		{"the number was used on another dossier", func(_ *opco.Dossier, _ *opco.Facture, fa *opco.Faits) { fa.NumerosPris = []string{"F-2026-118"} }, refusee, opco.MotifDoublon, "F-2026-118"},
		{"the same number from another issuer", func(d *opco.Dossier, _ *opco.Facture, _ *opco.Faits) {
			x := facture("F-2026-118", peda(1))
			x.ID, x.Emetteur = "autre", siretOF2
			d.Factures = []opco.Facture{x}
		}, prise, "", ""},
		{"a number rejected as unreadable may serve again", func(d *opco.Dossier, _ *opco.Facture, _ *opco.Faits) {
			x := facture("F-2026-118", peda(1))
			x.ID, x.Etat = "autre", opco.FactureRejetee
			d.Factures = []opco.Facture{x}
		}, prise, "", ""},
		{"an invoice checked again is not its own duplicate", func(d *opco.Dossier, f *opco.Facture, fa *opco.Faits) {
			d.Factures, fa.NumerosPris = []opco.Facture{*f}, []string{"F-2026-118"}
		}, prise, "", ""},

		{"S18 the number of another dossier", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.ReferenceDossier = "AF26-000119" }, refusee, opco.MotifRefErr, "AF26-000119 au lieu de AF26-000118"},
		{"no number of dossier", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.ReferenceDossier = "" }, refusee, opco.MotifRefCtAbsent, "AF26-000118"},
		{"issued by another organisme", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Emetteur = siretOF2 }, refusee, opco.MotifSIRETErr, "999\u00a0001\u00a0431"},
		{"issued by another établissement of the organisme", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Emetteur = siretOF1b }, refusee, opco.MotifSIRETErr, ""},
		{"S18 addressed to the company", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Destinataire = siretE1 }, refusee, opco.MotifDestErr, "999\u00a0001\u00a0019"},
		{"addressed to nobody", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Destinataire = "" }, refusee, opco.MotifDestErr, "absent"},

		{"S18 total 1 250,00 with lines 1 200,00", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.TotalHT, f.TotalTTC = 125000, 125000 }, refusee, opco.MotifCalculErr, opco.Montant(125000).String() + " au lieu de " + opco.Montant(120000).String()},
		{"HT plus TVA is not TTC", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.TotalTTC = 120001 }, refusee, opco.MotifCalculErr, opco.Montant(120001).String()},
		{"a wrong TVA amount", func(_ *opco.Dossier, f *opco.Facture, fa *opco.Faits) {
			fa.Organisme.TVA = true
			f.TauxTVA, f.TVA, f.TotalTTC = 2000, 24001, 144001
		}, refusee, opco.MotifCalculErr, "240,01"},
		{"a right TVA of an organisme that charges it", func(_ *opco.Dossier, f *opco.Facture, fa *opco.Faits) {
			fa.Organisme.TVA = true
			f.TauxTVA, f.TVA, f.TotalTTC = 2000, 24000, 144000
		}, prise, "", ""},
		{"S18 TVA 20 % from an exempt organisme", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) {
			f.TauxTVA, f.TVA, f.TotalTTC = 2000, 24000, 144000
		}, refusee, opco.MotifTxTVAErr, "20\u00a0%"},
		{"TVA without a rate from an exempt organisme", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.TVA, f.TotalTTC = 24000, 144000 }, refusee, opco.MotifTxTVAErr, "240,00"},
		{"no TVA from an organisme that charges it", func(_ *opco.Dossier, _ *opco.Facture, fa *opco.Faits) { fa.Organisme.TVA = true }, refusee, opco.MotifTxTVAErr, "aucune TVA"},
		{"S18 another IBAN", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.IBAN = ibanOF2 }, refusee, opco.MotifCoordBancErr, "6646 au lieu de 5594"},
		{"the IBAN on file", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.IBAN = ibanOF1 }, prise, "", ""},
		{"S18 a person who is not in the accord", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Lignes[1].Stagiaire = "Paul X" }, refusee, opco.MotifNonConforme, "Paul X n’est pas dans l’accord"},
		{"a person withdrawn from the accord", func(d *opco.Dossier, _ *opco.Facture, _ *opco.Faits) { d.Demande.Stagiaires[1].Retire = true }, refusee, opco.MotifNonConforme, "Boris Petit"},
		{"names written otherwise", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Lignes[0].Stagiaire = "RUIZ  Ana" }, prise, "", ""},
		{"it replaces an unknown invoice", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Remplace = "F-0" }, refusee, opco.MotifNonConforme, "F-0"},
		{"dated before the end of the training", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Date = "2026-04-13" }, refusee, opco.MotifLivrIncomp, "14 avril 2026"},
		{"dated on the last day", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) { f.Date = "2026-04-14" }, prise, "", ""},
		{"dated before the end of its period", func(d *opco.Dossier, f *opco.Facture, _ *opco.Faits) {
			d.Demande.Echelonnement, d.Demande.Fin, f.Au = true, "2026-12-31", "2026-04-30"
		}, refusee, opco.MotifLivrIncomp, "30 avril 2026"},
		{"dated after its period, before the end of the training", func(d *opco.Dossier, f *opco.Facture, _ *opco.Faits) {
			d.Demande.Echelonnement, d.Demande.Fin, f.Au = true, "2026-12-31", "2026-04-14"
		}, prise, "", ""},
		{"nothing left of the engagement", func(d *opco.Dossier, _ *opco.Facture, _ *opco.Faits) { d.Engagements = nil }, refusee, opco.MotifMontantTotalErr, "0,00"},
		{"more than the accord is for the constat to say", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) {
			f.Lignes[0].Montant, f.TotalHT, f.TotalTTC = 90000, 150000, 150000
		}, prise, "", ""},
		{"S18 no certificat for one person", func(d *opco.Dossier, _ *opco.Facture, _ *opco.Faits) { d.Certificats = d.Certificats[:1] }, suspendue, opco.MotifJustifAbs, "Boris Petit"},
		{"no certificat is needed for those it does not name", func(d *opco.Dossier, f *opco.Facture, _ *opco.Faits) {
			d.Certificats, f.Lignes, f.TotalHT, f.TotalTTC = d.Certificats[:1], f.Lignes[:1], 60000, 60000
		}, prise, "", ""},
		{"two faults: the first of the order is told", func(_ *opco.Dossier, f *opco.Facture, _ *opco.Faits) {
			f.TotalHT, f.ReferenceDossier, f.IBAN = 1, "", ibanOF2
		}, refusee, opco.MotifRefCtAbsent, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, f, fa := deuxStagiaires(), bonne(), lesFaits()
			tt.change(d, &f, &fa)
			etat, motif, phrase := opco.ControlerFacture(d, f, fa)
			if etat != tt.etat || motif != tt.motif {
				t.Fatalf("got %s %s « %s », want %s %s", etat, motif, phrase, tt.etat, tt.motif)
			}
			if !strings.Contains(phrase, tt.phrase) || (motif == "") != (phrase == "") {
				t.Errorf("sentence « %s », want « %s » in it", phrase, tt.phrase)
			}
			if motif != "" && !strings.HasSuffix(phrase, ".") {
				t.Errorf("« %s » is not a sentence", phrase)
			}
		})
	}
}

// An invoice of the company for its remboursement (S02 and its variant a).
func TestControlerFactureRemboursement(t *testing.T) {
	tests := []struct {
		name   string
		change func(d *opco.Dossier, f *opco.Facture)
		etat   opco.EtatFacture
		motif  opco.Motif
		phrase string
	}{
		{"S02 all is proven", func(*opco.Dossier, *opco.Facture) {}, opco.FacturePriseEnCharge, "", ""},
		{"another établissement of the company", func(_ *opco.Dossier, f *opco.Facture) { f.Emetteur = siretE1b }, opco.FacturePriseEnCharge, "", ""},
		{"the organisme invoices although nobody asked it to", func(_ *opco.Dossier, f *opco.Facture) { f.Emetteur = siretOF1 }, opco.FactureRefusee, opco.MotifSIRETErr, ""},
		{"S02 a the invoice is not acquittée", func(_ *opco.Dossier, f *opco.Facture) { f.Justificatifs[0].Acquittee = false },
			opco.FactureSuspendue, opco.MotifSFFactureNonAcquittee, "acquittée"},
		{"no invoice of the organisme", func(_ *opco.Dossier, f *opco.Facture) { f.Justificatifs = f.Justificatifs[1:] },
			opco.FactureSuspendue, opco.MotifSFJustificatifsAbsents, "facture acquittée de l’organisme"},
		{"an invoice of the organisme that proves 0,00", func(_ *opco.Dossier, f *opco.Facture) { f.Justificatifs[0].Montant = 0 },
			opco.FactureSuspendue, opco.MotifSFJustificatifsAbsents, ""},
		{"a line without proof", func(_ *opco.Dossier, f *opco.Facture) { f.Justificatifs = f.Justificatifs[:3] },
			opco.FactureSuspendue, opco.MotifSFJustificatifsAbsents, "Repas"},
		{"a formation interne is proven by a relevé", func(d *opco.Dossier, f *opco.Facture) {
			d.Demande.Interne = true
			f.Justificatifs[0] = justificatif(opco.LignePeda, 84000)
		}, opco.FacturePriseEnCharge, "", ""},
		{"the IBAN of the company", func(_ *opco.Dossier, f *opco.Facture) { f.IBAN = ibanOF1 }, opco.FactureRefusee, opco.MotifCoordBancErr, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := s02(21 * heure)
			f := d.Factures[0]
			d.Factures = nil
			tt.change(d, &f)
			etat, motif, phrase := opco.ControlerFacture(d, f, lesFaits())
			if etat != tt.etat || motif != tt.motif || !strings.Contains(phrase, tt.phrase) {
				t.Errorf("got %s %s « %s », want %s %s « %s »", etat, motif, phrase, tt.etat, tt.motif, tt.phrase)
			}
		})
	}
}

// A company that added TVA to everything, as it was asked to before a day, is not refused for
// it; from that day on it adds it to what it gives HT only. Neither hides a wrong total.
func TestTVAEntrepriseSelonSonJour(t *testing.T) {
	tests := []struct {
		name, du, recue string
		surTout         bool
		faute           opco.Montant
		etat            opco.EtatFacture
	}{
		{"everything, the day before", "2026-05-02", "2026-05-01", true, 0, opco.FacturePriseEnCharge},
		{"everything, that day", "2026-05-02", "2026-05-02", true, 0, opco.FactureRefusee},
		{"HT only, the day before", "2026-05-02", "2026-05-01", false, 0, opco.FacturePriseEnCharge},
		{"HT only, that day", "2026-05-02", "2026-05-02", false, 0, opco.FacturePriseEnCharge},
		{"neither, the day before", "2026-05-02", "2026-05-01", true, 2, opco.FactureRefusee},
		{"everything, in what was kept before there was a day", "", "2026-05-02", true, 0, opco.FacturePriseEnCharge},
	}
	for _, tt := range tests {
		d, fa := s02(21*heure), lesFaits()
		f := d.Factures[0]
		d.Factures, fa.Parametres.TVAEntrepriseDu = nil, opco.Date(tt.du)
		f.TauxTVA, f.RecueLe = 2000, opco.Date(tt.recue)
		f = f.AvecTVA(!tt.surTout)
		f.TVA += tt.faute
		f.TotalTTC += tt.faute
		if etat, motif, phrase := opco.ControlerFacture(d, f, fa); etat != tt.etat || (etat == opco.FactureRefusee) != (motif == opco.MotifCalculErr) {
			t.Errorf("%s: got %s %s « %s », want %s", tt.name, etat, motif, phrase, tt.etat)
		}
	}
}

// The invoice of S02 a becomes conforming once it is proven paid.
func TestJustifier(t *testing.T) {
	d := s02(21 * heure)
	f := d.Factures[0]
	f.Justificatifs[0].Acquittee = false
	d.Factures = []opco.Facture{f}
	paye := f.Justificatifs[0]
	paye.Acquittee = true
	nouvelle := f.Justifier([]opco.Justificatif{paye, justificatif(opco.LigneDivers, 100)})
	if etat, motif, _ := opco.ControlerFacture(d, nouvelle, lesFaits()); etat != opco.FacturePriseEnCharge {
		t.Errorf("got %s %s, want PRISE_EN_CHARGE", etat, motif)
	}
	if len(nouvelle.Justificatifs) != 6 || f.Justificatifs[0].Acquittee {
		t.Errorf("%d justificatifs, first of the old one %v; want 6 and the old invoice untouched", len(nouvelle.Justificatifs), f.Justificatifs[0])
	}
}

// TVA of 20 % on three lines of 0,01 €: rounded on the total or line by line, both
// are right; anything else is not.
func TestTVAArrondie(t *testing.T) {
	fa := lesFaits()
	fa.Organisme.TVA = true
	for tva, want := range map[opco.Montant]opco.EtatFacture{0: opco.FacturePriseEnCharge, 1: opco.FacturePriseEnCharge, 2: opco.FactureRefusee} {
		f := facture("F1", peda(1), peda(1), peda(1))
		f.TauxTVA, f.TVA, f.TotalTTC = 2000, tva, 3+tva
		if etat, motif, phrase := opco.ControlerFacture(deuxStagiaires(), f, fa); etat != want {
			t.Errorf("TVA %s: got %s %s « %s », want %s", tva, etat, motif, phrase, want)
		}
	}
}

// Ten thousand lines sum exactly.
func TestDixMilleLignes(t *testing.T) {
	var lignes []opco.LigneFacture
	for i := range 10_000 {
		lignes = append(lignes, peda(opco.Montant(10+i%3)))
	}
	f := facture("F1", lignes...)
	if etat, motif, _ := opco.ControlerFacture(deuxStagiaires(), f, lesFaits()); etat != opco.FacturePriseEnCharge {
		t.Errorf("got %s %s, want PRISE_EN_CHARGE", etat, motif)
	}
	f.TotalHT++
	f.TotalTTC++
	if _, motif, _ := opco.ControlerFacture(deuxStagiaires(), f, lesFaits()); motif != opco.MotifCalculErr {
		t.Errorf("one cent more: got %q, want CALCUL_ERR", motif)
	}
}

func TestEcheancePaiement(t *testing.T) {
	if got := opco.EcheancePaiement("2026-04-20", opco.ParametresDefaut()); got != "2026-05-20" {
		t.Errorf("S01: due %s, want 2026-05-20", got)
	}
}
