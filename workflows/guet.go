package workflows

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/taskqueue/v1"
	"go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"guichet/opco"
)

// Guet asks the engine what fails: its own problem reports, the deeds that a procedure waits
// for, the pollers of its queues. Each question is bounded; none walks all the procedures.
type Guet struct {
	Temporal  client.Client
	Namespace string
}

// problemesMax is how many procedures whose steps fail one round lists.
const problemesMax = 500

// motsMax is of how many of them the round reads what was answered.
const motsMax = 20

// problemes is the search attribute under which the engine reports what fails.
const problemes = "TemporalReportedProblems"

// Problemes are the procedures whose steps fail.
func (g Guet) Problemes(ctx context.Context) ([]opco.Incident, bool, error) {
	r, err := g.Temporal.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Namespace: g.Namespace, PageSize: problemesMax,
		Query: problemes + " IS NOT NULL AND ExecutionStatus = 'Running'"})
	if err != nil {
		return nil, false, fmt.Errorf("listing procedures that fail: %w", err)
	}
	var is []opco.Incident
	for n, x := range r.Executions {
		i := opco.Incident{Objet: x.Execution.WorkflowId, Run: x.Execution.RunId, Activite: opco.ActiviteTache, Essais: 2}
		i.Erreur = rapporte(x.GetSearchAttributes().GetIndexedFields()[problemes])
		if n < motsMax {
			if mots, qui := g.motsDeLEchec(ctx, x.Execution); mots != "" {
				i.Erreur, i.Executant = mots, qui
			}
		}
		if i.Classe = opco.ClasserErreur(i.Erreur); i.Classe == opco.ClasseAutre {
			i.Classe = opco.ClasseProgramme // the worker raised it
		}
		is = append(is, i)
	}
	return is, len(r.NextPageToken) == 0, nil
}

// rapporte is what a problem report says.
func rapporte(p *common.Payload) string {
	var mots []string
	if p == nil || converter.GetDefaultDataConverter().FromPayload(p, &mots) != nil {
		return ""
	}
	return strings.Join(mots, ", ")
}

// motsDeLEchec is what the worker answered to the step that fails, and which worker, "" when
// it is not among the last events.
func (g Guet) motsDeLEchec(ctx context.Context, x *common.WorkflowExecution) (mots, executant string) {
	r, err := g.Temporal.WorkflowService().GetWorkflowExecutionHistoryReverse(ctx, &workflowservice.GetWorkflowExecutionHistoryReverseRequest{
		Namespace: g.Namespace, Execution: x, MaximumPageSize: 10})
	if err != nil {
		return "", ""
	}
	for _, e := range r.GetHistory().GetEvents() {
		if f := e.GetWorkflowTaskFailedEventAttributes(); f != nil {
			return f.GetFailure().GetMessage(), strings.TrimSuffix(f.GetIdentity(), "@") // the SDK ends it so
		}
	}
	return "", ""
}

// nommer says in the answer of each step that failed which build gave it: it is the first
// thing to know of a build that does not follow.
func nommer(is []opco.Incident, es []opco.Executant) {
	for n, i := range is {
		at := slices.IndexFunc(es, func(e opco.Executant) bool { return e.Identite == i.Executant })
		if at >= 0 && es[at].Version != "" {
			is[n].Version, is[n].Erreur = es[at].Version, "version "+es[at].Version+" : "+i.Erreur
		}
	}
}

// Arrets are the objects whose procedure was stopped after depuis and until vu, and of which
// none runs. vu is jusqua, or earlier when more were stopped than are read at once: the engine
// lists the last ones first, so that the time is cut until all those of a piece are listed.
func (g Guet) Arrets(ctx context.Context, depuis, jusqua time.Time) (objets []string, vu time.Time, err error) {
	var xs []*workflow.WorkflowExecutionInfo
	haut := jusqua
	for n := 0; n < arretsListes && depuis.Before(jusqua) && len(xs) < problemesMax; n++ {
		page, tout, err := g.arretes(ctx, depuis, haut)
		if err != nil {
			return nil, depuis, err
		}
		morceau := haut.Sub(depuis)
		if !tout && morceau > arretsCoupe {
			haut = depuis.Add(morceau / 2)
			continue
		}
		xs, depuis = append(xs, page...), haut
		if haut = depuis.Add(2 * morceau); haut.After(jusqua) {
			haut = jusqua
		}
	}
	objets, err = g.sansProcedure(ctx, xs)
	return objets, depuis, err
}

