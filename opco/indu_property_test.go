package opco_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/opco"
)

// detteTiree is one debt to which anything happens, with the account of its envelopes.
type detteTiree struct {
	t     *rapid.T
	i     *opco.Indu
	le    time.Time
	livre map[string]opco.Montant // due on each envelope, as the ledger has it
}

// A debt that a responsable cancelled is never claimed again, whatever the payments on
// which it was kept become; and what it has come to is always explained, by fund.
//
// Mutants killed here: restituer without NonDu; restituer that forgets the movement
// INDU_ANNULE.
func TestUneDetteAnnuleeLeReste(t *testing.T) {
	annulees, restituees := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		d := &detteTiree{t: t, i: af17(), le: opco.Date("2026-12-01").Heure(10, 0), livre: map[string]opco.Montant{}}
		d.agir(opco.ActeOuvrirIndu, opco.ActeurSysteme(), nil)
		for range hasard(t, "longueur", 24) {
			d.le = d.le.Add(time.Duration(1+hasard(t, "jours", 5)) * 24 * time.Hour)
			nonDu := d.i.NonDu
			if d.tirer() == opco.ActeRestituerIndu && nonDu {
				restituees++
			}
		}
		if d.i.NonDu {
			annulees++
		}
	})
	if annulees == 0 || restituees == 0 {
		t.Errorf("%d debts cancelled, %d recoveries undone on them: nothing was tried", annulees, restituees)
	}
}

// tirer draws what happens next, and returns it when it was accepted.
func (d *detteTiree) tirer() opco.TypeActe {
	raison := opco.ChargeRaisonIndu{Raison: "À voir."}
	m := []opco.Montant{1, 33333, d.i.Reste() / 3, d.i.Reste()}[hasard(d.t, "montant", 4)]
	var retenu opco.Montant
	for _, r := range d.i.Recouvrements {
		if r.Type == opco.RecouvrementCompensation {
			retenu += r.Montant
		}
	}
	switch hasard(d.t, "quoi", 10) {
	case 0, 1:
		return d.agir(opco.ActeNotifierIndu, actCpt, nil)
	case 2:
		return d.agir(opco.ActeContesterIndu, actOF, raison)
	case 3:
		return d.agir(opco.ActeAnnulerIndu, actRes, raison)
	case 4:
		return d.agir(opco.ActeMaintenirIndu, actRes, raison)
	case 5:
		return d.agir(opco.ActeRembourserIndu, actCpt, opco.ChargeRemboursement{Montant: m, Date: opco.JourDe(d.le), Reference: d.le.String()})
	case 6, 7:
		if m = min(m, d.i.Reste()); m > 0 {
			return d.agir(opco.ActeCompenserIndu, opco.ActeurSysteme(), opco.ChargeCompensation{Montant: m, Reglement: "R26-000009"})
		}
	default:
		if m = min([]opco.Montant{1, retenu / 2, retenu}[hasard(d.t, "rendu", 3)], retenu); m > 0 {
			return d.agir(opco.ActeRestituerIndu, opco.ActeurSysteme(), opco.ChargeCompensation{Montant: m, Reglement: "R26-000009"})
		}
	}
	return ""
}

// agir applies an acte, and holds the debt to what it must be.
func (d *detteTiree) agir(a opco.TypeActe, par opco.Acteur, charge any) opco.TypeActe {
	b, err := json.Marshal(charge)
	if err != nil {
		d.t.Fatal(err)
	}
	copie, err := json.Marshal(d.i)
	if err != nil {
		d.t.Fatal(err)
	}
	var apres opco.Indu
	if err := json.Unmarshal(copie, &apres); err != nil {
		d.t.Fatal(err)
	}
	f := opco.FaitsIndu{Le: d.le, Parametres: opco.ParametresDefaut(), Disponible: map[string]opco.Montant{"e1": 40000, "e2": 0}}
	if hasard(d.t, "clos", 3) == 0 {
		f.Clos = []string{"e1"}
	}
	e, err := apres.Appliquer(opco.Acte{Type: a, Par: par, Le: d.le, Charge: b}, nil, f)
	var refus *opco.Error
	if errors.As(err, &refus) && par.Role != opco.RoleSysteme || err != nil && d.i.Etat.Final() && a == opco.ActeCompenserIndu {
		return ""
	}
	if err != nil {
		d.t.Fatalf("%s on « %s »: %v", a, d.i.Etat, err)
	}
	avant := d.i
	d.i = &apres
	d.tenir(a, avant, e)
	return a
}

func (d *detteTiree) tenir(a opco.TypeActe, avant *opco.Indu, e opco.EffetsIndu) {
	i := d.i
	for _, m := range e.Mouvements {
		if de, vers := m.Type.Comptes(); de == opco.LivreIndu {
			d.livre[m.Enveloppe] -= m.Montant
		} else if vers == opco.LivreIndu {
			d.livre[m.Enveloppe] += m.Montant
		}
	}
	if avant.NonDu && (i.Etat != opco.InduAnnule || i.Reste() != 0 || len(i.Echeances) > 0 || len(e.Courriers) > 0) {
		d.t.Fatalf("%s claims again a debt that a responsable cancelled: « %s », %s left, %+v", a, i.Etat, i.Reste(), e.Courriers)
	}
	if a == opco.ActeAnnulerIndu && (!i.NonDu || i.Recouvre() != avant.Recouvre()) {
		d.t.Fatalf("cancelled, and %s recovered where %s were", i.Recouvre(), avant.Recouvre())
	}
	if i.Recouvre() < 0 || i.Reste() < 0 || i.Recouvre()+opco.Somme(i.Annules)+opco.Somme(i.Abandons)+i.Reste() != i.Montant {
		d.t.Fatalf("%s: %s recovered, %v cancelled, %s left of %s", a, i.Recouvre(), i.Annules, i.Reste(), i.Montant)
	}
	for _, x := range i.Parts {
		if du := fondsDe(i.ResteParts(), x.Enveloppe); d.livre[x.Enveloppe] != du {
			d.t.Fatalf("%s: the ledger has %s due on %s, the debt says %s", a, d.livre[x.Enveloppe], x.Enveloppe, du)
		}
	}
}
