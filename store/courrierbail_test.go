package store_test

import (
	"testing"
	"time"

	"guichet/store/storetest"
)

// Who has a mail in hand may keep it longer; who lost it to another try may not, nor may anybody
// once it has left.
func TestAMailIsKeptInHandByWhoTookIt(t *testing.T) {
	s := storetest.Ouvrir(t)
	s.DB.MustExec(`INSERT INTO courrier (id, objet, rang, evenement, pour, adresse, donnees, etat, le) VALUES
		('c1', 'dossier/1', 1, 'E', 'entreprise', 'a@b.test', '{"id": "c1"}', 'A_ENVOYER', now())`)
	prendre := func() int {
		t.Helper()
		es, err := s.EnvoisDus(t.Context(), 10, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return len(es)
	}
	garde := func(essais int) bool {
		t.Helper()
		mien, err := s.ProlongerEnvoi(t.Context(), "c1", essais, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return mien
	}
	if n := prendre(); n != 1 {
		t.Fatalf("took %d mails", n)
	}
	s.DB.MustExec(`UPDATE courrier SET prochain = now() - interval '1 second', bail_le = prochain`)
	if !garde(1) || prendre() != 0 {
		t.Error("it was kept in hand and another took it")
	}
	s.DB.MustExec(`UPDATE courrier SET prochain = now() - interval '1 second'`)
	if prendre() != 1 || garde(1) || !garde(2) {
		t.Error("the second try has it, and no longer the first")
	}
	if err := s.NoterEchec(t.Context(), "c1", false, "450", 0); err != nil || garde(2) {
		t.Errorf("it is in nobody's hands: %v", err)
	}
	if prendre() != 1 {
		t.Error("it waits")
	}
	if err := s.NoterEnvoi(t.Context(), "c1", time.Now()); err != nil || garde(3) {
		t.Errorf("it has left: %v", err)
	}
}
