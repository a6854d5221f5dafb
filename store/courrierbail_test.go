package store_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"guichet/store/storetest"
)

// Who has mails in hand may keep them all longer; what somebody else has taken since, what is in
// nobody's hands and what has left is not kept, whatever becomes of the rest.
func TestMailsAreKeptInHandByWhoTookThem(t *testing.T) {
	s := storetest.Ouvrir(t)
	s.DB.MustExec(`INSERT INTO courrier (id, objet, rang, evenement, pour, adresse, donnees, etat, le)
		SELECT 'c' || n, 'dossier/' || n, 1, 'E', 'entreprise', 'a@b.test', jsonb_build_object('id', 'c' || n), 'A_ENVOYER', now() FROM generate_series(1, 3) n`)
	prendre := func() map[string]time.Time {
		t.Helper()
		es, err := s.EnvoisDus(t.Context(), 10, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		pris := map[string]time.Time{}
		for _, e := range es {
			pris[e.ID] = e.Bail
		}
		return pris
	}
	garder := func(tenus map[string]time.Time, want ...string) map[string]time.Time {
		t.Helper()
		gardes, err := s.ProlongerEnvois(t.Context(), tenus, time.Minute)
		if got := slices.Sorted(maps.Keys(gardes)); err != nil || !slices.Equal(got, want) {
			t.Fatalf("kept %v, %v; want %v", got, err, want)
		}
		return gardes
	}
	a := prendre()
	s.DB.MustExec(`UPDATE courrier SET prochain = now() - interval '1 second'`) // it was slow, and nobody came
	avant := a
	a = garder(a, "c1", "c2", "c3")
	if len(prendre()) != 0 {
		t.Error("they were kept in hand and another took one")
	}
	garder(avant) // nobody keeps what was taken, or kept, under another name
	s.DB.MustExec(`UPDATE courrier SET prochain = now() - interval '1 second' WHERE id = 'c2'`)
	b := prendre()
	if len(b) != 1 {
		t.Fatalf("took %v", b)
	}
	a = garder(a, "c1", "c3")
	garder(b, "c2")
	if err := s.NoterEchec(t.Context(), "c1", a["c1"], false, "450", 0); err != nil {
		t.Fatal(err)
	}
	if err := s.NoterEnvoi(t.Context(), "c3", time.Now()); err != nil {
		t.Fatal(err)
	}
	garder(a)
	if c := prendre(); len(c) != 1 || c["c1"].IsZero() {
		t.Errorf("took %v: it waits", c)
	}
}
