package web_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"guichet/web"
)

// modeles are the templates by their names, each with its text.
func modeles(t *testing.T) map[string]string {
	t.Helper()
	fichiers, err := filepath.Glob("*.templ")
	if err != nil || len(fichiers) == 0 {
		t.Fatalf("%d files of pages: %v", len(fichiers), err)
	}
	tous := map[string]string{}
	debut := regexp.MustCompile(`(?m)^templ (?:\([^)]*\) )?(\w+)\(`)
	for _, f := range fichiers {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texte := string(b)
		for _, m := range debut.FindAllStringSubmatchIndex(texte, -1) {
			corps, _, _ := strings.Cut(texte[m[0]:], "\n}\n")
			tous[texte[m[2]:m[3]]] = corps
		}
	}
	return tous
}

var appelle = regexp.MustCompile(`@(\w+)\(|\b(\w+)\(`)

// tient reports whether a template, or one that it draws, holds motif. What every page
// shares is not looked into.
func tient(tous map[string]string, nom, motif string, vus map[string]bool) bool {
	corps, ok := tous[nom]
	if !ok || vus[nom] || slices.Contains([]string{"Coquille", "PageSeule", "Table"}, nom) {
		return false
	}
	vus[nom] = true
	if strings.Contains(corps, motif) {
		return true
	}
	for _, m := range appelle.FindAllStringSubmatch(corps, -1) {
		if tient(tous, m[1]+m[2], motif, vus) {
			return true
		}
	}
	return false
}

// planchesDites are the names of the planches, or how they begin, by page.
func planchesDites(t *testing.T) map[string][]string {
	t.Helper()
	fichiers, err := filepath.Glob("planches*.go")
	if err != nil {
		t.Fatal(err)
	}
	dites := map[string][]string{}
	for _, f := range fichiers {
		if strings.HasSuffix(f, "_templ.go") || strings.HasSuffix(f, "_test.go") {
			continue
		}
		arbre, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(arbre, func(n ast.Node) bool {
			if l, ok := n.(*ast.CompositeLit); ok && len(l.Elts) == 2 {
				if appel, ok := l.Elts[1].(*ast.CallExpr); ok {
					if page, ok := appel.Fun.(*ast.Ident); ok {
						nom := strings.Replace(page.Name, "planche", "Page", 1) // plancheInscription draws PageInscription
						dites[nom] = append(dites[nom], debutDe(l.Elts[0]))
					}
				}
			}
			return true
		})
	}
	return dites
}

// debutDe is the text that an expression begins with.
func debutDe(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.BinaryExpr:
		return debutDe(x.X) + "*"
	case *ast.BasicLit:
		s, _ := strconv.Unquote(x.Value)
		return s
	}
	return "*"
}

// longs are the longest names of the storybook: of a person, of a company, of an
// organisme, of a formation, of a file.
var longs = []string{"d’Estienne d’Orves", "etablissement-superieur-de-la-formation", "Languedoc", "Association interdépartementale", "les élèves à besoins éducatifs", "OPCO-DEMO-COMPTE-PRINCIPAL"}

// TestEveryPageHasItsStates: each page is in the storybook, as each of those it may be:
// with nothing to show, with what is wrong, and a list with very long names.
func TestEveryPageHasItsStates(t *testing.T) {
	tous, dites := modeles(t), planchesDites(t)
	dessins := map[string]string{}
	for _, p := range web.Planches(web.MaisonDemo()) {
		dessins[p.Nom] = dessin(t, p.Page)
	}
	etats := []struct {
		nom, motif string
		montre     []string
	}{
		{"with nothing to show", "@Vide(", []string{`class="vide`}},
		{"with what is wrong", "@ResumeErreurs(", []string{`class="resume`}},
		{"with very long names", "data-clavier", longs},
	}
	pages := 0
	for nom := range tous {
		if !strings.HasPrefix(nom, "Page") || slices.Contains([]string{"PageSeule", "PagePlanches"}, nom) {
			continue
		}
		pages++
		var html []string
		for _, d := range dites[nom] {
			debut, varie := strings.CutSuffix(d, "*")
			for x, y := range dessins {
				if x == d || varie && strings.HasPrefix(x, debut) {
					html = append(html, y)
				}
			}
		}
		if len(html) == 0 {
			t.Errorf("%s is not in the storybook", nom)
			continue
		}
		for _, e := range etats {
			montre := func(h string) bool {
				return slices.ContainsFunc(e.montre, func(m string) bool { return strings.Contains(h, m) })
			}
			if tient(tous, nom, e.motif, map[string]bool{}) && !slices.ContainsFunc(html, montre) {
				t.Errorf("%s is never shown %s: %v", nom, e.nom, dites[nom])
			}
		}
	}
	if pages < 80 {
		t.Errorf("saw %d pages: the sources are not read", pages)
	}
}
