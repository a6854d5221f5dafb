package opco_test

import (
	"encoding/json"
	"fmt"
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

	"guichet/opco"
)

// ligneCouverture is one row of a table of docs/couverture.md.
type ligneCouverture struct {
	n        int // line of the file
	tete     string
	cellules []string
}

var (
	formeID            = regexp.MustCompile(`^((MA|AT|AK|GA|OA)-\d{2}|[TCSFRI]\d{2}|compte C\d{2}|5\.\d [a-z])$`)
	formeTest          = regexp.MustCompile(`^([a-z][a-z0-9/]*)\.((?:Test|Fuzz)\w*)(?:/(.+))?$`)
	formeRoute         = regexp.MustCompile(`^(GET|POST|PUT|DELETE|PATCH) /`)
	formeEtat          = regexp.MustCompile(`^(fait|autre ticket|en partie : .+)$`)
	formeSpan          = regexp.MustCompile("`([^`]+)`")
	formeRegle         = regexp.MustCompile(`^(règle [1-9]|§ 3\.\d{1,2})$`)
	formePage          = regexp.MustCompile(`"((?:GET|POST) /[^"]*)":`)
	adressePage        = regexp.MustCompile(`\b(route[A-Z]\w*)\s*=\s*"(/[^"]*)"`)
	parametrePage      = regexp.MustCompile(`:(\w+)`)
	codeEtape          = regexp.MustCompile(`^[TFR]\d{2}$`)
	codeCompte         = regexp.MustCompile(`^C\d{2}$`)
	invariantsVerifies = "I1 I2 I3 I4 I5 I6 I7 I8 I9 I13 I14 I15 I18 I19 I22 I23 I24 I27 I28 I29 I36 I37 I38"
)

// lireCouverture reads the rows of every table of docs/couverture.md, in order.
func lireCouverture(t *testing.T) []ligneCouverture {
	t.Helper()
	b, err := os.ReadFile("../docs/couverture.md")
	if err != nil {
		t.Fatal(err)
	}
	var ls []ligneCouverture
	tete := ""
	for i, l := range strings.Split(string(b), "\n") {
		if !strings.HasPrefix(l, "|") {
			tete = ""
			continue
		}
		cs := strings.Split(strings.Trim(l, "|"), "|")
		for j := range cs {
			cs[j] = strings.TrimSpace(cs[j])
		}
		switch {
		case tete == "":
			tete = cs[0]
		case !strings.HasPrefix(cs[0], "---"):
			ls = append(ls, ligneCouverture{n: i + 1, tete: tete, cellules: cs})
		}
	}
	if len(ls) == 0 {
		t.Fatal("docs/couverture.md has no row")
	}
	return ls
}

// colonnes is how many cells a row has under each first heading.
var colonnes = map[string]int{"Id": 5, "Invariant": 3, "N°": 5, "Règle": 5, "Menace": 5}

// tests returns the cell of the tests of a row, and its état when it has one.
func (l ligneCouverture) tests() (tests, etat string) {
	if l.tete == "Invariant" {
		return l.cellules[2], "fait"
	}
	return l.cellules[3], l.cellules[4]
}

// TestCouverture holds docs/couverture.md to the code: ids, tests, cases,
// scenarios, routes and bad inputs that it names exist; what is said to be done
// has a test; nothing that the product must answer for is left out.
func TestCouverture(t *testing.T) {
	d := depotTests{noms: map[string]map[string][]string{}}
	routes, numeros := routesServies(t), numerosCorpus(t)
	vus := map[string]bool{}
	for _, l := range lireCouverture(t) {
		if colonnes[l.tete] != len(l.cellules) {
			t.Errorf("line %d: %d cells under « %s », want %d", l.n, len(l.cellules), l.tete, colonnes[l.tete])
			continue
		}
		id := l.cellules[0]
		if vus[l.tete+id] {
			t.Errorf("line %d: %s has a row already", l.n, id)
		}
		vus[l.tete+id], vus[id] = true, true
		l.verifierForme(t)
		tests, _ := l.tests()
		for _, s := range formeSpan.FindAllStringSubmatch(tests, -1) {
			d.verifier(t, l, s[1])
			if s[1] == "api.TestCorpus" && l.tete == "N°" && !numeros[id] {
				t.Errorf("line %d: no bad input %s in api/testdata/corpus.jsonl", l.n, id)
			}
			vus[s[1]] = true
		}
		for _, s := range formeSpan.FindAllStringSubmatch(l.cellules[2], -1) {
			if formeRoute.MatchString(s[1]) && !routes[s[1]] {
				t.Errorf("line %d: no route %s in api/openapi.yaml, no such page in web", l.n, s[1])
			}
		}
	}
	verifierComplete(t, vus, numeros)
}

