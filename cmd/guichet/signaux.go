package main

import (
	"context"
	"time"
)

// signauxParTournee is how many dossiers are computed before the worker looks up.
const signauxParTournee = 50

// signaler computes the signs of fraud of the dossiers that moved, and calls for the
// suspensions that nobody reviewed in time (domain.md 3.11 and T30).
func (a *atelier) signaler(ctx context.Context) {
	reveil, horloge := a.nouvelles(ctx, "signaux"), a.nouvelles(ctx, "horloge")
	for ctx.Err() == nil {
		n, err := a.store.CalculerSignaux(ctx, signauxParTournee)
		if err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "signs not computed", "error", err)
		}
		if n == signauxParTournee && err == nil {
			continue
		}
		retards, err := a.store.RappelerSuspensions(ctx)
		if err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "suspensions not looked at", "error", err)
		}
		if retards > 0 {
			a.log.WarnContext(ctx, "suspensions past their review", "dossiers", retards)
		}
		select {
		case <-ctx.Done():
		case <-reveil:
		case <-horloge:
		case <-time.After(5 * time.Second):
		}
	}
}
