package store_test

import (
	"slices"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// The number of an invoice, typed in one piece, finds the dossiers that have it, or one
// that begins so, and not those that have its parts here and there. What no dossier has in
// one piece is looked for by its parts.
func TestANumberIsFoundInOnePiece(t *testing.T) {
	s := volume(t, 20)
	for numero, mots := range map[string]string{"AF26-000002": "f 2026 0040 f20260040", "AF26-000004": "f 2025 0040 f20250040 f 2026 0012 f20260012",
		"AF26-000005": "f 2026 00401 f202600401", "AF26-000006": "excel 2016", "AF26-000007": "f 0040 2026"} {
		s.DB.MustExec(`UPDATE dossier SET etat = 'CLOTUREE', recherche = $1 WHERE numero = $2`, mots, numero)
	}
	agent := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
	for texte, veut := range map[string][]string{
		"F-2026-0040":         {"AF26-000002"},
		"f/2026/0040":         {"AF26-000002"},
		"F-2026-004":          {"AF26-000002", "AF26-000005"},
		"F-2026-0040 zzz":     {},
		"excel-2016":          {"AF26-000006"},
		"0040-2026":           {"AF26-000002", "AF26-000004", "AF26-000007"},
		"F-2026-0012 F-2025-": {"AF26-000004"},
		"AF26-000002":         {"AF26-000002"},
		"F 2026 0040":         {"AF26-000002", "AF26-000004", "AF26-000007"},
	} {
		page, err := s.Dossiers(t.Context(), agent, store.Filtre{Texte: texte})
		if err != nil {
			t.Fatal(err)
		}
		vus := []string{}
		for _, d := range page.Dossiers {
			vus = append(vus, d.Numero)
		}
		if slices.Sort(vus); !slices.Equal(vus, veut) {
			t.Errorf("%q finds %v, want %v", texte, vus, veut)
		}
	}
}
