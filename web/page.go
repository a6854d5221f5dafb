package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Page is what every page carries; the struct of a page embeds it.
type Page struct {
	Titre    string // of the tab and of the page
	Theme    string // "clair", "sombre", or "" : what the machine prefers
	Densite  string // "serre" for staff, "confort" for everybody else
	Maison   Maison
	Qui      *Qui // who is connected; nil before login
	Menu     []Rubrique
	Annonce  string   // what has just been done, said once
	Defaire  *Defaire // the way back of what has just been done
	Etroit   bool     // a work page: the menu folds to its icons
	Feuilles []string // style sheets beside the common ones
	Modules  []string // scripts beside guichet.js
	Scripts  []string // classic scripts, read before the modules: htmx and its extension
	Vif      *Direct  // what it follows while it is open; nil: nothing
	Egaree   bool     // no route answers its address: nobody was looked for
	Cherche  bool     // its reader may search
	// SansTouches says that its reader turned the keys of one letter off.
	SansTouches bool
	Formulaire
}

// Qui is the connected person, as the menu shows them.
type Qui struct {
	Nom          string // given name and name
	Fonction     string // role, or perimeter
	Perimetre    string // the company whose data are shown; "" when there is but one
	PerimetreURL string // where to choose another one
	Interne      bool   // of the staff
}

// Sigle returns the initials of the person, two at most.
func (q Qui) Sigle() string {
	mots := strings.FieldsFunc(q.Nom, unicode.IsSpace)
	if len(mots) == 0 {
		return "?"
	}
	s := premiereLettre(mots[0])
	if len(mots) > 1 {
		s += premiereLettre(mots[len(mots)-1])
	}
	return s
}

func premiereLettre(mot string) string {
	r, _ := utf8.DecodeRuneInString(mot)
	return string(unicode.ToUpper(r))
}

// Rubrique is a part of the menu, with its title.
type Rubrique struct {
	Titre   string
	Entrees []Entree
	Pliee   bool // folds under its title
	Ouverte bool // though it folds, it is shown open
}

// Entree is a line of the menu. Compte is shown when it is above 0, in Ton when
// it calls for somebody.
type Entree struct {
	Nom, URL, Icone string
	Compte          int
	Ton             string
	Courante        bool
}

// Faute is what is wrong with a field of a form, said to the person who filled it.
// Champ is "" when no field is at fault.
type Faute struct{ Champ, Message string }

// Formulaire is a form as it was sent: its values and what is wrong with them.
type Formulaire struct {
	Valeurs url.Values
	Erreurs []Faute
}

// Valeur returns what was typed in a field.
func (f Formulaire) Valeur(champ string) string { return f.Valeurs.Get(champ) }

// Faute returns what is wrong with a field, "" when nothing is.
func (f Formulaire) Faute(champ string) string {
	for _, e := range f.Erreurs {
		if e.Champ == champ {
			return e.Message
		}
	}
	return ""
}

// Coche reports whether the box valeur of a field was ticked.
func (f Formulaire) Coche(champ, valeur string) bool {
	for _, v := range f.Valeurs[champ] {
		if v == valeur {
			return true
		}
	}
	return false
}

// Saisie completes a field of the form with what was typed and what is wrong. A
// password is never sent back.
func (f Formulaire) Saisie(s Saisie) Saisie {
	if s.Type != "password" {
		s.Valeur = f.Valeur(s.Nom)
	}
	s.Erreur = f.Faute(s.Nom)
	return s
}

// titrePage is the title of the tab: what is wrong comes first, so that a screen
// reader says it at once.
func (p Page) titrePage() string {
	t := p.Titre + " · Guichet"
	if len(p.Erreurs) > 0 {
		return "À corriger : " + t
	}
	return t
}

func (p Page) densite() string {
	if p.Densite == "" {
		return "confort"
	}
	return p.Densite
}

func (p Page) classeCoquille() string {
	if p.Etroit {
		return "coquille etroit"
	}
	return "coquille"
}

// avecModule adds a script to those of the page.
func (p Page) avecModule(module string) Page {
	p.Modules = append([]string{module}, p.Modules...)
	return p
}

// vivante gives the page htmx, and the extension through which it changes while it is
// open.
func (p Page) vivante() Page {
	p.Scripts = append([]string{"htmx.js", "hx-sse.js"}, p.Scripts...)
	return p.avecModule("liste.js").avecModule("palette.js").avecModule("direct.js")
}

// avec adds a style sheet to those of the page.
func (p Page) avec(feuille string) Page {
	if slices.Contains(p.Feuilles, feuille) {
		return p
	}
	p.Feuilles = append([]string{feuille}, p.Feuilles...)
	return p
}

// nombre writes a counter of the menu: above 999 nobody counts.
func nombre(n int) string {
	if n > 999 {
		return "999+"
	}
	return strconv.Itoa(n)
}
