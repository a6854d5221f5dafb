package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// identity is the user that PostgreSQL runs as.
type identity struct {
	name     string
	uid, gid int
	switched bool // not the caller: root must drop its rights
}

// unprivileged returns the caller, or for root the user postgres, else nobody:
// PostgreSQL refuses to run as root.
func unprivileged() (identity, error) {
	if os.Geteuid() != 0 {
		return identity{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, uidErr := strconv.Atoi(u.Uid)
		gid, gidErr := strconv.Atoi(u.Gid)
		if uidErr == nil && gidErr == nil {
			return identity{name: name, uid: uid, gid: gid, switched: true}, nil
		}
	}
	return identity{}, errors.New("PostgreSQL ne tourne pas sous root et cette machine n'a ni utilisateur postgres ni utilisateur nobody : lancez Guichet sous un utilisateur ordinaire")
}

// attributes makes a command run as the identity, with no supplementary group.
func (i identity) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if i.switched {
		attr.Credential = &syscall.Credential{Uid: uint32(i.uid), Gid: uint32(i.gid)}
	}
	return attr
}

// own creates a directory that only the identity can read.
func (i identity) own(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("le répertoire %s ne peut pas être créé (%w)", dir, err)
	}
	if !i.switched {
		return nil
	}
	if err := os.Chown(dir, i.uid, i.gid); err != nil {
		return fmt.Errorf("le répertoire %s ne peut pas être donné à l'utilisateur %s (%w)", dir, i.name, err)
	}
	return nil
}

// openPath lets the identity through to dir. The data directory belongs to
// Guichet, which opens it; its parents do not, and a closed one is refused.
func (i identity) openPath(data string) error {
	if !i.switched {
		return nil
	}
	info, err := os.Stat(data)
	if err != nil {
		return fmt.Errorf("le répertoire des données ne peut pas être lu (%w)", err)
	}
	if err := os.Chmod(data, info.Mode().Perm()|0o011); err != nil {
		return fmt.Errorf("les droits du répertoire %s ne peuvent pas être changés (%w)", data, err)
	}
	for dir := filepath.Dir(data); ; dir = filepath.Dir(dir) {
		info, err := os.Stat(dir)
		if err != nil {
			return fmt.Errorf("le répertoire %s ne peut pas être lu (%w)", dir, err)
		}
		if info.Mode().Perm()&0o001 == 0 && !i.owns(info) {
			return fmt.Errorf("PostgreSQL tourne sous l'utilisateur %s, qui ne peut pas traverser %s : choisissez un autre répertoire avec GUICHET_DATA, par exemple /var/lib/guichet, ou ouvrez celui-ci (chmod o+x %s)", i.name, dir, dir)
		}
		if dir == filepath.Dir(dir) {
			return nil
		}
	}
}

func (i identity) owns(info os.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(s.Uid) == i.uid
}
