package opco_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"guichet/opco"
)

// af17 is S17's arithmetic on an AF dossier: 7 300,00 € granted for 365 h, 2 920,00 €
// paid, and only 90 h followed: 1 800,00 € are due, 1 120,00 € must come back.
func af17() *opco.Indu {
	return &opco.Indu{ID: "f1-i1", Numero: "I26-000001", Etat: opco.InduNouveau, Dossier: "d1", DossierNumero: "AF26-000118", Facture: "f1",
		FactureNumero: "F-1", Cause: opco.CauseControle, Debiteur: siretOF1, RoleDebiteur: opco.RoleOrganisme, Montant: 112000,
		Parts:       []opco.PartFonds{{Enveloppe: "e1", Code: "MUTUALISE", Montant: 70000}, {Enveloppe: "e2", Code: "VV", Montant: 42000}},
		ConstateLe:  "2026-12-01",
		ConstatePar: actGes}
}

// dette drives a debt through its rules.
type dette struct {
	t *testing.T
	i *opco.Indu
	f opco.FaitsIndu
	e opco.EffetsIndu
}

func (v *dette) faire(le string, a opco.TypeActe, par opco.Acteur, charge any) error {
	b, err := json.Marshal(charge)
	if err != nil {
		v.t.Fatal(err)
	}
	v.f.Le, v.f.Parametres = paris(v.t, le), opco.ParametresDefaut()
	v.e, err = v.i.Appliquer(opco.Acte{Type: a, Par: par, Le: v.f.Le, Charge: b}, nil, v.f)
	return err
}

func (v *dette) doit(le string, a opco.TypeActe, par opco.Acteur, charge any) {
	v.t.Helper()
	if err := v.faire(le, a, par, charge); err != nil {
		v.t.Fatalf("%s: %v", a, err)
	}
	if v.e.Phrase == "" || v.e.Code == "" {
		v.t.Fatalf("%s: %+v", a, v.e)
	}
}

// total sums the movements of a type.
func (v *dette) total(t opco.TypeMouvement) opco.Montant {
	var m opco.Montant
	for _, x := range v.e.Mouvements {
		if x.Type == t {
			m += x.Montant
		}
	}
	return m
}

func notifiee(t *testing.T) *dette {
	v := &dette{t: t, i: af17()}
	v.doit("2026-12-01 10:00", opco.ActeOuvrirIndu, opco.ActeurSysteme(), nil)
	if v.total(opco.MouvementIndu) != 112000 {
		t.Fatalf("opened with %+v", v.e.Mouvements)
	}
	v.doit("2026-12-02 10:00", opco.ActeNotifierIndu, actCpt, nil)
	return v
}

var motsIndu = opco.ChargeRaisonIndu{Raison: "Les 275 h ont été suivies à distance."}

func TestInduNotifie(t *testing.T) {
	v := notifiee(t)
	var jours []string
	for _, e := range v.i.Echeances {
		jours = append(jours, e.Code+" "+string(e.Effet))
	}
	if got := strings.Join(jours, ", "); v.i.ReponseAvant != "2027-01-01" || got != "relance_1 2027-01-01, relance_2 2027-01-31, relance_3 2027-03-02" {
		t.Errorf("answer before %s, %s", v.i.ReponseAvant, got)
	}
	if len(v.e.Courriers) != 1 || v.e.Courriers[0].Evenement != opco.CourrierInduNotifie || v.e.Courriers[0].Pour != opco.RoleOrganisme {
		t.Errorf("letters %+v", v.e.Courriers)
	}
	v = &dette{t: t, i: af17()}
	v.doit("2026-12-01 10:00", opco.ActeOuvrirIndu, opco.ActeurSysteme(), nil)
	deux := opco.Acteur{Personne: actGes.Personne, Role: opco.RoleComptable}
	if err := v.faire("2026-12-02 10:00", opco.ActeNotifierIndu, deux, nil); !errors.Is(err, opco.Forbidden) {
		t.Errorf("who found the indu notifies it: %v", err)
	}
}

