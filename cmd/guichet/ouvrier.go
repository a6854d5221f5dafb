package main

import (
	"context"
	"sync"
	"time"

	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"guichet/activities"
	"guichet/workflows"
)

// procedures runs the workers of Temporal, and starts them again until Temporal is there,
// and when it refuses one of them for good: a process whose hands are off must not stay so.
func (a *atelier) procedures(ctx context.Context) {
	dit := false
	for ctx.Err() == nil {
		refus := make(chan error, 1)
		ws := a.ouvriers(refus)
		err := demarrer(ws)
		if err == nil {
			a.marche.Store(true)
			select {
			case <-ctx.Done():
			case err = <-refus:
			}
			a.marche.Store(false)
			arreter(ws)
		}
		if err != nil && !dit {
			a.log.WarnContext(ctx, "Temporal does not answer: trying until it does", "error", err)
			dit = true
		}
		dormir(ctx, 500*time.Millisecond)
	}
}

func demarrer(ws []worker.Worker) error {
	for i, w := range ws {
		if err := w.Start(); err != nil {
			arreter(ws[:i])
			return err
		}
	}
	return nil
}

// arreter stops them side by side: each may take its whole WorkerStopTimeout, and the
// process has not the sum of them to end.
func arreter(ws []worker.Worker) {
	var wg sync.WaitGroup
	for _, w := range ws {
		wg.Go(w.Stop)
	}
	wg.Wait()
}

// ouvriers are one worker per task queue that this process serves: each queue is a failure
// domain. refus hears of the first that the engine refuses for good.
func (a *atelier) ouvriers(refus chan<- error) []worker.Worker {
	worker.SetStickyWorkflowCacheSize(workflows.CacheProcedures)
	opts := workflows.Executant(a.cfg.Arret)
	opts.Interceptors = []interceptor.WorkerInterceptor{&activities.Surveillance{Incidents: a.store, Log: a.log, Executant: identite(), Version: build()}}
	opts.DeploymentOptions = workflows.Inscription(a.cfg.VersionWorkers, build())
	opts.OnFatalError = func(err error) {
		select {
		case refus <- err:
		default:
		}
	}
	var ws []worker.Worker
	for _, f := range []struct {
		file    string
		ouvrier func(worker.Options) worker.Worker
	}{{"dossier", a.ouvrierDossier}, {"compte", a.ouvrierCompte}, {"banque", a.ouvrierBanque}, {"ops", a.ouvrierOps}} {
		if a.cfg.Fait(f.file) {
			ws = append(ws, f.ouvrier(opts))
		}
	}
	return ws
}

func (a *atelier) ouvrierDossier(opts worker.Options) worker.Worker {
	w := worker.New(a.temporal, workflows.QueueDossier, opts)
	w.RegisterWorkflow(workflows.Dossier)
	w.RegisterWorkflow(workflows.Indu)
	w.RegisterActivity(a.journal())
	return w
}

func (a *atelier) ouvrierCompte(opts worker.Options) worker.Worker {
	w := worker.New(a.temporal, workflows.QueueCompte, opts)
	w.RegisterWorkflow(workflows.Compte)
	w.RegisterActivity(a.journal())
	return w
}
