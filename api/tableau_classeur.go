package api

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"guichet/opco"
)

// lignesFeuille is how many rows a sheet of a spreadsheet holds, its head apart.
const lignesFeuille = 1_048_575

// classeur is a workbook as it is written: one sheet after another, each row at once.
// What memory should not hold waits on the disk.
type classeur struct {
	t        Tableau
	x        *excelize.File
	w        *excelize.StreamWriter
	styles   struct{ tete, jour, nombre int }
	max      int    // rows of a sheet
	feuille  int    // how many sheets are begun
	n        int    // rows of the present one
	coulisse string // where the library keeps what memory should not
}

// epuration is how many rows go by between two looks at what the library keeps.
const epuration = 2000

// ecrireClasseur writes the list as a workbook: figures are figures, days are days, a
// text is a text even when it looks like a formula. A list longer than a sheet goes on
// with another.
func (t Tableau) ecrireClasseur(ctx context.Context, f *os.File) (int, error) {
	return t.ecrireFeuilles(ctx, f, lignesFeuille)
}

func (t Tableau) ecrireFeuilles(ctx context.Context, f *os.File, max int) (total int, err error) {
	coulisse, err := os.MkdirTemp(filepath.Dir(f.Name()), "export-*")
	if err != nil {
		return 0, fmt.Errorf("making the place of a workbook: %w", err)
	}
	c := &classeur{t: t, x: excelize.NewFile(excelize.Options{TmpDir: coulisse}), max: max, coulisse: coulisse}
	defer func() { err = errors.Join(err, c.x.Close(), os.RemoveAll(coulisse)) }()
	if err := c.styler(); err != nil {
		return 0, err
	}
	if err := c.ouvrirFeuille(); err != nil {
		return 0, err
	}
	err = t.Lignes(ctx, func(cellules ...any) error {
		if total++; total%epuration == 0 {
			if err := c.effacer(); err != nil {
				return err
			}
		}
		return c.ajouter(cellules)
	})
	if err == nil {
		err = c.w.Flush()
	}
	err = errors.Join(err, c.effacer())
	if err != nil {
		return total, fmt.Errorf("writing a workbook: %w", err)
	}
	// The library gathers the file in memory unless it is given where to write.
	c.x.SetZipWriter(func(io.Writer) excelize.ZipWriter { return zip.NewWriter(f) })
	if err := c.x.Write(io.Discard); err != nil {
		return total, fmt.Errorf("closing a workbook: %w", err)
	}
	return total, nil
}

// effacer takes their names from the files that the library opened: they are read to the
// end all the same, and go with this process however it ends.
func (c *classeur) effacer() error {
	fichiers, err := os.ReadDir(c.coulisse)
	if err != nil {
		return fmt.Errorf("reading the place of a workbook: %w", err)
	}
	for _, f := range fichiers {
		if err := os.Remove(filepath.Join(c.coulisse, f.Name())); err != nil {
			return fmt.Errorf("taking its name from a file of a workbook: %w", err)
		}
	}
	return nil
}

func (c *classeur) styler() error {
	jour, nombre := "dd/mm/yyyy", "#,##0.00"
	for _, k := range []struct {
		id    *int
		style excelize.Style
	}{
		{&c.styles.tete, excelize.Style{Font: &excelize.Font{Bold: true}}}, {&c.styles.jour, excelize.Style{CustomNumFmt: &jour}},
		{&c.styles.nombre, excelize.Style{CustomNumFmt: &nombre}},
	} {
		var err error
		if *k.id, err = c.x.NewStyle(&k.style); err != nil {
			return fmt.Errorf("styling a workbook: %w", err)
		}
	}
	return nil
}

// ouvrirFeuille begins a sheet with its head, which stays in sight.
func (c *classeur) ouvrirFeuille() error {
	nom := c.t.Feuille
	if c.feuille++; c.feuille > 1 {
		nom += " " + strconv.Itoa(c.feuille)
		if err := c.w.Flush(); err != nil {
			return fmt.Errorf("ending a sheet: %w", err)
		}
		if _, err := c.x.NewSheet(nom); err != nil {
			return fmt.Errorf("adding a sheet: %w", err)
		}
	} else if err := c.x.SetSheetName("Sheet1", nom); err != nil {
		return fmt.Errorf("naming a sheet: %w", err)
	}
	var err error
	if c.w, err = c.x.NewStreamWriter(nom); err != nil {
		return fmt.Errorf("opening a sheet: %w", err)
	}
	tete := make([]any, len(c.t.Colonnes))
	for i, k := range c.t.Colonnes {
		tete[i] = excelize.Cell{StyleID: c.styles.tete, Value: k.Titre}
		if err := c.w.SetColWidth(i+1, i+1, k.Largeur); err != nil {
			return fmt.Errorf("sizing a column: %w", err)
		}
	}
	if err := c.w.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("freezing the head of a sheet: %w", err)
	}
	c.n = 0
	return c.w.SetRow("A1", tete)
}

func (c *classeur) ajouter(cellules []any) error {
	if c.n == c.max {
		if err := c.ouvrirFeuille(); err != nil {
			return err
		}
	}
	c.n++
	ligne := make([]any, len(cellules))
	for i, v := range cellules {
		ligne[i] = c.cellule(v)
	}
	return c.w.SetRow("A"+strconv.Itoa(c.n+1), ligne)
}

// cellule is a value as a spreadsheet counts it.
func (c *classeur) cellule(v any) any {
	switch x := v.(type) {
	case opco.Date:
		t, err := time.Parse("2006-01-02", string(x))
		if x == "" || err != nil {
			return nil
		}
		return excelize.Cell{StyleID: c.styles.jour, Value: t}
	case opco.Montant:
		return excelize.Cell{StyleID: c.styles.nombre, Value: float64(x) / 100}
	case opco.Minutes:
		return excelize.Cell{StyleID: c.styles.nombre, Value: float64(x) / 60}
	case bool:
		return ouiNon(x)
	case nil, int, int32, int64:
		return v
	}
	return fmt.Sprint(v)
}
