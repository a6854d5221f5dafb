package main

import (
	"context"
	"fmt"
	"math"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/protobuf/proto"
)

// shape is what the histories of procedures hold, on average for one of them: all its runs
// together.
type shape struct {
	Runs, Events, Bytes         float64
	Signals, Locals             float64
	TimersFired, TimersCanceled float64
	MaxEvents                   int
}

// readShape reads the whole histories of the procedures named.
func (s *stack) readShape(ctx context.Context, ids []string) (shape, error) {
	var sum shape
	for _, id := range ids {
		one, err := s.readOne(ctx, id)
		if err != nil {
			return sum, err
		}
		n := float64(len(ids))
		sum.Runs += one.Runs / n
		sum.Events += one.Events / n
		sum.Bytes += one.Bytes / n
		sum.Signals += one.Signals / n
		sum.Locals += one.Locals / n
		sum.TimersFired += one.TimersFired / n
		sum.TimersCanceled += one.TimersCanceled / n
		sum.MaxEvents = max(sum.MaxEvents, int(one.Events))
	}
	return sum, nil
}

func (s *stack) readOne(ctx context.Context, id string) (shape, error) {
	var one shape
	var next []byte
	for first := true; first || len(next) > 0; first = false {
		page, err := s.engine.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Namespace: s.namespace,
			Query: fmt.Sprintf("WorkflowId = '%s'", id), NextPageToken: next})
		if err != nil {
			return one, fmt.Errorf("listing the runs of %s: %w", id, err)
		}
		for _, x := range page.Executions {
			if err := s.count(ctx, id, x.Execution.RunId, &one); err != nil {
				return one, err
			}
		}
		next = page.NextPageToken
	}
	if one.Runs == 0 {
		return one, fmt.Errorf("the engine shows no run of %s", id)
	}
	return one, nil
}

// count adds one run to x.
func (s *stack) count(ctx context.Context, id, run string, x *shape) error {
	x.Runs++
	started := map[int64]bool{}
	events := s.engine.GetWorkflowHistory(ctx, id, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		if err != nil {
			return fmt.Errorf("reading the history of %s: %w", id, err)
		}
		x.Events++
		x.Bytes += float64(proto.Size(e))
		switch e.EventType {
		case enums.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED:
			x.Signals++
		case enums.EVENT_TYPE_MARKER_RECORDED:
			if e.GetMarkerRecordedEventAttributes().MarkerName == "LocalActivity" {
				x.Locals++
			}
		case enums.EVENT_TYPE_TIMER_STARTED:
			started[e.EventId] = true
			x.TimersCanceled++
		case enums.EVENT_TYPE_TIMER_FIRED:
			if started[e.GetTimerFiredEventAttributes().StartedEventId] {
				x.TimersFired++
				x.TimersCanceled--
			}
		}
	}
	return nil
}

// round is a mean as a number of times.
func round(x float64) int { return int(math.Round(x)) }
