package api

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// RetourPose is a file of the bank put on the disk as it came: it may be longer than what
// memory should hold. Its methods but Read and Seek admit nil.
type RetourPose struct {
	*os.File
	taille int64
}

// PoserRetour reads r to its end. What it returns is to be thrown away by Jeter, even on
// an error.
func PoserRetour(r io.Reader) (*RetourPose, error) {
	f, err := os.CreateTemp("", "guichet-retour-*")
	if err != nil {
		return nil, fmt.Errorf("making room for a file of the bank: %w", err)
	}
	p := &RetourPose{File: f}
	if p.taille, err = io.Copy(f, r); err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	return p, err
}

// Vide reports whether nothing came.
func (p *RetourPose) Vide() bool { return p == nil || p.taille == 0 }

// Jeter frees the disk.
func (p *RetourPose) Jeter() {
	if p != nil {
		_ = errors.Join(p.Close(), os.Remove(p.Name())) // the system cleans what is left
	}
}
