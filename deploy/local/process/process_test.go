package process_test

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
	"syscall"
	"testing"
	"time"

	"guichet/deploy/local/process"
)

// sentences collects what a part says.
type sentences struct {
	mu   sync.Mutex
	said []string
}

func (s *sentences) say(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, fmt.Sprintf(format, args...))
}

func (s *sentences) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.said, "\n")
}

// shell returns a part that runs a script; it is ready once the script has
// created the file « pret » of its directory.
func shell(t *testing.T, script string, said *sentences) (*process.Process, string) {
	t.Helper()
	dir := t.TempDir()
	p := &process.Process{
		Name: "worker", Label: "Le worker", Stopper: syscall.SIGTERM, Say: said.say,
		Log: filepath.Join(dir, "worker.log"), PidDir: dir,
		Command: func() (*exec.Cmd, error) {
			cmd := exec.Command("sh", "-c", script)
			cmd.Dir = dir
			return cmd, nil
		},
		Ready: func(context.Context) error {
			_, err := os.Stat(filepath.Join(dir, "pret"))
			return err
		},
	}
	t.Cleanup(p.Kill)
	return p, dir
}

const serving = `touch pret; while :; do sleep 0.05; done`

func TestStartTellsWhyItFailed(t *testing.T) {
	tests := []struct {
		name, script string
		want         []string
	}{
		{"an early end quotes the log", `echo bavardage; echo "base inconnue" >&2; exit 3`, []string{"Le worker n'a pas démarré (code 3)", "« base inconnue »"}},
		{"a silent end says so", `exit 0`, []string{"n'a pas démarré (code 0)", "son journal est vide"}},
		{"a part that never answers is given up", `sleep 60`, []string{"n'a pas répondu à temps"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, _ := shell(t, tt.script, &sentences{})
			ctx, cancel := context.WithTimeout(t.Context(), 700*time.Millisecond)
			defer cancel()
			err := p.Start(ctx)
			for _, part := range tt.want {
				if err == nil || !strings.Contains(err.Error(), part) {
					t.Errorf("got %v, want a sentence with %q", err, part)
				}
			}
			if p.Pid() != 0 {
				t.Errorf("got process %d still there, want none", p.Pid())
			}
		})
	}
}

func TestUnexpectedEndIsRepaired(t *testing.T) {
	var said sentences
	p, _ := shell(t, serving, &said)
	start(t, p)
	first := p.Pid()
	kill(t, first)
	until(t, "the part lives again", func() bool { return p.Pid() != 0 && p.Pid() != first })
	if want := "Le worker s'est arrêté (signal killed) : nouvelle tentative dans 0,5 s"; !strings.Contains(said.String(), want) {
		t.Errorf("said %q, want %q", said.String(), want)
	}
	second := p.Pid()
	kill(t, second)
	until(t, "the watch goes on", func() bool { return p.Pid() != 0 && p.Pid() != second })
}

func TestKillStaysDownUntilRestart(t *testing.T) {
	var said sentences
	p, dir := shell(t, serving, &said)
	start(t, p)
	first := p.Pid()
	p.Kill()
	time.Sleep(700 * time.Millisecond) // longer than the delay of a repair
	if p.Pid() != 0 || said.String() != "" {
		t.Fatalf("got process %d and %q after Kill, want nothing", p.Pid(), said.String())
	}
	if _, err := os.Stat(filepath.Join(dir, "worker.pid")); !os.IsNotExist(err) {
		t.Errorf("the pid file remains: %v", err)
	}
	if err := p.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(p.PidFile())
	if err != nil || string(text) != strconv.Itoa(p.Pid()) || p.Pid() == first {
		t.Errorf("the pid file holds %q, %v, want %d", text, err, p.Pid())
	}
}

func TestRestartTriesAgain(t *testing.T) {
	// As PostgreSQL does while the children of the one before still die.
	p, _ := shell(t, `touch pret; if [ ! -e deux ]; then mv un deux 2>/dev/null || touch un; rm pret; exit 1; fi; `+serving, &sentences{})
	ready := p.Ready
	p.Ready = func(ctx context.Context) error {
		if _, err := os.Stat(filepath.Join(p.PidDir, "deux")); err != nil {
			return err
		}
		return ready(ctx)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := p.Restart(ctx); err != nil {
		t.Fatalf("got %v, want the third try to hold", err)
	}
}

func TestStop(t *testing.T) {
	tests := []struct {
		name, script string
		orderly      bool
	}{
		{"a part that listens ends by itself", `trap 'echo adieu; exit 0' TERM; ` + serving, true},
		{"a deaf part is killed in time", `trap '' TERM; ` + serving, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p, dir := shell(t, tt.script, &sentences{})
			start(t, p)
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			defer cancel()
			if got := p.Stop(ctx); got != tt.orderly || p.Pid() != 0 {
				t.Errorf("got orderly %v, process %d, want %v, none", got, p.Pid(), tt.orderly)
			}
			log, _ := os.ReadFile(filepath.Join(dir, "worker.log"))
			if got := strings.Contains(string(log), "adieu"); got != tt.orderly {
				t.Errorf("said goodbye: %v, want %v", got, tt.orderly)
			}
		})
	}
}

func TestStopLeftovers(t *testing.T) {
	dir := t.TempDir()
	left := exec.Command("sleep", "60")
	left.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	reused := exec.Command("sleep", "60")
	if err := errors.Join(left.Start(), reused.Start()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reused.Process.Kill(); _ = reused.Wait() }()
	ended := make(chan error, 1)
	go func() { ended <- left.Wait() }()
	record := func(name string, pid int, birth string) {
		err := errors.Join(
			os.WriteFile(filepath.Join(dir, name+".pid"), []byte(strconv.Itoa(pid)), 0o644),
			os.WriteFile(filepath.Join(dir, name+".naissance"), []byte(birth), 0o644))
		if err != nil {
			t.Fatal(err)
		}
	}
	record("api", left.Process.Pid, process.Birth(left.Process.Pid))
	record("worker", reused.Process.Pid, "1") // the number now belongs to another program
	if got := process.StopLeftovers(dir, "api", "worker", "postgres"); len(got) != 1 || got[0] != "api" {
		t.Fatalf("got %v, want [api]", got)
	}
	select {
	case <-ended:
	case <-time.After(2 * time.Second):
		t.Error("the leftover api still lives")
	}
	if process.Birth(reused.Process.Pid) == "" {
		t.Error("a program that is not ours was stopped")
	}
}

func TestMemoryCountsChildren(t *testing.T) {
	if kb := process.Memory(os.Getpid()); kb < 1000 || kb < process.Own(os.Getpid())/2 {
		t.Errorf("got %d kB for a Go program, want at least 1000", kb)
	}
	if kb := process.Memory(0); kb != 0 {
		t.Errorf("got %d kB for a part that is down, want 0", kb)
	}
}

func start(t *testing.T, p *process.Process) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := p.Start(ctx); err != nil {
		t.Fatal(err)
	}
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

func until(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 200 {
		if done() {
			return
		}
		time.Sleep(25 * time.Millisecond)
	}
	t.Fatalf("not in 5 s: %s", what)
}
