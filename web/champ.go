package web

import (
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
)

// Saisie is one field of a form. Type is an HTML input type, "select" or
// "textarea"; "" is a line of text.
type Saisie struct {
	Nom, Label, Type, Aide string
	Valeur, Erreur         string
	Autocomplete           string
	Clavier                string // inputmode
	Facultatif             bool
	Selon                  bool     // needed in one case only: neither asked by the browser nor said optional
	Options                []Option // of a select
	Max                    int      // characters; 0: no limit said
	Suite                  templ.Component
}

// Option is one choice of a list.
type Option struct{ Valeur, Texte string }

// ID is the address of a field in its page.
func ID(champ string) string { return "champ-" + champ }

func (s Saisie) decrit() string {
	var ids []string
	if s.Aide != "" {
		ids = append(ids, ID(s.Nom)+"-aide")
	}
	if s.Erreur != "" {
		ids = append(ids, ID(s.Nom)+"-faute")
	}
	return strings.Join(ids, " ")
}

// attributs are those that an input, a select and a textarea share.
func (s Saisie) attributs() templ.Attributes {
	a := templ.Attributes{"id": ID(s.Nom), "name": s.Nom, "required": !s.Facultatif}
	if d := s.decrit(); d != "" {
		a["aria-describedby"] = d
	}
	if s.Erreur != "" {
		a["aria-invalid"] = "true"
	}
	if s.Autocomplete != "" {
		a["autocomplete"] = s.Autocomplete
	}
	if s.Clavier != "" {
		a["inputmode"] = s.Clavier
	}
	if s.Max > 0 {
		a["maxlength"] = strconv.Itoa(s.Max)
	}
	return a
}

func (s Saisie) type_() string {
	if s.Type == "" {
		return "text"
	}
	return s.Type
}

// Case is a box to tick, or one choice among several.
type Case struct {
	Nom, Valeur, Texte, Aide string
	Erreur                   string
	Unique                   bool // a radio button
	Cochee, Carte            bool
	Requise                  bool
	Suite                    templ.Component // what follows the text, a link for instance
}

func (c Case) id() string {
	if c.Valeur == "" || c.Valeur == "oui" {
		return ID(c.Nom)
	}
	return ID(c.Nom) + "-" + c.Valeur
}

func (c Case) attributs() templ.Attributes {
	a := templ.Attributes{"id": c.id(), "name": c.Nom, "value": c.Valeur, "type": "checkbox", "checked": c.Cochee, "required": c.Requise}
	if c.Unique {
		a["type"] = "radio"
	}
	if c.Erreur != "" {
		a["aria-invalid"], a["aria-describedby"] = "true", ID(c.Nom)+"-faute"
	}
	return a
}

// Acte is a button: it submits, opens a dialog, or leads somewhere.
type Acte struct {
	Texte, Icone, Touche string
	Genre                string // "principal", "danger", "discret", "petit", or "" ; several apart by a space
	URL                  string // a link instead of a button
	Nom, Valeur          string // of a submit button
	Ouvre                string // the id of the dialog that it opens
	Ferme                string // the id of the dialog that it closes
	Formulaire           string // the id of the form that it sends, when it stands outside
	SansVerifier         bool   // sends without asking the browser to check the fields
	Inerte               bool   // needs an explanation beside it
}

func (a Acte) attributs() templ.Attributes {
	m := templ.Attributes{"type": "submit", "disabled": a.Inerte, "formnovalidate": a.SansVerifier}
	poser := func(cle, v string) {
		if v != "" {
			m[cle] = v
		}
	}
	poser("name", a.Nom)
	poser("value", a.Valeur)
	poser("form", a.Formulaire)
	poser("aria-keyshortcuts", a.Touche)
	return m
}

// adresse is where a button leads that is a link: a dialog has an address in its page,
// which shows it to a browser that runs no script, and leaving it hides it again.
func (a Acte) adresse() string {
	switch {
	case a.Ouvre != "":
		return "#" + a.Ouvre
	case a.Ferme != "":
		return "#contenu"
	}
	return a.URL
}

// ton gives data-ton to a button that warns.
func (a Acte) ton() string {
	if strings.Contains(a.Genre, "danger") {
		return "rouge"
	}
	return ""
}

// resumeDit heads what is wrong: points to correct, or an acte that could not be
// done, when no field is at fault.
func resumeDit(fautes []Faute) string {
	if slices.ContainsFunc(fautes, func(f Faute) bool { return f.Champ != "" }) {
		return fautesDites(len(fautes))
	}
	return "Votre envoi n’a pas été enregistré"
}

// fautesDites says how many points there are to correct.
func fautesDites(n int) string {
	nombres := []string{"", "Un point", "Deux points", "Trois points", "Quatre points", "Cinq points", "Six points", "Sept points", "Huit points", "Neuf points"}
	if n < len(nombres) {
		return nombres[n] + " à corriger pour continuer"
	}
	return strconv.Itoa(n) + " points à corriger pour continuer"
}
