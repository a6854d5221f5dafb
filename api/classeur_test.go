package api_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"guichet/api"
	"guichet/opco"
)

// TestTheWorkbookOpensInAnOffice: an office suite opens the workbook and writes it again
// as CSV, each cell as it is rather than as it is shown. Accents are there; an amount or
// a length comes back with a decimal point and no useless zero, a day as the suite writes
// days, because they are numbers and days: as texts they would be as we wrote them. What
// looks like a number or a formula, and is a text, is still that text.
func TestTheWorkbookOpensInAnOffice(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is absent (Debian: libreoffice-calc): the workbook is not opened by an office suite")
	}
	x := api.Tableau{Nom: "essai", Feuille: "Règlements reçus", Colonnes: []api.Colonne{{Titre: "N° de dossier", Largeur: 14}, {Titre: "Exécuté le", Largeur: 12},
		{Titre: "Montant", Largeur: 14}, {Titre: "Heures", Largeur: 9}, {Titre: "Bénéficiaire", Largeur: 40}, {Titre: "Pointé", Largeur: 8}, {Titre: "Rang", Largeur: 8}},
		Lignes: func(_ context.Context, voir func(...any) error) error {
			if err := voir("18RCDI3114", opco.Date("2019-09-20"), opco.Montant(356_720), opco.Minutes(2_100), "Œuvre Façonnée & Cie", true, 1); err != nil {
				return err
			}
			return voir("00042", opco.Date("2026-02-28"), opco.Montant(-123_456_789), opco.Minutes(90), "=1+1", false, nil)
		}}
	dossier := t.TempDir()
	f, err := os.Create(filepath.Join(dossier, "essai.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.EcrireFeuilles(t.Context(), f, 1000); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	// Semicolons, quotes, UTF-8; cells as they are rather than as shown.
	c := exec.Command(soffice, "-env:UserInstallation=file://"+dossier+"/profil", "--headless", "--norestore",
		"--convert-to", "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,true,false,false", "--outdir", dossier, f.Name())
	c.Env = append(os.Environ(), "HOME="+dossier, "LC_ALL=C.UTF-8")
	if sortie, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, sortie)
	}
	b, err := os.ReadFile(filepath.Join(dossier, "essai.csv"))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Split(strings.TrimSpace(strings.TrimPrefix(string(b), "\ufeff")), "\n")
	veut := []string{
		`"N° de dossier";"Exécuté le";"Montant";"Heures";"Bénéficiaire";"Pointé";"Rang"`,
		`"18RCDI3114";"09/20/2019";"3567.2";"35";"Œuvre Façonnée & Cie";"oui";"1"`,
		`"00042";"02/28/2026";"-1234567.89";"1.5";"=1+1";"non";`}
	if len(got) != len(veut) {
		t.Fatalf("got %q", got)
	}
	for i := range veut {
		if got[i] != veut[i] {
			t.Errorf("line %d: got %s\nwant %s", i+1, got[i], veut[i])
		}
	}
}
