package web

// The tones of the pages, and what each one says. A tone always stands with an
// icon and a word.
const (
	Gris  = "gris"  // nothing is awaited
	Bleu  = "bleu"  // the OPCO works
	Ambre = "ambre" // somebody must supply something
	Vert  = "vert"  // acquired
	Rouge = "rouge" // refused or blocked
	Prune = "prune" // a second pair of eyes
)

// iconeTon is the icon of a notice that has no better one.
var iconeTon = map[string]string{
	Gris: "info", Bleu: "info", Ambre: "triangle-alert", Vert: "circle-check", Rouge: "circle-alert", Prune: "eye",
}
