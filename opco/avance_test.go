package opco_test

import (
	"errors"
	"testing"

	"guichet/opco"
)

// s08 is S08's accord: 150 h at 60,00 €, paid period by period on the company's own
// fund, on the eve of its start.
func s08(t *testing.T) *vie {
	d := accord([]eleve{{"Ana", "Ruiz", 150 * heure, -1, 900000, 0}})
	d.Etat, d.Demande.Echelonnement, d.Demande.Debut, d.Demande.Fin = opco.EtatAccordee, true, "2026-04-13", "2026-06-30"
	d.Demande.Lignes = []opco.LigneDemandee{{Ligne: opco.LignePeda, Montant: 900000}}
	d.Decision.Fonds = []opco.PartFonds{{Enveloppe: "e4/0/VV", Code: "VV", Montant: 900000}}
	d.Engagements = d.Decision.Fonds
	return &vie{t: t, d: d, f: lesFaits()}
}

// avance sends an advance, and returns it as the dossier took it.
func (v *vie) avance(numero string, m opco.Montant) opco.Facture {
	f := facture(numero, peda(m))
	f.Avance, f.Date = true, "2026-04-02"
	if err := v.faire("2026-04-02 10:00", opco.ActeFacturer, actOF, opco.ChargeFacturer{Facture: f}); err != nil {
		v.t.Fatal(err)
	}
	return v.d.Factures[len(v.d.Factures)-1]
}

// payer has the bank execute what is to be paid, and returns how much.
func (v *vie) payer(le string) opco.Montant {
	var m opco.Montant
	for _, r := range v.d.Reglements {
		if r.Etat != opco.ReglementAPayer {
			continue
		}
		m += r.Montant
		if err := v.faire(le, opco.ActeRegler, opco.ActeurBanque(), opco.ChargeReglement{Reglement: r.ID, Date: opco.Date(le[:10])}); err != nil {
			v.t.Fatal(err)
		}
	}
	return m
}

// servie certifies hours of a period, has them invoiced and accepted.
func (v *vie) servie(numero string, du, au opco.Date, h opco.Minutes, m opco.Montant, solde bool) {
	c := certificat("Ana", "Ruiz", h)
	c.ID, c.Du, c.Au, c.SigneLe = "c"+numero, du, au, au
	f := facture(numero, peda(m))
	f.Date, f.Du, f.Au = au.Jours(1), du, au
	le := string(au.Jours(1)) + " 10:00"
	for _, x := range []struct {
		t opco.TypeActe
		p opco.Acteur
		c any
	}{{opco.ActeCertifier, actOF, opco.ChargeCertifier{Certificats: []opco.Certificat{c}}},
		{opco.ActeFacturer, actOF, opco.ChargeFacturer{Facture: f}},
		{opco.ActeConstater, actGes, opco.ChargeConstater{Solde: solde}}} {
		if err := v.faire(le, x.t, x.p, x.c); err != nil {
			v.t.Fatal(x.t, err)
		}
	}
}

// suite applies the échéance that follows at once.
func (v *vie) suite() {
	e, f := v.d.Echeances[0], v.f
	f.Le = e.Le
	if _, err := v.d.Appliquer(opco.Acte{Type: e.Type, Par: opco.ActeurSysteme(), Le: e.Le}, &e, f); err != nil {
		v.t.Fatal(err)
	}
}

