package workflows

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.temporal.io/api/deployment/v1"
	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"guichet/opco"
)

// Inscription is how a worker of that build enters a deployment, whose versions the engine tells
// apart; a worker of no deployment serves whatever its build. A procedure follows the version
// that serves: pinned ones would keep every build of months alive (docs/adr/0004).
func Inscription(deploiement, build string) worker.DeploymentOptions {
	if deploiement == "" {
		return worker.DeploymentOptions{}
	}
	return worker.DeploymentOptions{UseVersioning: true, DefaultVersioningBehavior: workflow.VersioningBehaviorAutoUpgrade,
		Version: worker.WorkerDeploymentVersion{DeploymentName: deploiement, BuildID: build}}
}

// Sert reports whether the engine entrusts to workers of that build some of the procedures of a queue;
// those of no deployment are one version more, the one that serves until another is named.
func Sert(ctx context.Context, moteur client.Client, file, deploiement, build string) (bool, error) {
	d, err := moteur.DescribeTaskQueue(ctx, file, enums.TASK_QUEUE_TYPE_WORKFLOW)
	if err != nil {
		return false, fmt.Errorf("asking which version serves queue %s: %w", file, err)
	}
	mienne := func(v *deployment.WorkerDeploymentVersion) bool {
		if deploiement == "" {
			return v.GetDeploymentName() == ""
		}
		return v.GetDeploymentName() == deploiement && v.GetBuildId() == build
	}
	route := d.GetVersioningInfo()
	p := route.GetRampingVersionPercentage()
	return p < 100 && mienne(route.GetCurrentDeploymentVersion()) || p > 0 && mienne(route.GetRampingDeploymentVersion()), nil
}

// Deploiement is the workers that entered one deployment, and which of their versions serves.
type Deploiement struct {
	Temporal client.Client
	Nom      string
}

// VersionWorkers is one version of the workers of a deployment. Build is empty for the workers
// of no version.
type VersionWorkers struct {
	Build  string
	Vue    time.Time // since when the engine knows it
	Part   float32   // of the procedures that it serves, in hundredths
	Vidage client.WorkerDeploymentVersionDrainageStatus
}

// Versions lists the versions of the deployment, the last one first, then the workers of no
// version when they serve; and a mark of this state.
func (d Deploiement) Versions(ctx context.Context) ([]VersionWorkers, []byte, error) {
	r, err := d.poignee().Describe(ctx, client.WorkerDeploymentDescribeOptions{})
	if absent := (*serviceerror.NotFound)(nil); errors.As(err, &absent) {
		return nil, nil, opco.Errorf(opco.NotFound, "Aucun worker ne s’est inscrit au déploiement « %s ».", d.Nom)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("describing the deployment %s: %w", d.Nom, err)
	}
	parts, route := map[string]float32{}, r.Info.RoutingConfig
	parts[construction(route.CurrentVersion)] = 100
	if p := route.RampingVersionPercentage; p > 0 {
		parts[construction(route.CurrentVersion)] = 100 - p
		parts[construction(route.RampingVersion)] = p
	}
	var vs []VersionWorkers
	for _, x := range r.Info.VersionSummaries {
		vs = append(vs, VersionWorkers{Build: x.Version.BuildID, Vue: x.CreateTime, Part: parts[x.Version.BuildID], Vidage: x.DrainageStatus})
	}
	slices.SortFunc(vs, func(a, b VersionWorkers) int { return b.Vue.Compare(a.Vue) })
	if p := parts[""]; p > 0 {
		vs = append(vs, VersionWorkers{Part: p})
	}
	return vs, r.ConflictToken, nil
}

func (d Deploiement) poignee() client.WorkerDeploymentHandle {
	return d.Temporal.WorkerDeploymentClient().GetHandle(d.Nom)
}

func construction(v *worker.WorkerDeploymentVersion) string {
	if v == nil {
		return ""
	}
	return v.BuildID
}

// Confier has a version serve that part of the procedures, in hundredths; all of them makes it
// the version in service. The engine refuses one whose workers do not serve every busy queue
// of the version in service. An empty build is the workers of no version.
func (d Deploiement) Confier(ctx context.Context, build string, part float32) error {
	_, jeton, err := d.Versions(ctx) // nobody else changes it meanwhile
	if err != nil {
		return err
	}
	if part < 100 {
		_, err = d.poignee().SetRampingVersion(ctx, client.WorkerDeploymentSetRampingVersionOptions{BuildID: build, Percentage: part, ConflictToken: jeton})
	} else {
		_, err = d.poignee().SetCurrentVersion(ctx, client.WorkerDeploymentSetCurrentVersionOptions{BuildID: build, ConflictToken: jeton})
	}
	var absente *serviceerror.NotFound
	var manque *serviceerror.FailedPrecondition
	switch {
	case errors.As(err, &absente):
		return opco.Errorf(opco.NotFound, "Aucun worker de la version « %s » ne s’est inscrit : démarrez-en un avec GUICHET_VERSION_WORKERS=%s.", build, d.Nom)
	case errors.As(err, &manque):
		return opco.Errorf(opco.Conflict, "Le moteur refuse la version « %s » : %s. Vérifiez que ses workers servent toutes les files de la version en service, et que personne d’autre ne change de version.", build, manque.Message)
	case err != nil:
		return fmt.Errorf("entrusting the procedures to %q: %w", build, err)
	}
	return nil
}
