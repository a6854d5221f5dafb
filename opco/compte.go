package opco

import (
	"slices"
	"strings"
	"time"
)

// Origine says how an account came to be.
type Origine string

// The origins of an account.
const (
	OrigineInscription Origine = "INSCRIPTION" // the person signed up (C01)
	OrigineInvitation  Origine = "INVITATION"  // a company administrator named a colleague or an agent (C14, AK-54)
	OrigineOPCO        Origine = "OPCO"        // the OPCO opened it, with provisional credentials (C16, AT-01, AK-01)
	OrigineInterne     Origine = "INTERNE"     // staff of the OPCO, named by an administrator
	OrigineReprise     Origine = "REPRISE"     // loaded with the data of the OPCO, already active
)

// Service is what a habilitation opens (domain.md 2.9).
type Service string

// The services of the OPCO.
const (
	ServiceDossiers      Service = "DOSSIERS_FORMATION" // MA-23, MA-80
	ServiceContributions Service = "CONTRIBUTIONS"      // MA-24, MA-82
	ServicePaiements     Service = "PAIEMENTS_OF"       // MA-33, MA-81
	ServiceCertif        Service = "CERTIF_SALARIES"    // MA-78
	ServiceUtilisateurs  Service = "UTILISATEURS"       // AK-54: administers the colleagues
	ServiceLecture       Service = "LECTURE_SEULE"      // reads dossiers, does nothing
)

// Services lists the services of a profile, RoleEntreprise or RoleOrganisme, in
// the order in which they are shown.
func Services(profil Role) []Service {
	switch profil {
	case RoleEntreprise:
		return []Service{ServiceDossiers, ServiceContributions, ServiceCertif, ServiceUtilisateurs, ServiceLecture}
	case RoleOrganisme:
		return []Service{ServicePaiements, ServiceUtilisateurs, ServiceLecture}
	}
	return nil
}

// Ecrit reports whether s lets its holder act on dossiers, and not only read.
func (s Service) Ecrit() bool { return s == ServiceDossiers || s == ServicePaiements }

// Lit reports whether s lets its holder read dossiers.
func (s Service) Lit() bool { return s.Ecrit() || s == ServiceLecture }

// Compte is an account: who the person is, how they come in, and the state of
// each right. Passwords and codes are not in it, only the hashes of codes.
type Compte struct {
	ID          string  `json:"id"`
	Rang        int64   `json:"rang"`
	Etat        Etat    `json:"etat"` // one of EtatsCompte
	Origine     Origine `json:"origine"`
	Politique   string  `json:"politique"` // code of the password policy of its portal
	Identifiant string  `json:"identifiant"`
	Identite
	Personne        string         `json:"personne"` // stable id, shared by the accounts of one person
	Demandes        []BlocDemande  `json:"demandes,omitempty"`
	CGU             *Acceptation   `json:"cgu,omitempty"`
	Confidentialite *Acceptation   `json:"confidentialite,omitempty"`
	Code            *CodeEnvoye    `json:"code,omitempty"`         // proves the e-mail (MA-59)
	Provisoire      *Provisoire    `json:"provisoire,omitempty"`   // opened by the OPCO (C16)
	Reinitialise    *CodeEnvoye    `json:"reinitialise,omitempty"` // link of a lost password (C20)
	Preuves         []Preuve       `json:"preuves,omitempty"`      // evidence of C06, the newest of each question
	Habilitations   []Habilitation `json:"habilitations,omitempty"`
	Roles           []RoleAccorde  `json:"roles,omitempty"`       // staff only
	Delegations     []Delegation   `json:"delegations,omitempty"` // given by this person when away
	Liens           []LienDInteret `json:"liens,omitempty"`       // declared conflicts of interest
	Echeances       []Echeance     `json:"echeances,omitempty"`
	CreeLe          time.Time      `json:"cree_le"`
	ConfirmeLe      time.Time      `json:"confirme_le,omitzero"`
	PurgeLe         time.Time      `json:"purge_le,omitzero"` // personal data were erased
}

// Identite is what a person says of themselves (MA-50 to MA-55).
type Identite struct {
	Civilite  string `json:"civilite,omitempty"` // "M." or "Mme"
	Nom       string `json:"nom"`
	Prenom    string `json:"prenom"`
	Email     Email  `json:"email"`
	Telephone string `json:"telephone,omitempty"`
	NeLe      Date   `json:"ne_le,omitempty"`
	Fonction  string `json:"fonction,omitempty"` // AK-01
}

// NomComplet is « Prénom Nom », the name alone of an organisation, or the e-mail of
// somebody who gave no name.
func (i Identite) NomComplet() string {
	if i.Nom == "" && i.Prenom == "" {
		return string(i.Email)
	}
	return strings.TrimSpace(i.Prenom + " " + i.Nom)
}

