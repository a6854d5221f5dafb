package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	tlog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"

	"guichet/activities"
	"guichet/cmd/internal/env"
	"guichet/opco"
	"guichet/store"
	"guichet/workflows"
)

// workerCmd runs the procedures and everything that works by itself.
type workerCmd struct{}

// Run works until it is told to stop. Temporal being away does not stop it: the
// mail goes on and the relay waits.
func (workerCmd) Run(ctx context.Context) error {
	cfg, err := env.Lire()
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	s, err := ouvrirStore(ctx, cfg, 24)
	if err != nil {
		return err
	}
	defer s.Close()
	t, err := client.NewLazyClient(client.Options{HostPort: cfg.Temporal, Namespace: cfg.Namespace, Logger: tlog.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	if err != nil {
		return fmt.Errorf("preparing the client of Temporal: %w", err)
	}
	defer t.Close()
	a := &atelier{cfg: cfg, log: log, store: s, temporal: t, client: &workflows.Client{Temporal: t, Departs: s, Namespace: cfg.Namespace}}
	return a.travailler(ctx)
}

// ouvrirStore opens the database of the configuration with the calendar of the deeds.
func ouvrirStore(ctx context.Context, cfg env.Config, connexions int) (*store.Store, error) {
	return ouvrirBase(ctx, cfg.DB, connexions)
}

func ouvrirBase(ctx context.Context, dsn string, connexions int) (*store.Store, error) {
	s, err := store.Open(ctx, dsn, connexions)
	if err != nil {
		return nil, fmt.Errorf("la base ne répond pas : %w", err)
	}
	france, alsace := activities.NewCalendrier(false), activities.NewCalendrier(true)
	s.Calendrier = func(alsaceMoselle bool) opco.Calendrier {
		if alsaceMoselle {
			return alsace
		}
		return france
	}
	return s, nil
}

// atelier is what a worker process is made of.
type atelier struct {
	cfg      env.Config
	log      *slog.Logger
	store    *store.Store
	temporal client.Client
	client   *workflows.Client
}

func (a *atelier) travailler(ctx context.Context) error {
	facteur, err := a.facteur()
	if err != nil {
		return err
	}
	a.preparerBanque(ctx)
	var wg sync.WaitGroup
	for _, f := range []func(context.Context){
		a.procedures,
		a.relayer,
		a.lireBanque,
		a.menager,
		a.tasser,
		a.veiller,
		a.servirRIBs,
		a.actionner,
		a.intervenir,
		a.signaler,
		a.ronder,
		a.presenter,
		a.archiver,
		a.rejouer,
		a.verifier,
		func(ctx context.Context) { a.poster(ctx, facteur) },
	} {
		wg.Go(func() { f(ctx) })
	}
	a.log.InfoContext(ctx, "worker ready", "temporal", a.cfg.Temporal)
	wg.Wait()
	return nil
}

// procedures runs the workers of Temporal, and starts them again until Temporal
// is there.
func (a *atelier) procedures(ctx context.Context) {
	dit := false
	for ctx.Err() == nil {
		w := a.ouvriers()
		err := demarrer(w)
		if err == nil {
			<-ctx.Done()
			arreter(w)
			return
		}
		if !dit {
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

// ouvriers are one worker per task queue: each queue is a failure domain.
func (a *atelier) ouvriers() []worker.Worker {
	worker.SetStickyWorkflowCacheSize(1000)
	opts := worker.Options{
		MaxConcurrentWorkflowTaskExecutionSize: 32, MaxConcurrentLocalActivityExecutionSize: 16,
		MaxConcurrentActivityExecutionSize: 8, WorkerStopTimeout: 5 * time.Second,
		StickyScheduleToStartTimeout: time.Second, // another worker takes over a second after one dies
		Interceptors:                 []interceptor.WorkerInterceptor{&activities.Surveillance{Incidents: a.store, Log: a.log, Executant: identite(), Version: build()}},
	}
	dossier := worker.New(a.temporal, workflows.QueueDossier, opts)
	journal := &activities.Journal{Memoire: a.store}
	dossier.RegisterWorkflow(workflows.Dossier)
	dossier.RegisterWorkflow(workflows.Indu)
	dossier.RegisterActivity(journal)
	compte := worker.New(a.temporal, workflows.QueueCompte, opts)
	compte.RegisterWorkflow(workflows.Compte)
	compte.RegisterActivity(journal)
	return []worker.Worker{dossier, compte, a.ouvrierBanque(opts), a.ouvrierOps(opts)}
}

func (a *atelier) relayer(ctx context.Context) {
	r := &workflows.Relais{Client: a.client, Attente: a.store, Log: a.log, Age: 2 * time.Second, Retard: 2 * time.Minute, Pause: time.Second}
	if a.cfg.HorlogeEssai {
		r.Retard, r.Pause = 0, 250*time.Millisecond
	}
	r.Tourner(ctx, a.nouvelles(ctx, "horloge"))
}

// nouvelles ticks when the database says something of the subject.
func (a *atelier) nouvelles(ctx context.Context, sujet string) <-chan struct{} {
	c := make(chan struct{}, 1)
	ns, stop := a.store.Ecouter()
	go func() {
		defer stop()
		for {
			select {
			case <-ctx.Done():
				return
			case n := <-ns:
				if n.Sujet == sujet || n.Sujet == "" {
					select {
					case c <- struct{}{}:
					default:
					}
				}
			}
		}
	}()
	return c
}

func (a *atelier) poster(ctx context.Context, f *activities.Facteur) {
	reveil := a.nouvelles(ctx, "courrier")
	for ctx.Err() == nil {
		n, err := f.Tournee(ctx)
		if err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "outbox not read", "error", err)
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-reveil:
		case <-time.After(time.Second):
		}
	}
}

func dormir(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