// S08 to the cent: the advance of 30 % is paid before the start, imputed on the
// first period, and nothing is paid twice.
func TestS08AvanceImputee(t *testing.T) {
	v := s08(t)
	if f := v.avance("F-0", 270001); f.Etat != opco.FactureRefusee || f.Motif != opco.MotifAvanceSup30 || v.d.Etat != opco.EtatAccordee {
		t.Fatalf("an advance above 30 %% is %s %s", f.Etat, f.Motif)
	}
	if f := v.avance("F-1", 270000); f.Etat != opco.FacturePriseEnCharge {
		t.Fatalf("an advance of 30 %% is %s: %s", f.Etat, f.Phrase)
	}
	if err := v.faire("2026-04-03 10:00", opco.ActeConstater, actGes, opco.ChargeConstater{Solde: true}); !errors.Is(err, opco.Conflict) {
		t.Errorf("the dossier is settled on its advance: %v", err)
	}
	if err := v.faire("2026-04-03 10:00", opco.ActeConstater, actGes, opco.ChargeConstater{}); err != nil {
		t.Fatal(err)
	}
	if m := v.payer("2026-04-07 10:00"); m != 270000 || v.d.Etat != opco.EtatRegleePartielle {
		t.Fatalf("advance paid %s, in %s", m, string(v.d.Etat))
	}
	if v.suite(); v.d.Etat != opco.EtatAccordee || v.d.Echeances[0].Type != opco.ActeDemarrer || v.d.Echeances[0].Effet != "2026-04-13" {
		t.Fatalf("after its advance the dossier is %s, %+v", string(v.d.Etat), v.d.Echeances)
	}
	v.suite()
	for _, x := range []struct {
		numero string
		au     opco.Date
		h      opco.Minutes
		m      opco.Montant
		paye   opco.Montant
		etat   opco.Etat
	}{{"F-2", "2026-05-15", 60 * heure, 360000, 90000, opco.EtatRegleePartielle}, {"F-3", "2026-06-30", 90 * heure, 540000, 540000, opco.EtatReglee}} {
		v.servie(x.numero, x.au.Jours(-20), x.au, x.h, x.m, false)
		if got := v.payer(string(x.au.Jours(9)) + " 10:00"); got != x.paye || v.d.Etat != x.etat {
			t.Fatalf("%s paid %s in %s, want %s in %s", x.numero, got, string(v.d.Etat), x.paye, string(x.etat))
		}
		if x.etat == opco.EtatRegleePartielle {
			v.suite()
		}
	}
	if r := v.d.Resume(); r.Paye != 900000 || r.Accepte != 900000 || r.Engage != 0 {
		t.Errorf("paid %s, accepted %s, engaged %s", r.Paye, r.Accepte, r.Engage)
	}
	f := facture("F-4", peda(10000))
	f.Date = "2026-07-15"
	if err := v.faire("2026-07-15 10:00", opco.ActeFacturer, actOF, opco.ChargeFacturer{Facture: f}); err != nil {
		t.Fatal(err)
	}
	if f := v.d.Factures[len(v.d.Factures)-1]; f.Etat != opco.FactureRefusee || f.Motif != opco.MotifMontantTotalErr || v.d.Etat != opco.EtatReglee {
		t.Errorf("a fourth invoice is %s %s", f.Etat, f.Motif)
	}
}

// payee brings S08 to the day on which its advance is paid and its training begins.
func payee(t *testing.T) *vie {
	v := s08(t)
	v.avance("F-1", 270000)
	if err := v.faire("2026-04-03 10:00", opco.ActeConstater, actGes, opco.ChargeConstater{}); err != nil {
		t.Fatal(err)
	}
	v.payer("2026-04-07 10:00")
	v.suite()
	return v
}

// An invoice smaller than the advance is IMPUTEE: nothing is transferred. What the
// advance paid beyond all the hours is an indu once nothing more will come.
func TestAvanceAbsorbe(t *testing.T) {
	v := payee(t)
	v.suite()
	v.servie("F-2", "2026-04-20", "2026-05-15", 20*heure, 120000, false)
	f := v.d.Factures[len(v.d.Factures)-1]
	if f.Etat != opco.FactureImputee || f.Impute != 120000 || len(v.d.Reglements) != 1 || v.d.Etat != opco.EtatRegleePartielle {
		t.Fatalf("%s with %s imputed, %d règlements, in %s", f.Etat, f.Impute, len(v.d.Reglements), string(v.d.Etat))
	}
	v.suite()
	v.servie("F-3", "2026-06-01", "2026-06-30", 10*heure, 60000, true)
	if v.d.Etat != opco.EtatReglee || len(v.d.Indus) != 1 || v.d.Indus[0].Montant != 90000 || v.d.Indus[0].Cause != opco.CauseAvance {
		t.Errorf("settled in %s with the indus %+v, want 900,00 € of the advance", string(v.d.Etat), v.d.Indus)
	}
	if e := opco.Somme(v.d.Engagements); e != 0 {
		t.Errorf("%s stay engaged", e)
	}
}