// BlocDemande is one box of step 1 of the registration (MA-22 to MA-39), or of
// the form that adds an entity (MA-73): a profile, what proves that the person
// knows the organisation, its établissements and the services wanted there.
type BlocDemande struct {
	ID             string               `json:"id"` // "1", "2"…: which box of the account
	Profil         Role                 `json:"profil"`
	Branche        string               `json:"branche,omitempty"`       // IDCC, entreprise
	CodeAdherent   string               `json:"code_adherent,omitempty"` // entreprise
	MasseSalariale Montant              `json:"masse_salariale,omitempty"`
	NDA            NDA                  `json:"nda,omitempty"`        // organisme
	FactureHT      Montant              `json:"facture_ht,omitempty"` // organisme
	Responsable    string               `json:"responsable"`          // responsable légal
	Services       []Service            `json:"services"`
	Etablissements []EtablissementVoulu `json:"etablissements"`
	Certifie       bool                 `json:"certifie"`
	Le             time.Time            `json:"le"`
	Ouvert         bool                 `json:"ouvert"` // its advisor task exists (C07)
}

// EtablissementVoulu is one repeatable line of a BlocDemande (MA-28 to MA-31).
type EtablissementVoulu struct {
	SIRET     SIRET  `json:"siret"`
	Fonction  string `json:"fonction"`
	Telephone string `json:"telephone,omitempty"`
}

// Acceptation says which version of a text was accepted, and when.
type Acceptation struct {
	Version string    `json:"version"`
	Le      time.Time `json:"le"`
}

// CodeEnvoye is a secret that left by mail. Only its SHA-256 is kept.
type CodeEnvoye struct {
	Empreinte string      `json:"empreinte"`
	Le        time.Time   `json:"le"`
	Expire    time.Time   `json:"expire"`
	Essais    int         `json:"essais"`            // wrong tries
	Mort      bool        `json:"mort,omitempty"`    // used, replaced or tried too often
	Renvois   []time.Time `json:"renvois,omitempty"` // instants of the resends of the last hour
}

// Provisoire is the way into an account that the OPCO opened (AT-02 to AT-06).
// Nouveau is the identifier chosen at the first login: it replaces the
// provisional one when the link of the second mail is clicked.
type Provisoire struct {
	Identifiant string      `json:"identifiant"`
	Le          time.Time   `json:"le"`
	Expire      time.Time   `json:"expire"`
	Nouveau     string      `json:"nouveau,omitempty"`
	Lien        *CodeEnvoye `json:"lien,omitempty"`
	Emissions   int         `json:"emissions"`
}

// EtatHabilitation is where one right stands.
type EtatHabilitation string

// The états of a habilitation (C07 to C15). A right that was never examined is
// DEMANDEE; the advisor's task exists while it is A_VALIDER.
const (
	HabDemandee  EtatHabilitation = "DEMANDEE"
	HabAValider  EtatHabilitation = "A_VALIDER"
	HabPrecision EtatHabilitation = "PRECISION_DEMANDEE"
	HabAccordee  EtatHabilitation = "ACCORDEE"
	HabRefusee   EtatHabilitation = "REFUSEE"
	HabRetiree   EtatHabilitation = "RETIREE"
	HabSuspendue EtatHabilitation = "SUSPENDUE" // unused for a year (C15)
	HabExpiree   EtatHabilitation = "EXPIREE"   // its mandate has ended
)

// EtatsHabilitation lists the états of a habilitation.
func EtatsHabilitation() []EtatHabilitation {
	return []EtatHabilitation{HabDemandee, HabAValider, HabPrecision, HabAccordee, HabRefusee, HabRetiree, HabSuspendue, HabExpiree}
}

// Attendue reports whether the OPCO or the applicant still has something to do.
func (e EtatHabilitation) Attendue() bool {
	return e == HabDemandee || e == HabAValider || e == HabPrecision
}

