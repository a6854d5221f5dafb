package opco_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"guichet/opco"
)

const titresImport = "demande;etablissement_siret;organisme_siret;organisme_nom;organisme_nda;paiement_direct;intitule;nature;duree_heures;debut;fin;couts_pedagogiques;stagiaire_nom;stagiaire_prenom;stagiaire_ne_le;stagiaire_heures\r\n"

func ligneImport(repere, intitule, debut, nom string) string {
	return fmt.Sprintf("%s;999 001 019 00010;99900136500017;Formalia Été;11756099975;oui;%s;formation;14,00;%s;14/04/2026;1 200,00;%s;Anaïs;02/05/1988;\r\n", repere, intitule, debut, nom)
}

func lireImport(s string) ([]opco.DemandeImportee, []opco.FauteImport) {
	n := 0
	return opco.LireImport([]byte(s), 10, func() string { n++; return fmt.Sprint("s", n) })
}

// TestImportReads: two lines of one mark are one demande of two people, whatever wrote
// the file.
func TestImportReads(t *testing.T) {
	bon := titresImport + ligneImport("D1", "Anglais", "13/04/2026", "Delacroix") + ";;;\r\n" +
		"D1;;;;;;;;;;;;Élan;Zoé;32265;7 h 30\r\n" + ligneImport("D2", "Sécurité", "2026-04-13", "Roux")
	w1252 := strings.NewReplacer("é", "\xe9", "É", "\xc9", "ï", "\xef").Replace(bon)
	for nom, fichier := range map[string]string{"UTF-8": bon, "with a mark": "\ufeff" + bon, "Windows-1252": w1252, "line feeds": strings.ReplaceAll(bon, "\r\n", "\n"),
		"tabs": strings.ReplaceAll(bon, ";", "\t"), "commas": strings.NewReplacer(";", ",", "14,00", `"14,00"`, "1 200,00", `"1 200,00"`).Replace(bon)} {
		ds, fautes := lireImport(fichier)
		if len(fautes) > 0 || len(ds) != 2 {
			t.Errorf("%s: %d demandes, faults %v", nom, len(ds), fautes)
			continue
		}
		d := ds[0].Demande
		if ds[0].Ligne != 2 || ds[1].Ligne != 5 || d.Organisme.Nom != "Formalia Été" || d.Debut != "2026-04-13" || d.Duree != 14*60 || d.Montant(opco.LignePeda) != 120_000 || !d.Subrogation {
			t.Errorf("%s: read %+v at lines %d and %d", nom, d, ds[0].Ligne, ds[1].Ligne)
		}
		if len(d.Stagiaires) != 2 || d.Stagiaires[0].Heures != 14*60 || d.Stagiaires[1].Heures != 450 || d.Stagiaires[1].Nom != "Élan" || d.Stagiaires[1].NeLe != "1988-05-02" {
			t.Errorf("%s: people %+v", nom, d.Stagiaires)
		}
	}
}

// TestImportRefuses: each fault is told at its line and its column, and nothing is made.
func TestImportRefuses(t *testing.T) {
	bonne := ligneImport("D1", "Anglais", "13/04/2026", "Delacroix")
	tests := []struct {
		name, fichier string
		ligne         int
		colonne, dit  string
	}{
		{"empty", "", 0, "", "vide"},
		{"titles alone", titresImport, 0, "", "aucune demande"},
		{"an unknown column", "demande;couleur\r\n", 1, "couleur", "n’existe pas dans le modèle"},
		{"a column twice", "demande;demande\r\n", 1, "demande", "deux fois"},
		{"a column that lacks", "demande\r\n", 1, "intitule", "manque"},
		{"a workbook", "PK\x03\x04xx", 0, "", "classeur Excel"},
		{"UTF-16", "\xff\xfed\x00", 0, "", "pas un CSV"},
		{"a quote that lacks", titresImport + "\"D1;x\r\n", 2, "", "guillemet"},
		{"a date", titresImport + ligneImport("D1", "Anglais", "demain", "X"), 2, "debut", "pas une date"},
		{"a number that a spreadsheet rounded", titresImport + strings.Replace(bonne, "999 001 019 00010", "9,99001E+13", 1), 2, "etablissement_siret", "arrondi"},
		{"no mark", titresImport + strings.Replace(bonne, "D1", "", 1), 2, "demande", "repère"},
		{"a cell too many", titresImport + strings.TrimSuffix(bonne, "\r\n") + ";;x\r\n", 2, "", "hors des colonnes"},
		{"the second line says otherwise", titresImport + bonne + ligneImport("D1", "Allemand", "13/04/2026", "Roux"), 3, "intitule", "La ligne 2 dit « Anglais »"},
		{"one person twice", titresImport + bonne + bonne, 3, "stagiaire_nom", "déjà"},
		{"one demande twice", titresImport + bonne + strings.Replace(bonne, "D1", "D2", 1), 3, "demande", "la même que celle de la ligne 2"},
		{"hours beyond the length", titresImport + strings.Replace(bonne, "02/05/1988;", "02/05/1988;99", 1), 2, "stagiaire_heures", "dure"},
		{"too many lines", titresImport + strings.Repeat(bonne, 11), 12, "", "plus de 10 lignes"},
		{"the end before the start", titresImport + ligneImport("D1", "Anglais", "15/04/2026", "X"), 2, "fin", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ds, fautes := lireImport(tt.fichier)
			if len(ds) > 0 || len(fautes) == 0 {
				t.Fatalf("%d demandes, %d faults", len(ds), len(fautes))
			}
			for _, f := range fautes {
				if f.Ligne == tt.ligne && f.Colonne == tt.colonne && strings.Contains(f.Phrase, tt.dit) {
					return
				}
			}
			t.Errorf("faults %+v, want line %d column %q « %s »", fautes, tt.ligne, tt.colonne, tt.dit)
		})
	}
}

// TestTheModelIsRead: the model that people start from is itself a good file.
func TestTheModelIsRead(t *testing.T) {
	ds, fautes := opco.LireImport(opco.ModeleImport(), 10, func() string { return "s1" })
	if len(ds) != 1 || len(fautes) > 0 {
		t.Errorf("%d demandes, faults %v", len(ds), fautes)
	}
}

// TestNoCellIsAFormula: what a person typed cannot run in a spreadsheet.
func TestNoCellIsAFormula(t *testing.T) {
	csv := opco.FautesCSV([]opco.FauteImport{{Ligne: 2, Colonne: "=1+1", Phrase: "@SUM(A1)"}, {Phrase: "+33"}, {Ligne: 3, Phrase: "sans danger ; vraiment"}})
	for _, veut := range []string{"'=1+1", "'@SUM(A1)", "'+33", `"sans danger ; vraiment"`} {
		if !bytes.Contains(csv, []byte(veut)) {
			t.Errorf("lacks %s in %s", veut, csv)
		}
	}
	if !bytes.HasPrefix(csv, []byte("\ufeff")) {
		t.Error("a spreadsheet would misread the accents")
	}
}
