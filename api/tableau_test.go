package api_test

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"guichet/api"
	"guichet/opco"
)

// longue is a list of n lines that are all different; it notes the highest heap seen
// while they are written.
func longue(n int, pic *uint64) api.Tableau {
	return api.Tableau{Nom: "essai", Feuille: "Essai", Colonnes: []api.Colonne{{Titre: "Numéro", Largeur: 14}, {Titre: "Jour", Largeur: 12}, {Titre: "Montant", Largeur: 14},
		{Titre: "Heures", Largeur: 9}, {Titre: "Nom", Largeur: 40}, {Titre: "Pointé", Largeur: 8}, {Titre: "Rang", Largeur: 8}, {Titre: "Rien", Largeur: 8}},
		Lignes: func(_ context.Context, voir func(...any) error) error {
			for i := range n {
				if i%5000 == 0 {
					var m runtime.MemStats
					runtime.ReadMemStats(&m)
					*pic = max(*pic, m.HeapAlloc)
				}
				err := voir(fmt.Sprintf("26.A.%d", i), opco.Date("2026-04-13"), opco.Montant(i*101), opco.Minutes(90), fmt.Sprintf("=Œuvre n° %d & Cie", i), i%2 == 0, i, nil)
				if err != nil {
					return err
				}
			}
			return nil
		}}
}

func fichierDEssai(t *testing.T) *os.File {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "essai"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

// TestALongListIsExportedInBoundedMemory: 200,000 lines, in CSV and in a workbook that
// is opened again: every line is there, amounts are numbers, days are days, and what
// looks like a formula is a text.
func TestALongListIsExportedInBoundedMemory(t *testing.T) {
	const n, borne = 200_000, 96 << 20
	for format, ecrire := range map[string]func(api.Tableau, *os.File) (int, error){
		"csv":  func(x api.Tableau, f *os.File) (int, error) { return x.EcrireCSV(t.Context(), f) },
		"xlsx": func(x api.Tableau, f *os.File) (int, error) { return x.EcrireFeuilles(t.Context(), f, 150_000) },
	} {
		runtime.GC()
		var avant runtime.MemStats
		runtime.ReadMemStats(&avant)
		var pic uint64
		f := fichierDEssai(t)
		if ecrites, err := ecrire(longue(n, &pic), f); err != nil || ecrites != n {
			t.Fatalf("%s: %d lines, %v", format, ecrites, err)
		}
		var apres runtime.MemStats
		runtime.ReadMemStats(&apres)
		if pic = max(pic, apres.HeapAlloc); pic > avant.HeapAlloc+borne {
			t.Errorf("%s: the heap grew by %d MB", format, (pic-avant.HeapAlloc)>>20)
		}
		t.Logf("%s: the heap grew by %d MB at most", format, (pic-avant.HeapAlloc)>>20)
		if format == "csv" {
			relireCSV(t, f, n)
			continue
		}
		relireClasseur(t, f, n)
	}
}

func relireCSV(t *testing.T, f *os.File, n int) {
	t.Helper()
	if _, err := f.Seek(3, 0); err != nil { // after the mark of UTF-8
		t.Fatal(err)
	}
	r := csv.NewReader(f)
	r.Comma = ';'
	ls, err := r.ReadAll()
	if err != nil || len(ls) != n+1 {
		t.Fatalf("%d lines, %v", len(ls), err)
	}
	if got := strings.Join(ls[124], "|"); got != "26.A.123|13/04/2026|124,23|1,50|'=Œuvre n° 123 & Cie|non|123|" {
		t.Errorf("got %s", got)
	}
}

// relireClasseur opens the workbook, whose second sheet goes on with the first.
func relireClasseur(t *testing.T, f *os.File, n int) {
	t.Helper()
	x, err := excelize.OpenFile(f.Name(), excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	lus := 0
	for _, feuille := range x.GetSheetList() {
		rows, err := x.Rows(feuille)
		if err != nil {
			t.Fatal(err)
		}
		for rang := 0; rows.Next(); rang++ {
			l, err := rows.Columns()
			if err != nil {
				t.Fatal(err)
			}
			if rang == 0 {
				if l[4] != "Nom" {
					t.Errorf("%s begins with %v", feuille, l)
				}
				continue
			}
			if want := fmt.Sprintf("26.A.%d", lus); l[0] != want {
				t.Fatalf("%s, row %d: got %s, want %s", feuille, rang, l[0], want)
			}
			lus++
		}
	}
	if lus != n || strings.Join(x.GetSheetList(), "|") != "Essai|Essai 2" {
		t.Errorf("%d lines in %v, want %d in two sheets", lus, x.GetSheetList(), n)
	}
	for cellule, want := range map[string]struct {
		valeur string
		genre  excelize.CellType
	}{
		"B125": {"46125", excelize.CellTypeUnset}, "C125": {"124.23", excelize.CellTypeUnset}, "D125": {"1.5", excelize.CellTypeUnset},
		"E125": {"=Œuvre n° 123 & Cie", excelize.CellTypeInlineString}, "G125": {"123", excelize.CellTypeUnset},
	} {
		v, err := x.GetCellValue("Essai", cellule)
		genre, _ := x.GetCellType("Essai", cellule)
		formule, _ := x.GetCellFormula("Essai", cellule)
		if err != nil || v != want.valeur || genre != want.genre || formule != "" {
			t.Errorf("%s: got %q of type %v (formula %q), %v; want %q of type %v", cellule, v, genre, formule, err, want.valeur, want.genre)
		}
	}
}

// TestAnExportThatFailsIsNoFile: a list that stops in the middle is told, in both
// formats.
func TestAnExportThatFailsIsNoFile(t *testing.T) {
	panne := errors.New("the database is gone")
	x := longue(0, new(uint64))
	x.Lignes = func(_ context.Context, voir func(...any) error) error {
		if err := voir("26.A.1"); err != nil {
			return err
		}
		return panne
	}
	if _, err := x.EcrireCSV(t.Context(), fichierDEssai(t)); !errors.Is(err, panne) {
		t.Errorf("csv: %v", err)
	}
	if _, err := x.EcrireFeuilles(t.Context(), fichierDEssai(t), 10); !errors.Is(err, panne) {
		t.Errorf("xlsx: %v", err)
	}
}
