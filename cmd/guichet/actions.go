package main

import (
	"context"
	"time"

	"guichet/store/executant"
)

// pauseActions is what actions on many dossiers leave to people between two handfuls:
// at most fifty dossiers a second for one worker.
const pauseActions = 200 * time.Millisecond

// patienceActions is the longest wait for the verdicts of a handful.
const patienceActions = 3 * time.Second

// actionner does the actions on many dossiers, for as long as there are some.
func (a *atelier) actionner(ctx context.Context) {
	x := &executant.Executant{Store: a.store, Procedures: a.client, Log: a.log, Pause: pauseActions, Patience: patienceActions}
	poignee, fin := a.acheve(ctx) // a handful that was taken is finished
	defer fin()
	a.tourner(ctx, "actions on many dossiers not done", func(context.Context) (time.Duration, error) {
		n, err := x.Tournee(poignee)
		return apres(n > 0 && err == nil, 5*time.Second), err
	}, "action")
}
