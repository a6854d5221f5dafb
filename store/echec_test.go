package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

// TestTentatives: four failures cost nothing, the fifth makes 15 minutes, each
// further one twice as long, a hundred in a row want a new password, and a success
// forgets them (C21).
func TestTentatives(t *testing.T) {
	s := storetest.Ouvrir(t)
	ctx := t.Context()
	p := opco.ParametresDefaut().Comptes
	vieillir := func(d time.Duration) {
		if _, err := s.DB.Exec(`UPDATE echec_connexion SET dernier = dernier - make_interval(secs => $1), depuis = depuis - make_interval(secs => $1)`, d.Seconds()); err != nil {
			t.Fatal(err)
		}
	}
	tenter := func() (store.Reservation, *store.Attente) {
		r, err := s.ReserverTentative(ctx, store.Tentative{Saisi: "e1", Adresse: "192.0.2.0/24"}, p)
		var a *store.Attente
		if err != nil && !errors.As(err, &a) {
			t.Fatal(err)
		}
		return r, a
	}
	attendus := map[int]time.Duration{5: 15 * time.Minute, 6: 30 * time.Minute, 7: time.Hour, 12: 24 * time.Hour}
	for n := 1; n <= 12; n++ {
		r, a := tenter()
		if a != nil || r.Echecs != n {
			t.Fatalf("try %d: got %d (%v)", n, r.Echecs, a)
		}
		attente, _ := p.AttenteConnexion(n)
		if veut, ok := attendus[n]; ok && attente != veut {
			t.Errorf("after %d failures: got %s, want %s", n, attente, veut)
		}
		if attente == 0 {
			continue
		}
		if _, a = tenter(); a == nil || a.Duree > attente || a.Duree < attente-time.Minute {
			t.Errorf("after %d failures: got %v, want to wait %s", n, a, attente)
		}
		vieillir(attente)
	}
	r, _ := tenter()
	if err := s.TentativeReussie(ctx, r, p); err != nil {
		t.Fatal(err)
	}
	if r, a := tenter(); a != nil || r.Echecs != 1 {
		t.Errorf("after a success: got %d failures (%v), want to begin again", r.Echecs, a)
	}
	if _, err := s.DB.Exec(`UPDATE echec_connexion SET echecs = 100, dernier = dernier - interval '1 year' WHERE empreinte <> 'tous'`); err != nil {
		t.Fatal(err)
	}
	if _, a := tenter(); a == nil || !a.Jamais {
		t.Errorf("after a hundred failures: got %v, want a new password", a)
	}
}

// TestTentativesEnsemble: of forty tries at once, five are made; one that was never
// compared is given back.
func TestTentativesEnsemble(t *testing.T) {
	s := storetest.Ouvrir(t)
	p := opco.ParametresDefaut().Comptes
	var faites atomic.Int64
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			_, err := s.ReserverTentative(context.Background(), store.Tentative{Saisi: "e1"}, p)
			var a *store.Attente
			switch {
			case err == nil:
				faites.Add(1)
			case !errors.As(err, &a):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if n := faites.Load(); n < 1 || n > int64(p.BlocageEchecs) {
		t.Errorf("%d tries at once were made, want %d at most", n, p.BlocageEchecs)
	}
	for range 50 {
		r, err := s.ReserverTentative(t.Context(), store.Tentative{Saisi: "e2"}, p)
		if err != nil {
			t.Fatalf("a try given back still counts: %v", err)
		}
		if err := s.RendreTentative(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTentativesAilleurs: one address tries a hundred accounts at most within the
// window, whatever their names; a known device and another address go on.
func TestTentativesAilleurs(t *testing.T) {
	s := storetest.Ouvrir(t)
	p := opco.ParametresDefaut().Comptes
	p.Connexion.EchecsAdresse, p.Connexion.EchecsTous = 20, 30
	essayer := func(nom, appareil, adresse string) bool {
		_, err := s.ReserverTentative(t.Context(), store.Tentative{Saisi: nom, Appareil: appareil, Adresse: adresse}, p)
		var a *store.Attente
		if err != nil && !errors.As(err, &a) {
			t.Fatal(err)
		}
		return err == nil
	}
	faites := 0
	for i := range 40 {
		if essayer(fmt.Sprint("compte-", i), "", "192.0.2.0/24") {
			faites++
		}
	}
	if faites != 20 {
		t.Errorf("one address made %d tries, want 20", faites)
	}
	for i := range 20 {
		r, err := s.ReserverTentative(t.Context(), store.Tentative{Saisi: fmt.Sprint("autre-", i), Adresse: fmt.Sprintf("198.51.%d.0/24", i)}, p)
		if err != nil || r.Foule != (i >= 10) {
			t.Errorf("try %d of everybody: %+v, %v; want an alert past 30, and nobody refused", 21+i, r, err)
		}
	}
	faites = 0
	for i := range 100 {
		_, err := s.ReserverTentative(t.Context(), store.Tentative{Saisi: fmt.Sprint("sixieme-", i), Adresse: fmt.Sprintf("2001:db8:0:%x::/64", i), Reseau: "2001:db8::/48"}, p)
		if err == nil {
			faites++
		}
	}
	if faites != 80 {
		t.Errorf("one subscriber of a /48 made %d tries, want 80", faites)
	}
	if !essayer("e1", "compte:appareil", "192.0.2.0/24") {
		t.Error("a known device is stopped by the others")
	}
	if _, err := s.DB.Exec(`UPDATE echec_connexion SET depuis = depuis - interval '16 minutes'`); err != nil {
		t.Fatal(err)
	}
	if !essayer("compte-99", "", "192.0.2.0/24") {
		t.Error("the window never ends")
	}
}
