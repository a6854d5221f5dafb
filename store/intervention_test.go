package store_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

var (
	yann   = opco.Acteur{Personne: "yann", Nom: "Yann Le Goff", Role: opco.RoleOps}
	aude   = opco.Acteur{Personne: "aude", Nom: "Aude Miossec", Role: opco.RoleOps}
	nadia  = opco.Acteur{Personne: "nadia", Nom: "Nadia Ferrand", Role: opco.RoleResponsable}
	motifs = "coupure du réseau, 14 h"
)

// banc is a house where something is stuck.
type banc struct {
	*testing.T
	s *store.Store
}

// proposer writes an intervention and has its things tried: each is applicable.
func (b banc) proposer(par opco.Acteur, i opco.Intervention, cs ...store.Cible) store.InterventionVue {
	b.Helper()
	i.Motif = motifs
	v, err := b.s.ProposerIntervention(b.Context(), par, "", uuid.NewString(), i, cs)
	if err != nil {
		b.Fatal(err)
	}
	return b.essayer(v)
}

func (b banc) essayer(v store.InterventionVue) store.InterventionVue {
	b.Helper()
	es, err := b.s.PrendreCibles(b.Context(), v, time.Minute, 1000)
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range es {
		e.Avant.Le = time.Now().UTC()
		if e.Avant.Base, e.Avant.Pli, err = b.s.ReleverBase(b.Context(), store.Cible{Objet: e.Objet, Cle: e.Cle}); err == nil {
			err = b.s.NoterEssaiCible(b.Context(), v, e, nil)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	return b.avancer(v)
}

func (b banc) avancer(v store.InterventionVue) store.InterventionVue {
	b.Helper()
	if err := b.s.AvancerIntervention(b.Context(), v); err != nil {
		b.Fatal(err)
	}
	v, err := b.s.Intervention(b.Context(), v.ID)
	if err != nil {
		b.Fatal(err)
	}
	return v
}

func (b banc) refuse(err error, k opco.Kind) {
	b.Helper()
	if opco.KindOf(err) != k {
		b.Errorf("got %v, want a refusal %s", err, k)
	}
}

// Sent twice, an intervention is one; under its id nothing else is ever asked, and what was asked is
// never rewritten.
func TestAnInterventionIsWrittenOnce(t *testing.T) {
	b := banc{t, demo(t)}
	id, i := uuid.NewString(), opco.Intervention{Verbe: opco.VerbeRelancer, Motif: motifs}
	cible := []store.Cible{{Objet: "dossier/" + uuid.NewString()}}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := b.s.ProposerIntervention(b.Context(), yann, "", id, i, cible); err != nil {
				b.Error(err)
			}
		})
	}
	wg.Wait()
	if vs, err := b.s.Interventions(b.Context(), store.FiltreInterventions{}, 10); err != nil || len(vs) != 1 || vs[0].Nombres.Total != 1 {
		t.Fatalf("the journal holds %+v, %v", vs, err)
	}
	for _, autre := range []struct {
		par opco.Acteur
		i   opco.Intervention
		cs  []store.Cible
	}{
		{aude, i, cible}, {yann, opco.Intervention{Verbe: opco.VerbeRehydrater, Motif: motifs}, cible},
		{yann, opco.Intervention{Verbe: i.Verbe, Motif: "une autre raison"}, cible}, {yann, i, []store.Cible{{Objet: "lot/L-1"}}},
	} {
		_, err := b.s.ProposerIntervention(b.Context(), autre.par, "", id, autre.i, autre.cs)
		b.refuse(err, opco.Conflict)
	}
	_, err := b.s.ProposerIntervention(b.Context(), nadia, "", uuid.NewString(), i, cible)
	b.refuse(err, opco.Forbidden)
	for _, sql := range []string{`UPDATE intervention SET motif = 'un tout autre motif'`, `UPDATE intervention SET personne = 'aude'`, `DELETE FROM intervention`} {
		if _, err := b.s.DB.Exec(sql); err == nil {
			t.Errorf("the base let « %s »", sql)
		}
	}
}

