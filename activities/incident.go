package activities

import (
	"context"
	"log/slog"
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"

	"guichet/opco"
)

// Incidents remembers the deeds that fail again and again, for the ops console.
type Incidents interface {
	Constater(ctx context.Context, is ...opco.Incident) error
	Clore(ctx context.Context, objet, activite string) error
}

// seuilIncident is the try from which a failing deed is an incident.
const seuilIncident = 3

// Surveillance is an interceptor of workers: from its third failure a deed is
// written as an incident, which its success closes. Executant and Version are the
// process and its build.
type Surveillance struct {
	interceptor.WorkerInterceptorBase
	Incidents          Incidents
	Log                *slog.Logger
	Executant, Version string
}

// InterceptActivity puts the watch around each deed, local or not.
func (s *Surveillance) InterceptActivity(_ context.Context, suivant interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	g := &garde{s: s}
	g.Next = suivant
	return g
}

type garde struct {
	interceptor.ActivityInboundInterceptorBase
	s *Surveillance
}

// ExecuteActivity runs the deed and notes what became of it. A note that cannot
// be written is only logged: the deed's own outcome is what counts.
func (g *garde) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	i := activity.GetInfo(ctx)
	res, err := g.Next.ExecuteActivity(ctx, in)
	if i.Attempt < seuilIncident {
		return res, err
	}
	ctx, fin := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer fin()
	objet, nom := i.WorkflowExecution.ID, i.ActivityType.Name
	note := g.s.Incidents.Clore(ctx, objet, nom)
	if err != nil {
		note = g.s.Incidents.Constater(ctx, opco.Incident{Objet: objet, Activite: nom, Essais: int(i.Attempt), Erreur: err.Error(),
			Executant: g.s.Executant, Version: g.s.Version, Run: i.WorkflowExecution.RunID})
	}
	if note != nil {
		g.s.Log.WarnContext(ctx, "incident not noted", "object", objet, "deed", nom, "error", note)
	}
	return res, err
}
