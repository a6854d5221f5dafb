package opco

import "slices"

// Salarie is a person whom a company employs, as it lists them to have them trained
// (domain.md 5.5). The NIR is not asked: no action of the plan needs it.
type Salarie struct {
	ID            string  `json:"id,omitempty"`
	Nom           string  `json:"nom"`
	Prenom        string  `json:"prenom"`
	NeLe          Date    `json:"ne_le"`
	CSP           CSP     `json:"csp,omitempty"`
	Contrat       Contrat `json:"contrat,omitempty"`
	Etablissement SIRET   `json:"etablissement"`
}

// CSP is the socio-professional category of a salarié.
type CSP string

// The categories.
const (
	CSPOuvrier    CSP = "OUVRIER"
	CSPEmploye    CSP = "EMPLOYE"
	CSPTechnicien CSP = "TECHNICIEN"
	CSPCadre      CSP = "CADRE"
)

var libellesCSP = map[CSP]string{CSPOuvrier: "Ouvrier", CSPEmploye: "Employé", CSPTechnicien: "Technicien ou agent de maîtrise", CSPCadre: "Ingénieur ou cadre"}

// CSPs lists the categories.
func CSPs() []CSP { return []CSP{CSPOuvrier, CSPEmploye, CSPTechnicien, CSPCadre} }

// Libelle names the category for a reader.
func (c CSP) Libelle() string { return libellesCSP[c] }

// Contrat is the kind of contract of a salarié.
type Contrat string

// The kinds of contract.
const (
	ContratCDI            Contrat = "CDI"
	ContratCDD            Contrat = "CDD"
	ContratInterim        Contrat = "INTERIM"
	ContratApprentissage  Contrat = "APPRENTISSAGE"
	ContratProfessionnali Contrat = "PROFESSIONNALISATION"
)

var libellesContrat = map[Contrat]string{ContratCDI: "CDI", ContratCDD: "CDD", ContratInterim: "Intérim",
	ContratApprentissage: "Contrat d’apprentissage", ContratProfessionnali: "Contrat de professionnalisation"}

// Contrats lists the kinds of contract.
func Contrats() []Contrat {
	return []Contrat{ContratCDI, ContratCDD, ContratInterim, ContratApprentissage, ContratProfessionnali}
}

// Libelle names the contract for a reader.
func (c Contrat) Libelle() string { return libellesContrat[c] }

// Normalise returns s as it is stored: names composed, the date and the SIRET written
// as their parsers do. What cannot be read is left for Valider.
func (s Salarie) Normalise() Salarie {
	s.Nom, s.Prenom, s.NeLe = nomNormal(s.Nom), nomNormal(s.Prenom), luOuTel(s.NeLe, ParseDate)
	s.Etablissement = luOuTel(s.Etablissement, ParseSIRET)
	return s
}

// Cle is what two writings of one name share, accents and case apart. Two salariés of
// a company with one Cle and one birth date are one person.
func (s Salarie) Cle() string { return CleNom(s.Prenom + " " + s.Nom) }

// Stagiaire returns s as a trained person, for heures. The id is the same: a person
// picked twice is seen at once.
func (s Salarie) Stagiaire(heures Minutes) Stagiaire {
	return Stagiaire{ID: s.ID, Nom: s.Nom, Prenom: s.Prenom, NeLe: s.NeLe, Heures: heures}
}

// Valider returns what is wrong with s on the day jour, one sentence per field; nil
// when s may be kept.
func (s Salarie) Valider(jour Date) []*Error {
	v := &validation{}
	exact(v, "ne_le", s.NeLe, ParseDate)
	exact(v, "etablissement", s.Etablissement, ParseSIRET)
	if _, err := ParseNom("nom", s.Nom); err != nil {
		v.lu("nom", err)
	}
	if _, err := ParseNom("prenom", s.Prenom); err != nil {
		v.lu("prenom", err)
	}
	switch {
	case s.NeLe == "":
		v.non("ne_le", "Indiquez la date de naissance : elle distingue deux personnes de même nom.")
	case v.libre("ne_le") && s.NeLe >= jour:
		v.non("ne_le", "La date de naissance (%s) n’est pas passée.", s.NeLe.Longue())
	case v.libre("ne_le") && s.NeLe.Mois(12*ageMax) <= jour:
		v.non("ne_le", "La date de naissance (%s) donne plus de %d ans : vérifiez l’année.", s.NeLe.Longue(), ageMax)
	}
	if s.CSP != "" && !slices.Contains(CSPs(), s.CSP) {
		v.non("csp", "Cette catégorie n’existe pas : choisissez-la dans la liste.")
	}
	if s.Contrat != "" && !slices.Contains(Contrats(), s.Contrat) {
		v.non("contrat", "Ce type de contrat n’existe pas : choisissez-le dans la liste.")
	}
	if s.Etablissement == "" {
		v.non("etablissement", "Choisissez l’établissement où travaille cette personne.")
	}
	return v.errs
}
