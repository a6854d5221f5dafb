package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"guichet/opco"
	"guichet/store"
)

// The same acte sent again gets the same answer; its id serves nothing else.
func TestRecevoirDeuxFois(t *testing.T) {
	c := conduire(t)
	id, autre := c.creer(demande(), e1), c.creer(demande(), e1)
	a := opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetDossier(id), Type: opco.ActeDeposer, Par: e1, Charge: []byte(`{"certifie":true}`)}
	un, err := c.s.Recevoir(t.Context(), a)
	if err != nil || un.Deja {
		t.Fatalf("got %+v, %v", un, err)
	}
	tests := []struct {
		name   string
		change func(*opco.Acte)
		kind   opco.Kind
	}{
		{"again", func(*opco.Acte) {}, ""},
		{"other body", func(a *opco.Acte) { a.Charge = []byte(`{"certifie":false}`) }, opco.Conflict},
		{"other object", func(a *opco.Acte) { a.Objet = opco.ObjetDossier(autre) }, opco.Conflict},
		{"other type", func(a *opco.Acte) { a.Type = opco.ActeSupprimer }, opco.Conflict},
		{"other person", func(a *opco.Acte) { a.Par = of1 }, opco.Conflict},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := a
			tt.change(&b)
			r, err := c.s.Recevoir(t.Context(), b)
			if opco.KindOf(err) != tt.kind {
				t.Fatalf("got %v, want kind %q", err, tt.kind)
			}
			if tt.kind == "" && (!r.Deja || r.Acte.Seq != un.Acte.Seq || !r.Acte.Le.Equal(un.Acte.Le)) {
				t.Errorf("got %+v, want the first answer %+v", r, un)
			}
		})
	}
	var n, dernier int
	if err := c.s.DB.QueryRow(`SELECT count(*), (SELECT sum(dernier) FROM compteur WHERE code IN ('acte:' || $1, 'acte:' || $2))
		FROM acte WHERE objet IN ($1, $2)`, a.Objet, opco.ObjetDossier(autre)).Scan(&n, &dernier); err != nil || n != 3 || dernier != n {
		t.Errorf("got %d actes, counters at %d, %v; want 3 and 3", n, dernier, err)
	}
}

// A step killed between two statements leaves nothing of itself, wherever it was,
// and the next try does it whole.
func TestRecordTueEnRoute(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	r := c.recevoir(id, opco.ActeDecider, ges, opco.ChargeDecider{})
	dep, err := c.s.Depart(t.Context(), opco.ObjetDossier(id))
	if err != nil {
		t.Fatal(err)
	}
	dem := opco.Demarche{Objet: dep.Objet, Rang: dep.Rang + 1, ActeID: r.Acte.ID}
	avant := c.traces(id)
	tues := 0
	for delai := 200 * time.Microsecond; ; delai += 200 * time.Microsecond {
		ctx, fin := context.WithTimeout(t.Context(), delai)
		_, err := c.s.Record(ctx, dem)
		fin()
		if apres := c.traces(id); apres != avant {
			if apres.passages != avant.passages+1 || apres.verdicts != avant.verdicts+1 || apres.ecritures != avant.ecritures+2 || apres.courriers != avant.courriers+2 {
				t.Fatalf("after %s: got %+v from %+v, a step half done", delai, apres, avant)
			}
			break // a commit whose answer was lost counts too
		}
		if err == nil {
			t.Fatal("the step was answered and left no trace")
		}
		tues++
	}
	i, err := c.s.Record(t.Context(), dem)
	if err != nil || i.Resume.Etat != opco.EtatAccordee || i.Resume.Engage != 120_000 {
		t.Errorf("got %+v, %v after %d kills; want the accord once", i, err, tues)
	}
	if got := c.solde("999001019/2026/MUTUALISE"); got != 480_000 {
		t.Errorf("the envelope holds %s, want 4 800,00", got)
	}
	t.Logf("killed %d times", tues)
}

// traces counts what the steps of a dossier left.
type traces struct{ passages, verdicts, ecritures, courriers int }

func (c *conduite) traces(id string) (x traces) {
	c.t.Helper()
	err := c.s.DB.QueryRow(`SELECT (SELECT count(*) FROM passage WHERE objet = $1), (SELECT count(*) FROM acte WHERE objet = $1 AND etat <> 'recu'),
		(SELECT count(*) FROM ecriture WHERE objet = $1), (SELECT count(*) FROM courrier WHERE objet = $1)`, opco.ObjetDossier(id)).
		Scan(&x.passages, &x.verdicts, &x.ecritures, &x.courriers)
	if err != nil {
		c.t.Fatal(err)
	}
	return x
}

