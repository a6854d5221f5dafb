package activities

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"guichet/opco"
)

// dossierEmis is where the orders are put, under the folder shared with the bank.
// Guichet never takes one away: it shows that the order left.
const dossierEmis = "emis"

// PreparerDossier makes the folder shared with the bank as long as no order has ever
// left. Afterwards a folder that is not there is a mount that fell, or a path that
// changed: making it anew would send orders to nobody.
func PreparerDossier(dossier string, partis bool) error {
	if partis {
		return DossierOuvert(dossier)
	}
	if err := os.MkdirAll(filepath.Join(dossier, dossierEmis), 0o750); err != nil {
		return fmt.Errorf("making the folder of the bank: %w", err)
	}
	return nil
}

// DossierOuvert says in a sentence that the folder shared with the bank is not there.
func DossierOuvert(dossier string) error {
	emis := filepath.Join(dossier, dossierEmis)
	if i, err := os.Stat(emis); err != nil || !i.IsDir() {
		return &opco.Error{Kind: opco.Conflict, Code: "DOSSIER_BANQUE", Err: err, Message: "Le dossier de la banque n’est pas là : " + emis +
			". Un exploitant rétablit le montage ou le chemin GUICHET_BANQUE ; Guichet ne crée pas ce dossier à la place du vrai, et regarde ce qui y est avant tout envoi."}
	}
	return nil
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
