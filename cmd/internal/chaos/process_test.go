package chaos

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// process is one that the test started beside the parts of the stack.
type process struct {
	cmd  *exec.Cmd
	url  string // of an API
	log  string // file that takes its two outputs
	done chan struct{}
}

// launch starts a program with the environment of the stack, changed by env (« NAME=value »).
// It is killed at the end of the test if it still lives.
func (k *stack) launch(program string, args, env []string) *process {
	k.Helper()
	p := &process{cmd: exec.Command(program, args...), log: filepath.Join(k.TempDir(), "log"), done: make(chan struct{})}
	out, err := os.Create(p.log)
	if err != nil {
		k.Fatal(err)
	}
	defer out.Close()
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = append(os.Environ(), env...), out, out
	if err := p.cmd.Start(); err != nil {
		k.Fatal(err)
	}
	go func() { _ = p.cmd.Wait(); close(p.done) }()
	k.Cleanup(p.kill)
	return p
}

// launchAPI starts an API on a free port, and returns once it answers.
func (k *stack) launchAPI(program string, env ...string) *process {
	k.Helper()
	address := k.freeAddress()
	p := k.launch(program, []string{"api"}, append(env, "GUICHET_ADRESSE="+address))
	p.url = "http://" + address
	for end := time.Now().Add(bound); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if res, err := http.Get(p.url + "/api/sante"); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return p
			}
		}
		if p.ended() {
			break
		}
	}
	k.Fatalf("the API does not start: %s", p.said())
	return nil
}

// launchWorker starts a worker, and returns once the base knows that it is there.
func (k *stack) launchWorker(program string, env ...string) *process {
	k.Helper()
	p := k.launch(program, []string{"worker"}, env)
	for end := time.Now().Add(bound); time.Now().Before(end) && !p.ended(); time.Sleep(50 * time.Millisecond) {
		if one[bool](k, `SELECT EXISTS (SELECT 1 FROM executant WHERE identite LIKE $1)`, fmt.Sprintf("%d@%%", p.cmd.Process.Pid)) {
			return p
		}
	}
	k.Fatalf("the worker does not start: %s", p.said())
	return nil
}

func (k *stack) freeAddress() string {
	k.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		k.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// end asks a process to stop and waits: it finishes what it holds.
func (p *process) end() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(bound):
		p.kill()
	}
}

// kill ends a process as a crash would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.done
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// said is the end of what a process printed.
func (p *process) said() string {
	b, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	return string(b[max(0, len(b)-2000):])
}
