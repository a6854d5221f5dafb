// Package activities holds the deeds that procedures ask for: record a step,
// send a letter, order a transfer. Each is short and idempotent. They reach the
// memory, the mail and the bank through the small interfaces declared here.
package activities

import (
	"context"

	"guichet/opco"
)

// Memoire records steps. store.Store is one.
type Memoire interface {
	Record(ctx context.Context, d opco.Demarche) (opco.Issue, error)
}

// Journal records the steps of dossiers.
type Journal struct{ Memoire Memoire }

// Record writes one step of a dossier and says where it now stands. Recording
// the same step again changes nothing and answers the same; every error is
// retried, because a dossier must outlive a database that is down.
func (j *Journal) Record(ctx context.Context, d opco.Demarche) (opco.Issue, error) {
	return j.Memoire.Record(ctx, d)
}
