package opco_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"guichet/opco"
)

// TestEssayerFacture: what is told before an invoice leaves is what the rules then do,
// and nothing is kept.
func TestEssayerFacture(t *testing.T) {
	ligne := func(m opco.Montant) []opco.LigneFacture {
		return []opco.LigneFacture{pedaDe("Ana Ruiz", 14*heure, m), pedaDe("Boris Petit", 14*heure, 60000)}
	}
	for _, tt := range []struct {
		nom        string
		change     func(d *opco.Dossier, f *opco.Facture)
		etat       opco.EtatFacture
		calculable bool
		payable    opco.Montant
		non        opco.Montant
		motif      opco.Motif
	}{
		{"S01", func(*opco.Dossier, *opco.Facture) {}, opco.FacturePriseEnCharge, true, 120000, 0, ""},
		{"more than the accord", func(_ *opco.Dossier, f *opco.Facture) { *f = facture("N", ligne(90000)...) }, opco.FacturePriseEnCharge, true, 120000, 30000, opco.MotifPUErr},
		{"S18 the wrong dossier", func(_ *opco.Dossier, f *opco.Facture) { f.ReferenceDossier = "AF26-999999" }, opco.FactureRefusee, false, 0, 0, opco.MotifRefErr},
		{"no certificat", func(d *opco.Dossier, _ *opco.Facture) { d.Certificats = nil }, opco.FactureSuspendue, false, 0, 0, opco.MotifJustifAbs},
	} {
		t.Run(tt.nom, func(t *testing.T) {
			d := deuxStagiaires()
			d.Etat = opco.EtatAttenteServiceFait
			f := facture("N", ligne(60000)...)
			tt.change(d, &f)
			charge, err := json.Marshal(opco.ChargeFacturer{Facture: f})
			if err != nil {
				t.Fatal(err)
			}
			a := opco.Acte{ID: f.ID, Type: opco.ActeFacturer, Par: opco.Acteur{Personne: "p", Role: opco.RoleOrganisme}, Charge: charge}
			e, err := opco.EssayerFacture(d, a, lesFaits())
			if err != nil || e.Etat != tt.etat || e.Calculable != tt.calculable || e.Payable != tt.payable || e.NonPayable != tt.non || e.Motif != tt.motif {
				t.Errorf("got %+v (%v), want %s, %v %s and %s not, %q", e, err, tt.etat, tt.calculable, tt.payable, tt.non, tt.motif)
			}
			if tt.motif != "" && (e.Phrase == "" || e.Comment == "") {
				t.Errorf("no sentence for %s: %+v", tt.motif, e)
			}
			if len(d.Factures) != 0 {
				t.Error("the dossier kept the invoice")
			}
		})
	}
	d := deuxStagiaires()
	d.Etat = opco.EtatTransmise
	if _, err := opco.EssayerFacture(d, opco.Acte{Type: opco.ActeFacturer, Par: opco.Acteur{Role: opco.RoleOrganisme}}, lesFaits()); !errors.Is(err, opco.Conflict) {
		t.Errorf("before the décision: got %v, want a conflict", err)
	}
}

// TestFactureProposee: the invoice that is proposed is the one that is paid whole.
func TestFactureProposee(t *testing.T) {
	d := deuxStagiaires()
	d.Etat = opco.EtatAttenteServiceFait
	f := opco.FactureProposee(d, lesFaits())
	if f.TotalHT != 120000 || len(f.Lignes) != 2 || f.Lignes[0].Heures != 14*heure || f.Emetteur != siretOF1 || f.Destinataire != siretOPCO || f.TauxTVA != 0 {
		t.Fatalf("got %+v", f)
	}
	f.ID, f.Numero = "N", "N"
	if etat, motif, phrase := opco.ControlerFacture(d, f, lesFaits()); etat != opco.FacturePriseEnCharge {
		t.Errorf("got %s %s %s, want it to pass", etat, motif, phrase)
	}
	d.Certificats = d.Certificats[:1]
	d.Certificats[0].Heures = 7 * heure
	if f := opco.FactureProposee(d, lesFaits()); f.TotalHT != 90000 {
		t.Errorf("7 h certified of 14, and nothing said of the other: got %s, want 900,00", f.TotalHT)
	}
	fa := lesFaits()
	fa.Organisme.TVA = true
	if f := opco.FactureProposee(d, fa); f.TauxTVA != 2000 || f.TotalTTC != f.TotalHT+f.TVA || f.TVA == 0 {
		t.Errorf("an organisme that is not exempt: got %+v", f)
	}
}

// TestCleNumero: numbers of every generation are looked for with their signs or
// without (AT-32).
func TestCleNumero(t *testing.T) {
	for in, want := range map[string]string{"16/0/5756": "1605756", " 18RCDI3114 ": "18rcdi3114", "AF26-000012": "af26000012", "26.A.20744.1": "26a207441", "/": ""} {
		if got := opco.CleNumero(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := opco.NonConformiteDite(opco.MotifPieceAutre, "test"); got != "Non conforme : test" || !strings.HasPrefix(got, "Non conforme") {
		t.Errorf("got %q (AT-27)", got)
	}
}
