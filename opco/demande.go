package opco

// Nature is the kind of action (L6313-1): what Qualiopi is held for.
type Nature string

// The natures of action that an AF dossier may carry.
const (
	NatureFormation Nature = "FORMATION"
	NatureBilan     Nature = "BILAN"
	NatureVAE       Nature = "VAE"
	NatureAFEST     Nature = "AFEST"
)

// Natures lists the natures of action.
func Natures() []Nature { return []Nature{NatureFormation, NatureBilan, NatureVAE, NatureAFEST} }

// Demande is what a company asks for: the content of the four-step wizard
// (AK-17 to AK-38). Amounts are in cents, durations in minutes.
type Demande struct {
	Etablissement   SIRET            `json:"etablissement"`
	Interne         bool             `json:"interne"` // formation interne: no organisme (AK-19)
	Organisme       OrganismeDemande `json:"organisme"`
	Subrogation     bool             `json:"subrogation"`         // paiement direct à l'organisme (AK-23)
	Rembourse       bool             `json:"rembourse,omitempty"` // said: the company pays and is reimbursed (AK-23)
	Intitule        string           `json:"intitule"`
	Nature          Nature           `json:"nature"`
	CodeCPF         string           `json:"code_cpf,omitempty"`
	Duree           Minutes          `json:"duree"`
	Debut           Date             `json:"debut"`
	Fin             Date             `json:"fin"`
	Lignes          []LigneDemandee  `json:"lignes"`
	Stagiaires      []Stagiaire      `json:"stagiaires"`
	Modules         []Module         `json:"modules,omitempty"`
	Echelonnement   bool             `json:"echelonnement,omitempty"` // paid in several periods (T28)
	Commentaire     string           `json:"commentaire,omitempty"`
	ReferenceClient string           `json:"reference_client,omitempty"`
}

// TypeOrganisme is the kind of a training provider, as the company names it (AK-22).
// No rule depends on it.
type TypeOrganisme string

// The kinds of training provider.
const (
	OrganismeFormation   TypeOrganisme = "ORGANISME"
	OrganismeCFA         TypeOrganisme = "CFA"
	OrganismeEcole       TypeOrganisme = "ETABLISSEMENT"
	OrganismeIndependant TypeOrganisme = "INDEPENDANT"
)

var libellesTypeOrganisme = map[TypeOrganisme]string{
	OrganismeFormation: "Organisme de formation", OrganismeCFA: "Centre de formation d’apprentis",
	OrganismeEcole: "École, université ou lycée", OrganismeIndependant: "Formateur indépendant",
}

// TypesOrganisme lists the kinds of training provider.
func TypesOrganisme() []TypeOrganisme {
	return []TypeOrganisme{OrganismeFormation, OrganismeCFA, OrganismeEcole, OrganismeIndependant}
}

// Libelle names the kind for a reader.
func (t TypeOrganisme) Libelle() string { return libellesTypeOrganisme[t] }

var libellesNature = map[Nature]string{NatureFormation: "Action de formation", NatureBilan: "Bilan de compétences",
	NatureVAE: "Validation des acquis (VAE)", NatureAFEST: "Formation en situation de travail (AFEST)"}

// Libelle names the nature for a reader.
func (n Nature) Libelle() string { return libellesNature[n] }

// OrganismeDemande is the training provider as the company names it (AK-21 to
// AK-27). It is checked against the OPCO's own register at instruction.
type OrganismeDemande struct {
	SIRET      SIRET         `json:"siret,omitempty"`
	Nom        string        `json:"nom,omitempty"`
	Type       TypeOrganisme `json:"type,omitempty"` // AK-22
	NDA        NDA           `json:"nda,omitempty"`
	Adresse    string        `json:"adresse,omitempty"`
	CodePostal string        `json:"code_postal,omitempty"`
	Ville      string        `json:"ville,omitempty"`
	Contact    string        `json:"contact,omitempty"`
	Telephone  string        `json:"telephone,omitempty"`
	Email      Email         `json:"email,omitempty"`
}

// Module is a module complémentaire (AK-28): it adds its hours and its cost.
type Module struct {
	Intitule string  `json:"intitule"`
	Duree    Minutes `json:"duree"`
	Montant  Montant `json:"montant"`
}

// Stagiaire is one trained person and what is asked for them. Peda and
// Transport are this person's share of the cost lines; a null Peda everywhere
// means the line is shared by hours (domain.md 5 bis, Amounts).
type Stagiaire struct {
	ID             string  `json:"id"`
	Nom            string  `json:"nom"`
	Prenom         string  `json:"prenom"`
	NeLe           Date    `json:"ne_le,omitempty"`
	Heures         Minutes `json:"heures"`
	SalaireHoraire Montant `json:"salaire_horaire,omitempty"` // loaded hourly wage (AK-48)
	Repas          int     `json:"repas,omitempty"`
	Nuits          int     `json:"nuits,omitempty"`
	Peda           Montant `json:"peda,omitempty"`
	Transport      Montant `json:"transport,omitempty"`
	Retire         bool    `json:"retire,omitempty"`
}

// Total returns the sum asked for over the cost lines.
func (d Demande) Total() Montant {
	var t Montant
	for _, l := range d.Lignes {
		t += l.Montant
	}
	return t
}

// Montant returns what is asked for on line l, 0 when the line is absent.
func (d Demande) Montant(l Ligne) Montant {
	for _, x := range d.Lignes {
		if x.Ligne == l {
			return x.Montant
		}
	}
	return 0
}

// Presents returns the stagiaires who were not withdrawn.
func (d Demande) Presents() []Stagiaire {
	var p []Stagiaire
	for _, s := range d.Stagiaires {
		if !s.Retire {
			p = append(p, s)
		}
	}
	return p
}
