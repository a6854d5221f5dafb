package opco

import "time"

// FaitsCompte are what the memory knows when a step of an account is taken,
// under the locks of the rows that it shares with others.
type FaitsCompte struct {
	Le         time.Time
	Parametres Parametres
	Calendrier Calendrier
	// Alea gives n secret random bytes: codes and provisional passwords are made
	// with it. It changes at each try of the step, only the recorded one counts.
	Alea func(n int) []byte
	// MotDePasse says that the hash of a password chosen with this acte waits to
	// be put in place.
	MotDePasse bool
	// EmailPris says that another open account has the e-mail; IdentifiantPris
	// that another account has the identifier asked for.
	EmailPris       bool
	IdentifiantPris bool
	Entreprises     map[SIREN]EntrepriseConnue
	Organismes      map[SIREN]OrganismeConnu
	// Auteur is the account through which the acte is done, nil for the system,
	// an applicant or the OPCO's own staff acting as such.
	Auteur *Compte
	// Liens are the companies with which the author of the acte, or the person for
	// whom they act, declared a link that has not ended.
	Liens []SIREN
	// Usages gives the last use of each right, by its id.
	Usages map[string]time.Time
	Auto   []RegleAuto // auto-accept rules in force
	// Jumeaux are the other accounts, not closed, of the person whom the opening of
	// the account of a staff member names.
	Jumeaux []*Compte
	// Delegue is the account that a delegation names.
	Delegue *Compte
	// AutresAdmins is how many other active administrators the OPCO has.
	AutresAdmins int
	// AutresResponsables is how many other persons manage the users of each
	// établissement of the account today, by CleEtablissement; read when rights are
	// withdrawn.
	AutresResponsables map[string]int
	// AutresTitulaires is how many other persons have a right on each établissement
	// of the account today, by CleEtablissement; read when an account is closed.
	AutresTitulaires map[string]int
}

// CleEtablissement names an établissement in one of the two profiles that it may have.
func CleEtablissement(profil Role, siret SIRET) string { return string(profil) + ":" + string(siret) }

// EntrepriseConnue is what the OPCO knows of a company that an applicant names.
type EntrepriseConnue struct {
	Entreprise
	CodeAdherent   string
	MasseSalariale Montant // of year N-1, 0 unknown
	Responsable    string  // responsable légal, "" unknown
	Sites          []SIRET
}

// OrganismeConnu is what the OPCO knows of an organisme that an applicant names.
// Factures are the HT totals of its invoices of the last months (MA-37).
type OrganismeConnu struct {
	Organisme
	Sites    []SIRET
	Factures []Montant
}

// RegleAuto grants a right by itself when all its conditions hold; an operator
// switched it on after a dry run (AUTO_APPROVE of C06).
type RegleAuto struct {
	ID        string   `json:"id"`
	Profil    Role     `json:"profil"`
	Service   Service  `json:"service"`
	Questions []string `json:"questions"` // each must be answered by a Preuve that agrees
}

// EffetsCompte are what a step of an account does besides moving it: what the
// recorder writes in the same transaction.
type EffetsCompte struct {
	Code      string
	Motif     string
	Phrase    string
	Courriers []CourrierCompte
	// Refus says that the acte is refused and that what it changed is kept all
	// the same: a wrong code counts as a try.
	Refus *Error
	// PoserMotDePasse puts the password chosen with the acte in place;
	// Provisoire, not "", is a provisional one to hash and put in place.
	PoserMotDePasse bool
	Provisoire      string
	OterMotDePasse  bool // no password opens the account any more
	// CouperSessions ends every session of the account, but the one that did the
	// acte when SaufCelleCi.
	CouperSessions bool
	SaufCelleCi    bool
	// Espaces limits CouperSessions to the sessions that are in one of them: a company
	// that withdraws what it gave has no hold on what its holder does elsewhere.
	Espaces []string
	// Purger erases the personal data of the account, of its actes and mails.
	Purger bool
	// OterFacteurs forgets the second factors (an administrator resets them).
	OterFacteurs bool
}

