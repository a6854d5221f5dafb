package api

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

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
