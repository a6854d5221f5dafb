package api

import (
	"fmt"
	"html/template"
	"regexp"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// objetLu is one named object of the specification on the documentation page.
type objetLu struct {
	Nom, Description string
	Champs           []champLu
}

// tableLue is one table of fields, with its caption.
type tableLue struct {
	Titre  string
	Champs []champLu
}

type champLu struct {
	Nom, Description string
	Type             typeLu
	Obligatoire      bool
}

// typeLu is a type in words; Objet is the named object it is made of, if any,
// and Valeurs are the only values it takes.
type typeLu struct {
	Mots, Objet string
	Valeurs     []string
}

// objetsLus lists the named objects, by name.
func objetsLus(spec *openapi3.T) []objetLu {
	var os []objetLu
	for _, nom := range slices.Sorted(mapsKeys(spec.Components.Schemas)) {
		x := spec.Components.Schemas[nom].Value
		if len(x.Properties) > 0 {
			os = append(os, objetLu{Nom: nom, Description: x.Description, Champs: lireChamps(x)})
		}
	}
	return os
}

// lireChamps lists the fields of an object: the required ones first.
func lireChamps(s *openapi3.Schema) []champLu {
	var requis, autres []champLu
	for _, nom := range slices.Sorted(mapsKeys(s.Properties)) {
		x := s.Properties[nom]
		if slices.Contains(s.Required, nom) {
			requis = append(requis, lireChamp(nom, x, x.Value.Description, true))
		} else {
			autres = append(autres, lireChamp(nom, x, x.Value.Description, false))
		}
	}
	return append(requis, autres...)
}

func lireChamp(nom string, ref *openapi3.SchemaRef, description string, obligatoire bool) champLu {
	return champLu{Nom: nom, Description: description, Type: lireType(ref), Obligatoire: obligatoire}
}

// typesLus names the types of the specification for a reader.
var typesLus = map[string]string{"string": "texte", "integer": "nombre entier", "boolean": "vrai ou faux", "object": "objet", "array": "liste"}

// formatsLus names the formats that a reader would not guess.
var formatsLus = map[string]string{"int32": "", "int64": "", "reference": "", "ligne": "", "nom": "", "texte": "sur plusieurs lignes",
	"date-civile": "AAAA-MM-JJ", "date-time": "instant UTC", "uuid": "UUID", "siret": "SIRET", "siren": "SIREN", "nda": "NDA",
	"telephone": "", "code-recu": "",
	"iban": "IBAN", "idcc": "IDCC", "binary": "fichier", "password": "secret"}

func lireType(ref *openapi3.SchemaRef) typeLu {
	s := ref.Value
	if s.Items != nil {
		t := lireType(s.Items)
		t.Mots = "liste : " + t.Mots
		return t
	}
	var t typeLu
	if len(s.Properties) > 0 && ref.Ref != "" {
		t.Objet = ref.Ref[strings.LastIndexByte(ref.Ref, '/')+1:]
		return t
	}
	for _, x := range s.Type.Slice() {
		t.Mots = typesLus[x]
	}
	format, connu := formatsLus[s.Format]
	if !connu {
		format = s.Format
	}
	if format != "" {
		t.Mots += " (" + format + ")"
	}
	for _, v := range s.Enum {
		if v != "" {
			t.Valeurs = append(t.Valeurs, fmt.Sprint(v))
		}
	}
	return t
}

var (
	enCode = regexp.MustCompile("`([^`]+)`")
	enGras = regexp.MustCompile(`\*\*([^*]+)\*\*`)
)

// texteLu renders the two marks that the specification uses: code and strong.
func texteLu(s string) template.HTML {
	s = template.HTMLEscapeString(s)
	s = enCode.ReplaceAllString(s, "<code>$1</code>")
	return template.HTML(enGras.ReplaceAllString(s, "<strong>$1</strong>"))
}
