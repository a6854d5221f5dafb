package store_test

import (
	"fmt"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// The figure above a queue is how many dossiers its filter holds, whether counters know
// it or it is counted; above a thousand that no counter knows, it says so.
func TestTheFigureOfAQueueIsItsCount(t *testing.T) {
	s := volume(t, 14_000)
	agent := opco.Portee{Interne: true, Role: opco.RoleGestionnaire, Personne: "p-ges"}
	s.DB.MustExec(`INSERT INTO attente (dossier, jusqu_au, reveil_le, raison, personne, nom, le)
		SELECT id, date '2099-01-01', timestamptz '2099-01-01', 'r', 'p', 'n', now() FROM dossier WHERE etat <> 'SUPPRIME' AND right(numero, 1) = '4'`)
	equipe := func(f store.FiltreFile) store.FiltreFile {
		f.Perimetre = store.PerimetreEquipe
		return f
	}
	const argent = `EXISTS (SELECT 1 FROM reglement r WHERE r.dossier = d.id AND r.etat = 'A_PAYER')`
	const travail = `d.etat IN ('TRANSMISE', 'A_COMPLETER', 'EN_INSTRUCTION', 'EN_VALIDATION', 'ATTENTE_SERVICE_FAIT', 'SF_EN_CONTROLE', 'SF_NON_CONFORME')`
	tests := []struct {
		name      string
		f         store.FiltreFile
		condition string
		plus      bool
	}{
		{"all the work", equipe(store.FiltreFile{}), travail, false},
		{"a queue", equipe(store.FiltreFile{Filtre: store.Filtre{File: store.FileInstruction}}), `d.etat = 'EN_INSTRUCTION'`, false},
		{"of a branch", equipe(store.FiltreFile{Filtre: store.Filtre{File: store.FileInstruction}, IDCC: "2120"}), `d.etat = 'EN_INSTRUCTION' AND d.idcc = '2120'`, false},
		{"of an instructeur", equipe(store.FiltreFile{Filtre: store.Filtre{Instructeur: "p-ges"}}), travail + ` AND d.instructeur = 'p-ges'`, false},
		{"of an organisme", equipe(store.FiltreFile{Filtre: store.Filtre{File: store.FileACompleter, Organisme: volumeOF}}),
			`d.etat IN ('A_COMPLETER', 'ATTENTE_SERVICE_FAIT', 'SF_NON_CONFORME') AND d.organisme = '` + volumeOF + `'`, false},
		{"of an établissement", equipe(store.FiltreFile{Filtre: store.Filtre{Etablissement: volumeENT}}), travail + ` AND d.etablissement = '` + volumeENT + `'`, false},
		{"of a branch and an instructeur", equipe(store.FiltreFile{Filtre: store.Filtre{File: store.FileInstruction, Instructeur: "p-ges"}, IDCC: "1486"}),
			`d.etat = 'EN_INSTRUCTION' AND d.idcc = '1486' AND d.instructeur = 'p-ges'`, false},
		{"money of a branch", equipe(store.FiltreFile{Filtre: store.Filtre{File: store.FilePaiement}, IDCC: "1486"}), argent + ` AND d.idcc = '1486'`, false},
		{"money of an instructeur", equipe(store.FiltreFile{Filtre: store.Filtre{File: store.FilePaiement, Instructeur: "p-ges"}}), argent + ` AND d.instructeur = 'p-ges'`, false},
		{"late", equipe(store.FiltreFile{Filtre: store.Filtre{File: store.FileInstruction}, LimiteAu: "2026-03-10"}), `d.etat = 'EN_INSTRUCTION' AND d.limite <= '2026-03-10'`, false},
		{"too many to count", store.FiltreFile{Perimetre: store.PerimetreMien}, travail, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page, err := s.FileDeTravail(t.Context(), agent, tt.f)
			if err != nil {
				t.Fatal(err)
			}
			var n int64
			err = s.DB.Get(&n, `SELECT count(*) FROM dossier d WHERE d.etat NOT IN ('BROUILLON', 'SUPPRIME') AND `+tt.condition+
				` AND NOT EXISTS (SELECT 1 FROM attente a WHERE a.dossier = d.id)`)
			if err != nil || n == 0 {
				t.Fatalf("COUNT(*) is %d: %v", n, err)
			}
			if tt.plus {
				n = min(n, 1000)
			}
			if page.Nombre != n || page.Plus != tt.plus {
				t.Errorf("got %s, COUNT(*) says %d", fmt.Sprint(page.Nombre, " ", page.Plus), n)
			}
		})
	}
}
