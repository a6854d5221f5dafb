package activities

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.temporal.io/sdk/temporal"

	"guichet/opco"
)

// MemoireLots keeps lots and the exact bytes of their payment files.
// store.Store is one.
type MemoireLots interface {
	Lot(ctx context.Context, id string) (*opco.Lot, error)
	// ArchiverFichier stores the file of the lot sealed under sceau. The first write wins: the same
	// bytes again change nothing, other bytes are an error.
	ArchiverFichier(ctx context.Context, lot, sceau string, contenu io.ReadSeeker) error
	// LaisserPartir gives the file of a lot and what is known of its sending; nothing that it pays changes until partir
	// returns.
	LaisserPartir(ctx context.Context, lot string, partir func(contenu io.Reader, e opco.EnvoiLot) error) error
}

// Banque orders transfers: it produces the payment file of a lot and puts it in
// the folder of the bank.
type Banque struct {
	Lots    MemoireLots
	Rediger func(io.Writer, *opco.Lot) error // banque.Rediger
	Dossier string                           // GUICHET_BANQUE
}

// ErrAutreFichier says that the bank's folder already holds another file under
// the reference of a lot: an incident, never an overwrite.
var ErrAutreFichier = errors.New("the bank's folder holds another file under this reference")

// LotChange is the type of the error of Envoyer when a line of the lot has changed
// and its file has never been about to leave: it must not.
const LotChange = "LOT_CHANGE"

// LotDisparu is the type of the error of Envoyer when the file was about to appear in the
// folder of the bank and is not there: whether it left is unknown, and it is not put there again.
const LotDisparu = "LOT_DISPARU"

// PaiementsSuspendus is the type of the error of Envoyer while the kill switch of payments is closed: it is
// not tried again at once, its procedure waits.
const PaiementsSuspendus = "PAIEMENTS_SUSPENDUS"

