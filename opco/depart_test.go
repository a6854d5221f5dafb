package opco_test

import (
	"slices"
	"testing"

	"guichet/opco"
)

// What the base knows of a file follows from the état of its lot and from the bytes that it has.
func TestWhatIsKnownOfAFileThatLeft(t *testing.T) {
	for _, tt := range []struct {
		etat    opco.EtatLot
		archive string
		want    opco.SortDepart
		regle   bool
	}{
		{opco.LotTransmis, "a", opco.DepartConnu, true},
		{opco.LotInconnu, "a", opco.DepartConnu, true},
		{opco.LotSolde, "a", opco.DepartConnu, true},
		{opco.LotEmis, "a", opco.DepartAttendu, true},
		{opco.LotValide, "a", opco.DepartAttendu, true},
		{opco.LotValide, "", opco.DepartInconnu, false},
		{opco.LotPropose, "", opco.DepartInconnu, false},
		{opco.LotAnnule, "a", opco.DepartInconnu, false},
		{opco.LotPropose, "b", opco.DepartAutre, false},
		{opco.LotTransmis, "b", opco.DepartAutre, false},
		{opco.LotNouveau, "", opco.DepartInconnu, false},
	} {
		if got := opco.JugerDepart(tt.etat, tt.archive, "a"); got != tt.want || got.Regle() != tt.regle || got.Echappe() == tt.regle {
			t.Errorf("a lot %q with %q: got %s (settled: %v), want %s", tt.etat, tt.archive, got, got.Regle(), tt.want)
		}
	}
}

// The invoices that a transfer pays are those that Remise named, whatever their numbers are.
func TestTheInvoicesThatATransferNames(t *testing.T) {
	paires := []opco.PaireRemise{{Dossier: "AF26-000001", Facture: "F-2026-118"}, {Dossier: "AF26-000002", Facture: "12, bis"}, {Dossier: "AF26-000003", Facture: "N° 7 +2"}}
	for _, tt := range []struct {
		numero string
		n      int
		want   []string
	}{
		{"R26-000001", 1, []string{"AF26-000001 F-2026-118"}},
		{"L26-000001-3", 2, []string{"AF26-000001 F-2026-118", "AF26-000002 12, bis"}},
	} {
		if got := opco.FacturesRemises(tt.numero, opco.Remise(tt.numero, paires[:tt.n])); !slices.Equal(got, tt.want) {
			t.Errorf("%s: got %q, want %q", tt.numero, got, tt.want)
		}
	}
	var longue []opco.PaireRemise
	for range 40 {
		longue = append(longue, paires[0])
	}
	if got := opco.FacturesRemises("L1-1", opco.Remise("L1-1", longue)); len(got) == 0 || slices.ContainsFunc(got, func(x string) bool { return x != "AF26-000001 F-2026-118" }) {
		t.Errorf("got %q", got)
	}
	if got := opco.FacturesRemises("R1", opco.Remise("R1", nil)); len(got) != 0 {
		t.Errorf("got %q of nothing", got)
	}
}
