package env

import (
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write docs/configuration.md again")

// TestPageDeLaConfiguration: the page names every variable that the code reads, and
// each says what it is for.
func TestPageDeLaConfiguration(t *testing.T) {
	const page = "../../../docs/configuration.md"
	for _, v := range Variables() {
		if v.Nom == "" || v.Aide == "" {
			t.Errorf("%+v: a variable without a name or a word about it", v)
		}
	}
	for _, f := range Files {
		if aidesFiles[f] == "" {
			t.Errorf("%s: a work without a word about it", f)
		}
	}
	if *update {
		if err := os.WriteFile(page, []byte(Page()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(page); err != nil || string(b) != Page() {
		t.Errorf("docs/configuration.md is not what the code says (%v): go test ./cmd/internal/env -update", err)
	}
}
