package main

import (
	"context"
	"time"

	"go.temporal.io/sdk/worker"

	"guichet/activities"
	"guichet/banque"
	"guichet/workflows"
)

// ouvrierBanque works the queue of payment batches: a bank folder that is away
// holds nobody else.
func (a *atelier) ouvrierBanque(opts worker.Options) worker.Worker {
	w := worker.New(a.temporal, workflows.QueueBanque, opts)
	w.RegisterWorkflow(workflows.Lot)
	w.RegisterActivity(a.journal())
	w.RegisterActivity(&activities.Banque{Lots: a.store, Rediger: banque.Rediger, Dossier: a.cfg.Banque})
	return w
}

// preparerBanque makes the folder of the bank on a new installation. One that is missing
// later holds the payments, which say so; nothing else waits for it. Only a worker of the bank
// has that folder.
func (a *atelier) preparerBanque(ctx context.Context) {
	if !a.cfg.Fait(workflows.QueueBanque) {
		return
	}
	partis, err := a.store.OrdresPartis(ctx)
	if err == nil {
		err = activities.PreparerDossier(a.cfg.Banque, partis)
	}
	if err != nil {
		a.log.ErrorContext(ctx, "the folder of the bank is not ready", "error", err)
	}
}

// lireBanque imports what the bank drops in its folder.
func (a *atelier) lireBanque(ctx context.Context) {
	r := &activities.Retours{Memoire: a.store, Lire: banque.Lire, Dossier: a.cfg.Banque, Transmettre: a.client.Transmettre,
		Log: a.log, Pause: 500 * time.Millisecond}
	r.Surveiller(ctx)
}
