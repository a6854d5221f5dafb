package postgres

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// Space asked of the disk, in bytes: a new cluster with its three databases and
// its journals; then enough to start and write.
const (
	spaceFirst = 500 << 20
	spaceAgain = 100 << 20
)

// prepare makes the directory ready to be started: rights, disk space, a
// cluster when there is none yet, the password. Nothing is ever deleted but what
// this very call failed to build.
func (s *Server) prepare() error {
	if err := s.as.openPath(s.Data); err != nil {
		return err
	}
	if err := s.as.own(s.dir()); err != nil {
		return err
	}
	_, err := os.Stat(filepath.Join(s.cluster(), "PG_VERSION"))
	fresh := errors.Is(err, os.ErrNotExist)
	if err := checkSpace(s.dir(), fresh); err != nil {
		return err
	}
	if fresh {
		s.say("Premier démarrage : création de la base de données, quelques secondes…")
		if err := s.initialise(); err != nil {
			return err
		}
	}
	password, err := os.ReadFile(s.passwordFile())
	if err != nil {
		return fmt.Errorf("le mot de passe de PostgreSQL ne peut pas être lu (%w)", err)
	}
	s.password = strings.TrimSpace(string(password))
	return nil
}

func checkSpace(dir string, fresh bool) error {
	needed := uint64(spaceAgain)
	if fresh {
		needed = spaceFirst
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return fmt.Errorf("l'espace libre de %s ne peut pas être lu (%w)", dir, err)
	}
	if free := uint64(fs.Bavail) * uint64(fs.Bsize); free < needed {
		return fmt.Errorf("le disque est presque plein : %d Mo libres dans %s, il en faut %d ; libérez de la place, ou choisissez un autre répertoire avec GUICHET_DATA",
			free>>20, dir, needed>>20)
	}
	return nil
}

// initialise builds the cluster aside and moves it in place once complete, so
// that an interrupted first start leaves no half cluster.
func (s *Server) initialise() error {
	if err := s.writePassword(); err != nil {
		return err
	}
	aside, err := os.MkdirTemp(s.dir(), "preparation-")
	if err != nil {
		return fmt.Errorf("le répertoire %s n'accepte pas d'écriture (%w)", s.dir(), err)
	}
	if err := s.as.own(aside); err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(s.Binaries.Dir, "initdb"), "-D", aside, "-U", Role,
		"--auth=scram-sha-256", "--pwfile="+s.passwordFile(), "--encoding=UTF8", "--no-locale", "--data-checksums")
	cmd.SysProcAttr, cmd.Dir, cmd.Env = s.as.attributes(), s.dir(), environment()
	out, err := cmd.CombinedOutput()
	if err == nil {
		err = os.Rename(aside, s.cluster())
	}
	if err != nil {
		_ = os.RemoveAll(aside)
		return refusal(s.dir(), out, err)
	}
	return nil
}

// refusal turns the output of initdb into one French sentence.
func refusal(dir string, out []byte, err error) error {
	if bytes.Contains(out, []byte("No space left on device")) {
		return fmt.Errorf("le disque est plein : PostgreSQL n'a pas pu créer ses fichiers dans %s ; libérez de la place, ou choisissez un autre répertoire avec GUICHET_DATA", dir)
	}
	if bytes.Contains(out, []byte("Permission denied")) {
		return fmt.Errorf("PostgreSQL n'a pas le droit d'écrire dans %s : corrigez les droits de ce répertoire, ou choisissez-en un autre avec GUICHET_DATA", dir)
	}
	for line := range strings.Lines(string(out)) {
		if _, reason, found := strings.Cut(line, "error: "); found {
			return fmt.Errorf("PostgreSQL n'a pas pu créer ses fichiers dans %s : « %s »", dir, strings.TrimSpace(reason))
		}
	}
	return fmt.Errorf("PostgreSQL n'a pas pu créer ses fichiers dans %s (%w)", dir, err)
}

// writePassword makes a new password that only the user of PostgreSQL reads.
func (s *Server) writePassword() error {
	if err := os.WriteFile(s.passwordFile(), []byte(rand.Text()+"\n"), 0o600); err != nil {
		return fmt.Errorf("le mot de passe de PostgreSQL ne peut pas être écrit (%w)", err)
	}
	if !s.as.switched {
		return nil
	}
	if err := os.Chown(s.passwordFile(), s.as.uid, s.as.gid); err != nil {
		return fmt.Errorf("le mot de passe de PostgreSQL ne peut pas être donné à l'utilisateur %s (%w)", s.as.name, err)
	}
	return nil
}
