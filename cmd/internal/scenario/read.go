package scenario

import (
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Read reads one scenario file of the tree files. A mistake, an unknown word
// included, is a *FileError with its line.
func Read(files fs.FS, name string) (*Script, error) {
	b, err := fs.ReadFile(files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &FileError{File: name, Line: 1, Message: "Ce fichier n’existe pas."}
	}
	if err != nil {
		return nil, &FileError{File: name, Line: 1, Message: "Ce fichier ne peut pas être lu : " + err.Error() + "."}
	}
	s, err := parse(name, b)
	if err == nil {
		s.files = files
	}
	return s, err
}

// parse reads the content of a scenario file.
func parse(name string, content []byte) (*Script, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(content, &root); err != nil {
		return nil, inFile(name, err)
	}
	if len(root.Content) != 1 {
		return nil, &FileError{File: name, Line: 1, Message: "Ce fichier est vide."}
	}
	s := &Script{File: name}
	if err := decode(root.Content[0], s); err != nil {
		return nil, inFile(name, err)
	}
	if err := s.check(root.Content[0]); err != nil {
		return nil, inFile(name, err)
	}
	return s, nil
}

func (s *Script) check(n *yaml.Node) error {
	switch {
	case s.Nom == "":
		return fault(n, "Donnez un « nom » au scénario.")
	case s.Reference == "":
		return fault(n, "Donnez la « reference » du scénario, par exemple S01.")
	case len(s.Rejouer) > 0 && s.Coupures == nil:
		return fault(n, "« rejouer » demande des « coupures ».")
	case len(s.Debut)+len(s.Etapes)+len(s.Variantes)+len(s.Rejouer) == 0:
		return fault(n, "Ce scénario n’a aucune étape.")
	}
	for i, v := range s.Variantes {
		if v.Nom == "" {
			return fault(n, "La variante n° %d n’a pas de « nom ».", i+1)
		}
	}
	return nil
}

// kinds are the steps of the language.
var kinds = map[string]func() any{
	"horloge":           func() any { return new(Clock) },
	"attendre":          func() any { return new(Wait) },
	"acte":              func() any { return new(Act) },
	"compte":            func() any { return new(Deed) },
	"suivre":            func() any { return new(Follow) },
	"en_meme_temps":     func() any { return new(Together) },
	"repeter":           func() any { return new(Repeat) },
	"banque":            func() any { return new(Bank) },
	"changer":           func() any { return new(Change) },
	"tuer":              func() any { return new(Kill) },
	"courrier_en_panne": func() any { return new(Outage) },
	"marqueurs":         func() any { return new(Markers) },
	"requete":           func() any { return new(Call) },
	"arroser":           func() any { return new(Sprinkle) },
	"second_facteur":    func() any { return new(Factor) },
}

// checks are what « verifier » looks at, by the key that names it. The first
// that is there decides: a lettre also names its dossier.
var checks = []struct {
	key  string
	body func() any
}{
	{"marqueurs", func() any { return new(CheckMarkers) }},
	{"lettre", func() any { return new(CheckLetter) }},
	{"courriels", func() any { return new(CheckMails) }},
	{"aucun_courriel", func() any { return new(CheckNoMail) }},
	{"compte", func() any { return new(CheckAccount) }},
	{"acces", func() any { return new(CheckAccess) }},
	{"liste", func() any { return new(CheckList) }},
	{"file", func() any { return new(CheckQueue) }},
	{"session", func() any { return new(CheckLogin) }},
	{"flux", func() any { return new(CheckStream) }},
	{"enveloppe", func() any { return new(CheckEnvelope) }},
	{"lot", func() any { return new(CheckLot) }},
	{"recherche", func() any { return new(CheckSearch) }},
	{"ensemble", func() any { return new(CheckSet) }},
	{"dossier", func() any { return new(CheckDossier) }},
}

// UnmarshalYAML reads a step: one key, and its content.
func (s *Step) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.MappingNode || len(n.Content) != 2 {
		return fault(n, "Une étape est une seule clé : %s ou verifier.", strings.Join(words(kinds), ", "))
	}
	s.Kind, s.node = n.Content[0].Value, n.Content[1]
	if s.Kind == "verifier" {
		s.Body = checkBody(s.node)
		if s.Body == nil {
			return fault(n, "« verifier » regarde une de ces choses : dossier, enveloppe, courriels, aucun_courriel, lettre, lot, recherche, ensemble, compte, acces, liste, file, session, flux, marqueurs.")
		}
		return decode(s.node, s.Body)
	}
	body, ok := kinds[s.Kind]
	if !ok {
		return fault(n, "L’étape « %s » n’existe pas : %s ou verifier.", s.Kind, strings.Join(words(kinds), ", "))
	}
	s.Body = body()
	return decode(s.node, s.Body)
}