// The debtor contests in time; relances stop, and start again from the answer.
func TestInduConteste(t *testing.T) {
	v := notifiee(t)
	if err := v.faire("2027-01-02 00:01", opco.ActeContesterIndu, actOF, motsIndu); !errors.Is(err, opco.Conflict) {
		t.Errorf("contested after the délai: %v", err)
	}
	v = notifiee(t)
	v.doit("2027-01-01 23:59", opco.ActeContesterIndu, actOF, motsIndu)
	if v.i.Etat != opco.InduConteste || len(v.i.Echeances) != 1 || v.i.Echeances[0].Effet != "2027-01-31" {
		t.Errorf("« %s », %+v", v.i.Etat, v.i.Echeances)
	}
	v.doit("2027-01-10 10:00", opco.ActeMaintenirIndu, actRes, opco.ChargeRaisonIndu{Raison: "Le relevé de connexions dit 90 h."})
	if v.i.Etat != opco.InduNotifie || v.i.Echeances[0].Effet != "2027-02-09" {
		t.Errorf("« %s », %+v", v.i.Etat, v.i.Echeances)
	}
	if err := v.faire("2027-01-10 11:00", opco.ActeContesterIndu, actOF, motsIndu); !errors.Is(err, opco.Conflict) {
		t.Errorf("contested twice: %v", err)
	}
	v = notifiee(t)
	v.doit("2026-12-10 10:00", opco.ActeContesterIndu, actOF, motsIndu)
	v.doit("2026-12-11 10:00", opco.ActeAnnulerIndu, actRes, opco.ChargeRaisonIndu{Raison: "Vous avez raison."})
	if v.i.Etat != opco.InduAnnule || v.i.Reste() != 0 || v.total(opco.MouvementInduAnnule) != 112000 {
		t.Errorf("« %s », %s left, %+v", v.i.Etat, v.i.Reste(), v.e.Mouvements)
	}
}

// S17: 1 120,00 € taken on a payment of 3 000,00 € leave 1 880,00 € to transfer, and
// the money goes back to the envelopes it came from.
func TestS17Compense(t *testing.T) {
	v := notifiee(t)
	d := accord([]eleve{{"Ana", "Ruiz", 35 * heure, 35 * heure, 300000, 0}})
	d.Etat, d.Factures = opco.EtatEnReglement, []opco.Facture{facture("F9", peda(300000))}
	d.Factures[0].Etat, d.Factures[0].Approuve, d.Factures[0].Parts = opco.FactureApprouvee, 300000, d.Decision.Fonds
	d.Acceptes, d.Engagements = d.Decision.Fonds, nil
	d.Reglements = []opco.Reglement{{ID: "F9-1", Numero: "R26-000009", Facture: "F9", Rang: 1, Montant: 300000, Beneficiaire: siretOF1,
		Parts: d.Decision.Fonds, Etat: opco.ReglementAPayer}}
	p := &vie{t: t, d: d, f: lesFaits()}
	p.f.Indus = []opco.InduDisponible{{Indu: *v.i, Disponible: v.i.Reste()}}
	c := opco.ChargeCompenser{Reglement: "F9-1", Indu: v.i.ID}
	if err := p.faire("2026-12-20 10:00", opco.ActeCompenser, actCpt, c); !errors.Is(err, opco.Conflict) {
		t.Fatalf("taken before the debtor could answer: %v", err)
	}
	p.f.Suspension = &opco.Suspension{RevoirLe: "2027-01-15"}
	if err := p.faire("2027-01-02 10:00", opco.ActeCompenser, actCpt, c); err == nil || !strings.Contains(err.Error(), "suspendu par le contrôle") {
		t.Fatalf("taken on a payment that the contrôle holds: %v", err)
	}
	p.f.Suspension = nil
	if err := p.faire("2027-01-02 10:00", opco.ActeCompenser, actCpt, c); err != nil {
		t.Fatal(err)
	}
	r := p.d.Reglements[0]
	if r.Montant != 188000 || r.Compense() != 112000 || r.Etat != opco.ReglementAPayer || len(p.derniers.SuitesIndu) != 1 {
		t.Fatalf("%+v, %+v", r, p.derniers.SuitesIndu)
	}
	v.doit("2027-01-02 10:00", opco.ActeCompenserIndu, opco.ActeurSysteme(), p.derniers.SuitesIndu[0].Charge)
	if v.i.Etat != opco.InduCompense || v.total(opco.MouvementRecouvrement) != 112000 || len(v.i.Echeances) != 0 {
		t.Errorf("« %s », %+v", v.i.Etat, v.e.Mouvements)
	}
}

