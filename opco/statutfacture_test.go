package opco_test

import (
	"slices"
	"testing"
	"time"

	"guichet/opco"
)

// TestEachStepIsToldOnce follows the états of an invoice and the codes told.
func TestEachStepIsToldOnce(t *testing.T) {
	tests := []struct {
		nom          string
		avant, apres opco.EtatFacture
		codes        []int
	}{
		{"arrives sound", "", opco.FacturePriseEnCharge, []int{200, 204}},
		{"arrives without proof", "", opco.FactureSuspendue, []int{200, 204, 208}},
		{"arrives wrong", "", opco.FactureRefusee, []int{200, 210}},
		{"arrives unreadable", "", opco.FactureRejetee, []int{200, 213}},
		{"replaces one approved", "", opco.FactureApprouvee, []int{200, 204, 205}},
		{"is completed", opco.FactureSuspendue, opco.FacturePriseEnCharge, []int{209, 204}},
		{"is completed and approved", opco.FactureSuspendue, opco.FactureApprouvee, []int{209, 204, 205}},
		{"is never completed", opco.FactureSuspendue, opco.FactureRefusee, []int{210}},
		{"is approved", opco.FacturePriseEnCharge, opco.FactureApprouvee, []int{205}},
		{"is approved in part", opco.FacturePriseEnCharge, opco.FactureApprouveePartiel, []int{206}},
		{"is in dispute", opco.FacturePriseEnCharge, opco.FactureEnLitige, []int{207}},
		{"is paid", opco.FactureApprouvee, opco.FacturePaiementTransmis, []int{211}},
		{"comes back from the bank", opco.FacturePaiementTransmis, opco.FactureApprouvee, []int{205}},
		{"is cancelled by an avoir", opco.FactureApprouvee, opco.FactureAnnuleeParAvoir, nil},
		{"stays", opco.FacturePriseEnCharge, opco.FacturePriseEnCharge, nil},
	}
	le := time.Date(2026, 6, 8, 8, 0, 0, 0, time.UTC)
	for _, tt := range tests {
		f := opco.Facture{ID: "f", Etat: tt.apres, Motif: opco.MotifQteErr, Phrase: "P", Approuve: 224_000, NonApprouve: 56_000}
		ss := f.SuiteStatuts(tt.avant, 224_000, 224_000, 4, le)
		var codes []int
		for i, s := range ss {
			codes = append(codes, s.Code)
			dernier := i == len(ss)-1
			if s.Rang != 5+i || s.Facture != "f" || !s.Le.Equal(le) || (s.Motif != "") != dernier || dernier && s.Code == 206 && (s.Approuve != 224_000 || s.NonApprouve != 56_000) ||
				(s.Paye > 0) != (s.Code == 211) {
				t.Errorf("%s: %+v", tt.nom, s)
			}
		}
		if !slices.Equal(codes, tt.codes) {
			t.Errorf("%s: told %v, want %v", tt.nom, codes, tt.codes)
		}
	}
	f := opco.Facture{ID: "f", Etat: opco.FactureApprouveePartiel, Approuve: 100}
	if ss := f.SuiteStatuts(opco.FactureApprouveePartiel, 200, 0, 1, le); len(ss) != 1 || ss[0].Approuve != 100 {
		t.Errorf("another amount is not told: %v", ss)
	}
}

// TestAReasonIsGivenWhenTheRulesWantOne is BR-FR-CDV-15.
func TestAReasonIsGivenWhenTheRulesWantOne(t *testing.T) {
	for code, veut := range map[int]string{205: "", 206: "AUTRE", 208: "AUTRE", 211: ""} {
		if c := (opco.StatutFacture{Code: code}).CDAR(); c != veut {
			t.Errorf("%d gives %q", code, c)
		}
	}
	if c := (opco.StatutFacture{Code: 210, Motif: opco.MotifDoublon}).CDAR(); c != "DOUBLON" {
		t.Error(c)
	}
}
