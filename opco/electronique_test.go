package opco_test

import (
	"slices"
	"strings"
	"testing"

	"guichet/opco"
)

// lue is the file of the invoice of S01: right in itself and for its dossier.
func lue(d *opco.Dossier) opco.FactureLue {
	return opco.FactureLue{Profil: "EN 16931", Type: "380", Numero: "F-2026-118", Date: "2026-04-20", Devise: "EUR",
		Notes:    []string{"Déclaration d’activité enregistrée sous le numéro 11 75 60999 75"},
		Vendeur:  opco.PartieLue{Legal: string(siretOF1)},
		Acheteur: opco.PartieLue{Legal: string(siretOPCO)}, Commande: "BC 7", RefAcheteur: strings.ToLower(d.Numero), IBANs: []string{string(ibanOF1)},
		Lignes: []opco.LigneLue{{Texte: "Excel : RUIZ Ana", Heures: 14 * heure, Montant: 60_000, Categorie: "E"},
			{Texte: "Excel : Boris Petit, déjeuner offert non", Heures: 14 * heure, Montant: 60_000, Categorie: "E"}},
		TVAs:   []opco.TVALue{{Categorie: "E", Base: 120_000, Exoneration: "261-4-4° a"}},
		Totaux: opco.TotauxLus{LignesDites: true, Lignes: 120_000, HT: 120_000, TTC: 120_000, Du: 120_000},
		Page:   opco.PageLue{Etat: opco.PageConcorde}}
}

// TestAnElectronicInvoiceIsHeldToItsFile changes the file, or what is sent of it, and
// looks at what becomes of the invoice.
func TestAnElectronicInvoiceIsHeldToItsFile(t *testing.T) {
	const prise, rejetee, refusee = opco.FacturePriseEnCharge, opco.FactureRejetee, opco.FactureRefusee
	tests := []struct {
		nom    string
		lire   func(*opco.FactureLue)
		envoi  func(*opco.Facture)
		etat   opco.EtatFacture
		motif  opco.Motif
		phrase string
	}{
		{"S21 right", nil, nil, prise, "", ""},
		{"S21 another total on the page", func(l *opco.FactureLue) { l.Page = opco.PageLue{Etat: opco.PageDiffere, Vu: 280_000} }, nil, rejetee, opco.MotifRejSeman, "2 800,00"},
		{"a page not read", func(l *opco.FactureLue) { l.Page.Etat = opco.PageNonLue }, nil, prise, "", ""},
		{"arithmetic", func(l *opco.FactureLue) { l.Totaux.TTC++ }, nil, rejetee, opco.MotifRejSeman, "1 200,01"},
		{"an avoir", func(l *opco.FactureLue) { l.Type = "381" }, nil, rejetee, opco.MotifRejSeman, "avoir"},
		{"another seller", func(l *opco.FactureLue) { l.Vendeur.Legal = string(siretOPCO) }, nil, refusee, opco.MotifSIRETErr, ""},
		{"the SIREN of another", func(l *opco.FactureLue) { l.Vendeur.Legal = "999001431" }, nil, refusee, opco.MotifSIRETErr, ""},
		{"its SIREN alone", func(l *opco.FactureLue) { l.Vendeur.Legal = string(siretOF1.SIREN()) }, nil, prise, "", ""},
		{"no seller", func(l *opco.FactureLue) { l.Vendeur = opco.PartieLue{} }, nil, refusee, opco.MotifSIRETErr, "absent"},
		{"another NDA", func(l *opco.FactureLue) { l.Notes[0] = "NDA : 84691234569" }, nil, refusee, opco.MotifNonConforme, "84 69 12345 69"},
		{"no NDA", func(l *opco.FactureLue) { l.Notes = nil }, nil, prise, "", ""},
		{"another buyer", func(l *opco.FactureLue) { l.Acheteur.Legal = string(siretOF1) }, nil, refusee, opco.MotifDestErr, ""},
		{"another dossier", func(l *opco.FactureLue) { l.RefAcheteur = "" }, nil, refusee, opco.MotifRefErr, "BC 7"},
		{"no dossier", func(l *opco.FactureLue) { l.RefAcheteur, l.Commande = "", "" }, nil, refusee, opco.MotifRefCtAbsent, ""},
		{"another account", func(l *opco.FactureLue) { l.IBANs[0] = string(ibanE1) }, nil, refusee, opco.MotifCoordBancErr, ""},
		{"two accounts, one ours", func(l *opco.FactureLue) { l.IBANs = []string{string(ibanE1), string(ibanOF1)} }, nil, prise, "", ""},
		{"TVA of an exempt organisme", func(l *opco.FactureLue) {
			for i := range l.Lignes {
				l.Lignes[i].Categorie, l.Lignes[i].Taux = "S", 2000
			}
			l.TVAs = []opco.TVALue{{Categorie: "S", Taux: 2000, Base: 120_000, Montant: 24_000}}
			l.Totaux.TVA, l.Totaux.TTC, l.Totaux.Du = 24_000, 144_000, 144_000
		}, nil, refusee, opco.MotifTxTVAErr, ""},
		{"another number sent", nil, func(f *opco.Facture) { f.Numero = "F-9" }, rejetee, opco.MotifRejSeman, "F-2026-118"},
		{"another day sent", nil, func(f *opco.Facture) { f.Date = "2026-04-21" }, rejetee, opco.MotifRejSeman, "20/04/2026"},
		{"another sum sent", nil, func(f *opco.Facture) { f.TotalHT, f.TotalTTC = 100_000, 100_000 }, rejetee, opco.MotifRejSeman, "1 000,00"},
		{"the seller mended by hand", func(l *opco.FactureLue) { l.Vendeur = opco.PartieLue{} }, func(f *opco.Facture) { f.Emetteur = siretOF1 }, rejetee, opco.MotifRejSeman, "absent"},
		{"another account sent", nil, func(f *opco.Facture) { f.IBAN = ibanE1 }, rejetee, opco.MotifRejSeman, ""},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			d, fa := deuxStagiaires(), lesFaits()
			fa.Organisme.NDA = "11756099975"
			l := lue(d)
			if tt.lire != nil {
				tt.lire(&l)
			}
			p := opco.PreparerElectronique(d, l, fa)
			p.Facture.ID = "f"
			if tt.envoi != nil {
				tt.envoi(&p.Facture)
			}
			etat, m, phrase := opco.ControlerFacture(d, p.Facture, fa)
			if etat != tt.etat || m != tt.motif || !strings.Contains(strings.ReplaceAll(phrase, "\u00a0", " "), tt.phrase) {
				t.Errorf("got %s %s %q, want %s %s %q", etat, m, phrase, tt.etat, tt.motif, tt.phrase)
			}
			bloque := slices.ContainsFunc(p.Controles, func(c opco.Controle) bool { return c.Resultat == opco.ResultatBlock })
			if tt.envoi == nil && bloque != (tt.etat != prise) {
				t.Errorf("the checks shown do not announce %s: %+v", tt.etat, p.Controles)
			}
			for _, c := range p.Controles {
				if c.Code == "" || c.Nom == "" || c.Phrase == "" || c.Resultat == "" {
					t.Errorf("a check that says nothing: %+v", c)
				}
			}
		})
	}
}

