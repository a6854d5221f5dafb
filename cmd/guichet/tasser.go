package main

import (
	"context"
	"time"
)

// cadenceTasser is how often the counters of the lists are added up: between two, a
// count reads one more row for each change.
const cadenceTasser = time.Minute

// tasser adds up the counters of the lists from time to time. Several workers may do
// it at once: one does, the others pass.
func (a *atelier) tasser(ctx context.Context) {
	a.tourner(ctx, "counters not added up", func(ctx context.Context) (time.Duration, error) {
		_, err := a.store.TasserCompteurs(ctx)
		return cadenceTasser, err
	})
}
