package chaos

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"

	"guichet/cmd/internal/scenario"
	"guichet/opco"
)

// revisionBefore is the build that this version takes the place of, as docs/exploitation.md
// tells it: the oldest one beside which it was tried.
const revisionBefore = "86ca2d8f7d8e8263a6d4e859f92ace3b7f4199cf"

// With a thousand dossiers open, workers and APIs are replaced one by one by another build while
// people go on; then back; then forward again. Nothing fails, and each build replays what
// the other wrote.
func TestMiseAJourProgressive(t *testing.T) {
	k := openStack(t, true)
	before, now := k.before(), k.product()
	watched := k.as("ops")
	f := k.openFleet(before, 2, 3, nil, "worker")
	console := f.watch(watched)
	open := f.spread(count("GUICHET_ESSAI_DOSSIERS", 1000), 8)
	f.replayable("avant la mise à jour", now)
	live := k.flow(3)
	for i, step := range []struct{ what, program string }{{"mise à jour", now}, {"retour à la version d’avant", before}, {"nouvelle mise à jour", now}} {
		start := time.Now()
		var acts sync.WaitGroup
		acts.Go(func() { open.wake(i, 3) })
		f.roll(step.program, step.program == now)
		acts.Wait()
		f.Logf("%s : %s", step.what, seconds(time.Since(start)))
		f.replayable(step.what, now, before)
	}
	live.halt()
	k.calm()
	presents := knows(k.Context(), before, "ops", "bloques")
	for _, line := range console() {
		if !presents && strings.Contains(line, "Aucun exécutant ne sert une file") {
			f.Logf("les workers de la version d’avant ne disent pas encore qu’ils sont là : %s", line)
			continue
		}
		f.Errorf("the console said: %s", line)
	}
	if n := f.front.broken.Load(); n > 0 {
		f.Errorf("%d requests of %d were answered by nobody", n, f.front.served.Load())
	}
	open.check()
	live.check()
	f.unbroken(open.dossiers, live.dossiers)
	k.doubled(0)
	k.Logf("vérification : %s", k.verify())
}

// roll replaces the whole fleet: forward the workers first, back the APIs first. A worker
// must know what an API leaves to it.
func (f *fleet) roll(program string, forward bool) {
	f.Helper()
	if forward {
		f.rollWorkers(program)
	}
	f.rollAPIs(program)
	if !forward {
		f.rollWorkers(program)
	}
}

// count is a number that the environment may change.
func count(name string, usual int) int {
	if n, err := strconv.Atoi(os.Getenv(name)); err == nil && n > 0 {
		return n
	}
	return usual
}

// before is the program that is replaced: the one of GUICHET_ESSAI_AVANT, else one built of
// revisionBefore, else, where its sources are not there, these sources under another name.
func (k *stack) before() string {
	k.Helper()
	if p := os.Getenv("GUICHET_ESSAI_AVANT"); p != "" {
		k.Logf("la version d’avant est %s", p)
		return p
	}
	dir := k.TempDir()
	root, program := filepath.Dir(filepath.Dir(k.product())), filepath.Join(dir, "guichet")
	sources := filepath.Join(dir, "sources")
	if err := os.Mkdir(sources, 0o700); err != nil {
		k.Fatal(err)
	}
	if out, err := k.shell(root, `git archive `+revisionBefore+` | tar -x -C "$0"`, sources); err != nil {
		k.Logf("la version d’avant est faite des mêmes sources, sous un autre nom : %s", out)
		return k.compile(root, program, "-ldflags=-X main.version=essai-avant")
	}
	k.Logf("la version d’avant est construite de %s", revisionBefore)
	return k.compile(sources, program)
}

func (k *stack) shell(dir, script string, args ...string) (string, error) {
	cmd := exec.CommandContext(k.Context(), "sh", append([]string{"-e", "-c", script}, args...)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (k *stack) compile(root, program string, flags ...string) string {
	k.Helper()
	cmd := exec.CommandContext(k.Context(), "go", append(append([]string{"build", "-o", program}, flags...), "./cmd/guichet")...)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		k.Fatalf("building %s: %v\n%s", root, err, out)
	}
	return program
}

// spread opens n dossiers at once, as many in each état from the dépôt to the accord, and
// leaves them there.
func (k *stack) spread(n, atOnce int) *traffic {
	k.Helper()
	start := time.Now()
	f := k.newTraffic()
	f.wait = bound
	var next atomic.Int64
	for range atOnce {
		f.group.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				f.advance(1 + int(i)%3)
			}
		})
	}
	f.group.Wait()
	k.Logf("%d dossiers ouverts en %s", len(f.dossiers), seconds(time.Since(start)))
	return f
}