// What concerns money starts with a second person only; the base itself refuses the author's own agreement.
func TestMoneyTakesTwoPersons(t *testing.T) {
	b := banc{t, demo(t)}
	v := b.proposer(yann, opco.Intervention{Verbe: opco.VerbeReessayer}, store.Cible{Objet: "lot/L-1"})
	if !v.Argent || v.Etat != store.InterventionProposee {
		t.Fatalf("got %+v", v)
	}
	b.refuse(b.s.LancerIntervention(b.Context(), yann, v.ID), opco.Conflict)
	b.refuse(b.s.ApprouverIntervention(b.Context(), yann, v.ID), opco.Forbidden)
	b.refuse(b.s.ApprouverIntervention(b.Context(), opco.Acteur{Personne: "paul", Role: opco.RoleComptable}, v.ID), opco.Forbidden)
	for _, sql := range []string{`UPDATE intervention SET etat = 'EN_COURS'`, `UPDATE intervention SET etat = 'VERIFIEE'`,
		`UPDATE intervention SET etat = 'APPROUVEE', second_personne = personne, second_nom = nom`} {
		if _, err := b.s.DB.Exec(sql); err == nil {
			t.Errorf("the base let « %s »", sql)
		}
	}
	if err := b.s.ApprouverIntervention(b.Context(), nadia, v.ID); err != nil {
		t.Fatal(err)
	}
	v, err := b.s.Intervention(b.Context(), v.ID)
	if err != nil || v.Etat != store.InterventionApprouvee || v.SecondNom != nadia.Nom {
		t.Errorf("got %+v, %v", v, err)
	}
	b.refuse(b.s.RefuserIntervention(b.Context(), aude, v.ID, "trop tard"), opco.Conflict)
}

// Two agents at once on one dossier: one of them acts, the other is told.
func TestTwoAgentsAtOnce(t *testing.T) {
	b := banc{t, demo(t)}
	seul, autre := store.Cible{Objet: "dossier/" + uuid.NewString()}, store.Cible{Objet: "dossier/" + uuid.NewString()}
	un := b.proposer(yann, opco.Intervention{Verbe: opco.VerbeRehydrater}, seul)
	deux := b.proposer(aude, opco.Intervention{Verbe: opco.VerbeRelancer}, seul)
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, x := range []struct {
		par opco.Acteur
		v   store.InterventionVue
	}{{yann, un}, {aude, deux}} {
		wg.Go(func() { errs[i] = b.s.LancerIntervention(b.Context(), x.par, x.v.ID) })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) || opco.KindOf(errors.Join(errs...)) != opco.Conflict {
		t.Fatalf("got %v: one must act, and one alone", errs)
	}
	tous := b.proposer(aude, opco.Intervention{Verbe: opco.VerbeRelancer}, seul, autre)
	b.refuse(b.s.LancerIntervention(b.Context(), yann, tous.ID), opco.Forbidden)
	if err := b.s.LancerIntervention(b.Context(), aude, tous.ID); err != nil {
		t.Fatal(err)
	}
	if tous = b.avancer(tous); tous.Etat != store.InterventionEnCours || tous.Nombres.Ecarte != 1 || tous.Nombres.Applicable != 1 {
		t.Errorf("got %+v: the one that is held is set aside, the other goes on", tous)
	}
}

// A worker that dies after it has asked leaves what it asked to another, which asks for nothing twice.
func TestAnAskedThingOutlivesItsWorker(t *testing.T) {
	b := banc{t, demo(t)}
	v := b.proposer(yann, opco.Intervention{Verbe: opco.VerbeRelancer}, store.Cible{Objet: "dossier/" + uuid.NewString()})
	if err := b.s.LancerIntervention(b.Context(), yann, v.ID); err != nil {
		t.Fatal(err)
	}
	v = b.avancer(v)
	prendre := func() []store.ElementIntervention {
		es, err := b.s.PrendreCibles(b.Context(), v, time.Minute, 10)
		if err != nil {
			t.Fatal(err)
		}
		return es
	}
	es := prendre()
	if len(es) != 1 || len(prendre()) != 0 {
		t.Fatalf("got %+v: one worker has it", es)
	}
	if faite, err := b.s.DemanderCible(b.Context(), v, es[0]); err != nil || !faite {
		t.Fatal(faite, err)
	}
	if faite, err := b.s.DemanderCible(b.Context(), v, es[0]); err != nil || faite {
		t.Fatalf("asked twice: %v, %v", faite, err)
	}
	if _, err := b.s.DB.Exec(`UPDATE intervention_element SET bail_le = clock_timestamp() - interval '1 second'`); err != nil {
		t.Fatal(err)
	}
	if es = prendre(); len(es) != 1 || es[0].Etat != store.ElementDemande || es[0].DemandeLe == nil {
		t.Fatalf("got %+v: another must know that it was asked", es)
	}
	if err := b.s.NoterConstat(b.Context(), v, es[0], string(opco.ConstateVerifie)); err != nil {
		t.Fatal(err)
	}
	if v = b.avancer(v); v.Etat != store.InterventionVerifiee || v.TermineeLe == nil {
		t.Errorf("got %+v", v)
	}
	if err := b.s.LancerIntervention(b.Context(), yann, v.ID); err != nil {
		t.Errorf("launching it again: %v, want nothing to happen", err)
	}
}