// A payment smaller than the debt is wholly taken, settled without the bank.
func TestCompensationEntiere(t *testing.T) {
	v := notifiee(t)
	v.doit("2026-12-05 10:00", opco.ActeAccepterIndu, actOF, nil)
	d := accord([]eleve{{"Ana", "Ruiz", 35 * heure, 35 * heure, 50000, 0}})
	d.Etat, d.Factures = opco.EtatEnReglement, []opco.Facture{facture("F9", peda(50000))}
	d.Factures[0].Etat, d.Factures[0].Approuve, d.Factures[0].Parts = opco.FactureApprouvee, 50000, d.Decision.Fonds
	d.Acceptes, d.Engagements = d.Decision.Fonds, nil
	d.Reglements = []opco.Reglement{{ID: "F9-1", Numero: "R26-000009", Facture: "F9", Rang: 1, Montant: 50000, Beneficiaire: siretOF1,
		Parts: d.Decision.Fonds, Etat: opco.ReglementAPayer}}
	p := &vie{t: t, d: d, f: lesFaits()}
	p.f.Indus = []opco.InduDisponible{{Indu: *v.i, Disponible: v.i.Reste()}}
	if err := p.faire("2026-12-06 10:00", opco.ActeCompenser, actCpt, opco.ChargeCompenser{Reglement: "F9-1", Indu: v.i.ID}); err != nil {
		t.Fatal(err)
	}
	if r := p.d.Reglements[0]; r.Montant != 0 || r.Etat != opco.ReglementExecute || p.d.Etat != opco.EtatReglee || p.d.Resume().Paye != 50000 {
		t.Errorf("%+v in %s, paid %s", r, string(p.d.Etat), p.d.Resume().Paye)
	}
	v.doit("2026-12-06 10:00", opco.ActeCompenserIndu, opco.ActeurSysteme(), p.derniers.SuitesIndu[0].Charge)
	if v.i.Reste() != 62000 || v.i.Etat != opco.InduNotifie {
		t.Errorf("%s left, « %s »", v.i.Reste(), v.i.Etat)
	}
	if got := v.i.Recouvrements[0].Parts; len(got) != 2 || got[0].Montant != 31250 || got[1].Montant != 18750 {
		t.Errorf("500,00 € come back as %+v", got)
	}
}

// TestAvoirSurUnRejetCompense: a règlement of 2 800,00 € kept 560,00 € of a debt and was
// not paid. An avoir leaves 400,00 € to pay: 160,00 € of the debt are due again, and what
// is paid next keeps the 400,00 €, without the bank.
func TestAvoirSurUnRejetCompense(t *testing.T) {
	for _, etat := range []opco.EtatReglement{opco.ReglementRejete, opco.ReglementRetourne, opco.ReglementAPayer} {
		d := accord([]eleve{{"Ana", "Ruiz", 35 * heure, 35 * heure, 280000, 0}})
		d.Etat, d.Factures = opco.EtatEnReglement, []opco.Facture{facture("F9", peda(280000))}
		d.Factures[0].Etat, d.Factures[0].Approuve, d.Factures[0].Parts = opco.FactureApprouvee, 280000, d.Decision.Fonds
		d.Acceptes, d.Engagements = d.Decision.Fonds, nil
		d.Reglements = []opco.Reglement{{ID: "F9-1", Numero: "R26-000009", Facture: "F9", Rang: 1, Montant: 224000, Beneficiaire: siretOF1, Parts: d.Decision.Fonds, Etat: etat,
			Compensations: []opco.Compensation{{Indu: "I", Montant: 56000}}}}
		v := &vie{t: t, d: d, f: lesFaits()}
		if err := v.faire("2026-05-04 10:00", opco.ActeDeposerAvoir, actOF, opco.ChargeAvoir{Avoir: leAvoir("AV-7", 240000)}); err != nil {
			t.Fatal(err)
		}
		s := v.derniers.SuitesIndu
		if len(s) != 1 || s[0].Type != opco.ActeRestituerIndu || s[0].Charge != any(opco.ChargeCompensation{Montant: 16000, Reglement: "R26-000009"}) {
			t.Fatalf("%s: %+v, want 160,00 € given back to I", etat, s)
		}
		if etat != opco.ReglementAPayer {
			if err := v.faire("2026-05-05 10:00", opco.ActeRepresenter, actCpt, opco.ChargeReglement{Reglement: "F9-1"}); err != nil {
				t.Fatal(err)
			}
		}
		if n := v.d.Reglements[1]; n.Montant != 0 || n.Compense() != 40000 || n.Etat != opco.ReglementExecute || v.d.Resume().Paye != 40000 {
			t.Errorf("%s: %+v, want 400,00 € kept and nothing transferred", etat, n)
		}
	}
}

