package store_test

import (
	"testing"

	"guichet/opco"
	"guichet/store"
)

// What the lists show of a dossier is written again as it was, with its counters; nothing else moves.
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
	c.s.DB.MustExec(`INSERT INTO dossier_compte (portee, code, n) SELECT portee, code, 7 FROM dossier_compte WHERE portee = '*' LIMIT 1`)
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
}
