package opco_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// etages lists what each package of the house may import from it: every import
// points down. Tests and cmd may import anything; nothing imports cmd.
var etages = map[string][]string{
	"web":             {"api", "store", "opco"},
	"api":             {"store", "identite", "opco"},
	"workflows":       {"activities", "opco"},
	"activities":      {"opco"},
	"store":           {"opco"},
	"store/executant": {"store", "opco"},
	"store/storetest": {"store", "schema", "opco"},
	"courrier":        {"opco"},
	"banque":          {"opco"},
	"facturx":         {"opco"},
	"identite":        {"opco"},
	"schema":          {},
	"opco":            {},
}

// reserves lists the rooms that alone may import a library.
var reserves = map[string][]string{
	"github.com/gin-gonic/gin":         {"api", "web"},
	"go.temporal.io/sdk/workflow":      {"workflows"},
	"go.temporal.io/sdk/client":        {"workflows"},
	"github.com/jmoiron/sqlx":          {"store"},
	"github.com/lib/pq":                {"store", "store/storetest", "schema"},
	"github.com/wneessen/go-mail":      {"courrier"},
	"codeberg.org/go-pdf/fpdf":         {"courrier"},
	"github.com/pressly/goose/v3":      {"schema"},
	"github.com/rickar/cal/v2":         {"activities"},
	"github.com/pdfcpu/pdfcpu/pkg/api": {"api", "facturx"},
	"github.com/go-webauthn/webauthn":  {"identite"},
	"github.com/pquerna/otp":           {"identite"},
	"github.com/coreos/go-oidc/v3":     {"identite"},
	"golang.org/x/oauth2":              {"identite"},
	"github.com/alexedwards/argon2id":  {"api", "store"},
}

// TestTheHouseStands parses every file and checks that imports point strictly
// down, that opco needs the standard library only, and that each library stays
// in its room.
func TestTheHouseStands(t *testing.T) {
	n := 0
	err := filepath.WalkDir("..", func(chemin string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		nom := d.Name()
		if d.IsDir() && chemin != ".." && (strings.HasPrefix(nom, ".") || nom == "local" || nom == "testdata" || nom == "gen" || nom == "node_modules") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(nom, ".go") || strings.HasSuffix(nom, "_test.go") {
			return nil
		}
		n++
		verifierFichier(t, chemin)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 40 {
		t.Fatalf("parsed %d files: the walk does not see the house", n)
	}
}

func verifierFichier(t *testing.T, chemin string) {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), chemin, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	piece := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(filepath.ToSlash(chemin), "../")))
	if strings.HasPrefix(piece, "cmd") || strings.HasPrefix(piece, "store/storetest/") {
		return
	}
	permis, connue := etages[piece]
	if !connue {
		t.Errorf("%s: package %s has no floor in the house", chemin, piece)
	}
	for _, i := range f.Imports {
		p := strings.Trim(i.Path.Value, `"`)
		switch {
		case strings.HasPrefix(p, "guichet/"):
			if dep := strings.TrimPrefix(p, "guichet/"); !slices.Contains(permis, dep) {
				t.Errorf("%s: %s may not import %s", chemin, piece, dep)
			}
		case piece == "opco" && strings.Contains(strings.SplitN(p, "/", 2)[0], "."):
			t.Errorf("%s: opco imports %s, it may only import the standard library", chemin, p)
		}
		for lib, pieces := range reserves {
			if (p == lib || strings.HasPrefix(p, lib+"/")) && !slices.Contains(pieces, piece) {
				t.Errorf("%s: %s belongs to %s, not to %s", chemin, p, strings.Join(pieces, ", "), piece)
			}
		}
	}
}
