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
	for ctx.Err() == nil {
		if _, err := a.store.TasserCompteurs(ctx); err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "counters not added up", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(cadenceTasser):
		}
	}
}
