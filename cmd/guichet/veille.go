package main

import (
	"context"
	"time"
)

// veiller looks, every half minute and when the test clock moves, for what is
// promised in minutes: the tile of an entity just added (MA-74). It also forgets
// the counts of requests that are an hour old.
func (a *atelier) veiller(ctx context.Context) {
	a.tourner(ctx, "late tiles not looked for", func(ctx context.Context) (time.Duration, error) {
		n, err := a.store.AlerterTuiles(ctx)
		if n > 0 {
			a.log.WarnContext(ctx, "tiles are late", "accounts", n)
		}
		if err == nil {
			err = a.store.OublierSollicitations(ctx)
		}
		return 30 * time.Second, err
	}, "horloge")
}
