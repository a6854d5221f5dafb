package web

// Epreuve is the anti-robot step of a form (MA-57): a question that anybody can
// answer, a field that only a robot fills, and the signed token that ties them to
// this form. It needs neither JavaScript nor a third party.
type Epreuve struct {
	Question string
	Jeton    string
}

// The fields of the anti-robot step, and the trap: its name looks like something
// that a robot wants to fill.
const (
	champReponse = "epreuve"
	champJeton   = "epreuve_jeton"
	champPiege   = "site_web"
)

// epreuve is the field of the answer. An answer is never kept: the question
// changes each time.
func (f Formulaire) epreuve(e Epreuve) Saisie {
	return Saisie{Nom: champReponse, Label: e.Question, Erreur: f.Faute(champReponse), Autocomplete: "off", Max: 40,
		Aide: "En chiffres ou en lettres. Cette question écarte les robots."}
}

// reponseEpreuve reads what came back of the anti-robot step.
func (f Formulaire) reponseEpreuve() ReponseEpreuve {
	return ReponseEpreuve{Jeton: f.Valeur(champJeton), Reponse: f.Valeur(champReponse), Piege: f.Valeur(champPiege)}
}
