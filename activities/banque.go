package activities

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"guichet/opco"
)

// MemoireLots keeps lots and the exact bytes of their payment files.
// store.Store is one.
type MemoireLots interface {
	Lot(ctx context.Context, id string) (*opco.Lot, error)
	// ArchiverFichier stores the file of the lot sealed under sceau. The first write wins: the same
	// bytes again change nothing, other bytes are an error.
	ArchiverFichier(ctx context.Context, lot, sceau string, octets []byte) error
	FichierLot(ctx context.Context, lot string) ([]byte, error)
}

// Banque orders transfers: it produces the payment file of a lot and puts it in
// the folder of the bank.
type Banque struct {
	Lots    MemoireLots
	Rediger func(*opco.Lot) ([]byte, error) // banque.Fichier
	Dossier string                          // GUICHET_BANQUE
}

// ErrAutreFichier says that the bank's folder already holds another file under
// the reference of a lot: an incident, never an overwrite.
var ErrAutreFichier = errors.New("the bank's folder holds another file under this reference")

// Produire writes the payment file of a validated lot and archives it. The file
// is a pure function of the lot: producing it again gives the same bytes.
func (b *Banque) Produire(ctx context.Context, objet string) error {
	l, err := b.Lots.Lot(ctx, strings.TrimPrefix(objet, "lot/"))
	if err != nil {
		return err
	}
	if err := l.Intact(); err != nil {
		return err
	}
	octets, err := b.Rediger(l)
	if err != nil {
		return fmt.Errorf("writing the payment file of %s: %w", objet, err)
	}
	return b.Lots.ArchiverFichier(ctx, l.ID, l.Sceau, octets)
}

// Envoyer puts the archived file of a lot in the folder of the bank, whole or
// not at all. It looks first: a file already there with the same content is this
// one, sent before; with another content it is never overwritten.
func (b *Banque) Envoyer(ctx context.Context, objet string) error {
	id := strings.TrimPrefix(objet, "lot/")
	octets, err := b.Lots.FichierLot(ctx, id)
	if err != nil {
		return err
	}
	emis := filepath.Join(b.Dossier, "emis")
	if err := os.MkdirAll(emis, 0o750); err != nil {
		return fmt.Errorf("opening the folder of the bank: %w", err)
	}
	chemin := filepath.Join(emis, id+".xml")
	la, err := os.ReadFile(chemin)
	if err == nil {
		return meme(id, la, octets)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading what was sent for %s: %w", id, err)
	}
	return deposer(chemin, octets)
}

func meme(id string, la, octets []byte) error {
	if sha256.Sum256(la) == sha256.Sum256(octets) {
		return nil
	}
	h := sha256.Sum256(la)
	return fmt.Errorf("lot %s, SHA-256 %s: %w", id, hex.EncodeToString(h[:]), ErrAutreFichier)
}

// deposer writes a file that appears whole, survives a power cut, and does not
// replace one that came meanwhile.
func deposer(chemin string, octets []byte) error {
	f, err := os.CreateTemp(filepath.Dir(chemin), ".envoi-*")
	if err != nil {
		return fmt.Errorf("writing to the folder of the bank: %w", err)
	}
	defer os.Remove(f.Name()) //nolint:errcheck // already linked, or of no use
	if _, err := f.Write(octets); err != nil {
		f.Close()
		return fmt.Errorf("writing to the folder of the bank: %w", err)
	}
	if err := errors.Join(f.Chmod(0o640), f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("writing to the folder of the bank: %w", err)
	}
	err = os.Link(f.Name(), chemin)
	if errors.Is(err, fs.ErrExist) {
		la, lu := os.ReadFile(chemin)
		if lu != nil {
			return fmt.Errorf("reading what was sent: %w", lu)
		}
		return meme(filepath.Base(chemin), la, octets)
	}
	if err != nil {
		return fmt.Errorf("putting the file in the folder of the bank: %w", err)
	}
	return inscrire(filepath.Dir(chemin))
}

// inscrire waits until the disk has the names of a folder: without it a power cut
// may forget the file that was put there. A folder of another machine that cannot
// say so is taken at its word.
func inscrire(dossier string) error {
	d, err := os.Open(dossier)
	if err != nil {
		return fmt.Errorf("reading the folder of the bank: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return fmt.Errorf("writing the folder of the bank: %w", err)
	}
	return nil
}
