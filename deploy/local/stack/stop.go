package stack

import (
	"context"
	"net/http"
	"syscall"
	"time"

	"guichet/deploy/local/process"
)

// stopDelay bounds the whole stop; with the grace of a running command it stays
// under the promised 10 seconds. partDelay is
// the most that api, worker and Temporal each take of it before they are killed;
// PostgreSQL, which writes a checkpoint, has all that is left.
const (
	stopDelay = 7500 * time.Millisecond
	partDelay = 2 * time.Second
)

// stopOrder lists the parts from those that only use others to PostgreSQL.
var stopOrder = []string{"banque", "api", "worker", "temporal", "postgres"}

// Stop stops api, worker, Temporal, the mail catcher then PostgreSQL, in under
// 10 seconds. A part that does not end in its time is killed and named: nothing
// acknowledged is lost by that. Stop may follow a Start that failed.
func (s *Stack) Stop() {
	closeServer(s.control) // nothing may be restarted from now on
	ctx, cancel := context.WithTimeout(context.Background(), stopDelay)
	defer cancel()
	for _, name := range stopOrder {
		delay := partDelay
		if name == "postgres" {
			s.stopMail()
			delay = stopDelay
		}
		if p, err := s.named(name); err == nil {
			s.stopPart(ctx, p, delay)
		}
	}
}

func (s *Stack) stopPart(ctx context.Context, p *process.Process, delay time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, delay)
	defer cancel()
	if !p.Stop(ctx) {
		s.say("%s ne s'arrêtait pas : il a été interrompu.", p.Label)
	}
}

func (s *Stack) stopMail() {
	if s.smtp != nil {
		s.smtp.Stop()
	}
	closeServer(s.page)
}

func closeServer(server *http.Server) {
	if server != nil {
		_ = server.Close()
	}
}

// Kill ends every part and the running command at once, as a power cut would. The next start recovers.
func (s *Stack) Kill() {
	if pid := int(s.command.Load()); pid != 0 {
		_ = syscall.Kill(-pid, syscall.SIGKILL)
	}
	for _, p := range s.parts {
		p.Kill()
	}
}
