package web_test

import (
	"bytes"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/a-h/templ/generator"
	"github.com/a-h/templ/parser/v2"
)

// TestTheGeneratedPagesAreFresh generates every page again: what is committed is
// what the sources say, and no generated file is left without its source.
func TestTheGeneratedPagesAreFresh(t *testing.T) {
	sources, err := filepath.Glob("*.templ")
	if err != nil || len(sources) == 0 {
		t.Fatalf("found %d sources: %v", len(sources), err)
	}
	attendus := map[string]bool{}
	for _, source := range sources {
		genere := strings.TrimSuffix(source, ".templ") + "_templ.go"
		attendus[genere] = true
		lu, err := parser.Parse(source)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		var b bytes.Buffer
		if _, err := generator.Generate(lu, &b, generator.WithVersion(templ.Version()), generator.WithFileName(source)); err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		veut, err := format.Source(b.Bytes())
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if a, err := os.ReadFile(genere); err != nil || !bytes.Equal(a, veut) {
			t.Errorf("%s is not what %s says (%v): go generate ./web", genere, source, err)
		}
	}
	presents, _ := filepath.Glob("*_templ.go")
	for _, p := range presents {
		if !attendus[p] {
			t.Errorf("%s has no source any more", p)
		}
	}
}
