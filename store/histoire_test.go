package store_test

import (
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// A run is kept once; the copy of one that was still open gives way to the whole, never
// the other way round.
func TestGarderHistoire(t *testing.T) {
	s, ctx := storetest.Ouvrir(t), t.Context()
	debut := time.Date(2026, 4, 13, 9, 0, 0, 0, time.UTC)
	fin := debut.Add(time.Hour)
	garder := func(ouverte bool, evenements int, octets string) {
		t.Helper()
		h := opco.Histoire{Objet: "dossier/a", Run: "r1", Statut: "Running", Ouverte: ouverte, Debut: debut, Evenements: evenements, Octets: []byte(octets)}
		if !ouverte {
			h.Statut, h.Fin = "Completed", &fin
		}
		if err := s.GarderHistoire(ctx, h); err != nil {
			t.Fatal(err)
		}
	}
	garder(true, 10, "dix")
	garder(true, 8, "huit")
	garder(false, 14, "quatorze")
	garder(false, 20, "vingt")
	hs, err := s.Histoires(ctx, "dossier/a")
	if err != nil || len(hs) != 1 || hs[0].Octets != nil || hs[0].Ouverte {
		t.Fatalf("got %+v, %v; want one whole copy, listed without its bytes", hs, err)
	}
	h, err := s.Histoire(ctx, "dossier/a", "r1")
	if err != nil || string(h.Octets) != "quatorze" || h.Evenements != 14 || !h.Fin.Equal(fin) {
		t.Errorf("got %+v, %v; want the copy of the ended run, and no later one", h, err)
	}
	s.DB.MustExec(`UPDATE histoire SET octets = 'autre'`)
	if _, err := s.Histoire(ctx, "dossier/a", "r1"); err == nil {
		t.Error("a copy whose bytes changed was read")
	}
	if _, err := s.Histoire(ctx, "dossier/a", "r2"); !estNotFound(err) {
		t.Errorf("got %v for a run that is not kept; want NotFound", err)
	}
	grande := opco.Histoire{Objet: "dossier/b", Run: "r", Ouverte: true, Debut: debut, Evenements: 3, Octets: make([]byte, opco.HistoireMax+1)}
	if err := s.GarderHistoire(ctx, grande); opco.KindOf(err) != opco.Invalid {
		t.Errorf("got %v for a copy beyond the bound; want it refused", err)
	}
}

func estNotFound(err error) bool { return opco.KindOf(err) == opco.NotFound }

// What moved is noted once, given to one worker at a time after a rest, and noted again
// when it moves again.
func TestSuivreHistoires(t *testing.T) {
	b := conduire(t)
	b.a("2026-03-02 09:00:00")
	id := b.deposer(demande(), e1)
	suivre := func() {
		t.Helper()
		if err := b.s.SuivreHistoires(b.ctx); err != nil {
			t.Fatal(err)
		}
	}
	prendre := func() []store.SuiviHistoire {
		t.Helper()
		var notres []store.SuiviHistoire
		xs, err := b.s.PrendreHistoires(b.ctx, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range xs {
			if x.Objet == opco.ObjetDossier(id) {
				notres = append(notres, x)
			}
		}
		return notres
	}
	suivre()
	if xs := prendre(); len(xs) != 0 {
		t.Fatalf("got %+v; want the dossier left alone while it moves", xs)
	}
	b.s.DB.MustExec(`UPDATE histoire_suivi SET prochain = now()`)
	xs := prendre()
	if len(xs) != 1 || xs[0].Fini || xs[0].Essais != 1 {
		t.Fatalf("got %+v; want the dossier once, open", xs)
	}
	if encore := prendre(); len(encore) != 0 {
		t.Errorf("got %+v; want it given to one worker only", encore)
	}
	if err := b.s.NoterHistoire(b.ctx, xs[0], opco.HistoireGardee, 0); err != nil {
		t.Fatal(err)
	}
	suivre()
	if encore := prendre(); len(encore) != 0 {
		t.Errorf("got %+v; want what is kept left alone until it moves", encore)
	}
	b.attendre(b.faire(id, opco.ActeAnnuler, e1, opco.ChargeRaison{Raison: "Session annulée."}), opco.EtatAnnulee)
	suivre()
	if err := b.s.NoterHistoire(b.ctx, xs[0], opco.HistoireGardee, 0); err != nil { // a worker that is late
		t.Fatal(err)
	}
	b.s.DB.MustExec(`UPDATE histoire_suivi SET prochain = now()`)
	if xs := prendre(); len(xs) != 1 || !xs[0].Fini {
		t.Errorf("got %+v; want it again, ended", xs)
	}
}
