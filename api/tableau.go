package api

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"guichet/opco"
)

// Colonne heads a column of an export. Largeur is in characters.
type Colonne struct {
	Titre   string
	Largeur float64
}

// Tableau is a list as a file. Lignes gives its rows one after another, so that no
// memory grows with their number; a cell is a text, an opco.Date, an opco.Montant, an
// opco.Minutes, an integer, a bool, or nil for nothing.
type Tableau struct {
	Nom      string // of the file, without what says its format
	Feuille  string
	Colonnes []Colonne
	Lignes   func(ctx context.Context, voir func(cellules ...any) error) error
}

// The formats of an export.
const (
	FormatCSV  = "csv"
	FormatXLSX = "xlsx"
)

const (
	// exportMax is how long an export may take to leave: a list of a million lines over
	// a slow line.
	exportMax = 10 * time.Minute
	// exportsMax is how many are prepared at once: each holds a connection to the
	// database, and the rest of the house needs some.
	exportsMax = 3
)

var exportsEnCours = make(chan struct{}, exportsMax)

// Exporter writes a list whole to a file of its own.
func (s *Server) Exporter(ctx context.Context, format string, t Tableau) (Export, error) {
	if format == FormatCSV {
		return s.preparer(ctx, t.Nom, FormatCSV, "text/csv; charset=utf-8", t.ecrireCSV)
	}
	return s.preparer(ctx, t.Nom, FormatXLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", t.ecrireClasseur)
}

// preparer has ecrire fill a file, all that it reads being as it is at one instant
// within the reach of who asks, then gives the file to send. Nothing is sent before the
// last line is written: an export that fails is a refusal, never half a file that looks
// whole; and whoever downloads slowly holds nothing but that file. ecrire returns the
// number of lines.
func (s *Server) preparer(ctx context.Context, nom, suffixe, format string, ecrire func(context.Context, *os.File) (int, error)) (Export, error) {
	select {
	case exportsEnCours <- struct{}{}:
		defer func() { <-exportsEnCours }()
	case <-ctx.Done():
		return Export{}, ctx.Err()
	}
	f, err := os.CreateTemp("", "export-*")
	if err != nil {
		return Export{}, fmt.Errorf("making the file of an export: %w", err)
	}
	x := Export{fichierServi{corps: ephemere{f}, nom: nom + "." + suffixe, format: format}}
	n := 0
	err = s.Store.Photographier(ctx, qui(ctx).Portee(), func(ctx context.Context) (err error) {
		n, err = ecrire(ctx, f)
		return err
	})
	if err == nil {
		x.taille, err = f.Seek(0, io.SeekEnd)
	}
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return Export{}, errors.Join(fmt.Errorf("exporting %s: %w", nom, err), x.corps.Close())
	}
	montrer(ctx, n)
	return x, nil
}

// Export is a list that is ready to leave as a file.
type Export struct{ fichierServi }

// Envoyer sends it, and forgets it.
func (x Export) Envoyer(w http.ResponseWriter) error {
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(exportMax)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return errors.Join(fmt.Errorf("giving an export its time: %w", err), x.corps.Close())
	}
	return x.ecrire(w)
}

// ephemere is a file that goes once it is closed.
type ephemere struct{ *os.File }

// Close closes the file and removes it.
func (e ephemere) Close() error { return errors.Join(e.File.Close(), os.Remove(e.Name())) }

// ecrireCSV writes the list as a spreadsheet in French opens it: semicolons, decimal
// commas, and no text that it would take for a formula. It returns the number of rows.
func (t Tableau) ecrireCSV(ctx context.Context, f *os.File) (n int, err error) {
	b := bufio.NewWriterSize(f, 1<<16)
	if _, err := b.WriteString("\ufeff"); err != nil { // says that it is UTF-8
		return 0, fmt.Errorf("writing a CSV: %w", err)
	}
	w := csv.NewWriter(b)
	w.Comma, w.UseCRLF = ';', true
	ligne := make([]string, len(t.Colonnes))
	for i, c := range t.Colonnes {
		ligne[i] = c.Titre
	}
	if err := w.Write(ligne); err != nil {
		return 0, fmt.Errorf("writing a CSV: %w", err)
	}
	err = t.Lignes(ctx, func(cellules ...any) error {
		n++
		for i := range ligne {
			ligne[i] = ""
			if i < len(cellules) {
				ligne[i] = celluleCSV(cellules[i])
			}
		}
		return w.Write(ligne)
	})
	w.Flush()
	return n, errors.Join(err, w.Error(), b.Flush())
}

func celluleCSV(v any) string {
	virgule := func(x string) string { return strings.Replace(x, ".", ",", 1) }
	switch x := v.(type) {
	case nil:
		return ""
	case opco.Date:
		return x.Courte()
	case opco.Montant:
		return virgule(x.Decimal())
	case opco.Minutes:
		return virgule(strconv.FormatFloat(float64(x)/60, 'f', 2, 64))
	case bool:
		return ouiNon(x)
	case int, int32, int64:
		return fmt.Sprint(x)
	}
	return opco.SansFormule(fmt.Sprint(v))
}

func ouiNon(x bool) string {
	if x {
		return "oui"
	}
	return "non"
}
