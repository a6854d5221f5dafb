package chaos

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
)

// Where versions of workers are told apart, only the one that was named serves, whatever
// others run beside it; it is changed, and changed back, without a process that stops, and no
// dossier waits or fails.
func TestVersionsDesWorkers(t *testing.T) {
	k := openStack(t, true)
	t.Setenv("GUICHET_VERSION_WORKERS", "epreuve")
	one, two := k.named("essai-un"), k.named("essai-deux")
	f := k.openFleet(k.product(), 1, 0, nil, "worker")
	f.workers = append(f.workers, f.worker(one), f.worker(one))
	k.Cleanup(func() { // the worker of the stack, which has no version, serves again
		if out, err := exec.Command(k.product(), "ops", "version", "--aucune").CombinedOutput(); err != nil {
			k.Errorf("guichet ops version --aucune: %v\n%s", err, out)
		}
	})
	f.version("essai-un")
	if out, err := k.guichet("ops", "version", "essai-trois"); err == nil || !strings.Contains(out, "Aucun worker de la version « essai-trois »") {
		k.Errorf("a version that nobody serves was accepted, or refused in other words: %v, %s", err, out)
	}
	open := f.spread(count("GUICHET_ESSAI_DOSSIERS", 60), 4)
	f.workers = append(f.workers, f.worker(two), f.worker(two))
	live := k.flow(2)
	for i, serves := range []string{"essai-un", "essai-deux", "essai-un"} {
		f.version(serves)
		start := time.Now()
		open.wake(i, 3)
		f.onlyBy(serves, start, open.dossiers)
	}
	f.version("essai-deux", "--part", "50")
	f.spread(20, 4).check()
	f.version("essai-deux")
	live.halt()
	k.calm()
	open.check()
	live.check()
	f.unbroken(open.dossiers, live.dossiers)
	k.Logf("vérification : %s", k.verify())
}

// named is the product under another name of build.
func (k *stack) named(build string) string {
	k.Helper()
	root := filepath.Dir(filepath.Dir(k.product()))
	return k.compile(root, filepath.Join(k.TempDir(), build), "-ldflags=-X main.version="+build)
}

// version runs `guichet ops version`.
func (f *fleet) version(args ...string) {
	f.Helper()
	for end := time.Now().Add(bound); ; time.Sleep(time.Second) {
		out, err := f.guichet(append([]string{"ops", "version"}, args...)...)
		if err == nil {
			f.Logf("guichet ops version %s\n%s", strings.Join(args, " "), out)
			return
		}
		if time.Now().After(end) {
			f.Fatalf("guichet ops version %v: %v\n%s", args, err, out)
		}
	}
}

// onlyBy expects that every step since then was done by one version of the workers.
func (f *fleet) onlyBy(build string, since time.Time, dossiers []string) {
	f.Helper()
	steps := 0
	for _, id := range dossiers {
		it := f.engine.GetWorkflowHistory(f.Context(), "dossier/"+id, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for it.HasNext() {
			e, err := it.Next()
			if _, gone := err.(*serviceerror.NotFound); gone {
				break
			}
			if err != nil {
				f.Fatal(err)
			}
			x := e.GetWorkflowTaskCompletedEventAttributes()
			if x == nil || e.GetEventTime().AsTime().Before(since.Add(time.Second)) {
				continue
			}
			if steps++; x.GetDeploymentVersion().GetBuildId() != build {
				f.Errorf("dossier %s: a step was done by « %s », %s serves", id, x.GetDeploymentVersion().GetBuildId(), build)
			}
		}
	}
	if f.Logf("%d étapes faites, toutes par %s", steps, build); steps == 0 {
		f.Errorf("no step was seen since %s serves", build)
	}
}
