package main

import (
	"context"
	"slices"
	"time"
)

// tourner makes passes until ctx ends. After each it rests as long as the pass says, less
// when the database says something of one of the sujets meanwhile. A pass that fails is
// told as echec, and tried again.
func (a *atelier) tourner(ctx context.Context, echec string, passer func(context.Context) (repos time.Duration, err error), sujets ...string) {
	reveil := a.nouvelles(ctx, sujets...)
	for ctx.Err() == nil {
		repos, err := passer(ctx)
		if err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, echec, "error", err)
		}
		select {
		case <-ctx.Done():
		case <-reveil:
		case <-time.After(repos):
		}
	}
}

// apres is the rest after a pass: none while there is more to do, d otherwise.
func apres(encore bool, d time.Duration) time.Duration {
	if encore {
		return 0
	}
	return d
}

// nouvelles ticks when the database says something of one of the sujets; never without one.
func (a *atelier) nouvelles(ctx context.Context, sujets ...string) <-chan struct{} {
	if len(sujets) == 0 {
		return nil
	}
	c := make(chan struct{}, 1)
	ns, stop := a.store.Ecouter()
	go func() {
		defer stop()
		for {
			select {
			case <-ctx.Done():
				return
			case n := <-ns:
				if n.Sujet == "" || slices.Contains(sujets, n.Sujet) {
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

func dormir(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
