package opco_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"guichet/opco"
)

// apresS09 is S09 once constaté: F9 is 206, 2 240,00 approved, 560,00 not.
func apresS09(t *testing.T) *opco.Dossier {
	t.Helper()
	d := avecFacture(deuxPour35(35*heure, 21*heure), facture("F9", peda(280000)))
	k, err := opco.Constater(d, true, lesFaits())
	if err != nil {
		t.Fatal(err)
	}
	accepter(d, k)
	d.Etat = opco.EtatEnReglement
	return d
}

func leAvoir(numero string, m opco.Montant) opco.Avoir {
	return opco.Avoir{ID: numero, Numero: numero, Facture: "F9", Montant: m, Date: "2026-05-02"}
}

func plusTard() opco.Faits {
	fa := lesFaits()
	fa.Le = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	return fa
}

func TestAppliquerAvoir(t *testing.T) {
	reglement := func(e opco.EtatReglement) func(*opco.Dossier) {
		return func(d *opco.Dossier) {
			d.Reglements = []opco.Reglement{{ID: "r", Facture: "F9", Montant: 224000, Etat: e}}
		}
	}
	rien := func(*opco.Dossier) {}
	tests := []struct {
		name     string
		avant    func(*opco.Dossier)
		montants []opco.Montant
		etat     opco.EtatFacture
		approuve opco.Montant
		attend   bool
		echeance opco.Date
	}{
		{"S09 AV-7 for what was not followed: payable from this day", rien, []opco.Montant{56000}, opco.FactureApprouveePartiel, 224000, false, "2026-06-03"},
		{"an avoir that is too small still waits", rien, []opco.Montant{55999}, opco.FactureApprouveePartiel, 224000, true, ""},
		{"two avoirs reach it together", rien, []opco.Montant{55999, 1}, opco.FactureApprouveePartiel, 224000, false, "2026-06-03"},
		{"a larger avoir lowers what is paid", rien, []opco.Montant{60000}, opco.FactureApprouveePartiel, 220000, false, "2026-06-03"},
		{"an avoir for the whole cancels the invoice", rien, []opco.Montant{280000}, opco.FactureAnnuleeParAvoir, 0, false, ""},
		{"two avoirs for the whole cancel it too", rien, []opco.Montant{56000, 224000}, opco.FactureAnnuleeParAvoir, 0, false, ""},
		{"not in a batch yet", reglement(opco.ReglementAPayer), []opco.Montant{280000}, opco.FactureAnnuleeParAvoir, 0, false, ""},
		{"its règlement was rejected by the bank", reglement(opco.ReglementRejete), []opco.Montant{280000}, opco.FactureAnnuleeParAvoir, 0, false, ""},
		{"an avoir of the day of the invoice", func(d *opco.Dossier) { d.Factures[0].Date = "2026-05-02" }, []opco.Montant{56000},
			opco.FactureApprouveePartiel, 224000, false, "2026-06-03"},
		{"an invoice not examined yet", func(d *opco.Dossier) {
			d.Factures[0] = facture("F9", peda(280000))
		}, []opco.Montant{56000}, opco.FacturePriseEnCharge, 0, false, ""},
		{"in a batch, what is paid does not change", reglement(opco.ReglementPropose), []opco.Montant{56000}, opco.FactureApprouveePartiel, 224000, false, "2026-06-03"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := apresS09(t)
			tt.avant(d)
			var f opco.Facture
			for i, m := range tt.montants {
				var err error
				if f, err = opco.AppliquerAvoir(d, leAvoir("AV-"+string(rune('7'+i)), m), plusTard()); err != nil {
					t.Fatal(err)
				}
				d.Factures[0] = f
			}
			if f.Etat != tt.etat || f.Approuve != tt.approuve || f.AttendAvoir != tt.attend || f.EcheanceLe != tt.echeance {
				t.Errorf("got %s %s waits %v due %q, want %s %s %v %q", f.Etat, f.Approuve, f.AttendAvoir, f.EcheanceLe,
					tt.etat, tt.approuve, tt.attend, tt.echeance)
			}
			if strings.Contains(f.Phrase, "Envoyez un avoir") && !tt.attend {
				t.Errorf("it still asks for an avoir: « %s »", f.Phrase)
			}
			var lignes opco.Montant
			for _, l := range f.Constatees {
				lignes += l.Payable
			}
			if opco.Somme(f.Parts) != f.Approuve || lignes != f.Approuve {
				t.Errorf("parts %s, lines %s, approved %s", opco.Somme(f.Parts), lignes, f.Approuve)
			}
		})
	}
}

