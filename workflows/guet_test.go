package workflows_test

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"testing"
	"time"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"guichet/workflows"
)

// moteurArrete is an engine whose procedures were stopped, one after the other.
type moteurArrete struct {
	client.Client
	arrets []time.Time
}

var bornes = regexp.MustCompile(`CloseTime > '(.*?)' AND CloseTime <= '(.*?)'`)

// ListWorkflow lists one page of the last ones, as the engine does.
func (m moteurArrete) ListWorkflow(_ context.Context, r *workflowservice.ListWorkflowExecutionsRequest) (*workflowservice.ListWorkflowExecutionsResponse, error) {
	b := bornes.FindStringSubmatch(r.Query)
	depuis, err := time.Parse(time.RFC3339Nano, b[1])
	if err != nil {
		return nil, err
	}
	jusqua, err := time.Parse(time.RFC3339Nano, b[2])
	if err != nil {
		return nil, err
	}
	var p workflowservice.ListWorkflowExecutionsResponse
	for n, le := range slices.Backward(m.arrets) {
		if !le.After(depuis) || le.After(jusqua) {
			continue
		}
		if len(p.Executions) == int(r.PageSize) {
			p.NextPageToken = []byte("suite")
			break
		}
		p.Executions = append(p.Executions, &workflow.WorkflowExecutionInfo{Execution: &common.WorkflowExecution{WorkflowId: fmt.Sprintf("dossier/%d", n)}})
	}
	return &p, nil
}

func (m moteurArrete) DescribeWorkflowExecution(context.Context, string, string) (*workflowservice.DescribeWorkflowExecutionResponse, error) {
	return nil, serviceerror.NewNotFound("no run")
}

// However many procedures were stopped, each is seen: what was not read is read by a later round.
func TestEachStoppedProcedureIsSeen(t *testing.T) {
	debut := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	var m moteurArrete
	for n := range 1300 {
		m.arrets = append(m.arrets, debut.Add(time.Duration(n)*20*time.Millisecond))
	}
	vus, depuis, jusqua := map[string]bool{}, debut.Add(-24*time.Hour), debut.Add(time.Minute)
	for n := 0; n < 4 && depuis.Before(jusqua); n++ {
		objets, vu, err := workflows.Guet{Temporal: m}.Arrets(t.Context(), depuis, jusqua)
		if err != nil || len(objets) > 999 || !vu.After(depuis) {
			t.Fatalf("got %d until %v, %v", len(objets), vu, err)
		}
		for _, o := range objets {
			vus[o] = true
		}
		depuis = vu
	}
	if len(vus) != len(m.arrets) || !depuis.Equal(jusqua) {
		t.Errorf("%d of %d were seen, until %v", len(vus), len(m.arrets), depuis)
	}
}
