package store_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// One verification goes on at a time; what it finds is kept and opens incidents, which the
// next one closes when they are gone.
func TestVerificationKept(t *testing.T) {
	b := conduire(t)
	ctx := b.ctx
	demander := func(id string) error {
		return b.s.DemanderVerification(ctx, id, store.OrigineAgent, "p-ops", "Yann Le Goff")
	}
	prendre := func(id string) {
		t.Helper()
		if pris, ok, err := b.s.PrendreVerification(ctx); pris != id || !ok || err != nil {
			t.Fatalf("got %s, %v, %v; want %s", pris, ok, err, id)
		}
	}
	un, deux := uuid.NewString(), uuid.NewString()
	for range 2 {
		if err := demander(un); err != nil {
			t.Fatal(err)
		}
	}
	if err := demander(deux); opco.KindOf(err) != opco.Conflict {
		t.Errorf("got %v for a second one; want Conflict", err)
	}
	prendre(un)
	if _, ok, err := b.s.PrendreVerification(ctx); ok || err != nil {
		t.Errorf("got %v, %v; want it held by one worker", ok, err)
	}
	if err := b.s.AvancerVerification(ctx, un, store.AvancementVerification{Etape: "dossiers", Fait: 400, Total: 1000}); err != nil {
		t.Fatal(err)
	}
	if v, err := b.s.Verification(ctx, un); err != nil || v.Etape != "dossiers" || v.Fait != 400 || v.CommenceeLe == nil {
		t.Errorf("got %+v, %v; want its progress", v, err)
	}
	rompu := store.RapportVerification{Resultats: []store.ResultatInvariant{
		{Code: "I1", Tenue: store.Tenu, Examines: 7},
		{Code: "I2", Tenue: store.Rompu, Examines: 5, Ecarts: 2, Exemples: []store.Ecart{{Code: "I2", Objet: "dossier/a", Phrase: "écart de 1,00 €"}, {Code: "I2", Objet: "dossier/b", Phrase: "écart"}}},
		{Code: "I15", Tenue: store.Rompu, Ecarts: 1, Exemples: []store.Ecart{{Code: "I15", Objet: "dossier/a", Phrase: "le tableau diffère"}}}}}
	if err := b.s.FinirVerification(ctx, un, rompu); err != nil {
		t.Fatal(err)
	}
	v, err := b.s.Verification(ctx, un)
	if err != nil || v.Etat != store.VerificationFinie || v.Rompus != 2 || v.Tenus != 1 || v.Examines != 12 || len(v.Resultats) != 3 || v.Resultats[1].Exemples[0].Objet != "dossier/a" {
		t.Errorf("got %+v, %v; want the report", v, err)
	}
	if n := b.divergences(); n != 3 {
		t.Errorf("got %d incidents of divergence, want one for each example", n)
	}
	if err := demander(deux); err != nil {
		t.Fatal(err)
	}
	prendre(deux)
	// A lot of breaches, of which one is named: those that were open may be among the others.
	if err := b.s.FinirVerification(ctx, deux, store.RapportVerification{Resultats: []store.ResultatInvariant{
		{Code: "I2", Tenue: store.Rompu, Ecarts: 40, Exemples: []store.Ecart{{Code: "I2", Objet: "dossier/c", Phrase: "écart"}}}}}); err != nil {
		t.Fatal(err)
	}
	if n := b.divergences(); n != 5 {
		t.Errorf("got %d incidents, want the three that were open, the one that is named and the count of the others", n)
	}
	trois := uuid.NewString()
	if err := demander(trois); err != nil {
		t.Fatal(err)
	}
	prendre(trois)
	mieux := store.RapportVerification{Resultats: []store.ResultatInvariant{{Code: "I2", Tenue: store.Tenu}, {Code: "I15", Tenue: store.NonVerifiable}}}
	if err := b.s.FinirVerification(ctx, trois, mieux); err != nil {
		t.Fatal(err)
	}
	if n := b.divergences(); n != 1 {
		t.Errorf("got %d incidents left, want that of the invariant which nobody looked at", n)
	}
	if vs, err := b.s.Verifications(ctx, time.Time{}, 10); err != nil || len(vs) != 3 || vs[0].Resultats != nil {
		t.Errorf("got %+v, %v; want both, without their reports", vs, err)
	}
}

