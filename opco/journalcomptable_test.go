package opco_test

import (
	"strings"
	"testing"

	"guichet/opco"
)

// TestAnEntryOfTheJournal reads the eighteen columns of an entry, and what is refused.
func TestAnEntryOfTheJournal(t *testing.T) {
	e := opco.EcritureComptable{Numero: 7, Jour: "2026-05-12", Valide: "2026-06-01", Mouvement: "m1", Type: opco.MouvementPaiement, Enveloppe: "999001019/2026/MUTUALISE",
		Entreprise: "Sorbier\tet\nfils", Dossier: "AF26-1", Reglement: "R26-1", Lignes: []opco.LigneComptable{{opco.LivreOrdonnance, -115505}, {opco.LivrePaye, 115505}}}
	ls, err := e.Journal()
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(ls[0], "|") + "\n" + strings.Join(ls[1], "|")
	want := `REG|Règlements|7|20260512|801300|Règlements ordonnancés|999001019/2026/MUTUALISE|Sorbier et fils|R26-1|20260512|Paiement, dossier AF26-1, règlement R26-1|0,00|1155,05|||20260601||
REG|Règlements|7|20260512|801400|Règlements exécutés|999001019/2026/MUTUALISE|Sorbier et fils|R26-1|20260512|Paiement, dossier AF26-1, règlement R26-1|1155,05|0,00|||20260601||`
	if got != want || len(ls[0]) != len(opco.ColonnesJournal()) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for nom, casser := range map[string]func(e *opco.EcritureComptable){
		"a cent lost":        func(e *opco.EcritureComptable) { e.Lignes[1].Montant-- },
		"one line":           func(e *opco.EcritureComptable) { e.Lignes = []opco.LigneComptable{{opco.LivrePaye, 0}} },
		"an unknown account": func(e *opco.EcritureComptable) { e.Lignes[0].Compte = "CAISSE" },
		"an unknown type":    func(e *opco.EcritureComptable) { e.Type = "VIREMENT" },
	} {
		x := e
		x.Lignes = append([]opco.LigneComptable(nil), e.Lignes...)
		casser(&x)
		if ls, err := x.Journal(); opco.KindOf(err) != opco.Conflict || ls != nil {
			t.Errorf("%s: got %v, %v; want a refusal", nom, ls, err)
		}
	}
}

// TestEveryMovementAndAccountIsInTheChart: a new account or movement of the ledger has
// its place in the journal, and no two accounts share a number.
func TestEveryMovementAndAccountIsInTheChart(t *testing.T) {
	vus := map[string]bool{}
	for _, c := range opco.ComptesLivre() {
		n, lib := opco.CompteComptable(c)
		if len(n) != 6 || lib == "" || vus[n] {
			t.Errorf("%s: got account %q %q", c, n, lib)
		}
		vus[n] = true
	}
	for _, m := range opco.TypesMouvement() {
		de, vers := m.Comptes()
		e := opco.EcritureComptable{Type: m, Lignes: []opco.LigneComptable{{de, -1}, {vers, 1}}}
		if _, err := e.Journal(); err != nil {
			t.Errorf("%s: %v", m, err)
		}
	}
}
