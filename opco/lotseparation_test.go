package opco

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// signataires of the tests: two comptables, two responsables, and what delegates sign.
var (
	responsableLot = Acteur{Personne: "r1", Nom: "Rémi", Role: RoleResponsable}
	responsable2   = Acteur{Personne: "r2", Nom: "Rose", Role: RoleResponsable}
	comptable3     = Acteur{Personne: "c3", Nom: "Colin", Role: RoleComptable}
)

func pour(a Acteur, absent string) Acteur { a.Pour = absent; return a }

// Rules 1, 2, 6 and 7 on a lot: who prepares or validates it.
func TestSeparationDuLot(t *testing.T) {
	tests := []struct {
		name  string
		par   Acteur
		liens []SIREN
		code  string // of the refusal, "" when it is admitted
	}{
		{"another comptable", valideurLot, nil, ""},
		{"rule 1: the second account of the builder", Acteur{Personne: "c1", Nom: "Compte bis", Role: RoleComptable}, nil, "MEME_PERSONNE"},
		{"rule 6: the builder for an absent responsable", pour(Acteur{Personne: "c1", Role: RoleResponsable}, "r1"), nil, "MEME_PERSONNE"},
		{"rule 6: a delegate of the builder", pour(valideurLot, "c1"), nil, "MEME_PERSONNE"},
		{"rule 2: who instructed, comptable since", Acteur{Personne: "g1", Role: RoleComptable}, nil, "QUATRE_YEUX"},
		{"rules 2 and 6: a delegate of who instructed", pour(valideurLot, "g1"), nil, "QUATRE_YEUX"},
		{"rules 2 and 6: who instructed, for another", pour(Acteur{Personne: "g1", Role: RoleComptable}, "c9"), nil, "QUATRE_YEUX"},
		{"rule 7: a link with a payee", valideurLot, []SIREN{"999001365"}, "LIEN_INTERET"},
		{"rule 7: a link with a company", valideurLot, []SIREN{"999001019"}, "LIEN_INTERET"},
		{"a link with another company", valideurLot, []SIREN{"999009999"}, ""},
	}
	for _, acte := range []TypeActe{ActeConstruireLot, ActeEjecterLigne, ActeValiderLot} {
		for _, tt := range tests {
			if acte != ActeValiderLot && tt.code == "MEME_PERSONNE" {
				continue // who prepares may prepare again
			}
			t.Run(string(acte)+", "+tt.name, func(t *testing.T) {
				f := faitsLotEssai(jourLot)
				f.Liens = tt.liens
				for _, r := range s11() {
					r.Tiers = []SIREN{"999001019", r.Beneficiaire.SIREN()}
					f.Reglements = append(f.Reglements, r)
				}
				l := &Lot{ID: "L26-0001"}
				charge := any(ChargeConstruireLot{Reglements: []string{"f1-1", "f2-1", "f3-1"}, Execution: "2026-05-04"})
				switch acte {
				case ActeEjecterLigne:
					l, _ = lotA(t, LotPropose, false, s11())
					charge = ChargeEjecterLigne{Retirer: []string{"f3-1"}}
				case ActeValiderLot:
					l, _ = lotA(t, LotPropose, false, s11())
					charge = ChargeValiderLot{Nombre: 3, Somme: 627500}
				}
				_, err := l.Appliquer(acteLot(acte, tt.par, charge), nil, f)
				var refus *Error
				if errors.As(err, &refus); (err == nil) != (tt.code == "") || refus != nil && (refus.Code != tt.code || refus.Kind != Forbidden) {
					t.Errorf("got %v, want %q", err, tt.code)
				}
			})
		}
	}
}

// A line found by its date is left out for who may not prepare it, with the reason.
func TestLotEcarteCeQuOnAJuge(t *testing.T) {
	f := faitsLotEssai(jourLot)
	f.Reglements, f.Liens = s11(), []SIREN{"999001431"}
	f.Reglements[2].Tiers = []SIREN{"999001431"}
	f.Reglements[0].InstruitPar = []string{"c0", "c1"}
	l := &Lot{ID: "L26-0001"}
	_, err := l.Appliquer(acteLot(ActeConstruireLot, comptableLot, ChargeConstruireLot{EcheanceAu: "2026-06-01", Execution: "2026-05-04"}), nil, f)
	if err != nil || len(l.Lignes) != 1 || len(l.Ecartees) != 2 {
		t.Fatalf("got %v, %d lines, %d left out; want 1 and 2", err, len(l.Lignes), len(l.Ecartees))
	}
	if l.Ecartees[0].Raison == "" || !strings.Contains(l.Ecartees[1].Raison, "un autre comptable doit traiter") {
		t.Errorf("got %q and %q: each must say why, and who acts", l.Ecartees[0].Raison, l.Ecartees[1].Raison)
	}
}

