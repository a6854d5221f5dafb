package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"

	"guichet/activities"
	"guichet/cmd/internal/env"
	"guichet/cmd/internal/telemetry"
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

func (a *atelier) relayer(ctx context.Context) {
	r := &workflows.Relais{Client: a.client, Attente: a.store, Log: a.log, Age: 2 * time.Second, Retard: 2 * time.Minute, Pause: time.Second}
	if a.cfg.HorlogeEssai {
		r.Retard, r.Pause = 0, 250*time.Millisecond
	}
	r.Tourner(ctx, a.nouvelles(ctx, "horloge"))
}

func (a *atelier) poster(ctx context.Context, f *activities.Facteur) {
	tournee, fin := a.acheve(ctx) // a mail that has left is written down
	defer fin()
	a.tourner(ctx, "outbox not read", func(context.Context) (time.Duration, error) {
		n, err := f.Tournee(tournee)
		return apres(n > 0 && err == nil, time.Second), err
	}, "courrier")
}