// TestRienNEstSoldeSousControle: while the contrôle holds a dossier, nothing of it pays a
// debt without the bank. A comptable may not pay it again; an avoir that leaves only what
// was kept gives it all back to the debt, and the rest waits.
func TestRienNEstSoldeSousControle(t *testing.T) {
	retenu := func(etat opco.EtatReglement) *vie {
		d := accord([]eleve{{"Ana", "Ruiz", 35 * heure, 35 * heure, 280000, 0}})
		d.Etat, d.Factures = opco.EtatEnReglement, []opco.Facture{facture("F9", peda(280000))}
		d.Factures[0].Etat, d.Factures[0].Approuve, d.Factures[0].Parts = opco.FactureApprouvee, 280000, d.Decision.Fonds
		d.Acceptes, d.Engagements = d.Decision.Fonds, nil
		d.Reglements = []opco.Reglement{{ID: "F9-1", Numero: "R26-000009", Facture: "F9", Rang: 1, Montant: 224000, Beneficiaire: siretOF1, Parts: d.Decision.Fonds, Etat: etat,
			Compensations: []opco.Compensation{{Indu: "I", Montant: 56000}}}}
		v := &vie{t: t, d: d, f: lesFaits()}
		v.f.Suspension = &opco.Suspension{RevoirLe: "2027-01-15"}
		return v
	}
	v := retenu(opco.ReglementRejete)
	if err := v.faire("2026-05-05 10:00", opco.ActeRepresenter, actCpt, opco.ChargeReglement{Reglement: "F9-1"}); err == nil || !strings.Contains(err.Error(), "suspendu par le contrôle") {
		t.Errorf("paid again on a dossier that the contrôle holds: %v", err)
	}
	v = retenu(opco.ReglementAPayer)
	if err := v.faire("2026-05-04 10:00", opco.ActeDeposerAvoir, actOF, opco.ChargeAvoir{Avoir: leAvoir("AV-7", 240000)}); err != nil {
		t.Fatal(err)
	}
	var rendu opco.Montant
	for _, s := range v.derniers.SuitesIndu {
		rendu += s.Charge.(opco.ChargeCompensation).Montant
	}
	if n := v.d.Reglements[1]; n.Etat != opco.ReglementAPayer || n.Montant != 40000 || n.Compense() != 0 || rendu != 56000 || v.d.Resume().Paye != 0 {
		t.Errorf("%+v, %s given back; want 400,00 € that wait and 560,00 € given back to the debt", n, rendu)
	}
}

