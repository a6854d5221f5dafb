package workflows_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"guichet/opco"
	"guichet/workflows"
)

// moteurSourd is an engine that refuses what a test says, and counts what it heard.
type moteurSourd struct {
	client.Client
	refuse func(objet string) error
	appels map[string]int
}

func (m *moteurSourd) SignalWorkflow(_ context.Context, objet, _, _ string, _ any) error {
	m.appels[objet]++
	return m.refuse(objet)
}

// attenteFixe is a base whose actes never get their verdict.
type attenteFixe struct {
	actes    []opco.Acte
	retards  []string
	decalage time.Duration
}

func (a *attenteFixe) EnAttente(_ context.Context, _ time.Duration, limite int, sauf ...string) ([]opco.Acte, error) {
	var as []opco.Acte
	for _, x := range a.actes {
		if !slices.Contains(sauf, x.ID) && len(as) < limite {
			as = append(as, x)
		}
	}
	return as, nil
}
func (a *attenteFixe) EnRetard(context.Context, time.Duration, int) ([]string, error) {
	return a.retards, nil
}
func (a *attenteFixe) Decalage(context.Context) (time.Duration, error) { return a.decalage, nil }

func relayer(t *testing.T, a *attenteFixe, refuse func(string) error) (*workflows.Relais, *moteurSourd) {
	t.Helper()
	m := &moteurSourd{refuse: refuse, appels: map[string]int{}}
	return &workflows.Relais{Client: &workflows.Client{Temporal: m}, Attente: a, Log: slog.New(slog.DiscardHandler), Pause: time.Second}, m
}

func actesDe(objets ...string) (as []opco.Acte) {
	for n, o := range objets {
		as = append(as, opco.Acte{ID: fmt.Sprintf("%d", n), Objet: o, Seq: 1})
	}
	return as
}

// Objects that the engine refuses do not hold those behind them, and are asked less and less.
func TestRelayGoesPastPoisonedObjects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var objets []string
		for n := range 600 { // more than one pass lists
			objets = append(objets, fmt.Sprintf("poison/%d", n))
		}
		r, m := relayer(t, &attenteFixe{actes: actesDe(append(objets, "dossier/sain")...)}, func(o string) error {
			if strings.HasPrefix(o, "poison/") {
				return serviceerror.NewInvalidArgument("signal too large")
			}
			return nil
		})
		ctx, fin := context.WithTimeout(t.Context(), 150*time.Second)
		defer fin()
		err := r.Passer(ctx)
		if err == nil || !strings.Contains(err.Error(), "500 calls failed") {
			t.Errorf("got %v; want all the failures counted, few told", err)
		}
		if _ = r.Passer(ctx); m.appels["dossier/sain"] != 1 {
			t.Errorf("the sound dossier was called %d times in two passes; want once", m.appels["dossier/sain"])
		}
		r.Tourner(ctx, nil)
		for _, o := range []string{"poison/0", "dossier/sain"} {
			if n := m.appels[o]; n < 7 || n > 10 {
				t.Errorf("%s was called %d times in 150 s; want about 8: 1 s, 2 s, 4 s… a minute", o, n)
			}
		}
	})
}

// While the engine is away a pass ends soon, and what waits leaves a few seconds after it is back.
func TestRelayWaitsForTheEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var objets []string
		for n := range 100 {
			objets = append(objets, fmt.Sprintf("dossier/%d", n))
		}
		panne := serviceerror.NewUnavailable("connection refused")
		parti := false
		r, m := relayer(t, &attenteFixe{actes: actesDe(objets...)}, func(string) error {
			if parti {
				return nil
			}
			return panne
		})
		_ = r.Passer(t.Context())
		if len(m.appels) != 5 {
			t.Errorf("%d objects were called while the engine is away; want 5", len(m.appels))
		}
		ctx, fin := context.WithTimeout(t.Context(), 10*time.Minute)
		r.Tourner(ctx, nil)
		fin()
		parti, m.appels = true, map[string]int{}
		ctx, fin = context.WithTimeout(t.Context(), 5*time.Second)
		defer fin()
		r.Tourner(ctx, nil)
		if len(m.appels) != len(objets) {
			t.Errorf("%d objects of %d were called in the 5 s after the engine came back", len(m.appels), len(objets))
		}
	})
}

// The other actes of an object that fails wait for it; a late object hears again at once when the clock moves.
func TestRelayByObject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := &attenteFixe{actes: actesDe("dossier/a", "dossier/a", "dossier/b")}
		r, m := relayer(t, a, func(o string) error {
			if o == "dossier/a" {
				return serviceerror.NewInvalidArgument("no")
			}
			return nil
		})
		_ = r.Passer(t.Context())
		if m.appels["dossier/a"] != 1 || m.appels["dossier/b"] != 1 {
			t.Errorf("got %v; want one call for each object", m.appels)
		}
		a.actes, a.retards, m.appels = nil, []string{"dossier/c"}, map[string]int{}
		for range 3 {
			_ = r.Passer(t.Context())
		}
		a.decalage = time.Hour
		_ = r.Passer(t.Context())
		if m.appels["dossier/c"] != 2 {
			t.Errorf("got %d calls; want one for each hour that the clock said", m.appels["dossier/c"])
		}
	})
}