func TestAppliquerAvoirRefuse(t *testing.T) {
	tests := []struct {
		name   string
		change func(d *opco.Dossier, a *opco.Avoir, fa *opco.Faits)
		kind   opco.Kind
		want   string
	}{
		{"an unknown invoice", func(_ *opco.Dossier, a *opco.Avoir, _ *opco.Faits) { a.Facture = "F8" }, opco.NotFound, "F8"},
		{"more than the invoice", func(_ *opco.Dossier, a *opco.Avoir, _ *opco.Faits) { a.Montant = 280001 }, opco.Invalid, "dépasse"},
		{"a null amount", func(_ *opco.Dossier, a *opco.Avoir, _ *opco.Faits) { a.Montant = 0 }, opco.Invalid, "0,00"},
		{"a negative amount", func(_ *opco.Dossier, a *opco.Avoir, _ *opco.Faits) { a.Montant = -56000 }, opco.Invalid, "signe"},
		{"no number", func(_ *opco.Dossier, a *opco.Avoir, _ *opco.Faits) { a.Numero = "  " }, opco.Invalid, "numéro"},
		{"no date", func(_ *opco.Dossier, a *opco.Avoir, _ *opco.Faits) { a.Date = "" }, opco.Invalid, "date"},
		{"dated before its invoice", func(_ *opco.Dossier, a *opco.Avoir, _ *opco.Faits) { a.Date = "2026-04-19" }, opco.Invalid, "20 avril 2026"},
		{"the same avoir twice", func(d *opco.Dossier, a *opco.Avoir, _ *opco.Faits) {
			d.Factures[0].Avoirs = []opco.Avoir{leAvoir("av-7", 100)}
		}, opco.Conflict, "AV-7"},
		{"the number of an invoice", func(_ *opco.Dossier, a *opco.Avoir, _ *opco.Faits) { a.Numero = "F9" }, opco.Conflict, "F9"},
		{"a number used in another dossier", func(_ *opco.Dossier, _ *opco.Avoir, fa *opco.Faits) { fa.NumerosPris = []string{"AV-7"} }, opco.Conflict, "AV-7"},
		{"together more than the invoice", func(d *opco.Dossier, _ *opco.Avoir, _ *opco.Faits) {
			d.Factures[0].Avoirs = []opco.Avoir{leAvoir("AV-6", 224001)}
		}, opco.Invalid, "559,99"},
		{"a refused invoice", func(d *opco.Dossier, _ *opco.Avoir, _ *opco.Faits) { d.Factures[0].Etat = opco.FactureRefusee }, opco.Conflict, "Refusée"},
		{"an invoice already cancelled", func(d *opco.Dossier, _ *opco.Avoir, _ *opco.Faits) { d.Factures[0].Etat = opco.FactureAnnuleeParAvoir }, opco.Conflict, "Annulée"},
		{"what is paid would change, and it is in a batch", func(d *opco.Dossier, a *opco.Avoir, _ *opco.Faits) {
			a.Montant = 56001
			d.Reglements = []opco.Reglement{{Facture: "F9", Etat: opco.ReglementPropose}}
		}, opco.Conflict, "en paiement"},
		{"an advance that invoices have taken over", func(d *opco.Dossier, a *opco.Avoir, _ *opco.Faits) {
			d.Factures[0].Avance = true
			d.Factures = append(d.Factures, opco.Facture{ID: "F10", Etat: opco.FactureImputee, Approuve: 200000, Impute: 200000})
		}, opco.Invalid, "imputé"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, a, fa := apresS09(t), leAvoir("AV-7", 56000), plusTard()
			tt.change(d, &a, &fa)
			_, err := opco.AppliquerAvoir(d, a, fa)
			if !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s about %q", err, tt.kind, tt.want)
			}
		})
	}
}