// Whatever ends a dossier claims the advance that no hour took over.
func TestAvanceReclamee(t *testing.T) {
	tests := []struct {
		name  string
		finir func(*vie) error
		etat  opco.Etat
		cause opco.CauseIndu
	}{
		{"cancelled before the start", func(v *vie) error {
			return v.faire("2026-04-08 10:00", opco.ActeAnnuler, actEnt, opco.ChargeRaison{})
		}, opco.EtatAnnulee, opco.CauseAnnulation},
		{"nobody came", func(v *vie) error {
			v.suite()
			c := certificat("Ana", "Ruiz", 0)
			c.Du, c.Au, c.SigneLe = "2026-04-13", "2026-06-30", "2026-06-30"
			v.suite()
			if err := v.faire("2026-07-01 10:00", opco.ActeCertifier, actOF, opco.ChargeCertifier{Certificats: []opco.Certificat{c}}); err != nil {
				return err
			}
			return v.faire("2026-07-01 11:00", opco.ActeConstater, actGes, opco.ChargeConstater{Solde: true})
		}, opco.EtatCloturee, opco.CauseAvance},
		{"nothing came in time", func(v *vie) error {
			for !v.d.Forclos {
				v.suite()
			}
			return v.faire("2027-01-10 10:00", opco.ActeConfirmerForclusion, actGes, nil)
		}, opco.EtatCloturee, opco.CauseAvance},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := payee(t)
			if err := tt.finir(v); err != nil {
				t.Fatal(err)
			}
			if v.d.Etat != tt.etat || len(v.d.Indus) != 1 || v.d.Indus[0].Montant != 270000 || v.d.Indus[0].Cause != tt.cause {
				t.Errorf("%s with the indus %+v", string(v.d.Etat), v.d.Indus)
			}
			if r := v.d.Resume(); r.Engage != 0 || r.Accepte != 270000 {
				t.Errorf("engaged %s, accepted %s", r.Engage, r.Accepte)
			}
		})
	}
}

// An advance that the accord, its payee or its moment does not allow is refused.
func TestAvanceRefusee(t *testing.T) {
	tests := []struct {
		name   string
		change func(*opco.Dossier, *opco.Facture)
		motif  opco.Motif
	}{
		{"no échelonnement", func(d *opco.Dossier, _ *opco.Facture) { d.Demande.Echelonnement = false }, opco.MotifNonConforme},
		{"two advances above the limit together", func(d *opco.Dossier, _ *opco.Facture) {
			x := facture("F-8", peda(100000))
			x.Avance = true
			d.Factures = append(d.Factures, x)
		}, opco.MotifAvanceSup30},
		{"more than the grant", func(d *opco.Dossier, _ *opco.Facture) { d.Decision.Accorde = 200000 }, opco.MotifAvanceSup30},
		{"after a period", func(d *opco.Dossier, _ *opco.Facture) {
			x := facture("F-8", peda(100000))
			x.Etat = opco.FactureApprouvee
			d.Factures = append(d.Factures, x)
		}, opco.MotifNonConforme},
		{"meals", func(_ *opco.Dossier, f *opco.Facture) { f.Lignes[0].Ligne = opco.LigneRepas }, opco.MotifNonConforme},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := s08(t)
			f := facture("F-1", peda(270000))
			f.Avance, f.Date = true, "2026-04-02"
			tt.change(v.d, &f)
			if _, m, phrase := opco.ControlerFacture(v.d, f, v.f); m != tt.motif || phrase == "" {
				t.Errorf("got %q %s, want %q", m, phrase, tt.motif)
			}
		})
	}
}

// An advance that waits is told as such, before the start: no certificat is asked for.
func TestSuiviAvance(t *testing.T) {
	v := s08(t)
	v.avance("F-1", 270000)
	s := v.d.Suivi(opco.RoleOrganisme, opco.FaitsSuivi{Jour: "2026-04-02", Parametres: opco.ParametresDefaut()})
	if s.Ou != "Avance à examiner" || s.Qui != opco.RoleGestionnaire || s.Bloque {
		t.Errorf("the organisme reads %+v", s)
	}
}