// wake has the next acte of one dossier in so many done: those that are at rank i of each
// group. What is refused or has no verdict is a fault: nothing stands against these actes.
func (f *traffic) wake(i, in int) {
	ids := make(chan string)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for id := range ids {
				if !f.step(id) {
					f.forget("réveil", errors.New(id))
				}
			}
		})
	}
	for n, id := range f.opened() {
		if n%in == i {
			ids <- id
		}
	}
	close(ids)
	group.Wait()
}

// step does what the état of a dossier asks for.
func (f *traffic) step(id string) bool {
	var d struct{ Dossier struct{ Etat opco.Etat } }
	if err := f.as("gestionnaire").Patient(f.patience).Get(f.Context(), "/api/dossiers/"+id, &d); err != nil {
		f.forget("lecture", err)
		return false
	}
	switch d.Dossier.Etat {
	case opco.EtatTransmise:
		return f.act("gestionnaire", id, "instruction", nil)
	case opco.EtatEnInstruction:
		return f.act("gestionnaire", id, "decision", nil)
	}
	return f.act("gestionnaire", id, "annulation", map[string]any{"raison": "La formation n’aura pas lieu."})
}

// watch notes all that the console says from now on, until what it returns is called.
func (f *fleet) watch(ops *scenario.Session) func() []string {
	f.Helper()
	ctx, stop := context.WithCancel(f.Context())
	lines := map[string]bool{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ; ctx.Err() == nil; time.Sleep(time.Second) {
			var x struct{ Causes []group }
			if err := ops.Patient(bound).Get(ctx, "/api/ops/incidents", &x); err != nil && ctx.Err() == nil {
				lines["it cannot be read: "+err.Error()] = true
			}
			for _, g := range x.Causes {
				lines[fmt.Sprintf("%s « %s », %s", g.Nature, g.Titre, g.Erreur)] = true
			}
		}
	}()
	f.Cleanup(stop)
	return func() (said []string) {
		stop()
		<-done
		for l := range lines {
			said = append(said, l)
		}
		return said
	}
}

// replayable has each build replay the last history of every open dossier.
func (f *fleet) replayable(when string, programs ...string) {
	f.Helper()
	for _, p := range programs {
		if !knows(f.Context(), p, "ops", "rejouer") {
			f.Logf("%s : %s ne connaît pas encore « ops rejouer »", when, p)
			continue
		}
		out, err := exec.CommandContext(f.Context(), p, "ops", "rejouer", "--ouverts").CombinedOutput()
		if f.Logf("%s, par %s :\n%s", when, p, out); err != nil {
			f.Errorf("%s: %s does not replay what is open: %v", when, p, err)
		}
	}
}

// knows reports whether a build has a command.
func knows(ctx context.Context, program string, command ...string) bool {
	return exec.CommandContext(ctx, program, append(command, "--help")...).Run() == nil
}

// unbroken reads every event of dossiers: no step of a procedure failed but by an acte that
// came while it ended, which the engine asks again at once.
func (f *fleet) unbroken(dossiers ...[]string) {
	f.Helper()
	runs, events := 0, 0
	for _, ids := range dossiers {
		for _, id := range ids {
			r, e := f.events("dossier/" + id)
			runs, events = runs+r, events+e
		}
	}
	f.Logf("%d événements de %d histoires lus, sans une tâche en échec", events, runs)
}

func (f *fleet) events(object string) (runs, events int) {
	f.Helper()
	for run := ""; ; runs++ {
		before := ""
		it := f.engine.GetWorkflowHistory(f.Context(), object, run, false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
		for ; it.HasNext(); events++ {
			e, err := it.Next()
			if gone := (*serviceerror.NotFound)(nil); errors.As(err, &gone) && run == "" {
				return runs, events // its dépôt was not taken
			}
			if err != nil {
				f.Fatalf("%s: %v", object, err)
			}
			if s := e.GetWorkflowExecutionStartedEventAttributes(); s != nil {
				before = s.GetContinuedExecutionRunId()
			}
			if x := e.GetWorkflowTaskFailedEventAttributes(); x != nil && x.GetCause() != enums.WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND {
				f.Errorf("%s: a step failed: %s %s", object, x.GetCause(), x.GetFailure().GetMessage())
			}
		}
		if run = before; run == "" {
			return runs + 1, events
		}
	}
}