// The database holds the money by itself, whatever program writes.
func TestContraintesDArgent(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	c.a("2026-03-09 09:00:00")
	c.attendre(c.faire(id, opco.ActeDecider, ges, opco.ChargeDecider{}), opco.EtatAccordee)
	c.a("2026-04-15 00:00:01")
	c.echoir(id)
	c.a("2026-04-20 11:00:00")
	c.faire(id, opco.ActeCertifier, of1, certificats(14*60, 14*60))
	c.faire(id, opco.ActeFacturer, of1, facture(c, id, "F-2026-118", 120000))
	c.attendre(c.faire(id, opco.ActeConstater, ges, opco.ChargeConstater{}), opco.EtatEnReglement)
	const ecrire = `INSERT INTO ecriture (mouvement, type, compte, enveloppe, dossier, montant, objet, rang, le)
		VALUES ('x', 'ENGAGEMENT', $1, '999001019/2026/MUTUALISE', $2, $3, 'x', 1, now())`
	tests := []struct {
		name, contrainte string
		faire            func(tx *sqlx.Tx) error
	}{
		{"over-engaged", "solde_positif", func(tx *sqlx.Tx) error { return exec(tx, ecrire, "ENVELOPPE", id, -480_001) }},
		{"unbalanced", "ecriture_equilibre", func(tx *sqlx.Tx) error { return exec(tx, ecrire, "ENGAGE", id, 5) }},
		{"ledger line changed", "passage_immuable", func(tx *sqlx.Tx) error { return exec(tx, `UPDATE ecriture SET montant = montant + 1`) }},
		{"second living règlement", "reglement_vivant", func(tx *sqlx.Tx) error {
			return exec(tx, `INSERT INTO reglement SELECT (jsonb_populate_record(r, '{"id":"x","numero":"x","tentative":9}')).* FROM reglement r`)
		}},
		{"paid over accepted", "dossier_paye_dans_accepte", func(tx *sqlx.Tx) error {
			return exec(tx, `UPDATE dossier SET paye = accepte + 1 WHERE id::text = $1`, id)
		}},
		{"accepted over granted", "dossier_accepte_dans_accorde", func(tx *sqlx.Tx) error {
			return exec(tx, `UPDATE dossier SET accepte = accorde + 1 WHERE id::text = $1`, id)
		}},
		{"granted over asked", "dossier_accorde_dans_demande", func(tx *sqlx.Tx) error {
			return exec(tx, `UPDATE dossier SET accorde = demande + 1 WHERE id::text = $1`, id)
		}},
		{"état out of the lifecycle", "dossier_etat", func(tx *sqlx.Tx) error { return exec(tx, `UPDATE dossier SET etat = 'PERDU' WHERE id::text = $1`, id) }},
		{"one validator and creator", "lot_quatre_yeux", func(tx *sqlx.Tx) error {
			return exec(tx, `INSERT INTO lot (id, etat, rang, execution, groupe, nombre, somme, contenu, resume, cree_par, valide_par, cree_le)
				VALUES ('l', 'VALIDE', 1, now(), false, 1, 1, '{}', '{}', 'p', 'p', now())`)
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tx, err := c.s.DB.Beginx()
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback() //nolint:errcheck // a no-op after Commit
			if err = tt.faire(tx); err == nil {
				err = tx.Commit()
			}
			if got := contrainteDe(err); got != tt.contrainte {
				t.Errorf("got %q, %v; want %s", got, err, tt.contrainte)
			}
		})
	}
}

func exec(tx *sqlx.Tx, q string, args ...any) error {
	_, err := tx.Exec(q, args...)
	return err
}

// S14: a search finds a person however the name is typed.
func TestRechercheSansAccents(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	for _, mot := range []string{"lefevre", "Lefèvre", "nguyen", "N’GUYÊN", "zoe maelle", "d'haultepenne", "ERIC", "securite des donnees", "99900101900010", "999 001 019 00010", "Sorbier"} {
		p, err := c.s.Dossiers(t.Context(), opco.Portee{Interne: true, Role: opco.RoleGestionnaire}, store.Filtre{Texte: mot})
		if err != nil || len(p.Dossiers) != 1 || p.Dossiers[0].ID != id {
			t.Errorf("« %s » finds %d dossiers, %v; want one", mot, len(p.Dossiers), err)
		}
	}
	for _, mot := range []string{"lefebvre", "%", "_", `\`, "guyenne"} {
		p, err := c.s.Dossiers(t.Context(), opco.Portee{Interne: true, Role: opco.RoleGestionnaire}, store.Filtre{Texte: mot})
		if err != nil || len(p.Dossiers) != 0 {
			t.Errorf("« %s » finds %d dossiers, %v; want none", mot, len(p.Dossiers), err)
		}
	}
}
