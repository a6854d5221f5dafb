package api

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"os"

	"guichet/opco"
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

// LireFichierBanque puts on the disk the one file of a form; what it returns is to be
// thrown away by Jeter, even on an error. autre reads the other parts: nil when there must be
// none. A disk that does not take it is a fault of ours; any other file that does not come
// whole was cut on its way.
func LireFichierBanque(r *multipart.Reader, autre func(*multipart.Part)) (nom string, f *RetourPose, err error) {
	for {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", f, EnvoiCoupe(err, opco.RetourTropGros())
		}
		if autre != nil && p.FormName() != "fichier" {
			autre(p)
			continue
		}
		if p.FormName() != "fichier" || f != nil {
			return "", f, malforme("Envoyez un seul fichier, dans le champ « fichier ».")
		}
		nom = etiquette(p.FileName())
		if f, err = PoserRetour(p); err != nil {
			return "", f, EnvoiCoupe(err, opco.RetourTropGros())
		}
	}
	if f.Vide() {
		return "", f, opco.Champf("fichier", "Choisissez le fichier de la banque : celui-ci est vide, ou aucun n’est choisi.")
	}
	return nom, f, nil
}