// TestTheFormIsFilledFromTheFile follows lines, names, hours and allowances.
func TestTheFormIsFilledFromTheFile(t *testing.T) {
	d, fa := deuxStagiaires(), lesFaits()
	p := opco.PreparerElectronique(d, lue(d), fa).Facture
	if p.Numero != "F-2026-118" || p.IBAN != ibanOF1 || p.Emetteur != siretOF1 || p.TotalTTC != 120_000 || len(p.Lignes) != 2 ||
		p.Lignes[0].Stagiaire != "Ana Ruiz" || p.Lignes[0].Heures != 14*heure || p.Lignes[0].Ligne != opco.LignePeda || p.Lignes[0].Montant != 60_000 {
		t.Errorf("got %+v", p)
	}

	l := lue(d)
	l.Lignes[1].Texte, l.Remises, l.Totaux.Remises, l.Totaux.HT, l.TVAs[0].Base = "Repas", []opco.RemiseLue{{Montant: 1, Categorie: "E"}}, 1, 119_999, 119_999
	l.Totaux.TTC, l.Totaux.Du = 119_999, 119_999
	p = opco.PreparerElectronique(d, l, fa).Facture
	if p.Lignes[1].Ligne != opco.LigneRepas || p.Lignes[1].Stagiaire != "" || p.Lignes[0].Montant+p.Lignes[1].Montant != 119_999 {
		t.Errorf("the allowance is lost, or the meal: %+v", p.Lignes)
	}

	l = lue(d)
	l.Lignes = nil // BASIC WL
	if p = opco.PreparerElectronique(d, l, fa).Facture; len(p.Lignes) != 2 || p.Lignes[0].Stagiaire == "" {
		t.Errorf("the lines of the accord are not taken: %+v", p.Lignes)
	}
	l.Totaux.HT = 100_000
	if p = opco.PreparerElectronique(d, l, fa).Facture; len(p.Lignes) != 1 || p.Lignes[0].Montant != 100_000 {
		t.Errorf("another total has other lines: %+v", p.Lignes)
	}
}