// Arming an échéance again writes the date of the journal, and no other.
func TestTheEcheanceOfTheJournalIsArmed(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 09:00:00") // before the action begins: a demande may be sent
	c.accorderA(demande().Organisme.SIRET, 7)
	var objet string
	if err := c.s.DB.Get(&objet, `SELECT 'dossier/' || id FROM dossier WHERE prochaine_echeance IS NOT NULL ORDER BY id LIMIT 1`); err != nil {
		t.Fatal(err)
	}
	avant, _, err := c.s.ReleverBase(c.ctx, store.Cible{Objet: objet})
	if err != nil || !avant.Existe || !avant.Due.Equal(avant.Echeance) || avant.Due.IsZero() {
		t.Fatalf("got %+v, %v", avant, err)
	}
	if _, err := c.s.DB.Exec(`UPDATE dossier SET prochaine_echeance = prochaine_echeance + interval '3 days' WHERE 'dossier/' || id = $1`, objet); err != nil {
		t.Fatal(err)
	}
	if err := c.s.Rearmer(c.ctx, objet); err != nil {
		t.Fatal(err)
	}
	apres, _, err := c.s.ReleverBase(c.ctx, store.Cible{Objet: objet})
	if err != nil || !apres.Echeance.Equal(avant.Due) {
		t.Errorf("got %+v, %v; want %s", apres, err, avant.Due)
	}
}

// What may stop a procedure is never started on an old trial: it is tried again, and nobody has agreed.
func TestAnOldTrialIsMadeAgain(t *testing.T) {
	b := banc{t, demo(t)}
	lot := b.proposer(yann, opco.Intervention{Verbe: opco.VerbeRehydrater}, store.Cible{Objet: "lot/L-1"})
	dossier := b.proposer(yann, opco.Intervention{Verbe: opco.VerbeRearmer}, store.Cible{Objet: "dossier/" + uuid.NewString()})
	doux := b.proposer(yann, opco.Intervention{Verbe: opco.VerbeRelancer}, store.Cible{Objet: "dossier/" + uuid.NewString()})
	b.s.DB.MustExec(`UPDATE intervention_element SET avant = jsonb_set(avant, '{le}', to_jsonb(clock_timestamp() - interval '16 minutes'))`)
	b.refuse(b.s.ApprouverIntervention(b.Context(), nadia, lot.ID), opco.Conflict)
	b.refuse(b.s.LancerIntervention(b.Context(), yann, dossier.ID), opco.Conflict)
	if err := b.s.LancerIntervention(b.Context(), yann, doux.ID); err != nil {
		t.Errorf("what stops nothing is refused: %v", err)
	}
	for _, v := range []store.InterventionVue{lot, dossier} {
		lue, err := b.s.Intervention(b.Context(), v.ID)
		if err != nil || lue.Etat != store.InterventionEssai || lue.Nombres.Attend != 1 || lue.SecondNom != "" || lue.LanceeLe != nil {
			t.Errorf("got %+v, %v: it is to be tried again", lue, err)
		}
	}
	b.essayer(b.avancer(lot))
	if err := b.s.ApprouverIntervention(b.Context(), nadia, lot.ID); err != nil {
		t.Error(err)
	}
}
