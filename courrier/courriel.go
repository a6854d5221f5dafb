package courrier

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

//go:embed modeles/courriel.css
var styleCourriel string

//go:embed modeles/lettre.css
var styleLettre string

//go:embed modeles/blocs.gohtml
var modeleBlocs string

//go:embed modeles/courriel.gohtml
var modeleCourriel string

//go:embed modeles/lettre.gohtml
var modeleLettre string

var (
	pageCourriel = gabarit("courriel", modeleCourriel)
	pageLettre   = gabarit("lettre", modeleLettre)
)

// gabarit parses a page with the blocks that pages share.
func gabarit(nom, texte string) *template.Template {
	fonctions := template.FuncMap{"t": composer, "cellules": cellules, "lignes": lignes, "minuscule": minuscule}
	return template.Must(template.Must(template.New(nom).Funcs(fonctions).Parse(modeleBlocs)).Parse(texte))
}

// contenu is what a mail says, before it is text or HTML.
type contenu struct {
	Maison     Maison
	Titre      string
	Numero     string // of the dossier
	Propos     string // what the mail is about, when it is no dossier
	Appel      string
	Blocs      []Bloc
	Action     string // the button; none when ""
	Lien       string
	Suite      []Bloc // after the button
	Signataire Signataire
	Pied       string // rappelSecurite when ""
}

// Style is the style sheet of the page.
func (contenu) Style() template.CSS { return template.CSS(styleCourriel) }

func (c contenu) html() (string, error) {
	var b bytes.Buffer
	if err := pageCourriel.ExecuteTemplate(&b, "courriel", c); err != nil {
		return "", fmt.Errorf("writing the HTML of the mail « %s »: %w", c.Titre, err)
	}
	return b.String(), nil
}

// Tete is the line above the title: who writes, about what.
func (c contenu) Tete() string {
	propos := c.Propos
	if c.Numero != "" {
		propos = "dossier " + c.Numero
	}
	return joindre(" · ", c.Maison.Nom, propos)
}

// rappelSecurite ends every mail about a dossier.
const rappelSecurite = "Vous recevez ce message parce que vous suivez ce dossier. " +
	"Nous ne demandons jamais votre mot de passe ni votre RIB par e-mail."

// Rappel is the sentence at the foot of the mail.
func (c contenu) Rappel() string { return cmp.Or(c.Pied, rappelSecurite) }

// texte writes the mail for readers who have no HTML.
func (c contenu) texte() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n%s\n\n%s\n", c.Tete(), c.Titre, c.Appel)
	c.blocs(&b, c.Blocs)
	if c.Action != "" {
		fmt.Fprintf(&b, "\n%s : %s\n", c.Action, c.Lien)
	}
	c.blocs(&b, c.Suite)
	if c.Signataire.Nom != "" {
		fmt.Fprintf(&b, "\n%s, %s\n", c.Signataire.Nom, minuscule(c.Signataire.Fonction))
	}
	if c.Signataire.Telephone != "" {
		b.WriteString(c.Signataire.Telephone + "\n")
	}
	return composer(b.String() + "\n-- \n" + c.Rappel() + "\n")
}

func (contenu) blocs(b *strings.Builder, blocs []Bloc) {
	for _, bloc := range blocs {
		b.WriteString("\n" + enTexte(bloc) + "\n")
	}
}

func enTexte(bloc Bloc) string {
	switch x := bloc.(type) {
	case Paragraphe:
		return x.Fort + x.Texte
	case Encadre:
		return "> " + strings.ReplaceAll(x.Fort+x.Texte, "\n", "\n> ")
	case Code:
		return x.Nom + " : " + x.Valeur
	case Intertitre:
		return strings.ToUpper(x.Texte)
	case Liste:
		l := make([]string, len(x.Points))
		for i, p := range x.Points {
			l[i] = "- " + p.Fort + p.Texte
			if x.Numerotee {
				l[i] = strconv.Itoa(i+1) + ". " + p.Fort + p.Texte
			}
		}
		return strings.Join(l, "\n")
	case Tableau:
		return x.enTexte()
	}
	return ""
}

// enTexte writes one line per row: « - Repas : demandé 54,00 €, accordé 51,00 € ».
func (t Tableau) enTexte() string {
	b := []string{t.Titre + " :"}
	lignes := t.Lignes
	if len(t.Total) > 0 {
		lignes = append(lignes[:len(lignes):len(lignes)], t.Total)
	}
	for _, l := range lignes {
		var parts []string
		for i, cellule := range l {
			if i > 0 && cellule != "" {
				if !t.Colonnes[i].Parle {
					cellule = t.Colonnes[i].Nom + " " + cellule
				}
				parts = append(parts, minuscule(cellule))
			}
		}
		b = append(b, "- "+l[0]+" : "+strings.Join(parts, ", "))
	}
	return strings.Join(b, "\n")
}

// cellule is one cell of a table with what its column says of it.
type cellule struct {
	Colonne
	Texte string
}

// cellules pairs the cells of a row with their columns.
func cellules(t Tableau, ligne []string) []cellule {
	c := make([]cellule, 0, len(ligne))
	for i := range min(len(ligne), len(t.Colonnes)) {
		c = append(c, cellule{t.Colonnes[i], ligne[i]})
	}
	return c
}

// lignes splits a text at its line breaks.
func lignes(s string) []string { return strings.Split(composer(s), "\n") }
