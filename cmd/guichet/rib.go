package main

import "context"

// servirRIBs puts in service the bank details whose hold has ended, at the instant
// when it ends: it sleeps until the next one, and looks again when a RIB changes and
// when the test clock moves.
func (a *atelier) servirRIBs(ctx context.Context) {
	a.tourner(ctx, "holds of bank details not looked for", a.store.EchoirRIBs, "rib", "horloge")
}
