package scenario

import "go.yaml.in/yaml/v3"

// Markers makes the scenario note all that is sent from now on.
type Markers struct{ What string }

// UnmarshalYAML reads what to do.
func (m *Markers) UnmarshalYAML(n *yaml.Node) error {
	m.What = n.Value
	if m.What != "ecouter" {
		return fault(n, "« marqueurs » ne connaît que : ecouter.")
	}
	return nil
}

// Call is a request as somebody who tampers with it would send it.
type Call struct {
	Qui       string            `yaml:"qui"` // "" : nobody
	Methode   string            `yaml:"methode"`
	Chemin    string            `yaml:"chemin"`
	Corps     string            `yaml:"corps"` // as it is, JSON or not
	Type      string            `yaml:"type"`  // application/json unless told
	Entetes   map[string]string `yaml:"entetes"`
	Fichier   string            `yaml:"fichier"` // name of a file, sent as a pièce
	Statut    int               `yaml:"statut"`
	Phrase    Texts             `yaml:"phrase"`
	SansEcho  YesNo             `yaml:"sans_echo"` // the answer repeats no marker
	EtSuivant YesNo             `yaml:"suivre"`    // follow the acte to its verdict
	Champs    map[string]string `yaml:"champs"`    // a form of these fields, with a new file when Fichier names one
	Attendus  map[string]string `yaml:"attendus"`  // values of the JSON answer, by path: « mois.0.montant », « reglements.nombre » for how many
	Sous      string            `yaml:"sous"`      // asks again until the answer is the one expected, that long at most: 30s
	Retient   map[string]string `yaml:"retient"`   // name → path: {name.valeur} is that value from now on
}

// Sprinkle sends, as each of Qui and as nobody, a body full of markers to every route
// of the API that is described.
type Sprinkle struct {
	Qui Texts `yaml:"qui"`
}

// Factor makes somebody enrol an application that gives codes.
type Factor struct{ Qui string }

// UnmarshalYAML reads who does it.
func (f *Factor) UnmarshalYAML(n *yaml.Node) error { return n.Decode(&f.Qui) }

// CheckMarkers looks for every marker and every secret in all that nobody is shown.
// Marqueurs is how many markers were sent at least.
type CheckMarkers struct {
	Marqueurs int     `yaml:"marqueurs"`
	Base      []Texts `yaml:"base"`      // markers that the tables must hold: planted where they belong
	Courriels Texts   `yaml:"courriels"` // markers that mails must hold
	Autres    Texts   `yaml:"autres"`    // personal data that no marker can be: a day of birth, a number
}
