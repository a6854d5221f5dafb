package postgres

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"guichet/deploy/local/loopback"
	"guichet/deploy/local/process"
)

// fakeBinaries writes an installation that only tells its version.
func fakeBinaries(t *testing.T, dir, version string) {
	t.Helper()
	script := "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"
	for _, name := range []string{"initdb", "postgres"} {
		err := errors.Join(os.MkdirAll(dir, 0o755), os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755))
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestFind(t *testing.T) {
	root := t.TempDir()
	fakeBinaries(t, filepath.Join(root, "9", "bin"), "9.6.24")
	fakeBinaries(t, filepath.Join(root, "15", "bin"), "15.18 (Debian 15.18-0+deb12u1)")
	fakeBinaries(t, filepath.Join(root, "17", "bin"), "17.2")
	tests := []struct {
		name   string
		search Search
		wanted int
		major  int
		want   string // part of the sentence
	}{
		{"the newest by default", Search{Globs: []string{root + "/*/bin"}}, 0, 17, ""},
		{"the one that wrote the data", Search{Globs: []string{root + "/*/bin"}}, 15, 15, ""},
		{"the one in PATH", Search{Path: filepath.Join(root, "15", "bin")}, 0, 15, ""},
		{"another version than the data", Search{Path: filepath.Join(root, "15", "bin")}, 14, 0,
			"écrites par PostgreSQL 14 et cette machine n'a que PostgreSQL 15 : rien n'a été modifié"},
		{"none at all", Search{Path: root}, 0, 0, "PostgreSQL n'est pas installé sur cette machine : installez-le"},
		{"an installation that fails", Search{Install: func() error { return errors.New("apt refuse") }}, 0, 0, "apt refuse"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b, err := tt.search.Find(tt.wanted)
			if b.Major != tt.major || (err == nil) != (tt.want == "") {
				t.Fatalf("got PostgreSQL %d, %v, want %d", b.Major, err, tt.major)
			}
			if err != nil && !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want a sentence with %q", err, tt.want)
			}
		})
	}
}

// A fake apt-get that fails until its lists are read, as on a fresh container.
func TestInstall(t *testing.T) {
	root := t.TempDir()
	apt := filepath.Join(root, "apt-get")
	script := `#!/bin/sh
echo "$*" >> ` + root + `/calls
case $1 in update) touch ` + root + `/lists ;; *) test -e ` + root + `/lists ;; esac
`
	if err := os.WriteFile(apt, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	var said string
	say := func(format string, _ ...any) { said += format }
	if err := install(apt, filepath.Join(root, "journal"), say); err != nil {
		t.Fatal(err)
	}
	calls, _ := os.ReadFile(filepath.Join(root, "calls"))
	add := "install -y --no-install-recommends postgresql\n"
	if want := add + "update\n" + add; string(calls) != want {
		t.Errorf("got calls %q, want %q", calls, want)
	}
	if !strings.Contains(said, "apt-get") {
		t.Errorf("said %q, want the installation announced", said)
	}
}

func TestRefusal(t *testing.T) {
	tests := []struct{ name, out, want string }{
		{"disk full", "initdb: error: could not write file: No space left on device\n", "le disque est plein"},
		{"rights", "initdb: error: could not create directory: Permission denied\n", "n'a pas le droit d'écrire dans /d"},
		{"anything else quotes initdb", "creating…\ninitdb: error: invalid locale\n", "« invalid locale »"},
		{"silence gives the code", "", "exit status 1"},
	}
	for _, tt := range tests {
		if got := refusal("/d", []byte(tt.out), errors.New("exit status 1")).Error(); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got %q, want %q in it", tt.name, got, tt.want)
		}
	}
}

// TestServer starts the real thing, kills it as a crash would, with a stale
// postmaster.pid left behind, and finds its data again.
func TestServer(t *testing.T) {
	data := openDir(t)
	b, err := System(filepath.Join(data, "installation.log"), t.Logf).Find(0)
	if err != nil {
		t.Skipf("no PostgreSQL on this machine: %v", err)
	}
	port := loopback.Port{Part: "PostgreSQL"}
	if err := loopback.Reserve(&port); err != nil {
		t.Fatal(err)
	}
	s, err := Prepare(data, b, port.Number, t.Logf)
	if err != nil {
		t.Fatal(err)
	}
	p := &process.Process{
		Name: "postgres", Label: "PostgreSQL", Command: s.Command, Ready: s.Ready, Stopper: syscall.SIGINT,
		Log: filepath.Join(data, "postgres.log"), PidDir: data, Say: t.Logf,
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := p.Start(ctx); err != nil {
		t.Fatal(err)
	}
	defer p.Kill()
	query(t, s, `CREATE TABLE essai AS SELECT 557.13 AS accorde; SELECT accorde FROM essai`)
	p.Kill()
	if err := p.Restart(ctx); err != nil {
		t.Fatalf("after SIGKILL: %v", err)
	}
	if got := query(t, s, `SELECT accorde FROM essai`); got != "557.13" {
		t.Errorf("got %q after SIGKILL, want 557.13", got)
	}
	for setting, want := range map[string]string{"fsync": "on", "data_checksums": "on", "TimeZone": "UTC", "server_encoding": "UTF8"} {
		if got := query(t, s, `SHOW `+setting); got != want {
			t.Errorf("%s is %q, want %q", setting, got, want)
		}
	}
	if !p.Stop(ctx) {
		t.Error("PostgreSQL had to be killed, want an orderly stop")
	}
}

// openDir returns a directory that an unprivileged user can reach.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "guichet-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func query(t *testing.T, s *Server, q string) (value string) {
	t.Helper()
	db, err := sql.Open("postgres", s.DSN(Database))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRow(q).Scan(&value); err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.Fatalf("%s: %v", q, err)
	}
	return value
}

func TestClearStalePid(t *testing.T) {
	other := exec.Command("sleep", "60")
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Process.Kill(); _ = other.Wait() }()
	s := &Server{Data: t.TempDir()}
	ours := exec.Command("sleep", "60")
	if err := os.MkdirAll(s.cluster(), 0o700); err != nil {
		t.Fatal(err)
	}
	ours.Dir = s.cluster()
	if err := ours.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ours.Process.Kill(); _ = ours.Wait() }()
	tests := []struct {
		name string
		pid  int
		kept bool
	}{
		{"a living server of this cluster is left", ours.Process.Pid, true},
		{"a number that nobody has is left to PostgreSQL", 4194304, true},
		{"a number reused by another program is cleared", other.Process.Pid, false},
	}
	for _, tt := range tests {
		file := filepath.Join(s.cluster(), "postmaster.pid")
		if err := os.WriteFile(file, []byte(strconv.Itoa(tt.pid)+"\n/x\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := s.clearStalePid(); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(file); (err == nil) != tt.kept {
			t.Errorf("%s: kept %v, want %v", tt.name, err == nil, tt.kept)
		}
	}
}

func TestOpenPathRefusesAClosedParent(t *testing.T) {
	closed := openDir(t)
	data := filepath.Join(closed, "guichet")
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	as := identity{name: "postgres", uid: 65531, gid: 65531, switched: true}
	if err := as.openPath(data); err == nil || !strings.Contains(err.Error(), "ne peut pas traverser "+closed) {
		t.Errorf("got %v, want a sentence naming %s", err, closed)
	}
	if err := os.Chmod(closed, 0o711); err != nil {
		t.Fatal(err)
	}
	if err := as.openPath(data); err != nil {
		t.Errorf("got %v once open, want no error", err)
	}
}