// A worker that cannot write what it found has not ended its verification: no report says that rules are
// broken without their incidents.
func TestAVerificationIsEndedWithItsIncidents(t *testing.T) {
	b := conduire(t)
	id := uuid.NewString()
	if err := b.s.DemanderVerification(b.ctx, id, store.OrigineAgent, "p-ops", "Yann Le Goff"); err != nil {
		t.Fatal(err)
	}
	if _, ok, err := b.s.PrendreVerification(b.ctx); !ok || err != nil {
		t.Fatal(ok, err)
	}
	en := func(etat store.EtatVerification, ecarts int) {
		t.Helper()
		v, err := b.s.Verification(b.ctx, id)
		if n := b.divergences(); err != nil || v.Etat != etat || n != ecarts {
			t.Errorf("it is %s with %d incidents, %v; want %s with %d", v.Etat, n, err, etat, ecarts)
		}
	}
	rompu := store.RapportVerification{Resultats: []store.ResultatInvariant{
		{Code: "I2", Tenue: store.Rompu, Examines: 5, Ecarts: 1, Exemples: []store.Ecart{{Code: "I2", Objet: "dossier/a", Phrase: "écart"}}}}}
	b.s.DB.MustExec(`ALTER TABLE incident ADD CONSTRAINT coupe CHECK (activite = '') NOT VALID`)
	if err := b.s.FinirVerification(b.ctx, id, rompu); err == nil {
		t.Error("its incidents were not written, and it says nothing")
	}
	en(store.VerificationEnCours, 0)
	if err := b.s.RenoncerVerification(b.ctx, id, "la base s’arrête"); err == nil {
		t.Error("its incident was not written, and it says nothing")
	}
	en(store.VerificationEnCours, 0)
	b.s.DB.MustExec(`ALTER TABLE incident DROP CONSTRAINT coupe`)
	if err := b.s.FinirVerification(b.ctx, id, rompu); err != nil {
		t.Fatal(err)
	}
	en(store.VerificationFinie, 1)
}

// A verification of the night that did not take place is an incident, always the same, until
// one does; asked for again, it is done again. That of a person is not.
func TestAVerificationThatDidNotTakePlace(t *testing.T) {
	b := conduire(t)
	ctx := b.ctx
	demander := func(id, origine string, want bool) {
		t.Helper()
		if err := b.s.DemanderVerification(ctx, id, origine, "", ""); err != nil {
			t.Fatal(err)
		}
		if pris, ok, err := b.s.PrendreVerification(ctx); err != nil || ok != want || ok && pris != id {
			t.Fatalf("got %s, %v, %v; want %s taken: %v", pris, ok, err, id, want)
		}
	}
	nuits, agent := []string{uuid.NewString(), uuid.NewString()}, uuid.NewString()
	for _, id := range nuits {
		for range 2 {
			demander(id, store.OrigineNuit, true)
			if err := b.s.RenoncerVerification(ctx, id, "disque plein"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if is := storetest.Incidents(t, b.s); len(is) != 1 || is[0].Objet != "verification" {
		t.Errorf("got %+v; want one incident for both nights", is)
	}
	demander(agent, store.OrigineAgent, true)
	if err := b.s.RenoncerVerification(ctx, agent, "disque plein"); err != nil {
		t.Fatal(err)
	}
	demander(agent, store.OrigineAgent, false)
	demander(nuits[1], store.OrigineNuit, true)
	if err := b.s.FinirVerification(ctx, nuits[1], store.RapportVerification{}); err != nil {
		t.Fatal(err)
	}
	if is := storetest.Incidents(t, b.s); len(is) != 0 {
		t.Errorf("got %+v; want the incident closed", is)
	}
}

func (c *conduite) divergences() (n int) {
	c.t.Helper()
	if err := c.s.DB.Get(&n, `SELECT count(*) FROM incident WHERE clos_le IS NULL AND activite LIKE 'divergence/%'`); err != nil {
		c.t.Fatal(err)
	}
	return n
}

// A verification says how far it is, and stops when it is told to.
func TestVerificationProgress(t *testing.T) {
	b := conduire(t)
	b.a("2026-03-02 09:00:00")
	b.deposer(demande(), e1)
	var etapes []string
	v := &store.Verificateur{Store: b.s, Progres: func(x store.AvancementVerification) error {
		etapes = append(etapes, x.Etape)
		return nil
	}}
	if _, err := v.Verifier(b.ctx); err != nil || len(etapes) < 6 || etapes[0] != "ensemble" {
		t.Errorf("got %v, %v; want each part told", etapes, err)
	}
	v.Progres = func(store.AvancementVerification) error { return opco.Errorf(opco.Conflict, "Arrêt demandé.") }
	if _, err := v.Verifier(b.ctx); opco.KindOf(err) != opco.Conflict {
		t.Errorf("got %v; want the verification stopped", err)
	}
}
