package api_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestExportDesReglements: the workbook holds the search alone, figures as figures,
// days as days, a formula as a text; the CSV says the same (AT-15, S25).
func TestExportDesReglements(t *testing.T) {
	g := ouvrir(t)
	ligne := func(numero, jour, formation string, montant int) objet {
		return objet{"organisme": "99900136500017", "numero": numero, "dossier": "16/0/5756", "nom": "Ndiaye-Kœnig", "prenom": "Aïssatou", "formation": formation,
			"heures": 2130, "du": "2019-08-01", "au": jour, "montant": montant, "execute_le": jour}
	}
	g.exiger(g.appeler("admin", "POST", "/api/essai/reglements", objet{"reglements": []objet{ligne("113", "2019-09-20", "=HYPERLINK(1)", 356720), ligne("107", "2019-08-23", "Été", 542493)}}), 204)
	r := g.exiger(g.appeler("of1", "GET", "/api/reglements-recus/export?du=2019-09-01", nil), 200)
	x, err := excelize.OpenReader(bytes.NewReader(r.corps))
	if err != nil {
		t.Fatal(err)
	}
	lignes, err := x.GetRows("Règlements")
	if err != nil || len(lignes) != 2 {
		t.Fatalf("got %d rows (%v), want the head and one payment", len(lignes), err)
	}
	want := []string{"20/09/2019", "113", "16/0/5756", "Ndiaye-Kœnig", "Aïssatou", "=HYPERLINK(1)", "", "35.50", "01/08/2019", "20/09/2019", "3,567.20", "non"}
	for i, w := range want {
		if lignes[1][i] != w {
			t.Errorf("column %d: got %q, want %q", i+1, lignes[1][i], w)
		}
	}
	if f, _ := x.GetCellFormula("Règlements", "F2"); f != "" {
		t.Errorf("the text became the formula %q", f)
	}
	for cellule, genre := range map[string]excelize.CellType{"A2": excelize.CellTypeUnset, "H2": excelize.CellTypeUnset, "K2": excelize.CellTypeUnset, "F2": excelize.CellTypeInlineString} {
		if got, _ := x.GetCellType("Règlements", cellule); got != genre {
			t.Errorf("%s: got type %v, want %v", cellule, got, genre)
		}
	}
	c := string(g.exiger(g.appeler("of1", "GET", "/api/reglements-recus/export?format=csv", nil), 200).corps)
	if !strings.HasPrefix(c, "\ufeffDate;") || strings.Count(c, "\r\n") != 3 || !strings.Contains(c, "'=HYPERLINK(1)") || !strings.Contains(c, ";35,50;01/08/2019;20/09/2019;3567,20;non;") {
		t.Errorf("got %q", c)
	}
}