// TestAnnuleNeReclamePlus: of 1 120,00 €, 560,00 € were kept on a payment, then a
// responsable cancels the debt. The payment is not made after all: nothing is claimed
// again, the debtor is told nothing, and the ledger says that no more is due.
func TestAnnuleNeReclamePlus(t *testing.T) {
	v := notifiee(t)
	v.doit("2026-12-10 10:00", opco.ActeContesterIndu, actOF, motsIndu)
	v.doit("2026-12-11 10:00", opco.ActeCompenserIndu, opco.ActeurSysteme(), opco.ChargeCompensation{Montant: 56000, Reglement: "R26-000009"})
	v.doit("2026-12-12 10:00", opco.ActeAnnulerIndu, actRes, opco.ChargeRaisonIndu{Raison: "Vous avez raison."})
	if !strings.Contains(v.i.Reponse, opco.Montant(56000).String()+" déjà retenus") || v.total(opco.MouvementInduAnnule) != 56000 {
		t.Errorf("the answer says %q, %+v; want what becomes of the 560,00 € that came back", v.i.Reponse, v.e.Mouvements)
	}
	v.e = opco.EffetsIndu{}
	v.doit("2026-12-20 10:00", opco.ActeRestituerIndu, opco.ActeurSysteme(), opco.ChargeCompensation{Montant: 56000, Reglement: "R26-000009"})
	if v.i.Etat != opco.InduAnnule || v.i.Reste() != 0 || v.i.Recouvre() != 0 || opco.Somme(v.i.Annules) != 112000 || len(v.i.Echeances) != 0 {
		t.Errorf("« %s », %s left, %+v cancelled", v.i.Etat, v.i.Reste(), v.i.Annules)
	}
	if v.total(opco.MouvementInduAnnule) != 56000 || v.total(opco.MouvementRestitution)+v.total(opco.MouvementRestitutionClos) != 56000 || len(v.e.Courriers) != 0 {
		t.Errorf("%+v, %+v; want 560,00 € given back and not due", v.e.Mouvements, v.e.Courriers)
	}
}

// TestRetourApresRecouvrement: 2 800,00 € were paid, a debt of 560,00 € was found on them.
// Then the bank gives the payment back. Whatever the debt has become meanwhile, the
// payee ends with what its invoice is worth, and the debt is explained.
func TestRetourApresRecouvrement(t *testing.T) {
	tests := []struct {
		name            string
		change          func(*dette)
		payable, reclam opco.Montant // to pay again, and no more claimed
	}{
		{"nothing recovered", func(*dette) {}, 224000, 56000},
		{"a part recovered", func(v *dette) { v.rendre(16000) }, 240000, 40000},
		{"all recovered", func(v *dette) { v.rendre(56000) }, 280000, 0},
		{"given up", func(v *dette) { v.abandonner() }, 224000, 56000},
		{"a part recovered, the rest given up", func(v *dette) { v.rendre(16000); v.abandonner() }, 240000, 40000},
		{"found not to be due", func(v *dette) {
			v.doit("2026-05-12 10:00", opco.ActeAnnulerIndu, actRes, opco.ChargeRaisonIndu{Raison: "Rien n’est dû."})
		}, 280000, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := payeAvecIndu(t)
			i := v.derniers.Indus[0]
			x := &dette{t: t, i: &i}
			x.doit("2026-05-05 10:00", opco.ActeOuvrirIndu, opco.ActeurSysteme(), nil)
			x.doit("2026-05-06 10:00", opco.ActeNotifierIndu, actCpt, nil)
			tt.change(x)
			v.f.Indus = []opco.InduDisponible{{Indu: *x.i, Disponible: x.i.Reste()}}
			if err := v.faire("2026-06-06 10:00", opco.ActeRetournerReglement, opco.ActeurBanque(), opco.ChargeReglement{Reglement: "F9-1", Motif: "AC01"}); err != nil {
				t.Fatal(err)
			}
			var repris opco.Montant
			for _, s := range v.derniers.SuitesIndu {
				repris += s.Charge.(opco.ChargeRepriseIndu).Montant
				x.doit("2026-06-06 10:00", s.Type, opco.ActeurSysteme(), s.Charge)
			}
			if got := v.d.Factures[0].APayer(); got != tt.payable || opco.Somme(v.d.Acceptes) != got || repris != tt.reclam {
				t.Errorf("%s to pay, %s accepted, %s claimed no more; want %s and %s", got, opco.Somme(v.d.Acceptes), repris, tt.payable, tt.reclam)
			}
			if x.i.Reste() != 0 || x.i.Recouvre()+opco.Somme(x.i.Annules)+opco.Somme(x.i.Abandons) != 56000 {
				t.Errorf("the debt ends as %+v", x.i)
			}
			if err := v.faire("2026-06-08 10:00", opco.ActeRepresenter, actCpt, opco.ChargeReglement{Reglement: "F9-1"}); err != nil {
				t.Fatal(err)
			}
			if n := v.d.Reglements[1]; n.Montant != tt.payable || opco.Somme(n.Parts) != tt.payable {
				t.Errorf("paid again as %+v", n)
			}
		})
	}
}