// CourrierCompte is one mail of an account. Secret is the code, the link token or
// the provisional password that it carries: it is erased once sent.
type CourrierCompte struct {
	Evenement Evenement `json:"evenement"`
	A         Email     `json:"a"`
	Nom       string    `json:"nom"`
	Secret    string    `json:"secret,omitempty"`
	// What the words need; each event reads its own.
	Identifiant   string         `json:"identifiant,omitempty"`
	Ancien        string         `json:"ancien,omitempty"` // identifier before the change
	Habilitations []Habilitation `json:"habilitations,omitempty"`
	// Phrase is the question (precision), the reason (droits retirés, compte clos,
	// rôle retiré) or a whole sentence that says what changed (second facteur).
	Phrase string `json:"phrase,omitempty"`
	// Expire ends the code, the link, the lock, the délai of an answer, or the use
	// of a right that the annual review is about to suspend.
	Expire     time.Time   `json:"expire,omitzero"`
	Par        string      `json:"par,omitempty"`     // who acted, as shown; the applicant, in a mail to the conseillers
	Dossier    string      `json:"dossier,omitempty"` // number of the accord (C16)
	Role       Role        `json:"role,omitempty"`
	Delegation *Delegation `json:"delegation,omitempty"`
}

// The mails of an account (domain.md 2.10). The last ones are for the staff.
const (
	CourrierCode               Evenement = "CODE_ACTIVATION"
	CourrierRelanceCode        Evenement = "RELANCE_ACTIVATION"
	CourrierDejaInscrit        Evenement = "DEJA_INSCRIT"
	CourrierActifLimite        Evenement = "COMPTE_ACTIF_LIMITE"
	CourrierDroitsAccordes     Evenement = "DROITS_ACCORDES"
	CourrierDroitsRefuses      Evenement = "DROITS_REFUSES"
	CourrierPrecision          Evenement = "PRECISION_DEMANDEE"
	CourrierEntiteAjoutee      Evenement = "ENTITE_AJOUTEE"
	CourrierProvisoire         Evenement = "IDENTIFIANTS_PROVISOIRES"
	CourrierIdentifiantModifie Evenement = "IDENTIFIANT_MODIFIE"
	CourrierReinitialisation   Evenement = "REINITIALISATION"
	CourrierMotDePasseChange   Evenement = "MOT_DE_PASSE_CHANGE"
	CourrierBlocage            Evenement = "COMPTE_BLOQUE"
	CourrierDroitsRetires      Evenement = "DROITS_RETIRES"
	CourrierInvitation         Evenement = "INVITATION"
	CourrierDroitsDonnes       Evenement = "DROITS_DONNES"
	CourrierMandatFini         Evenement = "MANDAT_FINI"
	CourrierRevue              Evenement = "REVUE_ANNUELLE"
	CourrierDroitsSuspendus    Evenement = "DROITS_SUSPENDUS"
	CourrierFacteurChange      Evenement = "SECOND_FACTEUR_CHANGE"
	CourrierCompteClos         Evenement = "COMPTE_CLOS"
	CourrierRoleAccorde        Evenement = "ROLE_ACCORDE"
	CourrierRoleRetire         Evenement = "ROLE_RETIRE"
	CourrierAutreCompte        Evenement = "AUTRE_COMPTE" // to the accounts that the person has already
	CourrierDelegation         Evenement = "DELEGATION"
	CourrierTacheConseiller    Evenement = "HABILITATIONS_EN_RETARD" // to the conseillers at J+2, to the responsables at J+5
)

// EvenementsCompte lists the mails of accounts.
func EvenementsCompte() []Evenement {
	return []Evenement{CourrierCode, CourrierRelanceCode, CourrierDejaInscrit, CourrierActifLimite, CourrierDroitsAccordes,
		CourrierDroitsRefuses, CourrierPrecision, CourrierEntiteAjoutee, CourrierProvisoire, CourrierIdentifiantModifie,
		CourrierReinitialisation, CourrierMotDePasseChange, CourrierBlocage, CourrierDroitsRetires, CourrierInvitation,
		CourrierDroitsDonnes, CourrierMandatFini, CourrierRevue, CourrierDroitsSuspendus, CourrierFacteurChange, CourrierCompteClos,
		CourrierRoleAccorde, CourrierRoleRetire, CourrierAutreCompte, CourrierDelegation, CourrierTacheConseiller}
}

// EnvoiCompte is a line of the outbox about an account. CompteID makes the links.
type EnvoiCompte struct {
	ID         string         `json:"id"`
	CompteID   string         `json:"compte_id"`
	Courrier   CourrierCompte `json:"courrier"`
	Le         time.Time      `json:"le"`
	Parametres Parametres     `json:"parametres"`
	// Noms are the organisations of the rights, as the OPCO has them on file; one
	// that it does not know is shown by its SIRET alone.
	Noms map[SIREN]string `json:"noms,omitempty"`
}

// ObjetCompte names an account in the inbox, the journal and the engine.
func ObjetCompte(id string) string { return "compte/" + id }