// Rule 4: above a threshold a lot takes three persons, one of whom is a responsable.
func TestRegle4TroisPersonnes(t *testing.T) {
	sous := func(p *Parametres) {}
	parLot := func(p *Parametres) { p.LotTroisieme = 627499 }
	juste := func(p *Parametres) { p.LotTroisieme, p.LigneTroisieme = 627500, 403500 }
	parLigne := func(p *Parametres) { p.LigneTroisieme = 403499 } // the two règlements of OF1 leave in one transfer
	tests := []struct {
		name        string
		parametres  func(*Parametres)
		signataires []Acteur
		codes       []string // of the refusals, "" when admitted
		etat        EtatLot
		dit         string // by the last one
	}{
		{"under both: one person is enough", sous, []Acteur{valideurLot}, []string{""}, LotValide, "validé par Chloé"},
		{"at both exactly: the same", juste, []Acteur{valideurLot}, []string{""}, LotValide, "validé par Chloé"},
		{"above, one comptable", parLot, []Acteur{valideurLot}, []string{""}, LotPropose, "il manque la validation d’un responsable"},
		{"a transfer above, one comptable", parLigne, []Acteur{valideurLot}, []string{""}, LotPropose, "Un virement de ce lot dépasse"},
		{"above, a comptable then a responsable", parLot, []Acteur{valideurLot, responsableLot}, []string{"", ""}, LotValide, "validé par Rémi"},
		{"above, a responsable then a comptable", parLot, []Acteur{responsableLot, valideurLot}, []string{"", ""}, LotValide, "validé par Chloé"},
		{"above, two responsables", parLigne, []Acteur{responsableLot, responsable2}, []string{"", ""}, LotValide, "validé par Rose"},
		{"above, two comptables", parLot, []Acteur{valideurLot, comptable3}, []string{"", "RESPONSABLE_ATTENDU"}, LotPropose, ""},
		{"above, the same twice", parLot, []Acteur{responsableLot, responsableLot}, []string{"", "MEME_PERSONNE"}, LotPropose, ""},
		{"above, the same by another account", parLot, []Acteur{valideurLot, {Personne: "c2", Role: RoleResponsable}}, []string{"", "MEME_PERSONNE"}, LotPropose, ""},
		{"above, then a delegate of the first", parLot, []Acteur{valideurLot, pour(responsableLot, "c2")}, []string{"", "MEME_PERSONNE"}, LotPropose, ""},
		{"above, then the builder", parLot, []Acteur{valideurLot, {Personne: "c1", Role: RoleResponsable}}, []string{"", "MEME_PERSONNE"}, LotPropose, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, _ := lotA(t, LotPropose, true, s11())
			dit := ""
			for i, par := range tt.signataires {
				f := faitsLotEssai(jourLot)
				tt.parametres(&f.Parametres)
				f.Reglements = s11()
				e, err := l.Appliquer(acteLot(ActeValiderLot, par, ChargeValiderLot{Nombre: 3, Somme: 627500}), nil, f)
				var refus *Error
				if errors.As(err, &refus); (err == nil) != (tt.codes[i] == "") || refus != nil && refus.Code != tt.codes[i] {
					t.Fatalf("validation %d: got %v, want %q", i+1, err, tt.codes[i])
				}
				if dit = e.Phrase; l.Etat == LotPropose && (len(e.Mouvements) > 0 || l.Sceau != "") {
					t.Errorf("validation %d ordered the payment of a lot that waits", i+1)
				}
			}
			if l.Etat != tt.etat || !strings.Contains(dit, tt.dit) {
				t.Errorf("got %s, « %s »; want %s, « %s »", l.Etat, dit, tt.etat, tt.dit)
			}
			if l.Etat == LotValide && len(l.Validations) != len(tt.signataires) {
				t.Errorf("got %d validations kept, want %d", len(l.Validations), len(tt.signataires))
			}
		})
	}
}

// A first validation is void as soon as the lot changes, whoever changes it.
func TestRegle4LotModifie(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*Lot, FaitsLot) error
	}{
		{"a line taken out by hand", func(l *Lot, f FaitsLot) error {
			_, err := l.Appliquer(acteLot(ActeEjecterLigne, comptableLot, ChargeEjecterLigne{Retirer: []string{"f1-1"}}), nil, f)
			return err
		}},
		{"an IBAN that changed", func(l *Lot, f FaitsLot) error {
			f.Reglements[0].IBAN = "FR7699999000770070070077737"
			_, err := l.Appliquer(acteLot(ActeValiderLot, responsableLot, ChargeValiderLot{Nombre: 3, Somme: 627500}), nil, f)
			return err
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, _ := lotA(t, LotPropose, false, s11())
			f := faitsLotEssai(jourLot)
			f.Parametres.LotTroisieme, f.Reglements = 100, s11()
			if _, err := l.Appliquer(acteLot(ActeValiderLot, valideurLot, ChargeValiderLot{Nombre: 3, Somme: 627500}), nil, f); err != nil {
				t.Fatal(err)
			}
			if err := tt.change(l, f); err != nil || len(l.Validations) != 0 {
				t.Fatalf("got %v, %d validations left; want none", err, len(l.Validations))
			}
			f.Reglements = slices.DeleteFunc(s11(), func(r ReglementActuel) bool { return r.Reglement == "f1-1" })
			_, err := l.Appliquer(acteLot(ActeValiderLot, responsableLot, ChargeValiderLot{Nombre: 2, Somme: 507500}), nil, f)
			if err != nil || l.Etat != LotPropose {
				t.Errorf("got %v, %s: one fresh validation is not two", err, l.Etat)
			}
		})
	}
}
