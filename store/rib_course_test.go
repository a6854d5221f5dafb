package store_test

import (
	"encoding/json"
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"

	"guichet/opco"
)

// changerRIB brings a new account of OF2 through its whole procedure.
func (c *conduite) changerRIB(iban string) {
	c.t.Helper()
	id, err := c.proposer(of2, iban)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := errors.Join(c.gesteRIB(id, opco.GesteVoir, res), c.gesteRIB(id, opco.GesteValider, cpt3)); err != nil {
		c.t.Fatal(err)
	}
	c.a("2026-05-07 09:00:00")
	if v := c.rib(id); v.Etat != opco.RIBActif {
		c.t.Fatalf("got RIB %s after the hold, want ACTIF", v.Etat)
	}
}

// unSeul builds a lot that pays OF2 alone.
func (c *conduite) unSeul(reglement string) string {
	c.t.Helper()
	id, err := c.construire(cpt, opco.ChargeConstruireLot{Reglements: []string{reglement}, Execution: "2026-05-04"})
	if err != nil {
		c.t.Fatal(err)
	}
	return id
}

// validation receives the validation of a lot of one line by par.
func (c *conduite) validation(lot string, par opco.Acteur) opco.Acte {
	c.t.Helper()
	r, err := c.s.Recevoir(c.ctx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetLot(lot), Type: opco.ActeValiderLot, Par: par,
		Charge: json.RawMessage(`{"nombre":1,"somme":224000}`)})
	if err != nil {
		c.t.Fatal(err)
	}
	return r.Acte
}

// Again and again, the RIB of a payee changes at the instant when the lot that pays
// it is validated: whichever comes first, the lot does not leave with that line (F59).
func TestCourseRIBContreValidation(t *testing.T) {
	c := conduire(t)
	_, _, s09 := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	reglement := c.aRegler(s09)[0]
	avant := 0
	for n := range nombreDeCourses() {
		lot := c.unSeul(reglement)
		a := c.validation(lot, cpt2)
		g := c.ecrit(of2)
		var relire []opco.Acte
		var erreur error
		var wg sync.WaitGroup
		wg.Go(func() {
			_, relire, erreur = c.s.ProposerRIB(c.ctx, g, opco.SIRET(of2.SIRET), opco.SaisieRIB{IBAN: ibanNeuf, BIC: "AAAAFRPP", Titulaire: "C"}, preuve())
		})
		wg.Go(func() { c.recordObstine(a) })
		wg.Wait()
		if erreur != nil {
			t.Fatal(n, erreur)
		}
		switch l := c.lot(lot); {
		case l.Etat == opco.LotAnnule: // the change was there first
			avant++
		case l.Etat == opco.LotValide && len(relire) == 1: // the validation was: the lot is told
			c.enregistrer(relire[0])
		default:
			t.Fatalf("race %d: lot %s, %d told", n, l.Etat, len(relire))
		}
		if l := c.lot(lot); l.Etat != opco.LotAnnule || len(c.aRegler(s09)) != 1 {
			t.Fatalf("race %d: lot %s, %v to pay; want ANNULE, one", n, l.Etat, c.aRegler(s09))
		}
		if err := c.gesteRIB(g.Acte, opco.GesteRefuser, res); err != nil {
			t.Fatal(n, err)
		}
	}
	t.Logf("the change came first %d times of %d", avant, nombreDeCourses())
	if got := c.compte("ORDONNANCE"); got != 0 {
		t.Errorf("got %s ordered, want nothing", got)
	}
}

// Again and again, two persons validate one lot at the same instant: it is validated
// once, and its money ordered once.
func TestCourseDoubleValidation(t *testing.T) {
	c := conduire(t)
	_, _, s09 := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	reglement := c.aRegler(s09)[0]
	for n := range nombreDeCourses() {
		lot := c.unSeul(reglement)
		as := []opco.Acte{c.validation(lot, cpt2), c.validation(lot, cpt3)}
		var wg sync.WaitGroup
		for _, a := range as {
			wg.Go(func() { c.recordObstine(a) })
		}
		wg.Wait()
		bons := 0
		for _, a := range as {
			r, err := c.s.Acte(c.ctx, a.ID)
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict == opco.VerdictApplique {
				bons++
			}
		}
		if l, du := c.lot(lot), c.compte("ORDONNANCE"); bons != 1 || len(l.Validations) != 1 || du != 224000 {
			t.Fatalf("race %d: %d validations applied, %d kept, %s ordered; want one, 2 240,00", n, bons, len(l.Validations), du)
		}
		c.faireLot(lot, opco.ActeAnnulerLot, cpt, opco.ChargeAnnulerLot{Raison: "Course."})
	}
}

// Again and again, two comptables put one invoice in two lots at the same instant:
// one lot has it, the other is refused.
func TestCourseDeuxLots(t *testing.T) {
	c := conduire(t)
	_, _, s09 := c.troisReglements()
	c.a("2026-05-04 09:00:00")
	reglement := c.aRegler(s09)[0]
	charge, err := json.Marshal(opco.ChargeConstruireLot{Reglements: []string{reglement}, Execution: "2026-05-04"})
	if err != nil {
		t.Fatal(err)
	}
	for n := range nombreDeCourses() {
		var wg sync.WaitGroup
		var objets [2]string
		var erreurs [2]error
		for i, par := range []opco.Acteur{cpt, cpt2} {
			wg.Go(func() {
				r, err := c.s.ConstruireLot(c.ctx, opco.Acte{ID: uuid.NewString(), Type: opco.ActeConstruireLot, Par: par, Charge: charge})
				objets[i], erreurs[i] = r.Acte.Objet, err
			})
		}
		wg.Wait()
		gagnant := 0
		if erreurs[0] != nil {
			gagnant = 1
		}
		if erreurs[gagnant] != nil || opco.KindOf(erreurs[1-gagnant]) != opco.Conflict {
			t.Fatalf("race %d: got %v and %v; want one lot and one Conflict", n, erreurs[0], erreurs[1])
		}
		lot := objets[gagnant][len("lot/"):]
		var lots int
		if err := c.s.DB.Get(&lots, `SELECT count(*) FROM lot WHERE etat = 'PROPOSE'`); err != nil || lots != 1 {
			t.Fatalf("race %d: %d lots hold the invoice (%v)", n, lots, err)
		}
		c.faireLot(lot, opco.ActeAnnulerLot, cpt, opco.ChargeAnnulerLot{Raison: "Course."})
	}
}
