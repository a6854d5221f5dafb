package stack

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"guichet/deploy/local/loopback"
	"guichet/deploy/local/messagerie"
	"guichet/deploy/local/process"
)

// fake returns a part that appends its name to the file « ordre » when asked to
// stop, and then runs the script after.
func fake(t *testing.T, dir, name, after string) *process.Process {
	t.Helper()
	p := &process.Process{
		Name: name, Label: name, Stopper: syscall.SIGTERM, PidDir: dir, Log: filepath.Join(dir, name+".log"), Say: t.Logf,
		Command: func() (*exec.Cmd, error) {
			cmd := exec.Command("sh", "-c", `trap 'echo `+name+` >> ordre; `+after+`; exit 0' TERM; touch pret-`+name+`; while :; do sleep 0.02; done`)
			cmd.Dir = dir
			return cmd, nil
		},
		Ready: func(context.Context) error {
			_, err := os.Stat(filepath.Join(dir, "pret-"+name))
			return err
		},
	}
	t.Cleanup(p.Kill)
	if err := p.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return p
}

// TestStopOrder proves that PostgreSQL is still there when all others are gone,
// the mail catcher included.
func TestStopOrder(t *testing.T) {
	dir := t.TempDir()
	s := &Stack{say: t.Logf}
	for _, name := range []string{"temporal", "worker", "api"} {
		s.parts = append(s.parts, fake(t, dir, name, ":"))
	}
	s.parts = append(s.parts, fake(t, dir, "postgres", "while [ ! -e suite ]; do sleep 0.02; done"))
	s.parts[0], s.parts[3] = s.parts[3], s.parts[0] // the order of the start does not matter
	port := loopback.Port{Part: "le serveur de courriel"}
	if err := loopback.Reserve(&port); err != nil {
		t.Fatal(err)
	}
	box, err := messagerie.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	s.smtp = messagerie.NewSMTP(port.Address(), box)
	if err := s.smtp.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := make(chan struct{})
	go func() { s.Stop(); close(stopped) }()
	order := awaitOrder(t, filepath.Join(dir, "ordre"), "postgres")
	if want := "api worker temporal postgres"; order != want {
		t.Errorf("stopped in order %q, want %q", order, want)
	}
	if c, err := net.Dial("tcp", port.Address()); err == nil {
		_ = c.Close()
		t.Error("the mail catcher still listens while PostgreSQL stops")
	}
	if err := os.WriteFile(filepath.Join(dir, "suite"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	<-stopped
}

func awaitOrder(t *testing.T, file, last string) string {
	t.Helper()
	for range 200 {
		text, _ := os.ReadFile(file)
		if words := strings.Join(strings.Fields(string(text)), " "); strings.HasSuffix(words, last) {
			return words
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s was never asked to stop", last)
	return ""
}

func TestStopIsBounded(t *testing.T) {
	dir := t.TempDir()
	s := &Stack{say: t.Logf}
	for _, name := range []string{"api", "worker", "temporal", "postgres"} {
		s.parts = append(s.parts, fake(t, dir, name, "sleep 60"))
	}
	begun := time.Now()
	s.Stop()
	if took := time.Since(begun); took > 8*time.Second {
		t.Errorf("four deaf parts took %s to stop, want at most 8 s", took)
	}
}

func TestControl(t *testing.T) {
	dir := t.TempDir()
	s := &Stack{say: t.Logf, parts: []*process.Process{fake(t, dir, "api", ":"), fake(t, dir, "worker", ":")}}
	control := httptest.NewServer(s.controlRoutes())
	defer control.Close()
	tests := []struct {
		name, path string
		status     int
		want       string
		alive      bool // the api, afterwards
	}{
		{"an unknown part", "/tuer/banque", 404, "api, worker", true},
		{"a bad delay kills nobody", "/tuer/api?relancer=1&apres=demain", 422, "500ms", true},
		{"kill and restart", "/tuer/api?relancer=1&apres=10ms", 200, `"nom":"api"`, true},
		{"restart of a living part", "/relancer/api", 409, "tourne déjà", true},
		{"kill alone", "/tuer/api", 200, `"pid":0`, false},
		{"bring it back", "/relancer/api", 200, `"nom":"api"`, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := s.parts[0].Pid()
			resp, err := http.Post(control.URL+tt.path, "", nil)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = resp.Body.Close() }()
			var body strings.Builder
			_ = resp.Write(&body)
			if resp.StatusCode != tt.status || !strings.Contains(body.String(), tt.want) {
				t.Errorf("got %s, want %d with %q", body.String(), tt.status, tt.want)
			}
			after := s.parts[0].Pid()
			if (after != 0) != tt.alive || strings.Contains(tt.path, "/tuer") && tt.status == 200 && after == before {
				t.Errorf("the api was process %d and is %d, want alive %v", before, after, tt.alive)
			}
		})
	}
}

func TestReadPorts(t *testing.T) {
	t.Setenv("GUICHET_PORT_SMTP", "2525")
	s, err := Read("/donnees", "/bin/sh", false)
	if err != nil || s.API.Number != 8080 || s.SMTP.Number != 2525 || s.Product != "/bin/sh" {
		t.Errorf("got %+v, %v, want the API on 8080 and SMTP on 2525", s, err)
	}
	s, err = Read("/donnees", "", true)
	if err != nil || s.API.Number != 0 || s.SMTP.Number != 2525 {
		t.Errorf("got API %d, SMTP %d, %v, want any port and 2525", s.API.Number, s.SMTP.Number, err)
	}
	t.Setenv("GUICHET_PORT_API", "beaucoup")
	if _, err := Read("/donnees", "", false); err == nil || !strings.Contains(err.Error(), "GUICHET_PORT_API vaut « beaucoup »") {
		t.Errorf("got %v, want a sentence that quotes the value", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	plain := filepath.Join(t.TempDir(), "guichet")
	if err := os.WriteFile(plain, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, product := range []string{"/absent/guichet", "/tmp", plain} {
		data := filepath.Join(t.TempDir(), "donnees")
		_, err := Open(Settings{Data: data, Product: product}, t.Logf)
		if err == nil || !strings.Contains(err.Error(), "make build") {
			t.Errorf("product %s: got %v, want a sentence with make build", product, err)
		}
		if _, err := os.Stat(data); !os.IsNotExist(err) {
			t.Errorf("product %s: the data directory was created", product)
		}
	}
}
