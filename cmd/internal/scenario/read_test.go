package scenario_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"guichet/cmd/internal/scenario"
)

// TestScenarios reads every scenario of the project: none may be misspelt.
func TestScenarios(t *testing.T) {
	dir := os.DirFS("../../../scenarios")
	files, err := filepath.Glob("../../../scenarios/*.yaml")
	if err != nil || len(files) < 12 {
		t.Fatalf("found %d scenarios (%v), want a dozen at least", len(files), err)
	}
	for _, f := range files {
		if _, err := scenario.Read(dir, filepath.Base(f)); err != nil {
			t.Error(err)
		}
	}
}

const tete = "nom: N\nreference: S\netapes:\n"

func TestReadRefuses(t *testing.T) {
	for _, x := range []struct {
		name, file string
		line       int
		message    string
	}{
		{"unknown key at the top", "nom: N\nreference: S\nétapes: []\n", 3, "étapes"},
		{"unknown step", tete + "  - attends: calme\n", 4, "attends"},
		{"two keys in a step", tete + "  - horloge: 2026-03-02 10:00\n    acte: {}\n", 4, "une seule clé"},
		{"unknown acte", tete + "  - acte: {qui: e1, fait: envoyer, dossier: A}\n", 4, "envoyer"},
		{"unknown word in an acte", tete + "  - acte: {qui: e1, fait: deposer, dosier: A}\n", 4, "dosier"},
		{"unknown word deep in an acte", tete + "  - acte:\n      qui: e1\n      fait: creer\n      avec:\n        stagiaires:\n          - {heure: 3}\n", 9, "heure"},
		{"unknown expectation", tete + "  - verifier:\n      dossier: A\n      etats: ACCORDEE\n", 6, "etats"},
		{"unknown expectation in a list", tete + "  - verifier:\n      dossier: A\n      reglements:\n        - {montants: 3}\n", 7, "montants"},
		{"verifier of nothing", tete + "  - verifier: {etat: ACCORDEE}\n", 4, "regarde"},
		{"amount", tete + "  - verifier:\n      dossier: A\n      accorde: douze\n", 6, "montant"},
		{"three decimals", tete + "  - verifier:\n      dossier: A\n      accorde: 1.234\n", 6, "montant"},
		{"date", tete + "  - acte:\n      qui: e1\n      fait: creer\n      avec:\n        du: 2026-02-30\n", 8, "date"},
		{"instant", tete + "  - horloge: demain\n", 4, "instant"},
		{"yes or no", tete + "  - acte: {qui: e1, fait: constater, avec: {solde: true}}\n", 4, "oui"},
		{"unknown word in a change", tete + "  - changer: {OF1: {qualiopy: []}}\n", 4, "qualiopy"},
		{"verdict", tete + "  - acte: {qui: e1, fait: deposer, verdict: peut-être}\n", 4, "verdict"},
		{"number where a word is", tete + "  - verifier:\n      dossier: A\n      certificats: trois\n", 6, "comprise"},
		{"no name", "reference: S\netapes: [{horloge: 2026-03-02 10:00}]\n", 1, "nom"},
		{"no step", "nom: N\nreference: S\n", 1, "aucune étape"},
		{"broken YAML", "nom: [N\n", 1, "comprise"},
		{"empty", "", 1, "vide"},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := scenario.Read(fstest.MapFS{"f.yaml": {Data: []byte(x.file)}}, "f.yaml")
			var f *scenario.FileError
			if !errors.As(err, &f) {
				t.Fatalf("Read: %v, want a FileError", err)
			}
			if f.File != "f.yaml" || f.Line != x.line || !strings.Contains(f.Message, x.message) {
				t.Errorf("Read: %v, want f.yaml:%d … %s …", f, x.line, x.message)
			}
		})
	}
}
