package opco

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryActeHasAName: what the house reads says each acte in words; none of the actes declared
// anywhere in the package is told by its code.
func TestEveryActeHasAName(t *testing.T) {
	actes := constantesDe(t, "TypeActe")
	if len(actes) < 90 {
		t.Fatalf("%d actes read in the sources, want them all", len(actes))
	}
	for _, a := range actes {
		if nom := NommerActe(TypeActe(a)); strings.Contains(nom, "l’acte «") || strings.ContainsAny(nom, "_.") {
			t.Errorf("%s is said « %s »", a, nom)
		}
	}
}

// TestEveryMailHasAName: so with what the mails announce.
func TestEveryMailHasAName(t *testing.T) {
	courriels := constantesDe(t, "Evenement")
	if len(courriels) < 50 {
		t.Fatalf("%d mails read in the sources, want them all", len(courriels))
	}
	for _, e := range courriels {
		if nomsCourriels[Evenement(e)] == "" {
			t.Errorf("%s is said « %s »", e, Evenement(e).Libelle())
		}
	}
}

// constantesDe are the constants of a type of the package, as the sources write them.
func constantesDe(t *testing.T, genre string) []string {
	t.Helper()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	declare := regexp.MustCompile(`(?m)^\t\w+ +` + genre + ` += "(\w+)"`)
	var codes []string
	for _, nom := range sources {
		b, err := os.ReadFile(nom)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declare.FindAllStringSubmatch(string(b), -1) {
			codes = append(codes, m[1])
		}
	}
	return codes
}
