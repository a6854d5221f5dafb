package courrier

import "guichet/opco"

// Lettre is the model of one letter. Both renderers read it, and neither adds a
// word of its own.
type Lettre struct {
	Maison     Maison
	SansMarque bool        // not a letter of the house: its mark is not drawn
	Adresse    []string    // the addressee, line by line
	Date       opco.Date   // day of the letter; also the date of the PDF, so that it never changes
	References []Reference // dossier, client reference, who follows it
	Objet      string      // the sentence at the top: what happens, with its amount
	Appel      string      // « Madame, »
	Corps      []Bloc
	Signataire Signataire
	Pied       string
}

// Reference is one line of the small table under the address.
type Reference struct{ Nom, Valeur string }

// Bloc is a part of a letter or of a mail. The set is closed.
type Bloc interface {
	// Genre names the block for the templates.
	Genre() string
}

// Paragraphe is a paragraph; Fort is read first and set in bold.
type Paragraphe struct{ Fort, Texte string }

// Intertitre is a title inside the letter.
type Intertitre struct{ Texte string }

// Encadre is the sentence that must not be missed: the decision.
type Encadre struct{ Fort, Texte string }

// Code is what must be read sign by sign: a code, an identifier. Mails only: a
// letter, kept for years, carries no secret.
type Code struct{ Nom, Valeur string }

// Liste is a list of short paragraphs, numbered when their order matters.
type Liste struct {
	Numerotee bool
	Points    []Paragraphe
}

// Tableau is a table with a title, a heading for each column and an optional
// total row. Each row has one cell per column; the first names the row.
type Tableau struct {
	Titre    string
	Colonnes []Colonne
	Lignes   [][]string
	Total    []string
}

// Colonne is a column: its heading, its share of the width, whether it holds
// figures, set to the right, and whether its cells speak for themselves when a
// row is read as a sentence, without the heading.
type Colonne struct {
	Nom     string
	Part    float64
	Chiffre bool
	Parle   bool
}

// Genre names the block.
func (Paragraphe) Genre() string { return "paragraphe" }

// Genre names the block.
func (Intertitre) Genre() string { return "intertitre" }

// Genre names the block.
func (Encadre) Genre() string { return "encadre" }

// Genre names the block.
func (Code) Genre() string { return "code" }

// Genre names the block.
func (Liste) Genre() string { return "liste" }

// Genre names the block.
func (Tableau) Genre() string { return "tableau" }
