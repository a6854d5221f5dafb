package main

import (
	"context"
	"time"
)

// servirRIBs puts in service the bank details whose hold has ended, at the instant
// when it ends: it sleeps until the next one, and looks again when a RIB changes and
// when the test clock moves.
func (a *atelier) servirRIBs(ctx context.Context) {
	rib, horloge := a.nouvelles(ctx, "rib"), a.nouvelles(ctx, "horloge")
	for ctx.Err() == nil {
		dans, err := a.store.EchoirRIBs(ctx)
		if err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "holds of bank details not looked for", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-rib:
		case <-horloge:
		case <-time.After(dans):
		}
	}
}