func checkBody(n *yaml.Node) any {
	for _, c := range checks {
		if child(n, c.key) != nil {
			return c.body()
		}
	}
	return nil
}

// child returns the value of a key of a mapping, nil when it is not there.
func child(n *yaml.Node, key string) *yaml.Node {
	for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// UnmarshalYAML reads an acte and remembers its line.
func (a *Act) UnmarshalYAML(n *yaml.Node) error {
	type plain Act
	if err := decode(n, (*plain)(a)); err != nil {
		return err
	}
	a.line = n.Line
	if _, ok := actes[a.Fait]; !ok {
		return fault(n, "« fait: %s » n’existe pas : %s.", a.Fait, strings.Join(words(actes), ", "))
	}
	if a.Qui == "" {
		return fault(n, "Dites « qui » fait l’acte.")
	}
	if !slices.Contains([]string{"", "applique", "refuse"}, a.Verdict) {
		return fault(n, "Un verdict est applique ou refuse.")
	}
	return nil
}

// decode reads n into v and refuses the keys that v does not know.
func decode(n *yaml.Node, v any) error {
	if err := unknown(n, reflect.TypeOf(v).Elem()); err != nil {
		return err
	}
	return n.Decode(v)
}

var unmarshaler = reflect.TypeFor[yaml.Unmarshaler]()

// unknown finds the first key under n that type t does not know. A type that
// reads itself checks itself.
func unknown(n *yaml.Node, t reflect.Type) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	for t.Kind() == reflect.Pointer && !t.Implements(unmarshaler) {
		t = t.Elem()
	}
	if t.Implements(unmarshaler) || reflect.PointerTo(t).Implements(unmarshaler) || t == reflect.TypeFor[yaml.Node]() {
		return nil
	}
	switch {
	case t.Kind() == reflect.Struct && n.Kind == yaml.MappingNode:
		return unknownKeys(n, t)
	case t.Kind() == reflect.Map && n.Kind == yaml.MappingNode:
		for i := 1; i < len(n.Content); i += 2 {
			if err := unknown(n.Content[i], t.Elem()); err != nil {
				return err
			}
		}
	case t.Kind() == reflect.Slice && n.Kind == yaml.SequenceNode:
		for _, x := range n.Content {
			if err := unknown(x, t.Elem()); err != nil {
				return err
			}
		}
	}
	return nil
}

func unknownKeys(n *yaml.Node, t reflect.Type) error {
	fields := map[string]reflect.Type{}
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && f.Tag.Get("yaml") != "-" {
			fields[f.Tag.Get("yaml")] = f.Type
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if k.Value == "<<" {
			if err := unknown(v, t); err != nil {
				return err
			}
			continue
		}
		f, ok := fields[k.Value]
		if !ok {
			return fault(k, "Le mot « %s » n’est pas connu ici. Mots possibles : %s.", k.Value, strings.Join(words(fields), ", "))
		}
		if err := unknown(v, f); err != nil {
			return err
		}
	}
	return nil
}

// words lists the keys of m in order.
func words[T any](m map[string]T) []string {
	var ws []string
	for w := range m {
		ws = append(ws, w)
	}
	slices.Sort(ws)
	return ws
}

var yamlLine = regexp.MustCompile(`line (\d+): (.*)`)

// inFile puts the name of the file on a mistake.
func inFile(name string, err error) error {
	var f *FileError
	if errors.As(err, &f) {
		return &FileError{File: name, Line: f.Line, Message: f.Message}
	}
	line, text := 1, err.Error()
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = m[2]
	}
	return &FileError{File: name, Line: line, Message: fmt.Sprintf("Cette ligne n’est pas comprise (%s).", text)}
}