// payeAvecIndu is a dossier paid 2 800,00 €, then an avoir of 560,00 €.
func payeAvecIndu(t *testing.T) *vie {
	d := accord([]eleve{{"Ana", "Ruiz", 35 * heure, 35 * heure, 280000, 0}})
	d.Etat, d.Factures = opco.EtatReglee, []opco.Facture{facture("F9", peda(280000))}
	d.Factures[0].Etat, d.Factures[0].Approuve, d.Factures[0].Parts = opco.FacturePaiementTransmis, 280000, d.Decision.Fonds
	d.Acceptes, d.Engagements = d.Decision.Fonds, nil
	d.Reglements = []opco.Reglement{{ID: "F9-1", Numero: "R26-000009", Facture: "F9", Rang: 1, Montant: 280000, Beneficiaire: siretOF1, Parts: d.Decision.Fonds, Etat: opco.ReglementExecute}}
	v := &vie{t: t, d: d, f: lesFaits()}
	if err := v.faire("2026-05-04 10:00", opco.ActeDeposerAvoir, actOF, opco.ChargeAvoir{Avoir: leAvoir("AV-7", 56000)}); err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *dette) rendre(m opco.Montant) {
	v.t.Helper()
	v.doit("2026-05-10 10:00", opco.ActeRembourserIndu, actCpt, opco.ChargeRemboursement{Montant: m, Date: "2026-05-10", Reference: "CAMT-7"})
}

func (v *dette) abandonner() {
	v.t.Helper()
	v.doit("2026-05-20 10:00", opco.ActeProposerAbandon, actRes, motsIndu)
	v.doit("2026-05-21 10:00", opco.ActeConfirmerAbandon, actCpt, nil)
}

// TestInduRestitue: what comes due again leaves the envelope as far as it has something
// left; what the fund paid out in its place is the fund's when it comes back.
func TestInduRestitue(t *testing.T) {
	v := notifiee(t)
	v.doit("2027-01-02 10:00", opco.ActeCompenserIndu, opco.ActeurSysteme(), opco.ChargeCompensation{Montant: 112000, Reglement: "R9"})
	v.f.Disponible = map[string]opco.Montant{"e1": 5000, "e2": 100000}
	v.doit("2027-01-10 10:00", opco.ActeRestituerIndu, opco.ActeurSysteme(), opco.ChargeCompensation{Montant: 32000, Reglement: "R9"})
	if v.total(opco.MouvementRestitution) != 17000 || v.total(opco.MouvementRestitutionClos) != 15000 { // 200,00 € on e1, 120,00 € on e2
		t.Errorf("%+v", v.e.Mouvements)
	}
	if v.i.Etat != opco.InduNotifie || v.i.Reste() != 32000 || len(v.i.Echeances) != 3 || len(v.e.Courriers) != 1 {
		t.Errorf("« %s », %s left, %+v, %+v", v.i.Etat, v.i.Reste(), v.i.Echeances, v.e.Courriers)
	}
	v.doit("2027-01-12 10:00", opco.ActeCompenserIndu, opco.ActeurSysteme(), opco.ChargeCompensation{Montant: 32000, Reglement: "R10"})
	if v.total(opco.MouvementRecouvrementClos) != 15000 || v.total(opco.MouvementRecouvrement) != 17000 || v.i.Etat != opco.InduCompense {
		t.Errorf("« %s », %+v", v.i.Etat, v.e.Mouvements)
	}
}