// Habilitation is a right: this account, this établissement, this service. A
// mandate is one that somebody else's company gives for a time.
type Habilitation struct {
	ID         string           `json:"id"` // profil + SIRET + service: see CleHabilitation
	Profil     Role             `json:"profil"`
	SIRET      SIRET            `json:"siret"`
	Service    Service          `json:"service"`
	Etat       EtatHabilitation `json:"etat"`
	Bloc       string           `json:"bloc,omitempty"`   // the BlocDemande that asks for it
	Du         Date             `json:"du,omitempty"`     // first day, "" at once
	Au         Date             `json:"au,omitempty"`     // last day, "" no end
	Mandat     bool             `json:"mandat,omitempty"` // given to a third party
	Motif      string           `json:"motif,omitempty"`  // code of MotifsHabilitation
	Phrase     string           `json:"phrase,omitempty"` // what the applicant reads of a refusal or of a question
	Reponse    string           `json:"reponse,omitempty"`
	DemandeeLe time.Time        `json:"demandee_le,omitzero"`
	OuverteLe  time.Time        `json:"ouverte_le,omitzero"` // the advisor's task opened
	Limite     Date             `json:"limite,omitempty"`    // day promised for the answer
	DecideeLe  time.Time        `json:"decidee_le,omitzero"`
	DecideePar Acteur           `json:"decidee_par,omitzero"`
	Auto       string           `json:"auto,omitempty"`       // id of the auto-accept rule that granted it
	AvertieLe  Date             `json:"avertie_le,omitempty"` // day on which the annual review warned its holder (C15)
	Mandant    Email            `json:"mandant,omitempty"`    // of who gave it, told when it ends
	// Recue says that an organisation gave it, unasked, to somebody who had rights
	// elsewhere and none there: the espace that it opens is never entered by itself.
	Recue bool `json:"recue,omitempty"`
}

// CleHabilitation names the right of an account on an établissement.
func CleHabilitation(profil Role, siret SIRET, s Service) string {
	return string(profil) + ":" + string(siret) + ":" + string(s)
}

// Espace names what the right opens a part of: one company in one profile.
func (h Habilitation) Espace() string { return string(h.Profil) + ":" + string(h.SIRET.SIREN()) }

// Effective reports whether h opens its service on day jour.
func (h Habilitation) Effective(jour Date) bool {
	return h.Etat == HabAccordee && (h.Du == "" || h.Du <= jour) && (h.Au == "" || jour <= h.Au)
}

// Preuve is one answer of the automatic verification (C06): evidence for the
// advisor, never a decision.
type Preuve struct {
	Bloc     string    `json:"bloc"`
	Question string    `json:"question"` // MASSE_SALARIALE, SIRET_CODE, NDA_SIRET, FACTURE_HT, RESPONSABLE
	Concorde bool      `json:"concorde"`
	Donne    string    `json:"donne"` // as the applicant gave it, readable
	Connu    string    `json:"connu"` // as the OPCO has it, readable; "" unknown
	Phrase   string    `json:"phrase"`
	Le       time.Time `json:"le"`
}

// RoleAccorde is a role of a staff member. A sensitive one waits in Confirme
// until a second administrator confirms it (reliability.md 3.1).
type RoleAccorde struct {
	Role        Role      `json:"role"`
	AccordePar  Acteur    `json:"accorde_par"`
	Le          time.Time `json:"le"`
	Attend      bool      `json:"attend,omitempty"` // a second administrator must confirm
	ConfirmePar Acteur    `json:"confirme_par,omitzero"`
	RetireLe    time.Time `json:"retire_le,omitzero"`
}

// Delegation lets another staff member act in one role of this person, from Du
// to Au: what they do is shown « pour le compte de ».
type Delegation struct {
	ID      string    `json:"id"`
	Delegue string    `json:"delegue"` // id of the account of the delegate
	Nom     string    `json:"nom"`     // of the delegate
	Role    Role      `json:"role"`
	Du      Date      `json:"du"`
	Au      Date      `json:"au"`
	Raison  string    `json:"raison"`
	Par     Acteur    `json:"par"`
	FinLe   time.Time `json:"fin_le,omitzero"` // ended before its day
}

// LienDInteret is a company with which a staff member declared a link: they
// handle none of its dossiers nor accounts (reliability.md 3.1, rule 7).
type LienDInteret struct {
	SIREN  SIREN     `json:"siren"`
	Raison string    `json:"raison"`
	Le     time.Time `json:"le"`
	FinLe  time.Time `json:"fin_le,omitzero"`
}

// Resume is what the procedure of an account carries: its état and its délais.
func (c *Compte) Resume() Resume {
	return Resume{Etat: c.Etat, Echeances: slices.Clone(c.Echeances)}
}

// Habilitation returns the right named id.
func (c *Compte) Habilitation(id string) (*Habilitation, bool) {
	for i := range c.Habilitations {
		if c.Habilitations[i].ID == id {
			return &c.Habilitations[i], true
		}
	}
	return nil, false
}

func (c *Compte) tousDroits() []*Habilitation {
	hs := make([]*Habilitation, len(c.Habilitations))
	for i := range c.Habilitations {
		hs[i] = &c.Habilitations[i]
	}
	return hs
}

// Interne reports whether the account is that of a staff member.
func (c *Compte) Interne() bool { return c.Origine == OrigineInterne || len(c.Roles) > 0 }
