package workflows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"guichet/activities"
)

// QueueOps is the task queue of the works of those who run the house.
const QueueOps = "ops"

// nuit names the schedule of the verification.
const nuit = "verification-nuit"

// Verification verifies the whole base. What it finds is kept by the deed; the run itself
// carries nothing.
func Verification(ctx workflow.Context) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 6 * time.Hour, HeartbeatTimeout: 2 * time.Minute,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: time.Minute, BackoffCoefficient: 2, MaximumAttempts: 5},
	})
	var v *activities.Verification
	return workflow.ExecuteActivity(ctx, v.Verifier).Get(ctx, nil)
}

// Planifier asks the engine for a verification each night at cron, Paris time: « jamais »
// asks for none. Asked again it changes what must be changed, whoever asked first.
func Planifier(ctx context.Context, t client.Client, cron string) error {
	cs := t.ScheduleClient()
	if cron == "" || cron == "jamais" {
		return supprimer(ctx, cs)
	}
	spec := client.ScheduleSpec{CronExpressions: []string{cron}, TimeZoneName: "Europe/Paris"}
	action := &client.ScheduleWorkflowAction{ID: nuit, Workflow: Verification, TaskQueue: QueueOps}
	_, err := cs.Create(ctx, client.ScheduleOptions{ID: nuit, Spec: spec, Action: action, Overlap: enums.SCHEDULE_OVERLAP_POLICY_SKIP,
		CatchupWindow: 12 * time.Hour})
	if !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return planifie(err)
	}
	return planifie(cs.GetHandle(ctx, nuit).Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			s := in.Description.Schedule
			s.Spec, s.Action = &spec, action
			return &client.ScheduleUpdate{Schedule: &s}, nil
		}}))
}

func supprimer(ctx context.Context, cs client.ScheduleClient) error {
	err := cs.GetHandle(ctx, nuit).Delete(ctx)
	if estAbsent(err) {
		return nil
	}
	return planifie(err)
}

func planifie(err error) error {
	if err != nil {
		return fmt.Errorf("planning the verification of the night: %w", err)
	}
	return nil
}
