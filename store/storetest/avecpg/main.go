// Command avecpg runs a command with a private PostgreSQL server whose address
// is in GUICHET_TEST_DB. The server lives in a temporary directory, forgets
// everything and ends with the command. As root it runs as user postgres.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "avecpg:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

func run(args []string) (int, error) {
	if len(args) == 0 {
		return 2, errors.New("say which command to run")
	}
	bin, err := binaires()
	if err != nil {
		return 1, err
	}
	dir, err := os.MkdirTemp("", "guichet-pg-")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(dir)
	s := serveur{bin: bin, dir: dir}
	if s.attr, err = compte(dir); err != nil {
		return 1, err
	}
	if err := s.demarrer(); err != nil {
		return 1, err
	}
	defer s.arreter()
	return commander(args, "GUICHET_TEST_DB="+s.dsn())
}

// binaires finds the newest PostgreSQL server of this machine.
func binaires() (string, error) {
	var dirs []string
	for _, g := range []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin"} {
		m, _ := filepath.Glob(g)
		slices.Reverse(m)
		dirs = append(dirs, m...)
	}
	if p, err := exec.LookPath("initdb"); err == nil {
		dirs = append(dirs, filepath.Dir(p))
	}
	for _, d := range dirs {
		if _, err := os.Stat(filepath.Join(d, "initdb")); err == nil {
			return d, nil
		}
	}
	return "", errors.New("no PostgreSQL server on this machine: install it (Debian: apt-get install postgresql)")
}

// compte gives the server an unprivileged user when we are root: PostgreSQL
// refuses to run as root.
func compte(dir string) (*syscall.SysProcAttr, error) {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() != 0 {
		return attr, nil
	}
	for _, nom := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(nom)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return attr, os.Chown(dir, uid, gid)
	}
	return nil, errors.New("we are root and there is neither a user postgres nor nobody to run the server")
}

type serveur struct {
	bin, dir string
	port     int
	attr     *syscall.SysProcAttr
	cmd      *exec.Cmd
}

func (s *serveur) dsn() string {
	return fmt.Sprintf("host=127.0.0.1 port=%d user=guichet dbname=postgres sslmode=disable", s.port)
}

func (s *serveur) demarrer() error {
	data := filepath.Join(s.dir, "data")
	init := exec.Command(filepath.Join(s.bin, "initdb"), "-D", data, "-U", "guichet", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
	init.SysProcAttr, init.Dir = s.attr, s.dir
	if out, err := init.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.port = l.Addr().(*net.TCPAddr).Port
	l.Close()
	args := []string{"-D", data, "-p", strconv.Itoa(s.port), "-k", s.dir, "-h", "127.0.0.1"}
	for _, p := range []string{"fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300", "shared_buffers=128MB"} {
		args = append(args, "-c", p)
	}
	s.cmd = exec.Command(filepath.Join(s.bin, "postgres"), args...)
	s.cmd.SysProcAttr, s.cmd.Dir = s.attr, s.dir
	journal, err := os.Create(filepath.Join(s.dir, "journal"))
	if err != nil {
		return err
	}
	s.cmd.Stdout, s.cmd.Stderr = journal, journal
	if err := s.cmd.Start(); err != nil {
		return err
	}
	return s.attendre()
}

func (s *serveur) attendre() error {
	for range 300 {
		pret := exec.Command(filepath.Join(s.bin, "pg_isready"), "-h", "127.0.0.1", "-p", strconv.Itoa(s.port), "-q")
		if pret.Run() == nil {
			return nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	b, _ := os.ReadFile(filepath.Join(s.dir, "journal"))
	return fmt.Errorf("PostgreSQL did not start: %s", strings.TrimSpace(string(b)))
}

func (s *serveur) arreter() {
	_ = s.cmd.Process.Signal(syscall.SIGINT)
	_ = s.cmd.Wait()
}

// commander runs the command to its end; Ctrl-C goes to it, not to us.
func commander(args []string, env string) (int, error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c := exec.CommandContext(ctx, args[0], args[1:]...)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = 10 * time.Second
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.Env = append(os.Environ(), env)
	err := c.Run()
	var sortie *exec.ExitError
	if errors.As(err, &sortie) {
		return sortie.ExitCode(), nil
	}
	return 0, err
}
