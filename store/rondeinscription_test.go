package store_test

import (
	"testing"

	"guichet/opco"
	"guichet/store"
)

// What the run that an intervention replaced could not write down is over, even when its last try ends
// after it; what the next run cannot write down is not.
func TestAStepOfARunThatWasReplacedIsOver(t *testing.T) {
	c := conduire(t)
	b := banc{t, c.s}
	c.troisReglements()
	var objet string
	if err := c.s.DB.Get(&objet, `SELECT objet FROM passage WHERE objet LIKE 'dossier/%' LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	v := b.proposer(yann, opco.Intervention{Verbe: opco.VerbeRehydrater}, store.Cible{Objet: objet})
	c.s.DB.MustExec(`UPDATE intervention_element SET etat = 'VERIFIE', avant = '{"moteur": {"run": "ancien"}}' WHERE intervention = $1`, v.ID)
	for _, x := range []struct {
		run  string
		clos bool
	}{{"ancien", true}, {"nouveau", false}} {
		if err := c.s.Constater(c.ctx, opco.Incident{Objet: objet, Activite: opco.ActiviteInscription, Essais: 3, Erreur: "sql: no rows", Run: x.run}); err != nil {
			t.Fatal(err)
		}
		if err := c.s.RondeInscriptions(c.ctx); err != nil {
			t.Fatal(err)
		}
		var clos bool
		if err := c.s.DB.Get(&clos, `SELECT clos_le IS NOT NULL FROM incident WHERE id = $1 || '/' || $2`, objet, opco.ActiviteInscription); err != nil || clos != x.clos {
			t.Errorf("the step of run %s is over: %t, %v", x.run, clos, err)
		}
	}
}
