package api

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"

	"guichet/opco"
)

// controle checks a value against a schema of the specification, in the order of
// its keys, and gives back its normal form. A shape that no form can have (wrong
// type, unknown key) is malformed: 400, at once. A value that a person can correct
// is refused with its field and a sentence: 422, all of them together.
type controle struct {
	refus champs
}

func (k *controle) non(champ, format string, args ...any) {
	k.refus = append(k.refus, opco.Champf(champ, format, args...))
}

func (k *controle) valeur(champ string, s *openapi3.Schema, v any) (any, error) {
	if s == nil {
		return v, nil
	}
	switch {
	case s.Type.Is("object"):
		o, ok := v.(map[string]any)
		if !ok {
			return nil, malType(champ, "un objet")
		}
		return k.objet(champ, s, o)
	case s.Type.Is("array"):
		l, ok := v.([]any)
		if !ok {
			return nil, malType(champ, "une liste")
		}
		return k.liste(champ, s, l)
	case s.Type.Is("string"):
		t, ok := v.(string)
		if !ok {
			return nil, malType(champ, "un texte")
		}
		return k.texte(champ, s, t), nil
	case s.Type.Is("boolean"):
		if _, ok := v.(bool); !ok {
			return nil, malType(champ, "vrai ou faux")
		}
		return v, nil
	case s.Type.Is("integer"):
		n, ok := v.(json.Number)
		if !ok {
			return nil, malType(champ, "un nombre entier")
		}
		return k.entier(champ, s, n)
	}
	return nil, fmt.Errorf("the specification has a type that the validation does not know at %s", champ)
}

func malType(champ, attendu string) error {
	e := &erreurStatut{statut: 400, champ: champ, detail: "Le contenu n’a pas la forme attendue : il faut " + attendu + "."}
	if champ != "" {
		e.detail = "Le champ « " + champ + " » n’a pas la forme attendue : il faut " + attendu + "."
	}
	return e
}

func (k *controle) objet(champ string, s *openapi3.Schema, o map[string]any) (any, error) {
	for cle := range o {
		if p, ok := s.Properties[cle]; !ok || p.Value.ReadOnly {
			return nil, &erreurStatut{statut: 400, champ: champ, detail: "Ce contenu porte une clé inconnue ici. Les clés s’écrivent exactement comme dans la documentation."}
		}
	}
	r := make(map[string]any, len(o))
	for _, cle := range slices.Sorted(mapsKeys(s.Properties)) {
		p := s.Properties[cle].Value
		v, present := o[cle]
		if !present {
			if slices.Contains(s.Required, cle) {
				k.non(sous(champ, cle), "Ce champ est obligatoire.")
			} else if p.Default != nil {
				r[cle] = p.Default
			}
			continue
		}
		n, err := k.valeur(sous(champ, cle), p, v)
		if err != nil {
			return nil, err
		}
		r[cle] = n
	}
	return r, nil
}

func mapsKeys(m openapi3.Schemas) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func sous(champ, cle string) string {
	if champ == "" {
		return cle
	}
	return champ + "." + cle
}

func (k *controle) liste(champ string, s *openapi3.Schema, l []any) (any, error) {
	if s.MaxItems != nil && uint64(len(l)) > *s.MaxItems {
		k.non(champ, "Cette liste est trop longue : %d lignes au plus.", *s.MaxItems)
		return l, nil
	}
	if uint64(len(l)) < s.MinItems {
		k.non(champ, "Cette liste ne peut pas être vide.")
	}
	r := make([]any, len(l))
	for i, v := range l {
		n, err := k.valeur(fmt.Sprintf("%s[%d]", champ, i), s.Items.Value, v)
		if err != nil {
			return nil, err
		}
		r[i] = n
	}
	return r, nil
}

func (k *controle) texte(champ string, s *openapi3.Schema, t string) string {
	if len(s.Enum) > 0 {
		if !slices.Contains(s.Enum, any(t)) {
			k.non(champ, "Cette valeur n’est pas dans la liste.")
		}
		return t
	}
	if lire, ok := formats[s.Format]; ok && t != "" {
		n, err := lire(champ, t, longueurMax(s))
		if err != nil {
			if e, ok := err.(*opco.Error); ok { //nolint:errorlint // the readers of formats return it bare
				k.refus = append(k.refus, e)
			}
			return t
		}
		t = n
	}
	n := utf8.RuneCountInString(t)
	switch {
	case n > longueurMax(s):
		k.non(champ, "Ce texte est trop long : %d caractères au plus.", longueurMax(s))
	case s.MinLength > 1 && uint64(n) < s.MinLength:
		k.non(champ, "Ce texte est trop court : %d caractères au moins.", s.MinLength)
	case uint64(n) < s.MinLength:
		k.non(champ, "Ce champ est obligatoire.")
	}
	return t
}

func longueurMax(s *openapi3.Schema) int {
	if s.MaxLength == nil {
		return 2000
	}
	return int(*s.MaxLength)
}

var motifEntier = regexp.MustCompile(`^-?(0|[1-9][0-9]*)$`)

// entier reads a whole number, written with digits only: « 1e3 », « 1.0 » and what
// does not fit in 64 bits are malformed.
func (k *controle) entier(champ string, s *openapi3.Schema, n json.Number) (any, error) {
	if !motifEntier.MatchString(n.String()) {
		return nil, malType(champ, "un nombre entier, écrit avec des chiffres")
	}
	v, err := strconv.ParseInt(n.String(), 10, 64)
	trop := err != nil
	switch {
	case trop && strings.HasPrefix(n.String(), "-"), s.Min != nil && !trop && float64(v) < *s.Min:
		k.non(champ, "Ce nombre est trop petit : %s au moins.", borne(s.Min))
	case trop, s.Max != nil && float64(v) > *s.Max:
		k.non(champ, "Ce nombre est trop grand : %s au plus.", borne(s.Max))
	}
	return n, nil
}

func borne(b *float64) string {
	if b == nil {
		return "9223372036854775807"
	}
	return strconv.FormatFloat(*b, 'f', 0, 64)
}
