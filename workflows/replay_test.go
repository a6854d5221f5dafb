package workflows_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.temporal.io/sdk/worker"

	"guichet/workflows"
)

var enregistrer = flag.String("enregistrer", "", "record testdata/NAME*.json on the Temporal server of GUICHET_TEMPORAL; « tout » for all")

// branches are the ways through the procedures that the corpus must hold: a
// change of the code that a running object could not follow fails here first.
var branches = []string{"accord", "sans_suite", "refus", "annulation", "lot", "lot_expire",
	"indu", "compte_inscription", "compte_provisoire", "compte_expire", "compte_refus"}

// Each history recorded on a real server replays with the present code (I29). When
// a change of a procedure is meant, drain the étapes that it touches, then record
// again: bin/guichet-local exec -- go test ./workflows -run Enregistrer -enregistrer tout
func TestReplay(t *testing.T) {
	fichiers, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	vues := map[string]int{}
	for _, f := range fichiers {
		nom, _, _ := strings.Cut(filepath.Base(f), "-")
		vues[nom]++
		t.Run(filepath.Base(f), func(t *testing.T) {
			r := worker.NewWorkflowReplayer()
			r.RegisterWorkflow(workflows.Dossier)
			r.RegisterWorkflow(workflows.Lot)
			r.RegisterWorkflow(workflows.Compte)
			r.RegisterWorkflow(workflows.Indu)
			if err := r.ReplayWorkflowHistoryFromJSONFile(nil, f); err != nil {
				t.Errorf("this history does not replay: %v", err)
			}
		})
	}
	for _, b := range branches {
		if vues[b] == 0 {
			t.Errorf("no history of branch %s", b)
		}
	}
}

// What the engine keeps of a dossier is ids, codes, dates and amounts: nothing that
// names a person or an account (I22).
func TestReplayNothingPersonal(t *testing.T) {
	fichiers, err := filepath.Glob("testdata/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fichiers {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		clair := dechiffrer(t, b)
		for _, mot := range []string{"Lefèvre", "Zoé", "Martin", "Formalia", "99900101900010", "99900136500017", "FR76", "pedagogie.nouvelle", "OF3-0001", "example", "A100001"} {
			if strings.Contains(clair, mot) {
				t.Errorf("%s holds « %s »", filepath.Base(f), mot)
			}
		}
	}
}
