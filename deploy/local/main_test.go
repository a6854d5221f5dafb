package main

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq"
)

// The test binary plays three parts beside the tests: guichet-local itself, a
// tiny product in place of the guichet binary, and the command given to exec.
func TestMain(m *testing.M) {
	switch filepath.Base(os.Args[0]) {
	case "guichet-local":
		main()
	case "guichet":
		os.Exit(report(product(os.Args[1])))
	case "commande":
		os.Exit(report(command()))
	}
	if len(os.Args) > 1 && os.Args[1] == "temporal" { // the stack runs its own executable
		main()
	}
	os.Exit(m.Run())
}

// product stands for the guichet binary: it needs the database to migrate, and
// keeps one row per migration.
func product(name string) error {
	switch name {
	case "migrate":
		db, err := sql.Open("postgres", os.Getenv("GUICHET_DB"))
		if err != nil {
			return err
		}
		_, err = db.Exec(`CREATE TABLE IF NOT EXISTS essai (le timestamptz DEFAULT now()); INSERT INTO essai DEFAULT VALUES`)
		return err
	case "api":
		http.HandleFunc("GET /api/sante", func(http.ResponseWriter, *http.Request) {})
		return http.ListenAndServe(os.Getenv("GUICHET_ADRESSE"), nil)
	case "worker":
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, syscall.SIGTERM)
		<-stop
	}
	return nil
}

// command checks the stack from outside, as a scenario does, and ends with the
// code that the test asked for.
func command() error {
	db, err := sql.Open("postgres", os.Getenv("GUICHET_DB"))
	if err != nil {
		return err
	}
	var starts int
	if err := db.QueryRow(`SELECT count(*) FROM essai`).Scan(&starts); err != nil {
		return err
	}
	fmt.Println("démarrages", starts)
	for _, part := range []string{"api", "worker", "temporal", "postgres"} {
		if err := killed(part); err != nil {
			return err
		}
	}
	if err := db.QueryRow(`SELECT count(*) FROM essai`).Scan(&starts); err != nil {
		return fmt.Errorf("after the kills: %w", err)
	}
	for _, page := range []string{"GUICHET_URL", "GUICHET_COURRIEL_PAGE", "GUICHET_TEMPORAL_PAGE"} {
		if resp, err := http.Get(os.Getenv(page)); err != nil || resp.StatusCode > 404 {
			return fmt.Errorf("%s: %v", page, err)
		}
	}
	os.Exit(7)
	return nil
}

// killed asks for a SIGKILL and checks that another process has taken over.
func killed(part string) error {
	pidFile := os.Getenv("GUICHET_PID_" + strings.ToUpper(part))
	before, err := os.ReadFile(pidFile)
	if err != nil {
		return err
	}
	resp, err := http.Post(os.Getenv("GUICHET_CONTROLE")+"/tuer/"+part+"?relancer=1", "", nil)
	if err != nil {
		return err
	}
	var now struct {
		Pid int `json:"pid"`
	}
	if err := json.NewDecoder(resp.Body).Decode(&now); err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s, %v", part, resp.Status, err)
	}
	after, err := os.ReadFile(pidFile)
	if err != nil || string(after) != fmt.Sprint(now.Pid) || string(after) == string(before) {
		return fmt.Errorf("%s: process %s became %s, answer %d, %v", part, before, after, now.Pid, err)
	}
	return nil
}

// program returns a guichet-local on its own data directory and ports.
func program(t *testing.T, data string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	for _, name := range []string{"guichet-local", "guichet", "commande"} {
		if err := os.Symlink(self, filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(filepath.Join(bin, "guichet-local"), append(args[:1:1],
		append([]string{"-produit", filepath.Join(bin, "guichet")}, args[1:]...)...)...)
	cmd.Env = append(os.Environ(), "GUICHET_DATA="+data, "PATH="+bin+":"+os.Getenv("PATH"))
	return cmd
}

func TestExec(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the whole stack twice")
	}
	data, err := os.MkdirTemp("", "guichet-exec-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(data) })
	for _, starts := range []string{"démarrages 1\n", "démarrages 2\n"} { // the second finds the data of the first
		cmd := program(t, data, "exec", "--", "commande")
		var out, sentences bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, &sentences
		err := cmd.Run()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != 7 || out.String() != starts {
			t.Fatalf("got %v and %q, want code 7 and %q:\n%s", err, out.String(), starts, sentences.String())
		}
		if left, _ := filepath.Glob(filepath.Join(data, "processus", "*.pid")); len(left) != 0 {
			t.Errorf("parts remain after the end: %v", left)
		}
	}
}

// TestRunInterrupted stops a stack that starts, then one that serves.
func TestRunInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("starts the whole stack")
	}
	data, err := os.MkdirTemp("", "guichet-run-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(data) })
	for _, v := range []string{"API", "TEMPORAL", "TEMPORAL_UI", "COURRIEL", "SMTP", "POSTGRES"} {
		t.Setenv("GUICHET_PORT_"+v, "0")
	}
	tests := []struct {
		name, when string // the sentence after which Ctrl-C comes
		code       int
	}{
		{"while it starts", "Guichet démarre", 130},
		{"while it serves", "Ctrl-C arrête tout", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cmd := program(t, data, "run")
			var sentences watched
			sentences.wait, sentences.seen = tt.when, make(chan struct{})
			cmd.Stdout, cmd.Stderr = &sentences, &sentences
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			select {
			case <-sentences.seen:
			case <-time.After(time.Minute):
				_ = cmd.Process.Signal(os.Interrupt)
				_ = cmd.Wait()
				t.Fatalf("%q was never said:\n%s", tt.when, sentences.text.String())
			}
			begun := time.Now()
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait()
			if took := time.Since(begun); cmd.ProcessState.ExitCode() != tt.code || took > 10*time.Second {
				t.Errorf("got code %d after %s, want %d under 10 s:\n%s", cmd.ProcessState.ExitCode(), took, tt.code, sentences.text.String())
			}
		})
	}
}

// watched tells when a sentence has been written.
type watched struct {
	text bytes.Buffer
	wait string
	seen chan struct{}
	done bool
}

func (w *watched) Write(b []byte) (int, error) {
	n, err := w.text.Write(b)
	if !w.done && strings.Contains(w.text.String(), w.wait) {
		w.done = true
		close(w.seen)
	}
	return n, err
}

func TestReport(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want int
	}{
		{"nothing wrong", nil, 0},
		{"a sentence", errors.New("le port 8080 est déjà pris"), 1},
		{"the code of the command", ended(exec.Command("sh", "-c", "exit 9").Run()), 9},
		{"a command killed by a signal", ended(exec.Command("sh", "-c", "kill -9 $$").Run()), 137},
		{"a command that succeeds", ended(exec.Command("true").Run()), 0},
		{"a part that fails is a sentence, not its code", fmt.Errorf("le schéma : %w", exec.Command("sh", "-c", "exit 9").Run()), 1},
		{"Ctrl-C", fmt.Errorf("démonstration : %w", errInterrupted), 130},
	}
	for _, tt := range tests {
		if got := report(tt.err); got != tt.want {
			t.Errorf("%s: got %d, want %d", tt.name, got, tt.want)
		}
	}
}
