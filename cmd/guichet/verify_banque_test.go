package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"guichet/banque"
	"guichet/store/storetest"
)

// The folder of the bank is held to the base: what left and is not known is named to the cent, and
// the exit code says whether something is left to decide.
func TestTheFolderOfTheBankIsHeldToTheBase(t *testing.T) {
	s, dossier := storetest.Ouvrir(t), t.TempDir()
	dire := func(chemin string, want error, dits ...string) {
		t.Helper()
		var w strings.Builder
		if err := comparerDeparts(t.Context(), &w, s, chemin); err != want {
			t.Errorf("ends with %v, want %v: %s", err, want, w.String())
		}
		for _, d := range dits {
			if !strings.Contains(strings.ReplaceAll(w.String(), "\u00a0", " "), d) {
				t.Errorf("says %q, without « %s »", w.String(), d)
			}
		}
	}
	dire(filepath.Join(dossier, "nulle-part"), code(2), "ne se lit pas")
	dire(dossier, nil, "connu : 0")

	ordre, err := banque.PAIN001(banque.Lot{ID: "L26-000007", MsgID: "L26-000007", CreeLe: time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC), Execution: "2026-05-04",
		Donneur: banque.Compte{Nom: "OPCO", IBAN: "FR7630006000011234567890189"}, Virements: []banque.Virement{
			{EndToEndID: "R26-000001", Montant: 123456, Remise: "R26-000001 AF26-000012 F-2026-118", Beneficiaire: banque.Compte{Nom: "OF", IBAN: "FR7630004000031234567890143"}},
			{EndToEndID: "R26-000002", Montant: 1, Remise: "R26-000002 AF26-000013 F-9", Beneficiaire: banque.Compte{Nom: "OF", IBAN: "FR7630004000031234567890143"}}}})
	if err != nil {
		t.Fatal(err)
	}
	emis := filepath.Join(dossier, "emis")
	ecrire := func(nom, contenu string) {
		t.Helper()
		if err := os.MkdirAll(emis, 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(emis, nom), []byte(contenu), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ecrire("L26-000007.xml", string(ordre))
	ecrire(".L26-000008.pret", "not seen yet")
	dire(dossier, code(1), "L26-000007.xml", "PARTI, INCONNU", "aucun lot de ce numéro", "R26-000001  1 234,56 €  AF26-000012 F-2026-118", "2 virements pour 1 234,57 €")
	ecrire("lisez-moi.txt", "bonjour")
	dire(emis, code(1), "ILLISIBLE", "illisible : 1", "parti, inconnu : 1")
	var n int
	if err := s.DB.Get(&n, `SELECT count(*) FROM depart_inconnu WHERE cles = '{AF26000012F2026118}' AND montant = 123456`); err != nil || n != 1 {
		t.Errorf("noted %d times, %v", n, err)
	}
}
