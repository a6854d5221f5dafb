package main

import (
	"context"
	"time"
)

// veiller looks, every half minute and when the test clock moves, for what is
// promised in minutes: the tile of an entity just added (MA-74). It also forgets
// the counts of requests that are an hour old.
func (a *atelier) veiller(ctx context.Context) {
	horloge := a.nouvelles(ctx, "horloge")
	for ctx.Err() == nil {
		n, err := a.store.AlerterTuiles(ctx)
		if n > 0 {
			a.log.WarnContext(ctx, "tiles are late", "accounts", n)
		}
		if err == nil {
			err = a.store.OublierSollicitations(ctx)
		}
		if err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "late tiles not looked for", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-horloge:
		case <-time.After(30 * time.Second):
		}
	}
}
