// Package datadir is the directory that holds everything the embedded stack
// keeps: databases, mails, files, logs. It finds it, locks it for one run at a
// time and refuses the data of another version. It deletes nothing by itself:
// only Erase does, on a person's order.
package datadir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Format numbers the layout of the directory. A change that an older program
// cannot read takes the next number.
const Format = 1

const (
	versionFile = "VERSION"
	lockFile    = "verrou"
)

// Dir is a locked data directory.
type Dir struct {
	Path     string // absolute
	Postgres int    // major version of PostgreSQL that wrote the data; 0 before the first start
	lock     *os.File
}

// Path returns the directory to use: GUICHET_DATA, else /var/lib/guichet for
// root, else $XDG_DATA_HOME/guichet or ~/.local/share/guichet.
func Path() (string, error) {
	if p := os.Getenv("GUICHET_DATA"); p != "" {
		return filepath.Abs(p)
	}
	if os.Geteuid() == 0 {
		return "/var/lib/guichet", nil
	}
	if p := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(p) {
		return filepath.Join(p, "guichet"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", errors.New("votre répertoire personnel est inconnu : indiquez où ranger les données avec GUICHET_DATA")
	}
	return filepath.Join(home, ".local", "share", "guichet"), nil
}

// Open creates the directory when absent, locks it and reads its version. The
// error is a French sentence; nothing was changed when the data are those of
// another version.
func Open(path string) (*Dir, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("le répertoire des données %s ne peut pas être créé (%w) : choisissez-en un autre avec GUICHET_DATA", path, cause(err))
	}
	d := &Dir{Path: path}
	if err := d.acquire(); err != nil {
		return nil, err
	}
	if err := d.readVersion(); err != nil {
		_ = d.Close()
		return nil, err
	}
	return d, nil
}

// acquire takes the lock, which the system releases by itself when the process
// dies, however it dies.
func (d *Dir) acquire() error {
	f, err := os.OpenFile(d.File(lockFile), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return fmt.Errorf("le répertoire des données %s n'est pas accessible en écriture (%w) : corrigez ses droits ou choisissez-en un autre avec GUICHET_DATA", d.Path, cause(err))
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(f.Name())
		_ = f.Close()
		return fmt.Errorf("Guichet tourne déjà sur les données %s (processus %s) : arrêtez-le, ou choisissez un autre répertoire avec GUICHET_DATA", d.Path, strings.TrimSpace(string(holder)))
	}
	if err := errors.Join(f.Truncate(0), writeAt(f, strconv.Itoa(os.Getpid())+"\n")); err != nil {
		_ = f.Close()
		return fmt.Errorf("le répertoire des données %s n'accepte pas d'écriture (%w)", d.Path, cause(err))
	}
	d.lock = f
	return nil
}

func writeAt(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text), 0)
	return err
}

// readVersion accepts an empty directory or one of this format.
func (d *Dir) readVersion() error {
	text, err := os.ReadFile(d.File(versionFile))
	if errors.Is(err, os.ErrNotExist) {
		return d.mustBeEmpty()
	}
	if err != nil {
		return fmt.Errorf("le fichier %s ne peut pas être lu (%w)", d.File(versionFile), cause(err))
	}
	var format, major int
	if _, err := fmt.Sscanf(string(text), "guichet %d / postgresql %d", &format, &major); err != nil || format != Format {
		return fmt.Errorf("les données de %s sont d'une autre version (« %s », ce programme lit « guichet %d ») : rien n'a été modifié ; utilisez la version qui les a écrites, ou un autre répertoire avec GUICHET_DATA",
			d.Path, strings.TrimSpace(string(text)), Format)
	}
	d.Postgres = major
	return nil
}

func (d *Dir) mustBeEmpty() error {
	entries, err := os.ReadDir(d.Path)
	if err != nil {
		return fmt.Errorf("le répertoire des données %s ne peut pas être lu (%w)", d.Path, cause(err))
	}
	for _, e := range entries {
		if e.Name() != lockFile {
			return fmt.Errorf("le répertoire %s contient autre chose que des données de Guichet (« %s ») : rien n'a été modifié ; choisissez un répertoire vide avec GUICHET_DATA", d.Path, e.Name())
		}
	}
	return nil
}

// SetPostgres records, once, the version of PostgreSQL that writes the data.
func (d *Dir) SetPostgres(major int) error {
	text := fmt.Sprintf("guichet %d / postgresql %d\n", Format, major)
	if err := os.WriteFile(d.File(versionFile), []byte(text), 0o644); err != nil {
		return fmt.Errorf("le fichier %s ne peut pas être écrit (%w)", d.File(versionFile), cause(err))
	}
	d.Postgres = major
	return nil
}

// File returns the absolute path of something in the directory.
func (d *Dir) File(elem ...string) string {
	return filepath.Join(append([]string{d.Path}, elem...)...)
}

// Sub creates a private sub-directory when absent and returns its path.
func (d *Dir) Sub(elem ...string) (string, error) {
	path := d.File(elem...)
	if err := os.MkdirAll(path, 0o700); err != nil {
		return "", fmt.Errorf("le répertoire %s ne peut pas être créé (%w)", path, cause(err))
	}
	return path, nil
}

// Close releases the lock.
func (d *Dir) Close() error { return d.lock.Close() }

// cause drops the path and the verb that Go adds, since the sentence names the
// path, and says the usual causes in French.
func cause(err error) error {
	for errno, french := range map[syscall.Errno]string{
		syscall.EACCES:  "droits insuffisants",
		syscall.EPERM:   "droits insuffisants",
		syscall.ENOSPC:  "disque plein",
		syscall.EROFS:   "disque en lecture seule",
		syscall.ENOTDIR: "un fichier porte déjà ce nom",
		syscall.ENOENT:  "chemin introuvable",
	} {
		if errors.Is(err, errno) {
			return errors.New(french)
		}
	}
	return err
}
