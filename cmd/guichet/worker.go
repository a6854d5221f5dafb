package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"

	"guichet/activities"
	"guichet/cmd/internal/env"
	"guichet/cmd/internal/telemetry"
	"guichet/opco"
	"guichet/schema"
	"guichet/store"
	"guichet/workflows"
)

// workerCmd runs the procedures and everything that works by itself, or some of it.
type workerCmd struct {
	Files []string `help:"Travaux de ce worker, séparés par des virgules (par défaut : GUICHET_FILES, sinon tous)." placeholder:"dossier,banque"`
}

// Run works until it is told to stop. Temporal being away does not stop it: the
// mail goes on and the relay waits.
func (w workerCmd) Run(ctx context.Context) error {
	cfg, err := env.LireFiles(w.Files)
	if err != nil {
		return err
	}
	o, err := observer(ctx, cfg, "worker")
	if err != nil {
		return err
	}
	defer o.traceur.Close()
	s, err := ouvrirStore(ctx, cfg, 24)
	if err != nil {
		return err
	}
	defer s.Close()
	t, err := ouvrirTemporalMesure(cfg, o.moteur.Handler())
	if err != nil {
		return err
	}
	defer t.Close()
	a := &atelier{cfg: cfg, log: o.log, store: s, temporal: t, client: &workflows.Client{Temporal: t, Departs: s, Namespace: cfg.Namespace}, traceur: o.traceur}
	o.sonde.Checks = map[string]func(context.Context) error{"moteur": a.enMarche}
	if err := o.ouvrir(context.WithoutCancel(ctx), cfg, s); err != nil {
		return err
	}
	context.AfterFunc(ctx, o.sonde.Leave)
	return a.travailler(ctx)
}

// ouvrirStore opens the database of the configuration with the calendar of the deeds.
func ouvrirStore(ctx context.Context, cfg env.Config, connexions int) (*store.Store, error) {
	return ouvrirBase(ctx, cfg.DB, connexions)
}

// ouvrirBase refuses a base that is behind this program.
func ouvrirBase(ctx context.Context, dsn string, connexions int) (*store.Store, error) {
	if err := verifierBase(ctx, dsn); err != nil {
		return nil, err
	}
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

func verifierBase(ctx context.Context, dsn string) error {
	db, err := sql.Open("postgres", dsn)
	if err != nil {
		return fmt.Errorf("preparing the database: %w", err)
	}
	defer db.Close()
	if err := schema.Verifier(ctx, db); errors.Is(err, schema.ErrEnRetard) {
		return err
	} else if err != nil {
		return fmt.Errorf("la base ne répond pas : %w", err)
	}
	return nil
}

// atelier is what a worker process is made of.
type atelier struct {
	cfg      env.Config
	log      *slog.Logger
	store    *store.Store
	temporal client.Client
	client   *workflows.Client
	traceur  *telemetry.Tracer
	marche   atomic.Bool // its procedures are served, or it serves none
}

// enMarche says whether the procedures of this worker are served.
func (a *atelier) enMarche(context.Context) error {
	if !a.marche.Load() {
		return errors.New("the engine does not answer yet")
	}
	return nil
}

// acheve is the context of what must not be left half done when ctx ends: it ends a
// while later.
func (a *atelier) acheve(ctx context.Context) (context.Context, context.CancelFunc) {
	deed, fin := context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() { time.AfterFunc(a.cfg.Arret, fin) })
	return deed, fin
}

func (a *atelier) travailler(ctx context.Context) error {
	facteur, err := a.facteur()
	if err != nil {
		return err
	}
	a.preparerBanque(ctx)
	var wg sync.WaitGroup
	for _, x := range []struct {
		file  string
		faire func(context.Context)
	}{
		{"relais", a.relayer},
		{"banque", a.lireBanque},
		{"entretien", a.menager},
		{"entretien", a.tasser},
		{"entretien", a.veiller},
		{"entretien", a.servirRIBs},
		{"actions", a.actionner},
		{"signaux", a.signaler},
		{"ops", a.intervenir},
		{"ops", a.ronder},
		{"ops", a.archiver},
		{"ops", a.rejouer},
		{"ops", a.verifier},
		{"courrier", func(ctx context.Context) { a.poster(ctx, facteur) }},
	} {
		if a.cfg.Fait(x.file) {
			wg.Go(func() { x.faire(ctx) })
		}
	}
	wg.Go(func() { a.presenter(ctx) })
	wg.Go(func() { a.procedures(ctx) })
	a.log.InfoContext(ctx, "worker ready", "temporal", a.cfg.Temporal, "version", build(), "files", a.cfg.Files)
	wg.Wait()
	return nil
}

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
	worker.SetStickyWorkflowCacheSize(1000)
	opts := worker.Options{
		MaxConcurrentWorkflowTaskExecutionSize: 32, MaxConcurrentLocalActivityExecutionSize: 16,
		MaxConcurrentActivityExecutionSize: 8, WorkerStopTimeout: a.cfg.Arret,
		StickyScheduleToStartTimeout: time.Second, // another worker takes over a second after one dies
		Interceptors:                 []interceptor.WorkerInterceptor{&activities.Surveillance{Incidents: a.store, Log: a.log, Executant: identite(), Version: build()}},
		OnFatalError: func(err error) {
			select {
			case refus <- err:
			default:
			}
		},
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
	tournee, fin := a.acheve(ctx) // a mail that has left is written down
	defer fin()
	for ctx.Err() == nil {
		n, err := f.Tournee(tournee)
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
