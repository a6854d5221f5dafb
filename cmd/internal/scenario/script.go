package scenario

import (
	"io/fs"

	"go.yaml.in/yaml/v3"
)

// Script is one scenario file. Debut is played first by the main path and by
// each variant, each time on organisations of its own.
type Script struct {
	Nom       string    `yaml:"nom"`
	Reference string    `yaml:"reference"`
	Resume    string    `yaml:"resume"`
	MiseEnPl  Setup     `yaml:"mise_en_place"`
	Debut     []Step    `yaml:"debut"`
	Etapes    []Step    `yaml:"etapes"`
	Variantes []Variant `yaml:"variantes"`
	Rejouer   Texts     `yaml:"rejouer"`  // other files to play again under faults
	Coupures  *Cuts     `yaml:"coupures"` // the faults
	Alias     yaml.Node `yaml:"alias"`    // a place for YAML anchors, not read

	File  string `yaml:"-"`
	files fs.FS  // where Rejouer finds its files
}

// Variant is another end of the same scenario. Its MiseEnPl adds to the file's.
type Variant struct {
	Nom      string `yaml:"nom"`
	MiseEnPl Setup  `yaml:"mise_en_place"`
	Etapes   []Step `yaml:"etapes"`
}

// Setup is what must exist before the first step.
type Setup struct {
	Entreprises  map[string]*OrgChange `yaml:"entreprises"`
	Organismes   map[string]*OrgChange `yaml:"organismes"`
	Utilisateurs map[string]*UserSet   `yaml:"utilisateurs"`
	Personnes    map[string]*PersonSet `yaml:"personnes"`
	Enveloppes   []EnvelopeSet         `yaml:"enveloppes"`
	Parametres   map[string]yaml.Node  `yaml:"parametres"`
	Bareme       string                `yaml:"bareme"`
}

// OrgChange is what an organisation has otherwise than in the data set.
type OrgChange struct {
	Nom           *string      `yaml:"nom"`
	IDCC          *string      `yaml:"idcc"`
	Effectif      *int         `yaml:"effectif"`
	AJour         *YesNo       `yaml:"a_jour"`
	Adherente     *YesNo       `yaml:"adherente"`
	AlsaceMoselle *YesNo       `yaml:"alsace_moselle"`
	TVA           *YesNo       `yaml:"tva"`
	Suspendu      *YesNo       `yaml:"suspendu"`
	NDAActive     *YesNo       `yaml:"nda_active"`
	Subrogation   *YesNo       `yaml:"subrogation_autorisee"`
	SansIBAN      YesNo        `yaml:"sans_iban"`
	SansCourriel  YesNo        `yaml:"sans_courriel"`
	SansCompte    YesNo        `yaml:"sans_compte"`
	Code          string       `yaml:"code"` // short name that the OPCO gives to an organisme
	Qualiopi      *[]Certified `yaml:"qualiopi"`
}

// Certified is one Qualiopi certificate.
type Certified struct {
	Nature string `yaml:"nature"`
	Du     Day    `yaml:"du"`
	Au     Day    `yaml:"au"`
}

// UserSet is one more account. Personne names the account whose holder also
// holds this one.
type UserSet struct {
	Role     string `yaml:"role"`
	Nom      string `yaml:"nom"`
	Prenom   string `yaml:"prenom"`
	Personne string `yaml:"personne"`
	De       Texts  `yaml:"de"` // organisations it acts for
}

// PersonSet is somebody who has no account when the scenario starts.
type PersonSet struct {
	Civilite   string `yaml:"civilite"` // Mme unless told
	Nom        string `yaml:"nom"`
	Prenom     string `yaml:"prenom"`
	Fonction   string `yaml:"fonction"`
	Telephone  string `yaml:"telephone"`
	NeLe       Day    `yaml:"ne_le"`
	MotDePasse string `yaml:"mot_de_passe"` // the one they will choose; a long one unless told
}

// EnvelopeSet is an envelope that exists from the start.
type EnvelopeSet struct {
	Entreprise string `yaml:"entreprise"`
	Annee      int    `yaml:"annee"`
	Fonds      string `yaml:"fonds"`
	Ordre      int    `yaml:"ordre"`
	Libelle    string `yaml:"libelle"`
	Dotation   Amount `yaml:"dotation"`
}

// Step is one line of a scenario: one key, whose content Body holds.
type Step struct {
	Kind string
	Body any
	node *yaml.Node
}

// Cuts orders which parts of the stack are killed, and how many times.
type Cuts struct {
	Parties Texts `yaml:"parties"`
	Moments int   `yaml:"moments"`
}

// Clock moves business time.
type Clock struct{ At Instant }

// UnmarshalYAML reads the instant that the step carries.
func (c *Clock) UnmarshalYAML(n *yaml.Node) error { return n.Decode(&c.At) }

// Wait waits until nothing is pending.
type Wait struct{ What string }

// UnmarshalYAML reads what to wait for.
func (w *Wait) UnmarshalYAML(n *yaml.Node) error {
	w.What = n.Value
	if w.What != "calme" {
		return fault(n, "« attendre » ne connaît que : calme.")
	}
	return nil
}

// Kill stops a part of the stack with SIGKILL and starts it again, once the steps
// of Pendant are played when there are some.
type Kill struct {
	Partie  string `yaml:"partie"`
	Apres   string `yaml:"apres"` // how long it stays down, 500ms by default
	Pendant []Step `yaml:"pendant"`
}

// Together plays actes at the same instant.
type Together struct {
	Actes        []Act  `yaml:"actes"`
	Appliques    *int   `yaml:"appliques"`
	Refuses      *int   `yaml:"refuses"`
	Code         string `yaml:"code"`
	Phrase       Texts  `yaml:"phrase"`
	NommeGagnant YesNo  `yaml:"nomme_gagnant"` // the refusals name who was first
}

// Repeat plays steps many times, each time on organisations of its own.
type Repeat struct {
	Fois   int    `yaml:"fois"`
	Etapes []Step `yaml:"etapes"`
}

// Change is what the OPCO learns of organisations on the way: a certificate
// renewed, an activity suspended.
type Change map[string]*OrgChange

// Outage makes the mail server fail, or mends it.
type Outage struct {
	Mode string `yaml:"mode"`
	Pour string `yaml:"pour"` // an organisation, "" for every address
}

// Bank makes the bank answer the file of a lot.
type Bank struct {
	Lot       string            `yaml:"lot"`
	Repond    string            `yaml:"repond"`    // accepte, muette
	Rejette   map[string]string `yaml:"rejette"`   // organisation → ISO reason
	Retourne  map[string]string `yaml:"retourne"`  // organisation → ISO reason, after execution
	Reimporte YesNo             `yaml:"reimporte"` // the last files again: nothing may change
}