// What Arrets asks at most, and the shortest time that it lists: the engine itself does not
// stop problemesMax procedures in it.
const (
	arretsListes = 60
	arretsCoupe  = 100 * time.Millisecond
)

// arretes are the procedures stopped in a time, tout false when there are more.
func (g Guet) arretes(ctx context.Context, depuis, jusqua time.Time) (xs []*workflow.WorkflowExecutionInfo, tout bool, err error) {
	r, err := g.Temporal.ListWorkflow(ctx, &workflowservice.ListWorkflowExecutionsRequest{Namespace: g.Namespace, PageSize: problemesMax,
		Query: fmt.Sprintf("ExecutionStatus IN ('Terminated', 'Failed', 'TimedOut', 'Canceled') AND CloseTime > '%s' AND CloseTime <= '%s'",
			depuis.UTC().Format(time.RFC3339Nano), jusqua.UTC().Format(time.RFC3339Nano))})
	if err != nil {
		return nil, false, fmt.Errorf("listing procedures that were stopped: %w", err)
	}
	return r.Executions, len(r.NextPageToken) == 0, nil
}

// sansProcedure are the objects of these procedures that no procedure carries now.
func (g Guet) sansProcedure(ctx context.Context, xs []*workflow.WorkflowExecutionInfo) ([]string, error) {
	var objets []string
	for _, x := range xs {
		o := x.Execution.WorkflowId
		if slices.Contains(objets, o) {
			continue
		}
		tourne, err := g.Tourne(ctx, o)
		if err != nil {
			return nil, err
		}
		if !tourne {
			objets = append(objets, o)
		}
	}
	return objets, nil
}

// Tourne reports whether a procedure of the object runs.
func (g Guet) Tourne(ctx context.Context, objet string) (bool, error) {
	d, err := decrire(ctx, g.Temporal, objet)
	return d.GetWorkflowExecutionInfo().GetStatus() == enums.WORKFLOW_EXECUTION_STATUS_RUNNING, err
}

// EnFaute reads again the deed of an incident among those that its procedure waits for.
func (g Guet) EnFaute(ctx context.Context, i opco.Incident) (opco.Incident, bool, error) {
	d, err := decrire(ctx, g.Temporal, i.Objet)
	if err != nil {
		return i, false, err
	}
	for _, a := range d.GetPendingActivities() {
		if a.GetActivityType().GetName() != i.Activite || a.GetLastFailure() == nil {
			continue
		}
		i.Essais, i.Erreur, i.Executant, i.Run = int(a.GetAttempt()), dernierMot(a.GetLastFailure().GetMessage(), i.Erreur), a.GetLastWorkerIdentity(), d.GetWorkflowExecutionInfo().GetExecution().GetRunId()
		i.Classe = ""
		if t := a.GetNextAttemptScheduleTime(); t != nil {
			le := t.AsTime()
			i.Prochain = &le
		}
		return i, true, nil
	}
	return i, false, nil
}

func dernierMot(dit, avant string) string {
	if dit == "" {
		return avant
	}
	return dit
}

// silenceFile is how long a queue may go without a poller before it is said to have none: a
// poller asks at least once a minute.
const silenceFile = 3 * time.Minute

// Queues are those of the engine, each with its own workers.
func Queues() []string { return []string{QueueDossier, QueueBanque, QueueCompte, QueueOps} }

// SansOuvrier are the queues that no worker has asked for work lately.
func (g Guet) SansOuvrier(ctx context.Context) ([]string, error) {
	files := []string{}
	for _, f := range Queues() {
		ok, err := servie(ctx, g.Temporal, f)
		if err != nil {
			return nil, err
		}
		if !ok {
			files = append(files, f)
		}
	}
	return files, nil
}

// servie reports whether a worker has asked a queue for work lately.
func servie(ctx context.Context, moteur client.Client, file string) (bool, error) {
	d, err := moteur.DescribeTaskQueue(ctx, file, enums.TASK_QUEUE_TYPE_WORKFLOW)
	if err != nil {
		return false, fmt.Errorf("describing queue %s: %w", file, err)
	}
	return slices.ContainsFunc(d.GetPollers(), func(p *taskqueue.PollerInfo) bool {
		return time.Since(p.GetLastAccessTime().AsTime()) < silenceFile
	}), nil
}
