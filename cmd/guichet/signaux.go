package main

import (
	"context"
	"errors"
	"time"
)

// signauxParTournee is how many dossiers are computed before the worker looks up.
const signauxParTournee = 50

// signaler computes the signs of fraud of the dossiers that moved, and calls for the
// suspensions that nobody reviewed in time (domain.md 3.11 and T30).
func (a *atelier) signaler(ctx context.Context) {
	a.tourner(ctx, "signs not computed, or suspensions not looked at", func(ctx context.Context) (time.Duration, error) {
		n, err := a.store.CalculerSignaux(ctx, signauxParTournee)
		if n == signauxParTournee && err == nil {
			return 0, nil
		}
		retards, err2 := a.store.RappelerSuspensions(ctx)
		if retards > 0 {
			a.log.WarnContext(ctx, "suspensions past their review", "dossiers", retards)
		}
		return 5 * time.Second, errors.Join(err, err2)
	}, "signaux", "horloge")
}