// The debtor may answer while the house thinks of giving the debt up, and is told
// nothing of it; a lawsuit is answered in court.
func TestReponsePendantUnAbandonPropose(t *testing.T) {
	v := notifiee(t)
	v.doit("2026-12-10 10:00", opco.ActeProposerAbandon, actRes, motsIndu)
	v.doit("2026-12-11 10:00", opco.ActeAccepterIndu, actOF, nil)
	v.doit("2026-12-12 10:00", opco.ActeContesterIndu, actOF, motsIndu)
	if v.i.Etat != opco.InduConteste || v.i.AbandonRaison != "" || len(v.i.Echeances) != 1 {
		t.Errorf("« %s », %+v", v.i.Etat, v.i)
	}
	v = notifiee(t)
	v.doit("2027-01-02 10:00", opco.ActeContentieuxIndu, actRes, motsIndu)
	v.doit("2027-01-03 10:00", opco.ActeProposerAbandon, actRes, motsIndu)
	err := v.faire("2027-01-04 10:00", opco.ActeContesterIndu, actOF, motsIndu)
	if !errors.Is(err, opco.Conflict) || strings.Contains(err.Error(), "bandon") {
		t.Errorf("contested in court: %v", err)
	}
}

func TestInduRembourse(t *testing.T) {
	rembourse := func(m opco.Montant) opco.ChargeRemboursement {
		return opco.ChargeRemboursement{Montant: m, Date: "2026-12-20", Reference: "CAMT-7"}
	}
	tests := []struct {
		name   string
		change func(*dette)
		c      opco.ChargeRemboursement
		champ  string
	}{
		{"more than is due", nil, rembourse(112001), "montant"},
		{"nothing", nil, rembourse(0), "montant"},
		{"what a payment has just taken", func(v *dette) { v.f.EnCours = 1 }, rembourse(112000), "montant"},
		{"an entry used twice", func(v *dette) { v.f.Ecriture = opco.EcritureCredit{Connue: true, Montant: 112000, Affecte: 112000} }, rembourse(112000), "reference"},
		{"twice on this debt", func(v *dette) {
			v.f.Ecriture = opco.EcritureCredit{Connue: true, Montant: 112000, Affecte: 10, Ici: true}
		}, rembourse(10), "reference"},
		{"more than is left of the entry", func(v *dette) { v.f.Ecriture = opco.EcritureCredit{Connue: true, Montant: 112000, Affecte: 50000} }, rembourse(62001), "montant"},
		{"another total than was told", func(v *dette) { v.f.Ecriture = opco.EcritureCredit{Connue: true, Montant: 112000, Affecte: 50000} },
			opco.ChargeRemboursement{Montant: 1, Date: "2026-12-20", Reference: "CAMT-7", Total: 112001}, "total"},
		{"a total smaller than the part", nil, opco.ChargeRemboursement{Montant: 2, Date: "2026-12-20", Reference: "CAMT-7", Total: 1}, "total"},
		{"a reference without a letter", nil, opco.ChargeRemboursement{Montant: 2, Date: "2026-12-20", Reference: " -/. "}, "reference"},
		{"an entry of the bank that is not there", nil, opco.ChargeRemboursement{Montant: 2, Entree: "x"}, "entree"},
		{"an entry that is no credit", func(v *dette) { v.f.Ecriture = opco.EcritureCredit{Connue: true, Refus: "Un débit."} },
			opco.ChargeRemboursement{Montant: 2, Entree: "x"}, "entree"},
		{"tomorrow", nil, opco.ChargeRemboursement{Montant: 1, Date: "2026-12-21", Reference: "x"}, "date"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			v := notifiee(t)
			if tt.change != nil {
				tt.change(v)
			}
			err := v.faire("2026-12-20 10:00", opco.ActeRembourserIndu, actCpt, tt.c)
			var e *opco.Error
			if !errors.As(err, &e) || e.Champ != tt.champ {
				t.Errorf("got %v, want a fault on %s", err, tt.champ)
			}
		})
	}
	v := notifiee(t)
	v.f.Clos = []string{"e1"}
	v.doit("2026-12-20 10:00", opco.ActeRembourserIndu, actCpt, rembourse(112000))
	if v.i.Etat != opco.InduRembourse || v.total(opco.MouvementRecouvrementClos) != 70000 || v.total(opco.MouvementRecouvrement) != 42000 {
		t.Errorf("« %s », %+v", v.i.Etat, v.e.Mouvements)
	}
}

