package opco_test

import (
	"slices"
	"testing"

	"guichet/opco"
)

func TestMentionsDUneFacture(t *testing.T) {
	juste := opco.MentionsFacture{FormeJuridique: "SARL", TVA: opco.TVADe("999001225"), Signataire: "Hélène Roussillon", Fonction: "Gérante", Lieu: "Toulouse"}
	long := make([]rune, 81)
	for i := range long {
		long[i] = 'é'
	}
	for _, tt := range []struct {
		name   string
		change func(m *opco.MentionsFacture)
		taux   int
		want   []string
	}{
		{"whole", func(*opco.MentionsFacture) {}, 2000, nil},
		{"no TVA number, no TVA", func(m *opco.MentionsFacture) { m.TVA = "" }, 0, nil},
		{"TVA without a number", func(m *opco.MentionsFacture) { m.TVA = "" }, 2000, []string{"tva"}},
		{"the number of another company", func(m *opco.MentionsFacture) { m.TVA = "FR44732829320" }, 0, []string{"tva"}},
		{"nothing, in the order of the form", func(m *opco.MentionsFacture) { *m = opco.MentionsFacture{} }, 2000, []string{"forme_juridique", "tva", "signataire", "fonction", "lieu"}},
		{"80 characters with accents", func(m *opco.MentionsFacture) { m.Fonction = string(long[:80]) }, 0, nil},
		{"81", func(m *opco.MentionsFacture) { m.Fonction = string(long) }, 0, []string{"fonction"}},
	} {
		m := juste
		tt.change(&m)
		var got []string
		for _, e := range m.Fautes(opco.Facture{Emetteur: "99900122500013", TauxTVA: tt.taux}) {
			got = append(got, e.Champ)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: got faults on %v, want %v", tt.name, got, tt.want)
		}
	}
}

// TestTVADe: the number that is proposed is one that ParseTVA reads.
func TestTVADe(t *testing.T) {
	for siren, want := range map[opco.SIREN]opco.TVA{"732829320": "FR44732829320", "999003643": "FR01999003643", "123": "", "": ""} {
		if got := opco.TVADe(siren); got != want {
			t.Errorf("TVADe(%s) = %s, want %s", siren, got, want)
		}
	}
}

// TestBaseDesLignes: what the amount of each cost line is (AK-48 to AK-51).
func TestBaseDesLignes(t *testing.T) {
	want := map[opco.Ligne]string{opco.LigneRemuneration: "salaire chargé", opco.LigneHebergement: "TTC", opco.LigneTransport: "TTC",
		opco.LigneRepas: "net de la TVA récupérée", opco.LigneDivers: "net de la TVA récupérée"}
	for _, l := range opco.Lignes() {
		base := want[l]
		if base == "" {
			base = "HT"
		}
		if l.Base() != base {
			t.Errorf("%s: got %s, want %s", l, l.Base(), base)
		}
	}
}

func TestPiecesCitees(t *testing.T) {
	for _, tt := range []struct {
		name   string
		acte   opco.TypeActe
		charge string
		want   []string
	}{
		{"an invoice", opco.ActeFacturer, `{"facture": {"piece_id": "a"}}`, []string{"a"}},
		{"an invoice without a file", opco.ActeFacturer, `{"facture": {}}`, nil},
		{"certificats in one file, and in another", opco.ActeCertifier, `{"certificats": [{"piece_id": "b"}, {"piece_id": "a"}, {"piece_id": "b"}, {}]}`, []string{"a", "b"}},
		{"another acte", opco.ActeDeposerAvoir, `{"facture": {"piece_id": "a"}}`, nil},
	} {
		got, err := opco.Acte{Type: tt.acte, Charge: []byte(tt.charge)}.PiecesCitees()
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %v (%v), want %v", tt.name, got, err, tt.want)
		}
	}
	if _, err := (opco.Acte{Type: opco.ActeFacturer, Charge: []byte(`{"facture": 1}`)}).PiecesCitees(); err == nil {
		t.Error("an unreadable charge has no error")
	}
}
