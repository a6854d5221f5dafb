package activities

import (
	"context"

	"go.temporal.io/sdk/activity"
)

// Verifieur verifies the whole base, and keeps what it found.
type Verifieur interface {
	// Nuit does the verification named id, once however often it is asked, and tells
	// battre that it goes on.
	Nuit(ctx context.Context, id string, battre func(any)) error
}

// Verification is the deed of the night: everything is verified while the service runs.
type Verification struct{ De Verifieur }

// Verifier verifies the whole base. Tried again, it goes on with the same verification.
func (v *Verification) Verifier(ctx context.Context) error {
	return v.De.Nuit(ctx, activity.GetInfo(ctx).WorkflowExecution.RunID, func(ou any) { activity.RecordHeartbeat(ctx, ou) })
}
