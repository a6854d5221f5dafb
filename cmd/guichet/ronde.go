package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"go.temporal.io/sdk/client"

	"guichet/opco"
	"guichet/store"
	"guichet/workflows"
)

// ronder looks for what is stuck until ctx ends. The API does it as the workers do, so that
// somebody looks when no worker is left; one process makes each round.
func ronder(ctx context.Context, s *store.Store, t client.Client, namespace string, log *slog.Logger) {
	(&workflows.Ronde{Moteur: workflows.Guet{Temporal: t, Namespace: namespace}, Blocages: s, Log: log}).Tourner(ctx)
}

func (a *atelier) ronder(ctx context.Context) {
	ronder(ctx, a.store, a.temporal, a.cfg.Namespace, a.log)
}

// pausePresence is how often a worker says that it is there.
const pausePresence = 5 * time.Second

// presenter says that this worker is there, until it stops.
func (a *atelier) presenter(ctx context.Context) {
	moi, routes := identite(), &routage{moteur: a.temporal, deploiement: a.cfg.VersionWorkers, ecartees: map[string]bool{}}
	for ctx.Err() == nil {
		if err := a.store.Presenter(ctx, moi, build(), routes.dire(ctx, a.cfg.Travaux())); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "presence not told", "error", err)
		}
		dormir(ctx, pausePresence)
	}
	adieu, fin := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer fin()
	if err := a.store.Partir(adieu, moi); err != nil {
		a.log.WarnContext(adieu, "departure not told", "error", err)
	}
}

// routage is what a worker last heard of the procedures that the engine entrusts to its version.
type routage struct {
	moteur      client.Client
	deploiement string
	ecartees    map[string]bool // queues of which its version has no part
}

// dire says which of these works the worker does. While the engine is away, it goes by what it
// last heard.
func (r *routage) dire(ctx context.Context, travaux []string) []string {
	ctx, fin := context.WithTimeout(ctx, 2*time.Second)
	defer fin()
	dits := slices.Clone(travaux)
	for i, t := range dits {
		if !slices.Contains(workflows.Queues(), t) {
			continue
		}
		if sert, err := workflows.Sert(ctx, r.moteur, t, r.deploiement, build()); err == nil {
			r.ecartees[t] = !sert
		}
		if r.ecartees[t] {
			dits[i] = opco.SansPart(t)
		}
	}
	return dits
}

// identite names this process among all.
func identite() string {
	machine, err := os.Hostname()
	if err != nil {
		machine = "inconnue"
	}
	return fmt.Sprintf("%d@%s", os.Getpid(), machine)
}
