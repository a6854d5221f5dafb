package web

// Exigence says what a password must be, in a sentence, and the length below
// which it is weak.
type Exigence struct {
	Minimum int
	Phrase  string
}

// Activation is the page where the code of the mail and a password open the
// account (MA-60 to MA-63).
type Activation struct {
	Page
	Exigence   Exigence
	Invitation bool // somebody else named this person: the texts are still to accept (C14)
	Version    string
	Epreuve    Epreuve
}

// RenvoiCode asks for a new code (C03).
type RenvoiCode struct {
	Page
	Epreuve Epreuve
}

// Termine is a page that says that something is done, and what comes next.
type Termine struct {
	Page
	Phrases []string
	Suite   Lien
	Etape   int
	Etapes  []string
}

// etapesActivation are the steps of MA-60.
var etapesActivation = []string{"Vérification de votre code", "Vous pouvez vous connecter"}
