package opco

// Ligne is one of the nine cost lines of a demande (AK-33, domain.md 3.7 bis).
type Ligne string

// The nine cost lines, in the order of AK-33, which is also the order in which
// an annual cap takes from them, from the last.
const (
	LignePeda         Ligne = "PEDA"
	LigneRemuneration Ligne = "REMUNERATION"
	LigneHebergement  Ligne = "HEBERGEMENT"
	LigneRepas        Ligne = "REPAS"
	LigneTransport    Ligne = "TRANSPORT"
	LigneTuteur       Ligne = "TUTEUR"
	LigneAllocation   Ligne = "ALLOCATION"
	LigneDivers       Ligne = "DIVERS"
	LigneIngenierie   Ligne = "INGENIERIE"
)

var libellesLigne = map[Ligne]string{
	LignePeda: "Coûts pédagogiques", LigneRemuneration: "Rémunération", LigneHebergement: "Hébergement",
	LigneRepas: "Repas", LigneTransport: "Transport", LigneTuteur: "Formation du tuteur",
	LigneAllocation: "Allocation de formation", LigneDivers: "Divers", LigneIngenierie: "Frais d’ingénierie",
}

// Lignes lists the cost lines in the order of AK-33.
func Lignes() []Ligne {
	return []Ligne{LignePeda, LigneRemuneration, LigneHebergement, LigneRepas, LigneTransport, LigneTuteur,
		LigneAllocation, LigneDivers, LigneIngenierie}
}

// Libelle names the line for a reader.
func (l Ligne) Libelle() string { return libellesLigne[l] }

// LigneDemandee is what the company asks for on one cost line, HT except for
// lodging and transport, which are TTC (AK-50).
type LigneDemandee struct {
	Ligne   Ligne   `json:"ligne"`
	Montant Montant `json:"montant"`
	Detail  string  `json:"detail,omitempty"` // what DIVERS is (AK-51)
}

// LigneImposee is a line that the GES grants otherwise than the barème does.
type LigneImposee struct {
	Ligne   Ligne   `json:"ligne"`
	Accorde Montant `json:"accorde"`
	Motif   Motif   `json:"motif"`
}