// verifierForme checks how a row is written: its id, its état, and that what is
// done is proven.
func (l ligneCouverture) verifierForme(t *testing.T) {
	t.Helper()
	id := l.cellules[0]
	tests, etat := l.tests()
	switch l.tete {
	case "Id":
		if !formeID.MatchString(id) {
			t.Errorf("line %d: « %s » is not an id of the specification", l.n, id)
		}
	case "Règle", "Menace":
		if !formeRegle.MatchString(id) {
			t.Errorf("line %d: « %s » is not a rule of the specification", l.n, id)
		}
	case "Invariant":
		if !slices.Contains(strings.Fields(invariantsVerifies), id) {
			t.Errorf("line %d: « %s » is not an invariant that verify recomputes", l.n, id)
		}
	case "N°":
		if n, err := strconv.Atoi(id); err != nil || n < 1 || n > 118 {
			t.Errorf("line %d: « %s » is not a number of the catalogue of bad inputs", l.n, id)
		}
	}
	if !formeEtat.MatchString(etat) {
		t.Errorf("line %d: état « %s », want « fait », « en partie : … » or « autre ticket »", l.n, etat)
	}
	if etat == "fait" && !strings.Contains(tests, "`") {
		t.Errorf("line %d: %s is said to be done and no test proves it", l.n, id)
	}
}

// verifierComplete checks that nothing is left out: each transition of the
// lifecycle, each number of domain.md that is ours, each scenario, each bad input
// of the corpus and each invariant has its row.
func verifierComplete(t *testing.T, vus, numeros map[string]bool) {
	t.Helper()
	doivent := strings.Fields(invariantsVerifies)
	for prefixe, n := range map[string]int{"T": 29, "F": 9, "R": 7, "C": 18, "compte C": 22, "AT-": 10} {
		for i := range n {
			doivent = append(doivent, fmt.Sprintf("%s%02d", prefixe, i+1))
		}
	}
	for _, t := range opco.ParcoursCompte() {
		if codeCompte.MatchString(t.Code) {
			doivent = append(doivent, "compte "+t.Code)
		}
	}
	for _, x := range [][2]int{{14, 16}, {20, 43}, {50, 66}, {70, 83}} { // the numbers of accounts, login and portal
		for i := x[0]; i <= x[1]; i++ {
			doivent = append(doivent, fmt.Sprintf("MA-%02d", i))
		}
	}
	for i := range 9 {
		doivent = append(doivent, fmt.Sprintf("règle %d", i+1))
	}
	doivent = append(doivent, "AK-01", "AK-02", "AK-06", "AK-08", "AK-10", "AK-54")
	for _, tr := range opco.Parcours() {
		for _, vers := range append(slices.Clone(tr.Vers), opco.EtatNouveau) {
			if c := tr.CodeVers(vers); codeEtape.MatchString(c) {
				doivent = append(doivent, c)
			}
		}
	}
	for n := range numeros {
		doivent = append(doivent, n)
	}
	fichiers, err := filepath.Glob("../scenarios/*.yaml")
	if err != nil || len(fichiers) == 0 {
		t.Fatalf("no scenario (%v)", err)
	}
	for _, f := range fichiers {
		doivent = append(doivent, "scenarios/"+filepath.Base(f))
	}
	slices.Sort(doivent)
	for _, x := range slices.Compact(doivent) {
		if !vus[x] {
			t.Errorf("docs/couverture.md says nothing of %s", x)
		}
	}
}

// depotTests knows the tests of each package: the strings of the file that holds
// each function, among which are the names of its cases.
type depotTests struct {
	noms map[string]map[string][]string // package → test → strings
}

