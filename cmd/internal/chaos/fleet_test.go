package chaos

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.temporal.io/api/enums/v1"
	"go.temporal.io/api/taskqueue/v1"

	"guichet/cmd/internal/scenario"
	"guichet/workflows"
)

// fleet is several APIs behind one address and several workers, in the place of the one API
// and the one worker of the stack. Everybody of the test then speaks to that address.
type fleet struct {
	*stack
	front         *front
	env           []string
	apis, workers []*process
}

// openFleet starts them from one program, with more variables, once parts of the stack are
// down; these come back at the end of the test.
func (k *stack) openFleet(program string, apis, workers int, env []string, parts ...string) *fleet {
	k.Helper()
	f := &fleet{stack: k, front: newFront(), env: append(env, "GUICHET_RETRAIT=2s")}
	for _, p := range parts {
		k.Cleanup(func() {
			if err := post(context.Background(), k.control+"/relancer/"+p, nil); err != nil {
				k.Error(err)
			}
		})
		k.kill(p)
	}
	k.Cleanup(f.front.Close)
	for range workers {
		f.workers = append(f.workers, f.worker(program))
	}
	for range apis {
		f.apis = append(f.apis, f.api(program))
	}
	own := k.url
	k.url, k.sessions = f.front.URL, map[string]*scenario.Session{}
	k.Cleanup(func() { k.url = own })
	return f
}

// api starts an API and shares requests out to it.
func (f *fleet) api(program string) *process {
	f.Helper()
	p := f.launchAPI(program, f.env...)
	f.front.put(p.url)
	return p
}

// worker starts a worker of any build, and returns once it asks the engine for work.
func (f *fleet) worker(program string) *process {
	f.Helper()
	p := f.launch(program, []string{"worker"}, f.env)
	for end := time.Now().Add(bound); time.Now().Before(end) && !p.ended(); time.Sleep(100 * time.Millisecond) {
		if f.asks(p) {
			return p
		}
	}
	f.Fatalf("the worker does not start: %s", p.said())
	return nil
}

// asks reports whether the engine has been asked for dossiers by a process.
func (f *fleet) asks(p *process) bool {
	f.Helper()
	d, err := f.engine.DescribeTaskQueue(f.Context(), workflows.QueueDossier, enums.TASK_QUEUE_TYPE_WORKFLOW)
	if err != nil {
		f.Fatal(err)
	}
	return slices.ContainsFunc(d.GetPollers(), func(x *taskqueue.PollerInfo) bool {
		return strings.HasPrefix(x.GetIdentity(), fmt.Sprintf("%d@", p.cmd.Process.Pid))
	})
}

// rollWorkers replaces the workers one by one: the next one stops once its own successor works.
func (f *fleet) rollWorkers(program string) {
	f.Helper()
	for i, p := range f.workers {
		f.workers[i] = f.worker(program)
		f.leave(p)
	}
}

// rollAPIs replaces the APIs one by one: one stops once no new request is shared out to it.
func (f *fleet) rollAPIs(program string) {
	f.Helper()
	for i, p := range f.apis {
		f.apis[i] = f.api(program)
		f.front.drop(p.url)
		f.leave(p)
	}
}

// leave has a process stop by itself.
func (f *fleet) leave(p *process) {
	f.Helper()
	p.end()
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		f.Errorf("a process that was asked to stop ended with %d: %s", code, p.said())
	}
}
