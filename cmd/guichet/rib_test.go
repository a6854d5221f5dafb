package main

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"guichet/store/storetest"
)

// TestTheWorkerEndsTheHold: nobody reads the RIB, and it comes in service when its hold
// ends: by the clock that moves, or by the time that goes.
func TestTheWorkerEndsTheHold(t *testing.T) {
	a := &atelier{store: storetest.Ouvrir(t), log: slog.New(slog.DiscardHandler)}
	if err := a.store.ChargerDemo(t.Context()); err != nil {
		t.Fatal(err)
	}
	debut := time.Date(2026, 5, 4, 7, 0, 0, 0, time.UTC)
	if err := a.store.RegleHorloge(t.Context(), debut, true); err != nil {
		t.Fatal(err)
	}
	ctx, fin := context.WithCancel(t.Context())
	arrete := make(chan struct{})
	go func() { a.servirRIBs(ctx); close(arrete) }()
	defer func() { fin(); <-arrete }()
	inserer := func(id, siren string, actif time.Time) {
		t.Helper()
		if _, err := a.store.DB.ExecContext(t.Context(), `INSERT INTO rib (id, siren, sorte, nom, iban, etat, propose_le, actif_le, modifie_le)
			VALUES ($1, $2, 'organisme', 'OF', 'FR7699999000770070070077737', 'VALIDE', now(), $3, now())`, id, siren, actif); err != nil {
			t.Fatal(err)
		}
	}
	attendre := func(id string) {
		t.Helper()
		for fin := time.Now().Add(30 * time.Second); time.Now().Before(fin); time.Sleep(20 * time.Millisecond) {
			var etat string
			if err := a.store.DB.GetContext(t.Context(), &etat, `SELECT etat FROM rib WHERE id = $1`, id); err == nil && etat == "ACTIF" {
				return
			}
		}
		t.Errorf("RIB %s is not in service", id)
	}
	const un, deux = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"
	inserer(un, "999001431", debut.Add(48*time.Hour))
	if err := a.store.RegleHorloge(t.Context(), debut.Add(48*time.Hour), false); err != nil {
		t.Fatal(err)
	}
	attendre(un)
	inserer(deux, "999001365", debut.Add(48*time.Hour+time.Second))
	if _, err := a.store.DB.ExecContext(t.Context(), `SELECT pg_notify('guichet', 'rib ' || $1)`, deux); err != nil {
		t.Fatal(err)
	}
	attendre(deux)
}
