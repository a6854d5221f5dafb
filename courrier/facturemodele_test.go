package courrier_test

import (
	"slices"
	"strings"
	"testing"

	"guichet/courrier"
	"guichet/opco"
)

// factureTilleuls is the invoice of S02 on the paper of the model: every amount with what
// it is, an advance of neither, and no mark of the OPCO on it.
func factureTilleuls() opco.FactureModele {
	d := &opco.Dossier{Numero: "26.A.21056.1", Demande: opco.Demande{Etablissement: "99900122500013", Intitule: eleves.Formation, Debut: eleves.Debut, Fin: eleves.Fin,
		Organisme: opco.OrganismeDemande{Nom: eleves.Organisme}, Stagiaires: []opco.Stagiaire{{ID: "s1", Prenom: "Zoé-Maëlle", Nom: "Lefèvre-N’Guyên"}}}}
	f := opco.Facture{Numero: "2026/07", Emetteur: "99900122500013", Date: "2026-06-15", TotalHT: 141240, TotalTTC: 141240, Lignes: []opco.LigneFacture{
		{Ligne: opco.LignePeda, Stagiaire: "Zoé-Maëlle Lefèvre-N’Guyên", Heures: 1260, Montant: 84000},
		{Ligne: opco.LigneRemuneration, Stagiaire: "Zoé-Maëlle Lefèvre-N’Guyên", Heures: 1260, Montant: 27300},
		{Ligne: opco.LigneHebergement, Montant: 16000}, {Ligne: opco.LigneRepas, Montant: 5100}, {Ligne: opco.LigneTransport, Montant: 8840}}}
	x := opco.ModeleDeFacture(d, f, opco.PartieFacture{Nom: "École Les Tilleuls", Adresse: []string{"3 allée des Soupirs", "31000 Toulouse"}, SIRET: "99900122500013", Adherent: "12927.001"},
		opco.PartieFacture{Nom: "OPCO Démo", Adresse: []string{"14 rue des Amidonniers", "31000 Toulouse"}, SIRET: "99900171200010", TVA: opco.TVADe("999001712")},
		opco.MentionsFacture{FormeJuridique: "Association loi 1901", TVA: opco.TVADe("999001225"), Signataire: "Hélène Roussillon-Beaupré", Fonction: "Directrice", Lieu: "Toulouse"})
	x.Assistant, x.LigneDirecte = "Camille Vasseur", "01 99 00 02 14"
	return x
}

// TestFactureDUneEntreprise holds the paper to every item of the model (AK-47), with the
// accents of everybody, and draws it twice the same.
func TestFactureDUneEntreprise(t *testing.T) {
	l := courrier.FactureEntreprise(factureTilleuls())
	pdf, err := l.PDF()
	if err != nil {
		t.Fatal(err)
	}
	if encore, err := l.PDF(); err != nil || !slices.Equal(pdf, encore) {
		t.Errorf("drawn again, the invoice is another file (%v)", err)
	}
	texte, pages := textePDF(t, pdf, "École Les Tilleuls · Dossier 26.A.21056.1")
	if pages != 1 {
		t.Errorf("got %d pages, want 1", pages)
	}
	for _, s := range append(dits(l), "École Les Tilleuls", "Association loi 1901", "3 allée des Soupirs", "31000 Toulouse", "SIRET 999 001 225 00013", "TVA intracommunautaire FR", "Facture 2026/07",
		"15 juin 2026", "26.A.21056.1", "12927.001", "Camille Vasseur", "01 99 00 02 14", "du 8 au 10 juin 2026", "Nombre de stagiaires : 1. Zoé-Maëlle Lefèvre-N’Guyên.",
		"Rémunération (salaire chargé)", "13,00 €", "Hébergement (TTC)", "Repas (net de la TVA récupérée)", "1 412,40 €", "0 %", "Hélène Roussillon-Beaupré", "Directrice", "Toulouse, le", "Cachet et signature", "Total TTC à payer : 1 412,40 €", "10 ans au moins") {
		if !strings.Contains(texte, serre(s)) {
			t.Errorf("the paper does not say %q", s)
		}
	}
	if strings.Contains(texte, serre("Guichet")) {
		t.Error("the paper of a company names the house")
	}
}

// TestFactureAvecTVA writes an invoice with TVA, and an IBAN: the TVA is that of the
// 840,00 € HT alone, by rate; the wages and what is TVA included bear none, and no total
// that holds them is said to be without taxes.
func TestFactureAvecTVA(t *testing.T) {
	x := factureTilleuls()
	x.Facture.TauxTVA, x.Facture.IBAN, x.Facture.Remplace = 550, "FR7699999000020020020022785", "2026/06"
	x.Facture = x.Facture.AvecTVA(true)
	pdf, err := courrier.FactureEntreprise(x).PDF()
	if err != nil {
		t.Fatal(err)
	}
	texte, _ := textePDF(t, pdf, "")
	for _, s := range []string{"Hors taxes 5,5 % 840,00 € 46,20 € 886,20 €", "TVA comprise ou nets de TVA aucune 572,40 € 0,00 € 572,40 €", "Total 1 412,40 € 46,20 € 1 458,60 €",
		"Total TTC : 1 458,60 €", "L’OPCO paie le montant avant TVA ajoutée, 1 412,40 €", "FR76 9999 9000 0200 2002 0022 785", "facture 2026/06"} {
		if !strings.Contains(texte, serre(s)) {
			t.Errorf("the paper does not say %q", s)
		}
	}
	for _, s := range []string{"Total hors taxes", "TTC à payer"} {
		if strings.Contains(texte, serre(s)) {
			t.Errorf("the paper says %q of amounts with their TVA", s)
		}
	}
}

// TestFactureLongue keeps names of any length on the paper, over as many pages as they
// need.
func TestFactureLongue(t *testing.T) {
	x := factureTilleuls()
	x.Emetteur.Nom = strings.Repeat("Société coopérative des métiers ", 5)
	x.Stagiaires, x.Facture.Lignes = nil, nil
	for range 60 {
		x.Stagiaires = append(x.Stagiaires, "Marie-Françoise de Rochechouart-d’Haultepenne")
		x.Facture.Lignes = append(x.Facture.Lignes, opco.LigneFacture{Ligne: opco.LignePeda, Stagiaire: "Marie-Françoise de Rochechouart-d’Haultepenne", Heures: 1260, Montant: 84000})
	}
	pdf, err := courrier.FactureEntreprise(x).PDF()
	if err != nil {
		t.Fatal(err)
	}
	texte, pages := textePDF(t, pdf, "")
	if n := strings.Count(texte, serre("840,00 €")); pages < 3 || n != 60 {
		t.Errorf("got %d lines over %d pages, want 60 over at least 3", n, pages)
	}
}
