package workflows

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/history/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/converter"

	"guichet/opco"
)

// runsLus bounds how far back the runs of a procedure are read: one holds one étape.
const runsLus = 40

// Etapes lists where the procedure of an object entered each of its étapes, the newest first, as far
// back as the engine remembers.
func (c *Client) Etapes(ctx context.Context, objet string) ([]opco.PointReprise, error) {
	var ps []opco.PointReprise
	d, err := c.Temporal.DescribeWorkflowExecution(ctx, objet, "")
	if err != nil {
		return nil, fmt.Errorf("describing %s: %w", objet, err)
	}
	run := d.GetWorkflowExecutionInfo().GetExecution().GetRunId()
	for range runsLus {
		l := &lecture{objet: objet, run: run}
		err := lireRun(ctx, c.Temporal, objet, run, l.lire)
		if estAbsent(err) {
			break // forgotten
		}
		if err != nil {
			return nil, err
		}
		slices.Reverse(l.points)
		ps = append(ps, l.points...)
		if run = l.avant; run == "" {
			break
		}
	}
	return ps, nil
}

// lecture is what is read of one run.
type lecture struct {
	objet, run, avant string
	suite             Suite
	rang              int64
	points            []opco.PointReprise
}

// lire takes one event in: where the run starts from, each step that it recorded, each étape that it
// entered.
func (l *lecture) lire(e *history.HistoryEvent) error {
	dc := converter.GetDefaultDataConverter()
	if a := e.GetWorkflowExecutionStartedEventAttributes(); a != nil {
		l.avant = a.GetContinuedExecutionRunId()
		err := dc.FromPayloads(a.GetInput(), &l.suite)
		l.rang = l.suite.Depart.Rang
		return err
	}
	if m := e.GetMarkerRecordedEventAttributes(); m.GetMarkerName() == "LocalActivity" {
		var i opco.Issue
		if r := m.GetDetails()["result"]; r != nil && dc.FromPayloads(r, &i) == nil {
			l.rang = max(l.rang, i.Rang)
		}
		return nil
	}
	u := e.GetUpsertWorkflowSearchAttributesEventAttributes()
	p := u.GetSearchAttributes().GetIndexedFields()[cleEtat.GetName()]
	if p == nil {
		return nil
	}
	var etat string
	if err := dc.FromPayload(p, &etat); err != nil {
		return fmt.Errorf("reading an état: %w", err)
	}
	if nom := opco.NomEtape(l.objet, opco.Etat(etat)); nom != "" {
		l.points = append(l.points, opco.PointReprise{Etape: nom, Run: l.run, Evenement: u.GetWorkflowTaskCompletedEventId(), Rang: l.rang, Seq: l.suite.Depart.Prochain})
	}
	return nil
}

// Revenir has the procedure of an object live again from a point, unless the run that was read is no
// longer the current one: resetting twice would make two lives. What is in its inbox is kept.
func (c *Client) Revenir(ctx context.Context, objet, attendu string, p opco.PointReprise, raison string) error {
	d, err := c.Temporal.DescribeWorkflowExecution(ctx, objet, "")
	if err != nil {
		return fmt.Errorf("describing %s: %w", objet, err)
	}
	if d.GetWorkflowExecutionInfo().GetExecution().GetRunId() != attendu {
		return opco.DepuisEssai("La procédure a changé depuis l’essai : rien n’a été fait. Essayez de nouveau.")
	}
	_, err = c.Temporal.ResetWorkflowExecution(ctx, &workflowservice.ResetWorkflowExecutionRequest{Namespace: c.Namespace,
		WorkflowExecution: &common.WorkflowExecution{WorkflowId: objet, RunId: p.Run}, Reason: raison, Identity: identite, RequestId: uuid.NewString(),
		WorkflowTaskFinishEventId: p.Evenement})
	if err != nil {
		return fmt.Errorf("bringing %s back to « %s »: %w", objet, p.Etape, err)
	}
	return nil
}
