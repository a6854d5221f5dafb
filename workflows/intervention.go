package workflows

import (
	"context"
	"fmt"
	"time"

	"go.temporal.io/api/activity/v1"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	"guichet/opco"
)

// identite is under which name the engine keeps what the ops staff asked of it.
const identite = "guichet-exploitation"

// reponse is how long a procedure may take to say where it stands: one whose step fails never does.
const reponse = 3 * time.Second

// Relever reads what the engine says of the procedure of an object. One that it does not know is no
// error.
func (c *Client) Relever(ctx context.Context, objet string) (opco.ReleveMoteur, error) {
	d, err := decrire(ctx, c.Temporal, objet)
	if err != nil {
		return opco.ReleveMoteur{}, err
	}
	if d == nil {
		sans, err := c.sansOuvrier(ctx, objet)
		return opco.ReleveMoteur{SansOuvrier: sans}, err
	}
	i := d.GetWorkflowExecutionInfo()
	m := opco.ReleveMoteur{Run: i.GetExecution().GetRunId(), Ouverte: i.GetStatus() == enums.WORKFLOW_EXECUTION_STATUS_RUNNING,
		Statut: i.GetStatus().String(), Essais: int(d.GetPendingWorkflowTask().GetAttempt())}
	for _, a := range d.GetPendingActivities() {
		m.Activites = append(m.Activites, activiteDe(a))
	}
	if m.Ouverte {
		c.demander(ctx, objet, &m)
	}
	if !m.Repond { // one that answers has a worker
		m.SansOuvrier, err = c.sansOuvrier(ctx, objet)
	}
	return m, err
}

func (c *Client) sansOuvrier(ctx context.Context, objet string) (bool, error) {
	_, queue := procedureDe(objet)
	servie, err := servie(ctx, c.Temporal, queue)
	return !servie, err
}

func activiteDe(a *workflow.PendingActivityInfo) opco.ReleveActivite {
	return opco.ReleveActivite{ID: a.GetActivityId(), Nom: a.GetActivityType().GetName(), Essais: int(a.GetAttempt()), Suspendue: a.GetPaused(),
		Delai: a.GetActivityOptions().GetStartToCloseTimeout().AsDuration(), Erreur: opco.Epurer(a.GetLastFailure().GetMessage())}
}

// demander asks the procedure itself; one that cannot answer has not.
func (c *Client) demander(ctx context.Context, objet string, m *opco.ReleveMoteur) {
	ctx, fin := context.WithTimeout(ctx, reponse)
	defer fin()
	i, tourne, err := Interroger(ctx, c.Temporal, objet, m.Run)
	if err != nil || !tourne {
		return
	}
	m.Repond, m.Rang = true, i.Rang
	if es := i.Resume.Echeances; len(es) > 0 {
		m.Echeance = es[0].Le.UTC()
	}
}

// surActivites calls f for each deed that the run of an object waits for.
func (c *Client) surActivites(ctx context.Context, objet string, r opco.ReleveMoteur, f func(e *common.WorkflowExecution, id string) error) error {
	for _, a := range r.Activites {
		err := f(&common.WorkflowExecution{WorkflowId: objet, RunId: r.Run}, a.ID)
		if err != nil && !estAbsent(err) { // it has ended meanwhile: the reading says so
			return fmt.Errorf("acting on %s of %s: %w", a.Nom, objet, err)
		}
	}
	return nil
}

// Reessayer has the deeds that failed tried now, their tries counted afresh.
func (c *Client) Reessayer(ctx context.Context, objet string, r opco.ReleveMoteur) error {
	return c.surActivites(ctx, objet, r, func(e *common.WorkflowExecution, id string) error {
		_, err := c.Temporal.WorkflowService().ResetActivity(ctx, &workflowservice.ResetActivityRequest{Namespace: c.Namespace, Execution: e, Identity: identite,
			Activity: &workflowservice.ResetActivityRequest_Id{Id: id}, KeepPaused: true})
		return err
	})
}

// Allonger gives each try of the deeds another délai.
func (c *Client) Allonger(ctx context.Context, objet string, r opco.ReleveMoteur, delai time.Duration) error {
	return c.surActivites(ctx, objet, r, func(e *common.WorkflowExecution, id string) error {
		_, err := c.Temporal.WorkflowService().UpdateActivityOptions(ctx, &workflowservice.UpdateActivityOptionsRequest{Namespace: c.Namespace, Execution: e, Identity: identite,
			Activity: &workflowservice.UpdateActivityOptionsRequest_Id{Id: id}, UpdateMask: &fieldmaskpb.FieldMask{Paths: []string{"start_to_close_timeout"}},
			ActivityOptions: &activity.ActivityOptions{StartToCloseTimeout: durationpb.New(delai)}})
		return err
	})
}

// Suspendre has the deeds wait; the try under way ends.
func (c *Client) Suspendre(ctx context.Context, objet string, r opco.ReleveMoteur, raison string) error {
	return c.surActivites(ctx, objet, r, func(e *common.WorkflowExecution, id string) error {
		_, err := c.Temporal.WorkflowService().PauseActivity(ctx, &workflowservice.PauseActivityRequest{Namespace: c.Namespace, Execution: e, Identity: identite,
			Activity: &workflowservice.PauseActivityRequest_Id{Id: id}, Reason: raison})
		return err
	})
}

// Reprendre lets them go on.
func (c *Client) Reprendre(ctx context.Context, objet string, r opco.ReleveMoteur) error {
	return c.surActivites(ctx, objet, r, func(e *common.WorkflowExecution, id string) error {
		_, err := c.Temporal.WorkflowService().UnpauseActivity(ctx, &workflowservice.UnpauseActivityRequest{Namespace: c.Namespace, Execution: e, Identity: identite,
			Activity: &workflowservice.UnpauseActivityRequest_Id{Id: id}})
		return err
	})
}

// Terminer stops a run that does not follow any more. One that has ended already is no error; another
// run of the object is left alone.
func (c *Client) Terminer(ctx context.Context, objet, run, raison string) error {
	err := c.Temporal.TerminateWorkflow(ctx, objet, run, raison)
	if err != nil && !estAbsent(err) {
		return fmt.Errorf("stopping %s: %w", objet, err)
	}
	return nil
}