// Giving up takes a responsable and a comptable, two persons.
func TestInduAbandonne(t *testing.T) {
	v := notifiee(t)
	raison := opco.ChargeRaisonIndu{Raison: "Liquidation judiciaire, aucun actif."}
	v.doit("2027-03-03 10:00", opco.ActeProposerAbandon, actRes, raison)
	deux := opco.Acteur{Personne: actRes.Personne, Role: opco.RoleComptable}
	if err := v.faire("2027-03-04 10:00", opco.ActeConfirmerAbandon, deux, nil); !errors.Is(err, opco.Forbidden) {
		t.Errorf("one person gives up alone: %v", err)
	}
	v.f.EnCours = 100
	if err := v.faire("2027-03-04 10:00", opco.ActeConfirmerAbandon, actCpt, nil); !errors.Is(err, opco.Conflict) {
		t.Errorf("given up while a payment takes on it: %v", err)
	}
	v.f.EnCours = 0
	v.doit("2027-03-04 10:00", opco.ActeConfirmerAbandon, actCpt, nil)
	if v.i.Etat != opco.InduAbandonne || v.total(opco.MouvementAbandon) != 112000 {
		t.Errorf("« %s », %+v", v.i.Etat, v.e.Mouvements)
	}
	v = notifiee(t)
	if err := v.faire("2027-01-01 10:00", opco.ActeContentieuxIndu, actRes, raison); !errors.Is(err, opco.Conflict) {
		t.Errorf("a lawsuit before the debtor could answer: %v", err)
	}
	v.doit("2027-01-02 10:00", opco.ActeContentieuxIndu, actRes, raison)
	v.doit("2027-01-03 10:00", opco.ActeProposerAbandon, actRes, raison)
	v.doit("2027-01-04 10:00", opco.ActeRefuserAbandon, actCpt, raison)
	if v.i.Etat != opco.InduContentieux {
		t.Errorf("a refused abandon goes back to « %s »", v.i.Etat)
	}
}

// S09 after the payment: the avoir is a debt, and nothing moves in the dossier.
func TestAvoirApresPaiement(t *testing.T) {
	d := accord([]eleve{{"Ana", "Ruiz", 35 * heure, 35 * heure, 280000, 0}})
	d.Etat, d.Factures = opco.EtatCloturee, []opco.Facture{facture("F9", peda(280000))}
	d.Factures[0].Etat, d.Factures[0].Approuve, d.Factures[0].Parts = opco.FacturePaiementTransmis, 280000, d.Decision.Fonds
	d.Acceptes, d.Engagements = d.Decision.Fonds, nil
	d.Reglements = []opco.Reglement{{ID: "F9-1", Facture: "F9", Rang: 1, Montant: 280000, Beneficiaire: siretOF1, Parts: d.Decision.Fonds, Etat: opco.ReglementExecute}}
	v := &vie{t: t, d: d, f: lesFaits()}
	if err := v.faire("2026-05-04 10:00", opco.ActeDeposerAvoir, actOF, opco.ChargeAvoir{Avoir: leAvoir("AV-7", 56000)}); err != nil {
		t.Fatal(err)
	}
	if len(v.derniers.Indus) != 1 || v.derniers.Indus[0].Montant != 56000 || v.derniers.Indus[0].Debiteur != siretOF1 || v.d.Etat != opco.EtatCloturee {
		t.Fatalf("%+v in %s", v.derniers.Indus, string(v.d.Etat))
	}
	if v.d.Factures[0].Approuve != 224000 || opco.Somme(v.d.Acceptes) != 280000 || len(v.derniers.Mouvements) != 0 {
		t.Errorf("approved %s, accepted %s, %+v", v.d.Factures[0].Approuve, opco.Somme(v.d.Acceptes), v.derniers.Mouvements)
	}
	// the whole payment comes back from the bank: nothing is owed, 2 240,00 € are to pay
	if err := v.faire("2026-05-06 10:00", opco.ActeRetournerReglement, opco.ActeurBanque(), opco.ChargeReglement{Reglement: "F9-1", Motif: "AC01"}); err != nil {
		t.Fatal(err)
	}
	if s := v.derniers.SuitesIndu; len(s) != 1 || s[0].Type != opco.ActeReprendreIndu || opco.Somme(v.d.Acceptes) != 224000 || v.d.Etat != opco.EtatEnReglement {
		t.Errorf("%+v, accepted %s in %s", s, opco.Somme(v.d.Acceptes), string(v.d.Etat))
	}
}
