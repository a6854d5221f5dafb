package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"guichet/opco"
)

// FichierMax is the largest file that a dossier takes: 10 MB.
const FichierMax = 10 << 20

// Fichiers keeps files in a directory, each under the SHA-256 of its bytes: the
// same file twice is one file, and a file never changes.
type Fichiers struct{ racine *os.Root }

// OuvrirFichiers opens the directory, which it creates when it is not there.
func OuvrirFichiers(dir string) (*Fichiers, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("creating the directory of files: %w", err)
	}
	racine, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the directory of files: %w", err)
	}
	return &Fichiers{racine: racine}, nil
}

// Close releases the directory.
func (f *Fichiers) Close() error { return f.racine.Close() }

// Depose is a file received but not kept yet.
type Depose struct {
	Empreinte string // SHA-256, in hexadecimal
	Taille    int64
	Debut     []byte // its first 3072 bytes, to tell its type
	temp      string
	f         *Fichiers
}

// Recevoir writes r to a quarantine name. It returns Invalid errors for an empty
// file and for one over FichierMax; nothing is then left. The caller ends with
// Garder or Jeter.
func (f *Fichiers) Recevoir(r io.Reader) (*Depose, error) {
	d := &Depose{temp: "quarantaine-" + rand.Text(), f: f}
	sortie, err := f.racine.OpenFile(d.temp, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the quarantine: %w", err)
	}
	if err := d.copier(sortie, r); err != nil {
		d.Jeter()
		return nil, err
	}
	return d, nil
}

func (d *Depose) copier(sortie *os.File, r io.Reader) error {
	defer sortie.Close()
	h := sha256.New()
	debut := &tete{max: 3072}
	var err error
	if d.Taille, err = io.Copy(io.MultiWriter(sortie, h, debut), io.LimitReader(r, FichierMax+1)); err != nil {
		return fmt.Errorf("receiving a file: %w", err)
	}
	switch {
	case d.Taille == 0:
		return opco.Champf("fichier", "Ce fichier est vide : choisissez-en un autre.")
	case d.Taille > FichierMax:
		return opco.PieceTropGrosse()
	}
	d.Empreinte, d.Debut = hex.EncodeToString(h.Sum(nil)), debut.octets
	if err := sortie.Sync(); err != nil {
		return fmt.Errorf("writing a file: %w", err)
	}
	return nil
}

// Octets reads the quarantined file, for its examination.
func (d *Depose) Octets() (*os.File, error) { return d.f.racine.Open(d.temp) }

// Garder gives the file its name for good, and waits until the disk has it.
// Keeping it again is a no-op, like keeping the same bytes.
func (d *Depose) Garder() error {
	if d.temp == "" {
		return nil
	}
	if err := d.f.racine.MkdirAll(d.Empreinte[:2], 0o700); err != nil {
		return fmt.Errorf("keeping a file: %w", err)
	}
	if err := d.f.racine.Rename(d.temp, chemin(d.Empreinte)); err != nil {
		return fmt.Errorf("keeping a file: %w", err)
	}
	d.temp = ""
	for _, nom := range []string{d.Empreinte[:2], "."} { // a name is only as durable as its directory
		if err := d.f.inscrire(nom); err != nil {
			return fmt.Errorf("keeping a file: %w", err)
		}
	}
	return nil
}

// inscrire waits until the disk has the names of a directory.
func (f *Fichiers) inscrire(nom string) error {
	r, err := f.racine.Open(nom)
	if err != nil {
		return err
	}
	return errors.Join(r.Sync(), r.Close())
}

// Jeter drops a file that was not kept.
func (d *Depose) Jeter() {
	if d.temp != "" { // else it was kept
		_ = d.f.racine.Remove(d.temp) // what is left of it is never served
	}
}

// jeter throws a kept file away; one that is gone already stays gone.
func (f *Fichiers) jeter(empreinte string) error {
	if err := f.racine.Remove(chemin(empreinte)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("throwing file %s away: %w", empreinte, err)
	}
	return nil
}

// Ouvrir reads a kept file, NotFound when there is none.
func (f *Fichiers) Ouvrir(empreinte string) (io.ReadCloser, int64, error) {
	if len(empreinte) != 64 || strings.Trim(empreinte, "0123456789abcdef") != "" {
		return nil, 0, opco.Errorf(opco.NotFound, "Ce fichier n’existe pas.")
	}
	r, err := f.racine.Open(chemin(empreinte))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, opco.Errorf(opco.NotFound, "Ce fichier n’existe pas.")
	}
	if err != nil {
		return nil, 0, fmt.Errorf("opening a file: %w", err)
	}
	info, err := r.Stat()
	if err != nil {
		r.Close()
		return nil, 0, fmt.Errorf("opening a file: %w", err)
	}
	return r, info.Size(), nil
}

func chemin(empreinte string) string { return empreinte[:2] + "/" + empreinte }

// tete keeps the first max bytes of what is written to it.
type tete struct {
	max    int
	octets []byte
}

func (t *tete) Write(b []byte) (int, error) {
	if n := min(len(b), t.max-len(t.octets)); n > 0 {
		t.octets = append(t.octets, b[:n]...)
	}
	return len(b), nil
}
