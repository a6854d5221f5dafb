package store_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
)

// The kill switch of payments holds the file of a lot back, and opens with two persons; that of mails
// holds the outbox.
func TestKillSwitches(t *testing.T) {
	c := conduire(t)
	b := banc{t, c.s}
	basculer := func(v opco.Verbe) store.InterventionVue {
		t.Helper()
		x := b.proposer(yann, opco.Intervention{Verbe: v})
		if x.Etat != store.InterventionProposee || x.Conclusion != v.Promet() {
			t.Fatalf("got %+v", x)
		}
		return x
	}
	lancer := func(v opco.Verbe) {
		t.Helper()
		if err := c.s.LancerIntervention(c.ctx, yann, basculer(v).ID); err != nil {
			t.Fatal(err)
		}
	}
	c.troisReglements()
	id := c.lotPropose(false)
	partir := func() error {
		return c.s.LaisserPartir(c.ctx, id, func(io.Reader, opco.EnvoiLot) error { return nil })
	}
	lancer(opco.VerbeArreterPaiements)
	if err := partir(); !errors.Is(err, opco.ErrPaiementsSuspendus) {
		t.Fatalf("got %v: a file may leave", err)
	}
	v := basculer(opco.VerbeRouvrirPaiements)
	b.refuse(c.s.LancerIntervention(c.ctx, yann, v.ID), opco.Conflict)
	if err := c.s.ApprouverIntervention(c.ctx, aude, v.ID); err != nil {
		t.Fatal(err)
	}
	if err := partir(); errors.Is(err, opco.ErrPaiementsSuspendus) {
		t.Error("payments are open and nothing leaves")
	}
	if v = b.avancer(v); v.Etat != store.InterventionVerifiee {
		t.Errorf("got %+v", v)
	}
	lancer(opco.VerbeArreterCourriels)
	if es, err := c.s.EnvoisDus(c.ctx, 10, time.Minute); err != nil || len(es) > 0 {
		t.Fatalf("%d mails leave, %v", len(es), err)
	}
	is, err := c.s.Interrupteurs(c.ctx)
	if err != nil || len(is) != 2 || is[0].Ferme || !is[1].Ferme || is[1].Par != yann.Nom || is[1].Motif != motifs || is[1].Retenu == 0 {
		t.Errorf("the switches say %+v, %v", is, err)
	}
	lancer(opco.VerbeRouvrirCourriels)
	if es, err := c.s.EnvoisDus(c.ctx, 10, time.Minute); err != nil || len(es) == 0 {
		t.Errorf("no mail leaves, %v", err)
	}
}

// Who closes the switch of payments waits for the file that is leaving.
func TestTheSwitchWaitsForTheFileThatLeaves(t *testing.T) {
	c := conduire(t)
	b := banc{t, c.s}
	c.troisReglements()
	c.a("2026-05-04 09:00:00")
	id := c.lotPropose(false)
	l := c.lot(id)
	c.faireLot(id, opco.ActeValiderLot, cpt2, opco.ChargeValiderLot{Nombre: 3, Somme: l.Somme()})
	if err := c.s.ArchiverFichier(c.ctx, id, c.lot(id).Sceau, strings.NewReader("<lot/>")); err != nil {
		t.Fatal(err)
	}
	c.attendre(c.systeme(id, opco.ActeEmettreLot, "emission"), opco.Etat(opco.LotEmis))
	v := b.proposer(yann, opco.Intervention{Verbe: opco.VerbeArreterPaiements})
	ferme := make(chan error, 1)
	err := c.s.LaisserPartir(c.ctx, id, func(io.Reader, opco.EnvoiLot) error {
		court, fin := context.WithTimeout(c.ctx, 300*time.Millisecond)
		defer fin()
		if err := c.s.LancerIntervention(court, yann, v.ID); err == nil {
			t.Error("the switch closed under a file that leaves")
		}
		go func() { ferme <- c.s.LancerIntervention(c.ctx, yann, v.ID) }()
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-ferme; err != nil {
		t.Fatal(err)
	}
	if err := c.s.LaisserPartir(c.ctx, id, func(io.Reader, opco.EnvoiLot) error { return nil }); !errors.Is(err, opco.ErrPaiementsSuspendus) {
		t.Errorf("got %v", err)
	}
}
