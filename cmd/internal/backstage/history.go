package backstage

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"
	tlog "go.temporal.io/sdk/log"
	"google.golang.org/protobuf/proto"
)

// Histories reads what the engine says of every procedure: its description (search
// attributes, memo, summary, pending deeds and their last failures) and each event of
// its history, payloads and stack traces included. The payloads are plain JSON: what
// the procedures carry must be nothing that a reader of the engine may not see. Of those
// that began since an instant it asks what they say of where they stand, too, which no
// history holds.
func (s Stack) Histories(ctx context.Context, since time.Time, visit Visit) error {
	c, err := client.DialContext(ctx, client.Options{HostPort: s.Temporal, Namespace: s.Namespace,
		Logger: tlog.NewStructuredLogger(slog.New(slog.DiscardHandler))})
	if err != nil {
		return fmt.Errorf("le moteur ne répond pas (%s) : %w", s.Temporal, err)
	}
	defer c.Close()
	read := 0
	for next := []byte(nil); ; {
		page, err := c.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Namespace: s.Namespace, NextPageToken: next})
		if err != nil {
			return fmt.Errorf("listing the procedures: %w", err)
		}
		for _, x := range page.Executions {
			read++
			message(visit, "liste des procédures", x)
			if err := history(ctx, c, x.Execution.WorkflowId, x.Execution.RunId, visit); err != nil {
				return err
			}
			if x.StartTime.AsTime().Before(since) {
				continue
			}
			if err := details(ctx, c, x.Execution.WorkflowId, x.Execution.RunId, visit); err != nil {
				return err
			}
		}
		if next = page.NextPageToken; len(next) == 0 {
			break
		}
	}
	if read == 0 {
		return errors.New("le moteur ne montre aucune procédure : rien n’a pu y être lu")
	}
	return nil
}

func history(ctx context.Context, c client.Client, id, run string, visit Visit) error {
	d, err := c.DescribeWorkflowExecution(ctx, id, run)
	if err != nil {
		return fmt.Errorf("describing %s: %w", id, err)
	}
	message(visit, "description de "+id, d)
	events := c.GetWorkflowHistory(ctx, id, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for events.HasNext() {
		e, err := events.Next()
		if err != nil {
			return fmt.Errorf("reading the history of %s: %w", id, err)
		}
		message(visit, fmt.Sprintf("histoire de %s, %s", id, e.EventType), e)
	}
	return nil
}

// metadata is the query that every procedure answers: its current details.
const metadata = "__temporal_workflow_metadata"

// details asks a procedure what it shows of itself in the console of the engine.
func details(ctx context.Context, c client.Client, id, run string, visit Visit) error {
	said, err := c.QueryWorkflow(ctx, id, run, metadata)
	if err != nil {
		return fmt.Errorf("asking %s where it stands: %w", id, err)
	}
	var raw converter.RawValue
	if err := said.Get(&raw); err != nil {
		return fmt.Errorf("reading where %s stands: %w", id, err)
	}
	open(visit, "détails de "+id, string(raw.Payload().Data))
	return nil
}

// message gives a message of the engine as it travels: its texts and its payloads
// stand there as they are.
func message(visit Visit, place string, m proto.Message) {
	b, err := proto.Marshal(m)
	if err != nil {
		b = []byte(fmt.Sprint(m))
	}
	open(visit, place, string(b))
}
