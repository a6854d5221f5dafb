package opco

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// chantierDe begins a lot of the list rs.
func chantierDe(t interface{ Fatal(...any) }, ch ChargeConstruireLot, n int) *Lot {
	l := &Lot{ID: "L26-0001"}
	f := faitsLotEssai(jourLot)
	f.AExaminer, f.Instant = n, jourLot
	if _, err := l.Appliquer(acteLot(ActeConstruireLot, comptableLot, ch), nil, f); err != nil {
		t.Fatal(err)
	}
	return l
}

// poignee applies the échéance that a lot under construction is due, then counts the
// lines as the memory does.
func poignee(t interface{ Fatal(...any) }, l *Lot, rs []ReglementActuel) EffetsLot {
	f := faitsLotEssai(jourLot)
	f.Reglements, f.Examines, f.Instant = rs, len(rs), jourLot.Add(time.Minute)
	a, ech := systemeLot(ActePoursuivreLot, l.Echeances[0].Code)
	e, err := l.Appliquer(a, ech, f)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A lot built by handfuls of any length is the lot built in one step: the same lines in
// the same transfers, the same sums, the same left out.
func TestLotParPoigneesEstLeMeme(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		groupe := rapid.Bool().Draw(t, "groupe")
		n := rapid.IntRange(3, 40).Draw(t, "reglements")
		rs := make([]ReglementActuel, n)
		for i := range rs {
			of := rapid.IntRange(0, 3).Draw(t, "organisme")
			rs[i] = ligneS11(i+1, fmt.Sprintf("F-%d", i), Montant(rapid.IntRange(1, 900).Draw(t, "montant")*100), fmt.Sprintf("9990013650%04d", of*1000+17),
				[]IBAN{"FR7699999000150010020035594", "FR7699999000160010020036646"}[rapid.IntRange(0, 1).Draw(t, "compte")])
			rs[i].Beneficiaire = SIRET([]string{"99900136500017", "99900143100017", "99900101900010", "99900115900014"}[of])
			rs[i].Payable = rapid.IntRange(0, 5).Draw(t, "payable") > 0
		}
		rs[0].Payable = true
		ch := ChargeConstruireLot{EcheanceAu: "2026-06-01", Groupe: groupe, Execution: "2026-05-04"}
		entier := &Lot{ID: "L26-0001"}
		f := faitsLotEssai(jourLot)
		f.Reglements = rs
		if _, err := entier.Appliquer(acteLot(ActeConstruireLot, comptableLot, ch), nil, f); err != nil {
			t.Fatal(err)
		}
		liste := slices.Clone(rs)
		if groupe { // the list of a grouped lot goes payee by payee
			slices.SortStableFunc(liste, func(a, b ReglementActuel) int { return strings.Compare(string(a.Beneficiaire), string(b.Beneficiaire)) })
		}
		l, lignes := chantierDe(t, ch, n), []LigneLot(nil)
		taille := rapid.IntRange(1, n).Draw(t, "poignée")
		for part := range slices.Chunk(liste, taille) {
			poignee(t, l, part)
			lignes = append(lignes, l.Lignes...)
			*l = l.EnTete() // the lines of a handful are not at hand in the next
		}
		l.Prendre(lignes)
		if l.Etat != LotPropose || l.Chantier != nil || l.Somme() != entier.Somme() || l.PlusGros != entier.PlusGros || l.Transferts != entier.Transferts ||
			l.NombreEcartees() != entier.NombreEcartees() || len(l.Reste) != 0 {
			t.Fatalf("got %s, %d transfers up to %s, %s; want %d up to %s, %s", l.Etat, l.Transferts, l.PlusGros, l.Somme(), entier.Transferts, entier.PlusGros, entier.Somme())
		}
		if got, want := transferts(l), transferts(entier); !slices.Equal(got, want) {
			t.Fatalf("transfers %v, want %v", got, want)
		}
	})
}

// transferts says what each transfer of a lot pays, whatever their order.
func transferts(l *Lot) []string {
	var vs []string
	for _, v := range l.Virements() {
		slices.Sort(v.Reglements)
		vs = append(vs, fmt.Sprint(v.IBAN, v.Montant, v.Reglements))
	}
	slices.Sort(vs)
	return vs
}

// Nobody validates, takes lines out of, or lets expire a lot that is not whole; it may be
// given up at any time.
func TestLotEnConstruction(t *testing.T) {
	l := chantierDe(t, ChargeConstruireLot{EcheanceAu: "2026-06-01", Execution: "2026-05-04"}, 3)
	poignee(t, l, s11()[:2])
	if l.Etat != LotEnConstruction || l.Chantier.Fait != 2 || l.Nombre() != 2 {
		t.Fatalf("got %s, %+v, %d lines", l.Etat, l.Chantier, l.Nombre())
	}
	if ech := l.Echeances; len(ech) != 1 || !ech[0].Le.After(jourLot) {
		t.Errorf("got %+v: an acte received during the handful goes before the next one", ech)
	}
	if err := l.Etat.Admet(ActeValiderLot, RoleComptable); KindOf(err) != Conflict {
		t.Errorf("a validation: %v, want a Conflict", err)
	}
	e, err := l.Appliquer(acteLot(ActeAnnulerLot, comptableLot, ChargeAnnulerLot{Raison: "trop tôt"}), nil, faitsLotEssai(jourLot))
	if err != nil || l.Etat != LotAnnule || l.Chantier != nil || len(l.Echeances) != 0 || len(e.Liberes) != 2 {
		t.Errorf("got %s, %+v, %v", l.Etat, e.Liberes, err)
	}
}

// A règlement named and not payable undoes a lot of any length, and gives back what was
// taken in before it was met.
func TestLotNommeAbandonne(t *testing.T) {
	rs := s11()
	rs[1].Payable = false
	l := chantierDe(t, ChargeConstruireLot{Reglements: []string{"f1-1", "f2-1", "f3-1"}, Execution: "2026-05-04"}, 3)
	poignee(t, l, rs[:1])
	poignee(t, l, rs[1:2])
	if l.Etat != LotEnConstruction || l.Chantier.Echec == "" {
		t.Fatalf("got %s, %+v", l.Etat, l.Chantier)
	}
	e := poignee(t, l, nil)
	if l.Etat != LotAnnule || len(e.Liberes) != 1 || e.Motif != "LOT_ABANDONNE" || !strings.Contains(e.Phrase, "F-2026-119") {
		t.Errorf("got %s, %+v", l.Etat, e)
	}
}

// What happens to an account while the lot is built has it read again once it is whole.
func TestLotReluApresSaConstruction(t *testing.T) {
	l := chantierDe(t, ChargeConstruireLot{EcheanceAu: "2026-06-01", Execution: "2026-05-04"}, 3)
	poignee(t, l, s11()[:2])
	a, _ := systemeLot(ActeRelireLot, "")
	if _, err := l.Appliquer(a, nil, faitsLotEssai(jourLot)); err != nil || l.Etat != LotEnConstruction {
		t.Fatalf("got %s, %v", l.Etat, err)
	}
	poignee(t, l, s11()[2:])
	if l.Etat != LotPropose || len(l.Echeances) != 2 || l.Echeances[0].Type != ActeRelireLot {
		t.Errorf("got %s, %+v", l.Etat, l.Echeances)
	}
}
