// Package postgres runs the private PostgreSQL of the embedded stack from the
// server binaries of the machine, without touching any other PostgreSQL there:
// its own directory, its own port on 127.0.0.1, its own password. When the stack
// runs as root it runs under an unprivileged user, as PostgreSQL demands.
package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// Binaries is one installation of the PostgreSQL server.
type Binaries struct {
	Dir   string // holds initdb and postgres
	Major int    // 15
}

// Search is where to look for PostgreSQL, and how to install it when absent.
type Search struct {
	Path    string       // as $PATH
	Globs   []string     // directories of server binaries
	Install func() error // nil when this machine or this user cannot
}

// System returns the usual places of Debian, Red Hat, Homebrew and Postgres.app.
// As root on Debian a missing PostgreSQL is installed; say announces it.
func System(journal string, say func(format string, args ...any)) Search {
	s := Search{Path: os.Getenv("PATH"), Globs: []string{
		"/usr/lib/postgresql/*/bin",
		"/usr/pgsql-*/bin",
		"/opt/homebrew/opt/postgresql@*/bin",
		"/usr/local/opt/postgresql@*/bin",
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	}}
	_, err := os.Stat("/etc/debian_version")
	if apt, aptErr := exec.LookPath("apt-get"); err == nil && aptErr == nil && os.Geteuid() == 0 {
		s.Install = func() error { return install(apt, journal, say) }
	}
	return s
}

// Find returns the binaries of the wanted major version, or the newest when
// wanted is 0. The error is a French sentence.
func (s Search) Find(wanted int) (Binaries, error) {
	found := s.list()
	if len(found) == 0 && s.Install != nil {
		if err := s.Install(); err != nil {
			return Binaries{}, err
		}
		found = s.list()
	}
	if len(found) == 0 {
		return Binaries{}, errors.New("PostgreSQL n'est pas installé sur cette machine : installez-le (Debian, Ubuntu : sudo apt-get install postgresql ; macOS : brew install postgresql@17), puis relancez")
	}
	if wanted == 0 {
		return found[0], nil
	}
	for _, b := range found {
		if b.Major == wanted {
			return b, nil
		}
	}
	return Binaries{}, fmt.Errorf("ces données ont été écrites par PostgreSQL %d et cette machine n'a que PostgreSQL %d : rien n'a été modifié ; installez PostgreSQL %d, ou choisissez un autre répertoire avec GUICHET_DATA",
		wanted, found[0].Major, wanted)
}

// list returns the installations, newest first.
func (s Search) list() []Binaries {
	dirs := filepath.SplitList(s.Path)
	for _, g := range s.Globs {
		matches, _ := filepath.Glob(g)
		dirs = append(dirs, matches...)
	}
	var found []Binaries
	for _, dir := range dirs {
		if b, ok := inspect(dir); ok {
			found = append(found, b)
		}
	}
	slices.SortStableFunc(found, func(a, b Binaries) int { return b.Major - a.Major })
	return found
}

// inspect tells whether a directory holds a server, and of which version.
func inspect(dir string) (Binaries, bool) {
	if !filepath.IsAbs(dir) {
		return Binaries{}, false
	}
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return Binaries{}, false
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return Binaries{}, false
	}
	b := Binaries{Dir: dir}
	_, err = fmt.Sscanf(string(out), "postgres (PostgreSQL) %d", &b.Major)
	return b, err == nil
}

// install adds the Debian package; the output of apt-get goes to the journal.
// A machine that never read the list of packages reads it first.
func install(apt, journal string, say func(format string, args ...any)) error {
	say("PostgreSQL n'est pas installé : installation du paquet postgresql par apt-get, une seule fois (journal : %s).", journal)
	log, err := os.OpenFile(journal, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("le journal d'installation ne peut pas être écrit (%w)", err)
	}
	defer func() { _ = log.Close() }()
	run := func(args ...string) error {
		cmd := exec.Command(apt, args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		cmd.Stdout, cmd.Stderr = log, log
		return cmd.Run()
	}
	add := []string{"install", "-y", "--no-install-recommends", "postgresql"}
	if run(add...) == nil {
		return nil
	}
	if err := errors.Join(run("update"), run(add...)); err != nil {
		return fmt.Errorf("PostgreSQL n'a pas pu être installé par apt-get, lisez %s : installez le paquet postgresql vous-même, puis relancez", journal)
	}
	return nil
}