// Produire writes the payment file of a validated lot and archives it. The file
// is a pure function of the lot: producing it again gives the same bytes. It goes
// through the disk, for it may be longer than what memory should hold.
func (b *Banque) Produire(ctx context.Context, objet string) error {
	l, err := b.Lots.Lot(ctx, strings.TrimPrefix(objet, "lot/"))
	if err != nil {
		return err
	}
	if err := l.Intact(); err != nil {
		return err
	}
	f, err := os.CreateTemp("", "guichet-lot-*")
	if err != nil {
		return fmt.Errorf("writing the payment file of %s: %w", objet, err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	w := bufio.NewWriter(f)
	if err := errors.Join(b.Rediger(w, l), w.Flush()); err != nil {
		return fmt.Errorf("writing the payment file of %s: %w", objet, err)
	}
	return b.Lots.ArchiverFichier(ctx, l.ID, l.Sceau, f)
}

// Envoyer puts the archived file of a lot in the folder of the bank, whole or
// not at all. It looks first: a file already there with the same content is this
// one, sent before; with another content it is an incident. A file that is not
// there leaves only if it was never seen, and if the lot is still what was validated.
func (b *Banque) Envoyer(ctx context.Context, objet string) error {
	id := strings.TrimPrefix(objet, "lot/")
	if err := DossierOuvert(b.Dossier); err != nil {
		return err
	}
	chemin := filepath.Join(b.Dossier, dossierEmis, id+".xml")
	pret := filepath.Join(b.Dossier, dossierEmis, "."+id+".pret")
	err := b.Lots.LaisserPartir(ctx, id, func(contenu io.Reader, e opco.EnvoiLot) error {
		la, err := empreinteDe(chemin)
		switch {
		case err == nil:
			return meme(id, la, e.Empreinte)
		case !errors.Is(err, fs.ErrNotExist):
			return fmt.Errorf("reading what was sent for %s: %w", id, err)
		case e.Marque:
			return reprendre(pret, chemin, e)
		case e.Change:
			return errChange
		}
		return deposer(ctx, pret, chemin, contenu, e)
	})
	for code, sens := range map[string]error{LotChange: errChange, LotDisparu: errDisparu, PaiementsSuspendus: opco.ErrPaiementsSuspendus} {
		if errors.Is(err, sens) {
			return temporal.NewNonRetryableApplicationError(objet+": "+err.Error(), code, err)
		}
	}
	return err
}

var (
	errChange  = errors.New("a line has changed since the lot was validated: its file must not leave")
	errDisparu = errors.New("the file was about to appear in the folder of the bank and is not there: it may have left")
)

func meme(id, la, empreinte string) error {
	if la == empreinte {
		return nil
	}
	return fmt.Errorf("lot %s, SHA-256 %s: %w", id, la, ErrAutreFichier)
}

// empreinteDe is the SHA-256 of a file.
func empreinteDe(chemin string) (string, error) {
	f, err := os.Open(chemin)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// reprendre sends a file that was marked and is not there: it never was when it still waits whole under its hidden name,
// which being seen takes away. A folder that cannot be read says nothing: it is asked again.
func reprendre(pret, chemin string, e opco.EnvoiLot) error {
	la, err := empreinteDe(pret)
	switch {
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("reading what waits in the folder of the bank: %w", err)
	case err != nil || la != e.Empreinte || e.Change:
		return errDisparu
	}
	return montrer(pret, chemin, e)
}

// deposer writes a file that appears whole and survives a power cut. What is written must
// be what was archived. A slow folder may outlast ctx, and with it the hold on the lot: the
// file then does not leave. That it leaves is marked before it can be seen, never after.
func deposer(ctx context.Context, pret, chemin string, contenu io.Reader, e opco.EnvoiLot) error {
	ecrit, err := ecrire(filepath.Dir(chemin), contenu, e.Empreinte)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return errors.Join(fmt.Errorf("the folder of the bank was too slow: %w", err), os.Remove(ecrit))
	}
	if err := errors.Join(os.Rename(ecrit, pret), inscrire(filepath.Dir(pret))); err != nil {
		return fmt.Errorf("writing to the folder of the bank: %w", err)
	}
	if err := e.Marquer(); err != nil {
		return err
	}
	return montrer(pret, chemin, e)
}

// ecrire puts contenu under a name of its own, that the bank does not read.
func ecrire(dossier string, contenu io.Reader, empreinte string) (nom string, err error) {
	f, err := os.CreateTemp(dossier, ".envoi-*")
	if err != nil {
		return "", fmt.Errorf("writing to the folder of the bank: %w", err)
	}
	defer func() {
		if err != nil {
			f.Close()           //nolint:errcheck // given up
			os.Remove(f.Name()) //nolint:errcheck // the same
		}
	}()
	h := sha256.New()
	if _, err := io.Copy(io.MultiWriter(f, h), contenu); err != nil {
		return "", fmt.Errorf("writing to the folder of the bank: %w", err)
	}
	if err := errors.Join(f.Chmod(0o640), f.Sync(), f.Close()); err != nil {
		return "", fmt.Errorf("writing to the folder of the bank: %w", err)
	}
	if ecrit := hex.EncodeToString(h.Sum(nil)); ecrit != empreinte {
		return "", fmt.Errorf("the archived file is damaged: SHA-256 %s instead of %s", ecrit, empreinte)
	}
	return f.Name(), nil
}

// montrer gives the file its name, in one step that leaves nothing under the hidden one. Only the lot that is held has
// that name, and it was looked for just before; another try that was slower may have given it meanwhile.
func montrer(pret, chemin string, e opco.EnvoiLot) error {
	err := os.Rename(pret, chemin)
	if errors.Is(err, fs.ErrNotExist) {
		la, lu := empreinteDe(chemin)
		if lu != nil {
			return fmt.Errorf("reading what was sent: %w", lu)
		}
		return meme(filepath.Base(chemin), la, e.Empreinte)
	}
	if err != nil {
		return fmt.Errorf("putting the file in the folder of the bank: %w", err)
	}
	return inscrire(filepath.Dir(chemin))
}
