package store_test

import (
	"slices"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
)

// What the lists show of a dossier is written again as it was; nothing else moves.
func TestReconstruire(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	const image = `SELECT md5(string_agg(to_jsonb(d)::text, ' ' ORDER BY id)) FROM dossier d`
	const compte = `SELECT md5(string_agg(x::text, ' ' ORDER BY portee, code)) FROM (SELECT portee, code, sum(n) FROM dossier_compte GROUP BY 1, 2 HAVING sum(n) <> 0) x`
	lire := func(requete string) (v string) {
		t.Helper()
		if err := c.s.DB.Get(&v, requete); err != nil {
			t.Fatal(err)
		}
		return v
	}
	objet := lire(`SELECT 'dossier/' || id FROM dossier WHERE etat NOT IN ('BROUILLON', 'SUPPRIME') ORDER BY id LIMIT 1`)
	lignes, nombres, journal := lire(image), lire(compte), lire(`SELECT count(*) FROM passage`)
	c.s.DB.MustExec(`UPDATE dossier SET etat = 'SUPPRIME', paye = paye + 100, rang = rang + 3, resume = '{}', prochaine_echeance = now() WHERE 'dossier/' || id = $1`, objet)
	if b, _, err := c.s.ReleverBase(c.ctx, store.Cible{Objet: objet}); err != nil || !b.Discorde {
		t.Fatalf("got %+v, %v: it is not read as its journal says", b, err)
	}
	if err := c.s.Reconstruire(c.ctx, objet); err != nil {
		t.Fatal(err)
	}
	if b, _, err := c.s.ReleverBase(c.ctx, store.Cible{Objet: objet}); err != nil || b.Discorde {
		t.Errorf("got %+v, %v", b, err)
	}
	if lire(image) != lignes || lire(compte) != nombres || lire(`SELECT count(*) FROM passage`) != journal {
		t.Error("something is not as it was")
	}
}

// A counter alone is counted again under the name that a verification gives it.
func TestReconstruireUnCompteur(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	var objet string
	if err := c.s.DB.Get(&objet, `INSERT INTO dossier_compte (portee, code, n) SELECT portee, code, -2 FROM dossier_compte WHERE portee LIKE 'E:%' LIMIT 1 RETURNING 'compteur/' || portee || '/' || code`); err != nil {
		t.Fatal(err)
	}
	for _, veut := range []bool{true, false} {
		if b, _, err := c.s.ReleverBase(c.ctx, store.Cible{Objet: objet}); err != nil || !b.Existe || b.Discorde != veut {
			t.Errorf("got %+v, %v, expected %t", b, err, veut)
		}
		if err := c.s.Reconstruire(c.ctx, objet); err != nil {
			t.Fatal(err)
		}
	}
}

// A content that is not what the journal says is no use to write anything from.
func TestReconstruireRefuse(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	var objet string
	if err := c.s.DB.Get(&objet, `UPDATE dossier SET contenu = jsonb_set(contenu, '{rang}', '99'), paye = 1 WHERE id = (SELECT id FROM dossier WHERE etat NOT IN ('BROUILLON', 'SUPPRIME') LIMIT 1) RETURNING 'dossier/' || id`); err != nil {
		t.Fatal(err)
	}
	if err := c.s.Reconstruire(c.ctx, objet); opco.KindOf(err) != opco.Conflict {
		t.Errorf("got %v", err)
	}
	b, _, err := c.s.ReleverBase(c.ctx, store.Cible{Objet: objet})
	if _, refus := (opco.Intervention{Verbe: opco.VerbeReconstruire}).Essayer(opco.Releve{Base: b}); err != nil || opco.KindOf(refus) != opco.Conflict {
		t.Errorf("got %v, %v at the trial", refus, err)
	}
}

// What a verification finds of a dossier or of a counter is accepted at the trial, and mended: it is not
// told to rebuild what the rebuilding leaves as it was.
func TestReconstruireCeQueLaVerificationTrouve(t *testing.T) {
	b := baseAVerifier(t)
	b.sauver()
	repares := []string{"a column of the table", "a délai that nobody would wake", "an invoice changed in the table", "a word that no search finds",
		"a brouillon that the staff finds", "a queue that finds by another word", "words of a queue in another order", "words of a queue that the dossier left",
		"a queue that forgets", "a queue in another order", "a règlement counted as replaced", "a counter one short", "a figure of a menu one short"}
	for _, m := range mutants {
		if !slices.Contains(repares, m.name) {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			b.corrompre(m.sql...)
			defer b.rendre()
			codes, r := b.rompus(b.verificateur())
			for range 3 { // a report names ten of each
				for _, objet := range objetsDe(r) {
					base, _, err := b.s.ReleverBase(b.ctx, store.Cible{Objet: objet})
					if _, refus := (opco.Intervention{Verbe: opco.VerbeReconstruire}).Essayer(opco.Releve{Base: base}); err != nil || refus != nil {
						t.Errorf("%s: %v, %v", objet, refus, err)
					}
				}
				for _, objet := range objetsDe(r) {
					if err := b.s.Reconstruire(b.ctx, objet); err != nil {
						t.Fatal(objet, err)
					}
				}
				codes, r = b.rompus(b.verificateur())
			}
			if codes != nil {
				b.expliquer(r)
				t.Errorf("%v still broken", codes)
			}
		})
	}
}

func objetsDe(r store.RapportVerification) (objets []string) {
	for _, x := range r.Resultats {
		for _, e := range x.Exemples {
			if !slices.Contains(objets, e.Objet) {
				objets = append(objets, e.Objet)
			}
		}
	}
	return objets
}

// Two who count again at once add what is missing once: the second waits, then finds nothing missing.
func TestDeuxRecomptesALaFois(t *testing.T) {
	c := conduire(t)
	c.troisReglements()
	var objet string
	if err := c.s.DB.Get(&objet, `INSERT INTO dossier_compte (portee, code, n) SELECT portee, code, -2 FROM dossier_compte WHERE portee LIKE 'E:%' LIMIT 1 RETURNING 'compteur/' || portee || '/' || code`); err != nil {
		t.Fatal(err)
	}
	// What is counted is held back once computed, until both have come as far as they can.
	c.s.DB.MustExec(`CREATE FUNCTION retenir() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4242); RETURN NEW; END $$`)
	c.s.DB.MustExec(`CREATE TRIGGER retenu BEFORE INSERT ON dossier_compte FOR EACH ROW EXECUTE FUNCTION retenir()`)
	main, err := c.s.DB.Connx(c.ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer main.Close()
	if _, err := main.ExecContext(c.ctx, `SELECT pg_advisory_lock(4242)`); err != nil {
		t.Fatal(err)
	}
	fins := make(chan error, 2)
	for range 2 {
		go func() { fins <- c.s.Reconstruire(c.ctx, objet) }()
	}
	for attendent := 0; attendent < 2; {
		if err := main.GetContext(c.ctx, &attendent, `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`); err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * time.Millisecond)
	}
	if _, err := main.ExecContext(c.ctx, `SELECT pg_advisory_unlock(4242)`); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-fins; err != nil {
			t.Fatal(err)
		}
	}
	if b, _, err := c.s.ReleverBase(c.ctx, store.Cible{Objet: objet}); err != nil || b.Discorde {
		t.Errorf("got %+v, %v: counted twice", b, err)
	}
}
