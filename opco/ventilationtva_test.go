package opco_test

import (
	"slices"
	"testing"

	"guichet/opco"
)

// The TVA of a company's invoice is counted once on what it gives HT, half-up: its wages
// and what has its TVA already bear none. An organisme taxes every line (AK-47 to AK-51).
func TestVentilerTVA(t *testing.T) {
	l := func(x opco.Ligne, m opco.Montant) opco.LigneFacture { return opco.LigneFacture{Ligne: x, Montant: m} }
	s02 := []opco.LigneFacture{l(opco.LignePeda, 84000), l(opco.LigneRemuneration, 27300), l(opco.LigneRepas, 5100), l(opco.LigneHebergement, 16000), l(opco.LigneTransport, 8840)}
	tests := []struct {
		name       string
		lignes     []opco.LigneFacture
		taux       int
		entreprise bool
		want       []opco.PartTVA
		tva, ttc   opco.Montant
	}{
		{"S02 at 20 %", s02, 2000, true, []opco.PartTVA{{2000, 84000, 16800}, {0, 57240, 0}}, 16800, 158040},
		{"S02 without TVA", s02, 0, true, []opco.PartTVA{{0, 141240, 0}}, 0, 141240},
		{"frais only", s02[1:], 2000, true, []opco.PartTVA{{0, 57240, 0}}, 0, 57240},
		{"an organisme", s02, 2000, false, []opco.PartTVA{{2000, 141240, 28248}}, 28248, 169488},
		{"half a cent goes up", []opco.LigneFacture{l(opco.LignePeda, 10)}, 550, true, []opco.PartTVA{{550, 10, 1}}, 1, 11},
		{"rounded on the base, not line by line", []opco.LigneFacture{l(opco.LignePeda, 112), l(opco.LignePeda, 112), l(opco.LignePeda, 112)}, 2000, true,
			[]opco.PartTVA{{2000, 336, 67}}, 67, 403},
		{"other frais, net of the TVA recovered", []opco.LigneFacture{l(opco.LigneDivers, 10000), l(opco.LignePeda, 10000)}, 2000, true,
			[]opco.PartTVA{{2000, 10000, 2000}, {0, 10000, 0}}, 2000, 22000},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := opco.Facture{TauxTVA: tt.taux, Lignes: tt.lignes}
			for _, x := range tt.lignes {
				f.TotalHT += x.Montant
			}
			if got := f.VentilerTVA(tt.entreprise); !slices.Equal(got, tt.want) {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			if f = f.AvecTVA(tt.entreprise); f.TVA != tt.tva || f.TotalTTC != tt.ttc {
				t.Errorf("got %s of TVA, %s TTC; want %s, %s", f.TVA, f.TotalTTC, tt.tva, tt.ttc)
			}
		})
	}
}

// What a status tells with taxes has the TVA of the lines that make it: of the invoice of a
// company, on what it gives HT only, unless it counted it on everything itself.
func TestMessageAvecTVA(t *testing.T) {
	l := func(x opco.Ligne, m opco.Montant) opco.LigneFacture { return opco.LigneFacture{Ligne: x, Montant: m} }
	lignes := []opco.LigneFacture{l(opco.LignePeda, 84000), l(opco.LigneRemuneration, 27300), l(opco.LigneHebergement, 16000)}
	approuvees := []opco.LigneConstatee{{Ligne: opco.LignePeda, Payable: 60000}, {Ligne: opco.LigneRemuneration, Payable: 27300}}
	tests := []struct {
		name       string
		entreprise bool
		taux       int
		constatees []opco.LigneConstatee
		ht, want   opco.Montant
	}{
		{"all of it", true, 2000, nil, 127300, 144100},
		{"the lines approved", true, 2000, approuvees, 87300, 99300},
		{"an amount of before, in proportion", true, 2000, approuvees, 63650, 72050},
		{"without TVA", true, 0, approuvees, 87300, 87300},
		{"TVA on everything", false, 2000, approuvees, 87300, 104760},
	}
	for _, tt := range tests {
		f := opco.Facture{TauxTVA: tt.taux, Lignes: lignes, TotalHT: 127300, Constatees: tt.constatees}.AvecTVA(tt.entreprise)
		if got := (opco.MessageStatut{Facture: f}).TTC(tt.ht); got != tt.want {
			t.Errorf("%s: got %s with taxes, want %s", tt.name, got, tt.want)
		}
	}
}
