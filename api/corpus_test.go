package api_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"guichet/api"
	"guichet/opco"
)

// cas is one line of testdata/corpus.jsonl: a bad input of the reliability
// catalogue, where it goes, and the status it must get. Statut 0 says that the
// value is good: it must never be refused as such.
type cas struct {
	ID     int    `json:"id"`
	Cas    string `json:"cas"`
	Statut int    `json:"statut"`

	Format string          `json:"format"` // every field of that format
	Type   string          `json:"type"`   // every amount (centimes) or length (minutes)
	Valeur json.RawMessage `json:"valeur"`
	Brut   string          `json:"brut"`   // the value, as written in the body
	Retire string          `json:"retire"` // a field to leave out

	Corps    *string `json:"corps"` // a whole body, on every route that takes JSON
	Octets   string  `json:"octets"`
	Repete   string  `json:"repete"`
	Fois     int     `json:"fois"`
	Mutation string  `json:"mutation"`
	Cle      string  `json:"cle"`
	Membre   string  `json:"membre"`
	Entete   string  `json:"entete"`
	Texte    string  `json:"texte"`

	Methode string `json:"methode"` // one address
	Chemin  string `json:"chemin"`
}

func lireCorpus(t *testing.T) []cas {
	t.Helper()
	b, err := os.ReadFile("testdata/corpus.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	var cs []cas
	for _, l := range bytes.Split(bytes.TrimSpace(b), []byte("\n")) {
		var c cas
		d := json.NewDecoder(bytes.NewReader(l))
		d.DisallowUnknownFields()
		if err := d.Decode(&c); err != nil {
			t.Fatalf("%s: %v", l, err)
		}
		cs = append(cs, c)
	}
	return cs
}

// porte is a route that takes a JSON body, and who may take it.
type porte struct {
	methode, chemin, compte string
	schema                  *openapi3.Schema
}

// comptes is one demo account per role.
var comptes = map[opco.Role]string{opco.RoleEntreprise: "e1", opco.RoleOrganisme: "of1", opco.RoleGestionnaire: "gestionnaire",
	opco.RoleConseiller:  "conseiller",
	opco.RoleResponsable: "responsable", opco.RoleComptable: "comptable", opco.RoleControleur: "controleur", opco.RoleOps: "ops", opco.RoleAdmin: "admin", opco.RoleAuditeur: "auditeur"}

// portes derives from the specification every route that takes JSON, and from the
// table someone who may take it.
func portes() []porte {
	var ps []porte
	for _, chemin := range slices.Sorted(maps.Keys(specification().Paths.Map())) {
		for m, op := range specification().Paths.Value(chemin).Operations() {
			if op.RequestBody == nil || op.RequestBody.Value.Content["application/json"] == nil {
				continue
			}
			p := porte{methode: m, chemin: chemin, schema: op.RequestBody.Value.Content["application/json"].Schema.Value}
			regle := api.Acces()[m+" "+chemin]
			if rs := regle.Roles; len(rs) > 0 {
				p.compte = comptes[rs[0]]
			} else if regle.Limite {
				p.compte = comptes[opco.RoleEntreprise]
			}
			ps = append(ps, p)
		}
	}
	return ps
}

// adresse names an object that does not exist.
func (p porte) adresse() string {
	id := nouvelID()
	if strings.Contains(p.chemin, "/lots/") {
		id = "LOT-" + id[:8]
	}
	return strings.NewReplacer("{id}", id, "{siren}", "999001647", "{role}", "gestionnaire", "{delegation}", nouvelID()).Replace(p.chemin)
}

// champ is one field of a body: its path as the answers write it, and its schema.
type champ struct {
	nom    string
	schema *openapi3.Schema
}

// champsDe lists the fields of a body, at every depth.
func champsDe(prefixe string, s *openapi3.Schema) []champ {
	switch {
	case s.ReadOnly:
		return nil
	case s.Type.Is("object"):
		var cs []champ
		for _, nom := range slices.Sorted(maps.Keys(s.Properties)) {
			cs = append(cs, champsDe(strings.TrimPrefix(prefixe+"."+nom, "."), s.Properties[nom].Value)...)
		}
		return cs
	case s.Type.Is("array"):
		return champsDe(prefixe+"[0]", s.Items.Value)
	}
	return []champ{{prefixe, s}}
}

func (c cas) vise(s *openapi3.Schema) bool {
	switch c.Type {
	case "centimes":
		return s.Type.Is("integer") && s.Max != nil && *s.Max == 99_999_999_999
	case "minutes":
		return s.Type.Is("integer") && s.Max != nil && *s.Max == 599_940
	}
	return c.Format != "" && s.Format == c.Format && len(s.Enum) == 0
}

// avec writes the example body with one field replaced by raw JSON.
func avec(corps any, chemin, brut string) []byte {
	const marque = "@@ICI@@"
	b, err := json.Marshal(remplacer(corps, decouper(chemin), marque))
	if err != nil {
		panic(err)
	}
	return bytes.Replace(b, []byte(`"`+marque+`"`), []byte(brut), 1)
}

func decouper(chemin string) []string {
	return strings.Split(strings.ReplaceAll(chemin, "[0]", ".0"), ".")
}

func remplacer(v any, chemin []string, par any) any {
	if len(chemin) == 0 {
		return par
	}
	switch v := v.(type) {
	case objet:
		c := maps.Clone(v)
		c[chemin[0]] = remplacer(v[chemin[0]], chemin[1:], par)
		return c
	case []any:
		return []any{remplacer(v[0], chemin[1:], par)}
	}
	return par
}

// TestCorpus runs every case on every field or route that it fits: the status, a
// sentence in French on the right field, no effect, and never an error of ours.
func TestCorpus(t *testing.T) {
	g := ouvrir(t)
	g.depose()
	essais, parCas := 0, map[string]int{}
	for _, c := range lireCorpus(t) {
		n := g.jouer(c)
		parCas[c.Cas] += n
		essais += n
	}
	for nom, n := range parCas {
		if n == 0 {
			t.Errorf("the case « %s » found no field: the corpus or the specification is wrong", nom)
		}
	}
	if essais < 1500 {
		t.Errorf("only %d trials: the derivation of fields lost some", essais)
	}
	t.Logf("%d trials", essais)
}

// jouer runs a case everywhere it fits and returns how often that was.
func (g *guichet) jouer(c cas) int {
	if c.Chemin != "" {
		r := g.appeler("gestionnaire", c.Methode, c.Chemin, nil)
		if r.statut != c.Statut {
			g.t.Errorf("%d %s: %s %.60s got %d, want %d: %.200s", c.ID, c.Cas, c.Methode, c.Chemin, r.statut, c.Statut, r.corps)
		}
		return 1
	}
	n := 0
	for _, p := range portes() {
		if c.Format != "" || c.Type != "" {
			n += g.jouerChamps(c, p)
			continue
		}
		n += g.jouerCorps(c, p)
	}
	return n
}

func (g *guichet) jouerChamps(c cas, p porte) int {
	n := 0
	modele := exemple(p.schema)
	brut := c.Brut
	if brut == "" {
		brut = string(c.Valeur)
	}
	avant := g.empreinte()
	for _, f := range champsDe("", p.schema) {
		if !c.vise(f.schema) || c.Statut == 0 && (mauvaiseTaille(f.schema, brut) || strings.HasSuffix(f.nom, "code_postal")) {
			continue // a good value too long or too short for this field, or that has a rule of its own
		}
		n++
		r := g.appeler(p.compte, p.methode, p.adresse(), avec(modele, f.nom, brut))
		g.juger(c, p, f, r)
	}
	if n > 0 && c.Statut != 0 && g.empreinte() != avant {
		g.t.Errorf("%d %s: %s %s changed something", c.ID, c.Cas, p.methode, p.chemin)
	}
	return n
}

func mauvaiseTaille(s *openapi3.Schema, brut string) bool {
	dit := strings.Trim(brut, `"`)
	if json.Unmarshal([]byte(brut), &dit) != nil {
		dit = strings.Trim(brut, `"`)
	}
	n := utf8.RuneCountInString(dit)
	return s.MaxLength != nil && n > int(*s.MaxLength) || n < int(s.MinLength)
}

// juger checks one answer to a bad (or good) value of a field.
func (g *guichet) juger(c cas, p porte, f champ, r reponse) {
	ou := fmt.Sprintf("%d %s: %s %s %s", c.ID, c.Cas, p.methode, p.chemin, f.nom)
	if r.statut >= 500 {
		g.t.Errorf("%s: got %d: %s", ou, r.statut, r.corps)
		return
	}
	if c.Statut == 0 {
		if r.statut == 422 && slices.Contains(champsRefuses(g.t, r), f.nom) && !horsPortee(f, r) || r.statut == 400 || r.statut == 415 {
			g.t.Errorf("%s: a good value is refused: %d %s", ou, r.statut, r.corps)
		}
		return
	}
	if r.statut != c.Statut {
		g.t.Errorf("%s: got %d, want %d: %.300s", ou, r.statut, c.Statut, r.corps)
		return
	}
	d := r.probleme(g.t)
	if d.Detail == "" || !strings.HasSuffix(d.Detail, ".") || strings.Contains(d.Detail, "schema") {
		g.t.Errorf("%s: not a French sentence: %q", ou, d.Detail)
	}
	if c.Statut == 422 && !slices.Contains(champsRefuses(g.t, r), f.nom) {
		g.t.Errorf("%s: the refusal names %v", ou, champsRefuses(g.t, r))
	}
}

// horsPortee tells a refusal about whose établissement it is, about a birthday, about
// an address that must be the same as another or about a day too far from another, from
// one about how it is written.
func horsPortee(f champ, r reponse) bool {
	return strings.HasSuffix(f.nom, "etablissement") && bytes.Contains(r.corps, []byte("vôtres")) ||
		strings.HasPrefix(f.nom, "droits") && bytes.Contains(r.corps, []byte("administrez pas")) ||
		strings.HasSuffix(f.nom, "ne_le") || f.nom == "email_confirme" ||
		f.nom == "au" && bytes.Contains(r.corps, []byte("dépasse un an")) ||
		strings.HasPrefix(f.nom, "sirets") && bytes.Contains(r.corps, []byte("établissement de"))
}

func champsRefuses(t *testing.T, r reponse) []string {
	p := r.probleme(t)
	noms := []string{p.Champ}
	for _, x := range p.Champs {
		noms = append(noms, x.Champ)
	}
	return noms
}

func (g *guichet) jouerCorps(c cas, p porte) int {
	corps, entetes, ok := c.corps(p)
	if !ok {
		return 0
	}
	avant := g.empreinte()
	r := g.appeler(p.compte, p.methode, p.adresse(), corps, entetes...)
	if r.statut != c.Statut {
		g.t.Errorf("%d %s: %s %s got %d, want %d: %.200s", c.ID, c.Cas, p.methode, p.chemin, r.statut, c.Statut, r.corps)
	}
	if g.empreinte() != avant {
		g.t.Errorf("%d %s: %s %s changed something", c.ID, c.Cas, p.methode, p.chemin)
	}
	return 1
}

// corps makes the body and headers of a case on a whole route; ok is false when the
// route has not what the case is about.
func (c cas) corps(p porte) (corps []byte, entetes []string, ok bool) {
	b, err := json.Marshal(exemple(p.schema))
	if err != nil {
		panic(err)
	}
	premiere := slices.Sorted(maps.Keys(p.schema.Properties))[0]
	switch {
	case c.Corps != nil:
		return []byte(*c.Corps), nil, true
	case c.Octets != "":
		b, err = hex.DecodeString(c.Octets)
		return b, nil, err == nil
	case c.Repete != "":
		return []byte(strings.Repeat(c.Repete, c.Fois)), nil, true
	case c.Mutation == "double":
		return bytes.Replace(b, []byte("{"), []byte(`{"`+premiere+`":1,`), 1), nil, true
	case c.Mutation == "casse":
		return bytes.Replace(b, []byte(`"`+premiere+`"`), []byte(`"`+strings.ToUpper(premiere[:1])+premiere[1:]+`"`), 1), nil, true
	case c.Mutation == "ajoute":
		if p.schema.Properties[c.Cle] != nil {
			return nil, nil, false
		}
		return bytes.Replace(b, []byte("{"), []byte(`{"`+c.Cle+`":`+c.Membre+`,`), 1), nil, true
	case c.Entete != "":
		return b, []string{c.Entete, c.Texte}, true
	case c.Retire != "":
		o, _ := exemple(p.schema).(objet)
		if o[c.Retire] == nil {
			return nil, nil, false
		}
		delete(o, c.Retire)
		b, err = json.Marshal(o)
		return b, nil, err == nil
	}
	return nil, nil, false
}
