// Package process keeps one part of the embedded stack alive as a child
// process: it starts it, waits until it answers, restarts it with a growing
// delay when it dies by itself, stops it in time and kills it on order. Each
// child has its own process group, so that Ctrl-C reaches the stack alone, and
// its own log file. Sentences are French: a person reads them.
package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Delays between an unexpected end and the restart: the first, the longest,
// and how long a child must have lived for the first to apply again.
const (
	firstDelay = 500 * time.Millisecond
	maxDelay   = 30 * time.Second
	goodLife   = 30 * time.Second
	readyStep  = 20 * time.Millisecond
)

// Process is one supervised part. Set the fields before Start and leave them.
type Process struct {
	Name    string                          // short, ASCII: names its files
	Label   string                          // as the user reads it: « le worker »
	Port    int                             // what it listens on, 0 when nothing
	Command func() (*exec.Cmd, error)       // a new command for each start
	Ready   func(ctx context.Context) error // nil once it does its work; asked again and again
	Stopper syscall.Signal                  // asks for an orderly stop
	Log     string                          // file that takes its two outputs
	PidDir  string                          // where Name.pid is kept while it lives
	Say     func(format string, args ...any)

	mu    sync.Mutex
	child *child
	down  bool // must stay stopped until Start or Restart
	life  int  // changes at each Stop or Kill: what watched before then gives up
}

// child is one life of the process.
type child struct {
	cmd  *exec.Cmd
	born time.Time
	done chan struct{} // closed at the end
	err  error         // how it ended; read after done
}

// Start launches the part, returns once it is ready, and from then on restarts
// it whenever it dies. An end before readiness is an error with the last line
// of the log.
func (p *Process) Start(ctx context.Context) error {
	p.mu.Lock()
	p.down = false
	life := p.life
	p.mu.Unlock()
	c, err := p.launch(life)
	if err != nil {
		return err
	}
	if err := p.await(ctx, c); err != nil {
		p.Kill()
		return err
	}
	go p.watch(c, life)
	return nil
}

// Restart starts a part that was killed, again and again until it is ready or
// ctx is done: PostgreSQL refuses to start while the children of the one that
// was killed still die.
func (p *Process) Restart(ctx context.Context) error {
	for {
		err := p.Start(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(firstDelay / 2):
		}
	}
}

// launch starts one child, unless the part must stay down or has been stopped
// since the caller read life.
func (p *Process) launch(life int) (*child, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down || p.life != life {
		return nil, fmt.Errorf("%s est arrêté", p.Label)
	}
	if p.child != nil && !p.child.ended() {
		return nil, fmt.Errorf("%s tourne déjà (processus %d)", p.Label, p.child.cmd.Process.Pid)
	}
	cmd, err := p.Command()
	if err != nil {
		return nil, err
	}
	out, err := openLog(p.Log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	cmd.Stdout, cmd.Stderr = out, out
	if cmd.SysProcAttr == nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{}
	}
	cmd.SysProcAttr.Setpgid = true
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s ne peut pas être lancé (%w)", p.Label, err)
	}
	c := &child{cmd: cmd, born: time.Now(), done: make(chan struct{})}
	p.child = c
	if err := writePid(p.PidDir, p.Name, cmd.Process.Pid); err != nil {
		p.Say("%s : %v.", p.Label, err)
	}
	go func() {
		c.err = cmd.Wait()
		removePid(p.PidDir, p.Name, cmd.Process.Pid)
		close(c.done)
	}()
	return c, nil
}

// await returns once the child is ready, has died, or ctx is done.
func (p *Process) await(ctx context.Context, c *child) error {
	for {
		err := p.Ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-c.done:
			return fmt.Errorf("%s n'a pas démarré (%s) : %s", p.Label, Ending(c.err), LastLine(p.Log))
		case <-ctx.Done():
			return fmt.Errorf("%s n'a pas répondu à temps (%w) : %s", p.Label, err, LastLine(p.Log))
		case <-time.After(readyStep):
		}
	}
}

// watch restarts the part each time it dies, until it is stopped or killed.
func (p *Process) watch(c *child, life int) {
	delay := firstDelay
	for {
		<-c.done
		if time.Since(c.born) > goodLife {
			delay = firstDelay
		}
		if p.over(life) {
			return
		}
		p.Say("%s s'est arrêté (%s) : nouvelle tentative dans %s. Journal : %s", p.Label, Ending(c.err), Seconds(delay), p.Log)
		time.Sleep(delay)
		delay = min(2*delay, maxDelay)
		next, err := p.launch(life)
		if p.over(life) {
			return
		}
		if err != nil {
			p.Say("%s : %v.", p.Label, err)
			continue
		}
		c = next
	}
}

func (p *Process) over(life int) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.life != life
}

// hold marks the part as one that must stay down and returns its last child.
func (p *Process) hold() *child {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.down = true
	p.life++
	return p.child
}

// Stop asks the part to end and waits; when ctx is done it kills it. It reports
// whether the end was orderly.
func (p *Process) Stop(ctx context.Context) (orderly bool) {
	c := p.hold()
	if c == nil || c.ended() {
		return true
	}
	c.signal(p.Stopper)
	select {
	case <-c.done:
		return true
	case <-ctx.Done():
		p.Kill()
		return false
	}
}

// Kill ends the part with SIGKILL, as a crash would, and leaves it down.
func (p *Process) Kill() {
	c := p.hold()
	if c == nil || c.ended() {
		return
	}
	c.signal(syscall.SIGKILL)
	<-c.done
}

// Pid returns the process id, or 0 when the part is down.
func (p *Process) Pid() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.child == nil || p.child.ended() {
		return 0
	}
	return p.child.cmd.Process.Pid
}

// PidFile returns the file that holds the process id while the part lives.
func (p *Process) PidFile() string { return filepath.Join(p.PidDir, p.Name+".pid") }

func (c *child) ended() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// signal reaches the whole group of the child.
func (c *child) signal(s syscall.Signal) { _ = syscall.Kill(-c.cmd.Process.Pid, s) }

// Ending says in French how a process ended.
func Ending(err error) string {
	var exit *exec.ExitError
	if err == nil {
		return "code 0"
	}
	if !errors.As(err, &exit) {
		return err.Error()
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return "signal " + status.Signal().String()
	}
	return fmt.Sprintf("code %d", exit.ExitCode())
}

// openLog opens a log for appending; the previous one is kept once, as .1,
// when it is longer than 10 MB.
func openLog(path string) (*os.File, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > 10<<20 {
		_ = os.Rename(path, path+".1")
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("le journal ne peut pas être écrit (%w)", err)
	}
	return f, nil
}