// Three funds give back in the proportions in which they paid.
func TestAvoirRendAuxFonds(t *testing.T) {
	d := avecFacture(s24(60*heure, 250000, 100000, 50000), facture("F9", peda(300000)))
	k, err := opco.Constater(d, true, lesFaits())
	if err != nil {
		t.Fatal(err)
	}
	accepter(d, k)
	f, err := opco.AppliquerAvoir(d, leAvoir("AV-7", 100000), plusTard())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(troisFonds(125000, 50000, 25000), f.Parts); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

// An avoir lowers what an invoice of hours wholly followed may be paid.
func TestConstaterPlafonneParAvoir(t *testing.T) {
	d := avecFacture(deuxPour35(35*heure, 35*heure), facture("F9", pedaDe("Ana Ruiz", 0, 140000), pedaDe("Boris Petit", 0, 140000)))
	d.Factures[0].Avoirs = []opco.Avoir{leAvoir("AV-7", 56000)}
	if k, err := opco.Constater(d, true, plusTard()); err != nil || k.Payable != 224000 || k.Factures[0].NonApprouve != 0 {
		t.Errorf("payable %s, err %v; want 2 240,00", k.Payable, err)
	}
}

// An avoir that came before the constat leaves nothing to explain.
func TestConstaterApresAvoir(t *testing.T) {
	d := avecFacture(deuxPour35(35*heure, 21*heure), facture("F9", peda(280000)))
	f, err := opco.AppliquerAvoir(d, leAvoir("AV-7", 56000), plusTard())
	if err != nil {
		t.Fatal(err)
	}
	d.Factures[0] = f
	k, err := opco.Constater(d, true, plusTard())
	if err != nil || k.Payable != 224000 || k.Factures[0].NonApprouve != 0 || k.Factures[0].AttendAvoir {
		t.Errorf("payable %s, not approved %s, err %v; want 2 240,00 and nothing", k.Payable, k.Factures[0].NonApprouve, err)
	}
}

func TestRemplacer(t *testing.T) {
	remplacante := func(m opco.Montant) opco.Facture {
		f := facture("F9-bis", peda(m))
		f.Remplace, f.Etat = "F9", opco.FactureDeposee
		return f
	}
	t.Run("S21 the replacement of S09 is approved at once", func(t *testing.T) {
		d := apresS09(t)
		if e, m, p := opco.ControlerFacture(d, remplacante(224000), plusTard()); e != opco.FacturePriseEnCharge {
			t.Fatalf("on arrival it is %s %s « %s »", e, m, p)
		}
		vieille, neuve, err := opco.Remplacer(d, remplacante(224000), plusTard())
		if err != nil {
			t.Fatal(err)
		}
		if vieille.Etat != opco.FactureAnnuleeParAvoir || vieille.Approuve != 0 || vieille.Parts != nil || vieille.AttendAvoir {
			t.Errorf("the old one is %s, approved %s", vieille.Etat, vieille.Approuve)
		}
		if neuve.Etat != opco.FactureApprouvee || neuve.Approuve != 224000 || neuve.NonApprouve != 0 || neuve.EcheanceLe != "2026-06-03" {
			t.Errorf("the new one is %s %s due %s", neuve.Etat, neuve.Approuve, neuve.EcheanceLe)
		}
		if diff := cmp.Diff(d.Acceptes, neuve.Parts); diff != "" {
			t.Errorf("the funds changed (-accepted +new):\n%s", diff)
		}
	})
	t.Run("a smaller one gives back the difference", func(t *testing.T) {
		_, neuve, err := opco.Remplacer(apresS09(t), remplacante(200000), plusTard())
		if err != nil || neuve.Approuve != 200000 || opco.Somme(neuve.Parts) != 200000 {
			t.Errorf("approved %s, parts %s, err %v", neuve.Approuve, opco.Somme(neuve.Parts), err)
		}
	})
	t.Run("an invoice not examined yet is replaced by another to examine", func(t *testing.T) {
		d := avecFacture(deuxPour35(35*heure, 21*heure), facture("F9", peda(280000)))
		vieille, neuve, err := opco.Remplacer(d, remplacante(224000), plusTard())
		if err != nil || vieille.Etat != opco.FactureAnnuleeParAvoir || neuve.Etat != opco.FacturePriseEnCharge || neuve.Approuve != 0 {
			t.Errorf("old %s, new %s, err %v", vieille.Etat, neuve.Etat, err)
		}
	})
	refus := []struct {
		name   string
		change func(d *opco.Dossier, f *opco.Facture)
		kind   opco.Kind
		want   string
	}{
		{"it asks more than was approved", func(_ *opco.Dossier, f *opco.Facture) { *f = remplacante(224001) }, opco.Conflict, opco.Montant(224000).String()},
		{"an unknown number", func(_ *opco.Dossier, f *opco.Facture) { f.Remplace = "F7" }, opco.NotFound, "F7"},
		{"it is in a batch", func(d *opco.Dossier, _ *opco.Facture) {
			d.Reglements = []opco.Reglement{{Facture: "F9", Etat: opco.ReglementValide}}
		}, opco.Conflict, "en paiement"},
		{"it was refused", func(d *opco.Dossier, _ *opco.Facture) { d.Factures[0].Etat = opco.FactureRefusee }, opco.Conflict, "Refusée"},
	}
	for _, tt := range refus {
		t.Run(tt.name, func(t *testing.T) {
			d, f := apresS09(t), remplacante(224000)
			tt.change(d, &f)
			if _, _, err := opco.Remplacer(d, f, plusTard()); !errors.Is(err, tt.kind) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %s about %q", err, tt.kind, tt.want)
			}
			if e, m, p := opco.ControlerFacture(d, f, plusTard()); e != opco.FactureRefusee || m != opco.MotifNonConforme || !strings.Contains(p, tt.want) {
				t.Errorf("on arrival it is %s %s « %s », want REFUSEE NON_CONFORME", e, m, p)
			}
		})
	}
}
