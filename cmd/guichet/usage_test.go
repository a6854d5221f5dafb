package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

// direErreur runs a command line and gives its exit code and what it says on the error output.
func direErreur(t *testing.T, args ...string) (int, string) {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	avant := os.Stderr
	os.Stderr = w
	n := run(args)
	os.Stderr = avant
	w.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return n, string(b)
}

// A command line that is wrong is said in one French sentence, and ends with 2.
func TestACommandLineThatIsWrongIsSaidInFrench(t *testing.T) {
	anglais := regexp.MustCompile(`(?i)unexpected|missing|expected|unknown|must be|did you mean|but got|can't`)
	for _, tt := range []struct {
		args string
		dits []string
	}{
		{"", []string{"Il manque une commande", "« api »", "etc."}},
		{"xyz", []string{"« xyz » n’est pas attendu"}},
		{"verifi", []string{"« verifi »", "Vouliez-vous dire « verify » ?"}},
		{"ops", []string{"Il manque une commande", "« bloques »"}},
		{"ops xyz", []string{"« xyz » n’est pas attendu"}},
		{"ops cas", []string{"Il manque", "numero"}},
		{"ops bloques --inconnue", []string{"L’option --inconnue n’existe pas"}},
		{"ops bloques --caus x", []string{"L’option --caus n’existe pas", "--cause"}},
		{"ops bloques --max=beaucoup", []string{"--max", "nombre", "« beaucoup »"}},
		{"ops bloques --max", []string{"--max demande une valeur"}},
		{"ops relancer", []string{"--motif", "--agent"}},
		{"ops relancer --motif=x --agent=y --attendre=longtemps", []string{"--attendre", "durée", "« longtemps »"}},
		{"ops paiements casser --motif=x --agent=y", []string{"« casser »", "« arreter »"}},
		{"verify --repos --en-ligne", []string{"--repos", "--en-ligne", "ne vont pas ensemble"}},
		{"verify --repos=peut-être", []string{"--repos", "« peut-être »"}},
	} {
		n, dit := direErreur(t, strings.Fields(tt.args)...)
		if n != 2 || anglais.MatchString(dit) || strings.Count(dit, "\n") != 2 {
			t.Errorf("guichet %s: ends with %d, says %q", tt.args, n, dit)
		}
		for _, want := range tt.dits {
			if !strings.Contains(dit, want) {
				t.Errorf("guichet %s: says %q, without « %s »", tt.args, dit, want)
			}
		}
	}
}
