package activities

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"guichet/opco"
)

// MemoireRetours files what the bank says. store.Store is one.
type MemoireRetours interface {
	ImporterRetour(ctx context.Context, nom string, contenu io.ReadSeeker, ret opco.RetourBancaire, par opco.Acteur) (opco.Importation, error)
}

// Retours reads the drop folder of the bank: each file of retours/ is imported
// once, then put in retours/lus/; one that cannot be read goes to
// retours/refuses/ with a .txt that says why.
type Retours struct {
	Memoire MemoireRetours
	Lire    func(io.Reader) (opco.RetourBancaire, error) // banque.Lire
	Dossier string                                       // GUICHET_BANQUE
	// Transmettre tells a lot's procedure of its acte; nil leaves it to the relay.
	Transmettre func(context.Context, opco.Acte) error
	Log         *slog.Logger
	Pause       time.Duration // between two looks at the folder
}

// Surveiller looks at the folder until ctx ends. A fault of the folder or of the
// database is logged once for as long as it lasts, and tried again.
func (r *Retours) Surveiller(ctx context.Context) {
	plainte := ""
	for ctx.Err() == nil {
		err := r.Passer(ctx)
		if err != nil && err.Error() != plainte && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "bank folder not read", "error", err)
		}
		plainte = ""
		if err != nil {
			plainte = err.Error()
		}
		select {
		case <-ctx.Done():
		case <-time.After(r.Pause):
		}
	}
}

// Passer imports, once, every file that is in the folder, in the order of their
// names.
func (r *Retours) Passer(ctx context.Context) error {
	if err := DossierOuvert(r.Dossier); err != nil {
		return err
	}
	for _, d := range []string{"retours", "retours/lus", "retours/refuses"} {
		if err := os.MkdirAll(filepath.Join(r.Dossier, d), 0o750); err != nil {
			return fmt.Errorf("opening the folder of the bank: %w", err)
		}
	}
	fichiers, err := filepath.Glob(filepath.Join(r.Dossier, "retours", "*.xml"))
	if err != nil {
		return fmt.Errorf("listing the bank's files: %w", err)
	}
	var fautes []error
	for _, f := range fichiers {
		if err := r.importer(ctx, f); err != nil {
			fautes = append(fautes, fmt.Errorf("%s: %w", filepath.Base(f), err))
		}
	}
	return errors.Join(fautes...)
}

// importer imports one file and puts it away. A crash between the two imports it
// again, which changes nothing.
func (r *Retours) importer(ctx context.Context, chemin string) error {
	f, err := ouvrirRetour(chemin)
	var refus *opco.Error
	if errors.As(err, &refus) {
		return r.refuser(chemin, refus)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil // another worker has it
	}
	if err != nil {
		return err
	}
	defer f.Close()
	ret, err := r.Lire(f)
	if errors.As(err, &refus) {
		return r.refuser(chemin, refus)
	}
	if err != nil {
		return err
	}
	imp, err := r.Memoire.ImporterRetour(ctx, filepath.Base(chemin), f, ret, opco.ActeurBanque())
	if err != nil {
		return err
	}
	r.Log.InfoContext(ctx, "bank file imported", "fichier", imp.Nom, "lignes", imp.Entrees, "nouvelles", imp.Nouvelles,
		"quarantaine", imp.Quarantaine, "deja", imp.Deja)
	for _, a := range imp.Actes {
		if r.Transmettre == nil {
			break
		}
		if err := r.Transmettre(ctx, a); err != nil {
			r.Log.WarnContext(ctx, "lot not told yet", "objet", a.Objet, "error", err)
		}
	}
	return ranger(chemin, "lus")
}

func ouvrirRetour(chemin string) (*os.File, error) {
	info, err := os.Lstat(chemin)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, opco.Errorf(opco.Invalid, "Ce n’est pas un fichier ordinaire.")
	}
	if info.Size() > opco.RetourMax {
		return nil, opco.RetourTropGros()
	}
	return os.Open(chemin)
}

// fraicheur is how long an unreadable file is left alone: it may still be coming.
const fraicheur = 5 * time.Second

// refuser puts a file aside with the sentence that says why.
func (r *Retours) refuser(chemin string, refus *opco.Error) error {
	if info, err := os.Lstat(chemin); err == nil && time.Since(info.ModTime()) < fraicheur {
		return nil
	}
	note := filepath.Join(r.Dossier, "retours", "refuses", strings.TrimSuffix(filepath.Base(chemin), ".xml")+".txt")
	if err := os.WriteFile(note, []byte(refus.Message+"\n"), 0o640); err != nil {
		return fmt.Errorf("saying why a bank file is refused: %w", err)
	}
	r.Log.Warn("bank file refused", "fichier", filepath.Base(chemin), "code", refus.Code, "phrase", refus.Message)
	return ranger(chemin, "refuses")
}

// ranger moves a file to a folder beside it, under a name that hides no other.
func ranger(chemin, dans string) error {
	dossier, nom := filepath.Split(chemin)
	for n := 1; ; n++ {
		vers := filepath.Join(dossier, dans, nom)
		if n > 1 {
			vers = filepath.Join(dossier, dans, fmt.Sprintf("%s-%d.xml", strings.TrimSuffix(nom, ".xml"), n))
		}
		err := os.Link(chemin, vers)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err == nil || errors.Is(err, fs.ErrNotExist) {
			err = os.Remove(chemin)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
}
