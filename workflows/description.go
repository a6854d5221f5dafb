package workflows

import (
	"context"
	"errors"
	"fmt"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"guichet/opco"
)

// estAbsent reports whether the engine answered that it does not know.
func estAbsent(err error) bool {
	var absent *serviceerror.NotFound
	return errors.As(err, &absent)
}

// decrire is what the engine says of the procedure of an object: nil, whose getters answer
// for nothing, when it knows none.
func decrire(ctx context.Context, t client.Client, objet string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	d, err := t.DescribeWorkflowExecution(ctx, objet, "")
	if estAbsent(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("describing %s: %w", objet, err)
	}
	return d, nil
}

// Interroger asks the procedure of an object, in one run or, for "", in the current one,
// where it stands: false when none of it runs. A closed one does not count.
func Interroger(ctx context.Context, t client.Client, objet, run string) (opco.Issue, bool, error) {
	var i opco.Issue
	r, err := t.QueryWorkflowWithOptions(ctx, &client.QueryWorkflowWithOptionsRequest{WorkflowID: objet, RunID: run, QueryType: QueryEtat,
		QueryRejectCondition: enums.QUERY_REJECT_CONDITION_NOT_OPEN})
	if estAbsent(err) {
		return i, false, nil
	}
	if err != nil {
		return i, false, fmt.Errorf("asking %s: %w", objet, err)
	}
	if r.QueryRejected != nil {
		return i, false, nil
	}
	return i, true, r.QueryResult.Get(&i)
}

// lireRun gives f each event of a run, the first first; the run "" is the last one.
func lireRun(ctx context.Context, t client.Client, objet, run string, f func(*history.HistoryEvent) error) error {
	for it := t.GetWorkflowHistory(ctx, objet, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); it.HasNext(); {
		e, err := it.Next()
		if err != nil {
			return fmt.Errorf("reading the history of %s: %w", objet, err)
		}
		if err := f(e); err != nil {
			return fmt.Errorf("reading event %d of %s: %w", e.GetEventId(), objet, err)
		}
	}
	return nil
}
