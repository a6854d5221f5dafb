package stack

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"syscall"
	"time"

	"guichet/deploy/local/process"
)

// PasswordVariable carries the password of PostgreSQL to the Temporal child.
const PasswordVariable = "GUICHET_LOCAL_MOT_DE_PASSE"

// part fills what all parts share.
func (s *Stack) part(name, label string, port int) *process.Process {
	return &process.Process{
		Name: name, Label: label, Port: port,
		Log:     s.dir.File("journaux", name+".log"),
		PidDir:  s.dir.File("processus"),
		Stopper: syscall.SIGTERM,
		Say:     s.say,
	}
}

func (s *Stack) postgresPart() *process.Process {
	p := s.part("postgres", "PostgreSQL", s.Postgres.Number)
	p.Stopper = syscall.SIGINT // fast shutdown: SIGTERM would wait for the clients
	p.Command, p.Ready = s.postgres.Command, s.postgres.Ready
	return p
}

// temporalPart runs Temporal as a child of its own, which can be killed and
// restarted without the rest. Its memory is bounded: the garbage collector works
// harder before it grows.
func (s *Stack) temporalPart() *process.Process {
	p := s.part("temporal", "Temporal", s.Temporal.Number)
	p.Command = func() (*exec.Cmd, error) {
		cmd := exec.Command(s.Self, "temporal",
			"-grpc", strconv.Itoa(s.Temporal.Number),
			"-http", strconv.Itoa(s.TemporalHTTP.Number),
			"-ui", strconv.Itoa(s.TemporalUI.Number),
			"-postgres", s.postgres.Address(),
			"-espace", namespace)
		cmd.Env = append(os.Environ(), PasswordVariable+"="+s.postgres.Password(), "GOGC=50", "GOMEMLIMIT=256MiB")
		return cmd, nil
	}
	p.Ready = func(ctx context.Context) error { // the Web UI is the last thing it opens
		if err := answers(ctx, s.TemporalHTTP.URL()+"/api/v1/namespaces/"+namespace); err != nil {
			return err
		}
		return answers(ctx, s.TemporalUI.URL()+"/healthz")
	}
	return p
}

// bankPart plays the bank: it answers the payment files that people send. It is
// started by StartBank only, because acceptance scenarios play the bank
// themselves.
func (s *Stack) bankPart() *process.Process {
	p := s.part("banque", "La banque d'essai", 0)
	p.Command = func() (*exec.Cmd, error) { return s.product("banque-essai"), nil }
	p.Ready = func(context.Context) error { // it keeps there what it has answered
		_, err := os.Stat(s.dir.File("banque", ".marques"))
		return err
	}
	return p
}

// StartBank starts the simulated bank.
func (s *Stack) StartBank(ctx context.Context) error {
	p, err := s.named("banque")
	if err != nil {
		return err
	}
	return s.startPart(ctx, p)
}

func (s *Stack) apiPart() *process.Process {
	p := s.part("api", "L'API", s.API.Number)
	p.Command = func() (*exec.Cmd, error) { return s.product("api"), nil }
	p.Ready = func(ctx context.Context) error { return answers(ctx, s.API.URL()+"/api/sante") }
	return p
}

// workerPart has no address to ask: a worker that lives for a moment has read
// its settings and dialled, and Temporal keeps its tasks until it polls.
func (s *Stack) workerPart() *process.Process {
	const moment = 300 * time.Millisecond
	var launched time.Time
	p := s.part("worker", "Le worker", 0)
	p.Command = func() (*exec.Cmd, error) {
		launched = time.Now()
		return s.product("worker"), nil
	}
	p.Ready = func(context.Context) error {
		if lived := time.Since(launched); lived < moment {
			return fmt.Errorf("lancé depuis %s", lived)
		}
		return nil
	}
	return p
}

// answers tells whether a GET answers 200.
func answers(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("asking %s: %w", url, err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("asking %s: %w", url, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s répond %s", url, resp.Status)
	}
	return nil
}
