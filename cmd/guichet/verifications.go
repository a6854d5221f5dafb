package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"go.temporal.io/sdk/worker"

	"guichet/activities"
	"guichet/banque"
	"guichet/opco"
	"guichet/store"
	"guichet/workflows"
)

// ouvrierOps works the queue of those who run the house, and asks the engine for the
// verification of each night.
func (a *atelier) ouvrierOps(opts worker.Options) worker.Worker {
	opts.Interceptors = nil // a verification tells its own failures, under a name that is the same each night
	w := worker.New(a.temporal, workflows.QueueOps, opts)
	w.RegisterWorkflow(workflows.Verification)
	w.RegisterActivity(&activities.Verification{De: a})
	return w
}

// verifier does the verifications that the console asks for, whether the engine answers
// or not, and keeps the schedule of the night as the configuration says.
func (a *atelier) verifier(ctx context.Context) {
	planifie := false
	a.tourner(ctx, "verification not done", func(ctx context.Context) (time.Duration, error) {
		planifie = planifie || a.planifier(ctx)
		_, err := a.verifierUne(ctx, func(any) {})
		return 10 * time.Second, err
	}, "verification")
}

// planifier reports whether the engine has the schedule of the night; while it is away it
// is asked again.
func (a *atelier) planifier(ctx context.Context) bool {
	ctx, fin := context.WithTimeout(ctx, patienceMoteur)
	defer fin()
	return workflows.Planifier(ctx, a.temporal, a.cfg.Verification) == nil
}

// Nuit does the verification of the night. When another goes on, that one stands for it. One
// that did not take place is an error, and is done when it is asked for again.
func (a *atelier) Nuit(ctx context.Context, id string, battre func(any)) error {
	err := a.store.DemanderVerification(ctx, id, store.OrigineNuit, "", "")
	if errors.Is(err, opco.Conflict) {
		return nil
	}
	if err != nil {
		return err
	}
	for {
		if _, err := a.verifierUne(ctx, battre); err != nil {
			return err
		}
		v, err := a.store.Verification(ctx, id)
		if v.Etat == store.VerificationEchouee {
			err = fmt.Errorf("verification %s: %s", id, v.Raison)
		}
		if err != nil || v.FinieLe != nil {
			return err
		}
		battre(v.Fait) // another worker does it
		if dormir(ctx, 5*time.Second); ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// verifierUne does the verification that waits, and reports whether there was one.
func (a *atelier) verifierUne(ctx context.Context, battre func(any)) (bool, error) {
	id, ok, err := a.store.PrendreVerification(ctx)
	if err != nil || !ok {
		return false, err
	}
	f, err := store.OuvrirFichiers(a.cfg.Fichiers)
	if err != nil {
		return true, errors.Join(err, a.store.RenoncerVerification(ctx, id, err.Error()))
	}
	defer f.Close()
	var p pouls
	stop := p.suivre(ctx, func(x store.AvancementVerification) {
		battre(x)
		if err := a.store.AvancerVerification(ctx, id, x); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "progress of a verification not written", "error", err)
		}
	})
	defer stop()
	r, err := (&store.Verificateur{Store: a.store, Fichiers: f, Ordre: banque.Rediger, EnLigne: true, Pause: 2 * time.Second,
		Procedure: procedureDe(a.temporal), Progres: p.noter}).Verifier(ctx)
	if ctx.Err() != nil {
		return true, ctx.Err() // this worker stops: another takes it
	}
	if err != nil {
		return true, errors.Join(err, a.store.RenoncerVerification(ctx, id, err.Error()))
	}
	return true, a.store.FinirVerification(ctx, id, r)
}

// pouls tells from time to time where a verification is, even while one long query says
// nothing.
type pouls struct {
	mu sync.Mutex
	ou store.AvancementVerification
}

func (p *pouls) noter(x store.AvancementVerification) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ou = x
	return nil
}

// suivre tells dire until the function it returns is called.
func (p *pouls) suivre(ctx context.Context, dire func(store.AvancementVerification)) func() {
	ctx, stop := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			p.mu.Lock()
			ou := p.ou
			p.mu.Unlock()
			dire(ou)
			dormir(ctx, 2*time.Second)
		}
	})
	return func() { stop(); wg.Wait() }
}