// verifier checks that a test, with its case, or a scenario exists.
func (d depotTests) verifier(t *testing.T, l ligneCouverture, nom string) {
	t.Helper()
	if strings.HasPrefix(nom, "scenarios/") {
		if _, err := os.Stat("../" + nom); err != nil || !strings.HasSuffix(nom, ".yaml") {
			t.Errorf("line %d: no scenario %s", l.n, nom)
		}
		return
	}
	m := formeTest.FindStringSubmatch(nom)
	if m == nil {
		t.Errorf("line %d: « %s » is neither a test nor a scenario", l.n, nom)
		return
	}
	chaines, ok := d.paquet(t, m[1])[m[2]]
	if !ok {
		t.Errorf("line %d: package %s has no test %s", l.n, m[1], m[2])
		return
	}
	if m[3] != "" && !slices.Contains(chaines, m[3]) {
		t.Errorf("line %d: %s.%s has no case « %s »", l.n, m[1], m[2], m[3])
	}
}

// paquet reads the test files of a package once.
func (d depotTests) paquet(t *testing.T, nom string) map[string][]string {
	t.Helper()
	if p, ok := d.noms[nom]; ok {
		return p
	}
	p := map[string][]string{}
	d.noms[nom] = p
	fichiers, err := filepath.Glob("../" + nom + "/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, chemin := range fichiers {
		f, err := parser.ParseFile(token.NewFileSet(), chemin, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		var chaines []string
		ast.Inspect(f, func(n ast.Node) bool {
			if b, ok := n.(*ast.BasicLit); ok && b.Kind == token.STRING {
				if s, err := strconv.Unquote(b.Value); err == nil {
					chaines = append(chaines, s)
				}
			}
			return true
		})
		for _, decl := range f.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil {
				p[fn.Name.Name] = chaines
			}
		}
	}
	return p
}

// routesServies lists the operations of api/openapi.yaml as « GET /api/… », and the
// pages as « GET /… ».
func routesServies(t *testing.T) map[string]bool {
	t.Helper()
	b, err := os.ReadFile("../api/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, chemins, ok := strings.Cut(string(b), "\npaths:\n")
	if !ok {
		t.Fatal("api/openapi.yaml has no paths")
	}
	chemins, _, _ = strings.Cut(chemins, "\ncomponents:\n")
	routes, chemin := map[string]bool{}, ""
	for _, l := range strings.Split(chemins, "\n") {
		if strings.HasPrefix(l, "  /") {
			chemin = strings.TrimSuffix(strings.TrimSpace(l), ":")
		}
		switch m := strings.TrimSuffix(l, ":"); m {
		case "    get", "    post", "    put", "    delete", "    patch":
			routes[strings.ToUpper(strings.TrimSpace(m))+" "+chemin] = true
		}
	}
	if len(routes) < 50 {
		t.Fatalf("only %d routes read in api/openapi.yaml", len(routes))
	}
	fichiers, err := filepath.Glob("../web/routes*.go")
	if err != nil || len(fichiers) == 0 {
		t.Fatalf("no page (%v)", err)
	}
	for _, f := range fichiers {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		texte := string(b)
		for _, m := range adressePage.FindAllStringSubmatch(texte, -1) { // an address that has a name: "GET " + routeX + "/y"
			texte = strings.NewReplacer(`" + `+m[1]+` + "`, m[2], `" + `+m[1]+`:`, m[2]+`":`).Replace(texte)
		}
		for _, m := range formePage.FindAllStringSubmatch(texte, -1) {
			routes[parametrePage.ReplaceAllString(m[1], "{$1}")] = true
		}
	}
	return routes
}

// numerosCorpus lists the numbers of the bad inputs of api/testdata/corpus.jsonl.
func numerosCorpus(t *testing.T) map[string]bool {
	t.Helper()
	b, err := os.ReadFile("../api/testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	numeros := map[string]bool{}
	for _, l := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		var c struct {
			ID int `json:"id"`
		}
		if err := json.Unmarshal([]byte(l), &c); err != nil {
			t.Fatal(err)
		}
		numeros[strconv.Itoa(c.ID)] = true
	}
	return numeros
}
