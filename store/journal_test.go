package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/lib/pq"

	"guichet/opco"
	"guichet/store"
)

// contrainteDe is the constraint that PostgreSQL says was broken.
func contrainteDe(err error) string {
	var e *pq.Error
	if errors.As(err, &e) {
		return e.Constraint
	}
	return ""
}

// The journal is append-only and its hashes chain: whatever is changed in a line,
// even by who holds the database, shows.
func TestJournalImmuableEtChaine(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	objet := opco.ObjetDossier(id)
	for _, q := range []string{`UPDATE passage SET phrase = 'x' WHERE objet = $1`, `DELETE FROM passage WHERE objet = $1`} {
		if _, err := c.s.DB.Exec(q, objet); contrainteDe(err) != "passage_immuable" {
			t.Errorf("%s: got %v, want passage_immuable", q, err)
		}
	}
	if rompu := c.maillonRompu(objet); rompu != 0 {
		t.Fatalf("an honest journal breaks at %d", rompu)
	}
	for _, champ := range []string{`phrase = 'x'`, `le = le + interval '1 microsecond'`, `nom = 'x'`, `motif = 'x'`, `vers = 'ACCORDEE'`, `effet = effet + 1`,
		`resume = resume || '{"accorde":1}'`, `verdict = 'refuse'`, `precedente = 'x'`} {
		t.Run(champ, func(t *testing.T) {
			tx, err := c.s.DB.Beginx()
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback() //nolint:errcheck // the fraud is undone
			if _, err := tx.Exec(`ALTER TABLE passage DISABLE TRIGGER passage_immuable`); err != nil {
				t.Fatal(err)
			}
			if _, err := tx.Exec(`UPDATE passage SET `+champ+` WHERE objet = $1 AND rang = 2`, objet); err != nil {
				t.Fatal(err)
			}
			if rompu := c.maillon(tx, objet); rompu != 2 {
				t.Errorf("the chain breaks at %d, want 2", rompu)
			}
		})
	}
}

type lecteur interface {
	Select(dest any, query string, args ...any) error
}

func (c *conduite) maillonRompu(objet string) int64 { return c.maillon(c.s.DB, objet) }

// maillon returns the first line whose hash is not the one of what it holds and
// of the line before, 0 when there is none.
func (c *conduite) maillon(q lecteur, objet string) int64 {
	c.t.Helper()
	var ls []struct {
		Rang                                               int64
		Acte, Type, Code, De, Vers, Verdict, Motif, Phrase string
		Personne, Nom, Role, Precedente, Empreinte         string
		Le                                                 time.Time
		Effet                                              opco.Date
		Resume                                             []byte
	}
	err := q.Select(&ls, `SELECT rang, COALESCE(acte_id::text, '') AS acte, type, code, de, vers, verdict, motif, phrase, personne, nom, role,
		le, effet, resume, precedente, empreinte FROM passage WHERE objet = $1 ORDER BY rang`, objet)
	if err != nil {
		c.t.Fatal(err)
	}
	avant := ""
	for i, l := range ls {
		p := opco.Passage{Rang: l.Rang, ActeID: l.Acte, Type: opco.TypeActe(l.Type), Code: l.Code, De: opco.Etat(l.De), Vers: opco.Etat(l.Vers),
			Verdict: opco.Verdict(l.Verdict), Motif: l.Motif, Phrase: l.Phrase, Le: l.Le, Effet: l.Effet,
			Par: opco.Acteur{Personne: l.Personne, Nom: l.Nom, Role: opco.Role(l.Role)}}
		if l.Rang != int64(i+1) || l.Precedente != avant || store.Empreinte(objet, avant, p, l.Resume) != l.Empreinte {
			return int64(i + 1)
		}
		avant = l.Empreinte
	}
	return 0
}

// The journal folds to the projection: the last line's resume, rang and état are
// those of the dossier, through refusals and délais (I15).
func TestJournalPlieLaProjection(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.deposer(demande(), e1)
	c.faire(id, opco.ActeConstater, ges, opco.ChargeConstater{}) // refused
	c.a("2026-03-09 09:00:00")
	c.faire(id, opco.ActeDecider, ges, opco.ChargeDecider{})
	c.a("2026-04-15 00:00:01")
	c.echoir(id)
	ps, err := c.s.Journal(t.Context(), opco.Portee{Interne: true}, opco.ObjetDossier(id))
	if err != nil {
		t.Fatal(err)
	}
	refuses := 0
	for i, p := range ps {
		if i > 0 && (p.De != ps[i-1].Vers || p.Le.Before(ps[i-1].Le)) {
			t.Errorf("line %d goes from %s at %s, after %s at %s", p.Rang, string(p.De), p.Le, string(ps[i-1].Vers), ps[i-1].Le)
		}
		if p.Verdict == opco.VerdictRefuse {
			refuses++
			if p.De != p.Vers {
				t.Errorf("refused line %d moves the dossier to %s", p.Rang, string(p.Vers))
			}
		}
	}
	d, err := c.s.Dossier(t.Context(), opco.Portee{Interne: true}, id)
	if err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(ps[len(ps)-1].Resume)
	want, _ := json.Marshal(d.Resume())
	if string(got) != string(want) || d.Rang != int64(len(ps)) || refuses != 1 {
		t.Errorf("rang %d of %d, %d refused; the journal ends with\n%s\nthe dossier is\n%s", d.Rang, len(ps), refuses, got, want)
	}
}

// A rang asked for late, early or for another step never overwrites.
func TestRecordHorsDeSonTour(t *testing.T) {
	c := conduire(t)
	c.a("2026-03-02 10:00:00")
	id := c.creer(demande(), e1)
	objet := opco.ObjetDossier(id)
	depot := c.recevoir(id, opco.ActeDeposer, e1, aVenir).Acte.ID
	demander := c.recevoir(id, opco.ActeDemanderComplement, ges, opco.ChargeDemanderComplement{Pieces: []opco.PieceDemandee{
		{Type: opco.PieceProgramme, Motif: opco.MotifManquante}}}).Acte.ID
	pas := func(rang int64, acte string) (opco.Issue, error) {
		return c.s.Record(t.Context(), opco.Demarche{Objet: objet, Rang: rang, ActeID: acte})
	}
	if _, err := pas(3, demander); !errors.Is(err, store.ErrTrou) {
		t.Errorf("early: got %v, want ErrTrou", err)
	}
	for _, acte := range []string{depot, demander} {
		if _, err := pas(map[string]int64{depot: 2, demander: 3}[acte], acte); err != nil {
			t.Fatal(err)
		}
	}
	i, err := pas(2, depot) // a retry that comes after the next step
	if err != nil || i.Resume.Etat != opco.EtatTransmise || i.Rang != 2 {
		t.Errorf("late: got %s at %d, %v; want what it answered then", string(i.Resume.Etat), i.Rang, err)
	}
	if _, err := pas(2, demander); !errors.Is(err, store.ErrTrou) {
		t.Errorf("another step: got %v, want ErrTrou", err)
	}
	ctx, annuler := context.WithCancel(t.Context())
	annuler()
	if _, err := c.s.Record(ctx, opco.Demarche{Objet: objet, Rang: 4, ActeID: depot}); err == nil {
		t.Error("a step was recorded for a caller that had gone")
	}
	if rompu := c.maillonRompu(objet); rompu != 0 {
		t.Errorf("the chain breaks at %d", rompu)
	}
}
