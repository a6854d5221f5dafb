package opco

// Role says in what capacity a person acts (reliability.md 3.1).
type Role string

// The roles. Systeme and Banque are not persons: a timer, and a bank file.
const (
	RoleEntreprise   Role = "entreprise"   // adhérent, ENT
	RoleOrganisme    Role = "organisme"    // organisme de formation, OF
	RoleGestionnaire Role = "gestionnaire" // GES
	RoleConseiller   Role = "conseiller"   // CON, decides the rights of accounts
	RoleResponsable  Role = "responsable"  // RES
	RoleComptable    Role = "comptable"    // CPT
	RoleControleur   Role = "controleur"   // CTL, neither instructs nor pays
	RoleOps          Role = "ops"          // OPS
	RoleAdmin        Role = "admin"
	RoleAuditeur     Role = "auditeur"
	RoleSysteme      Role = "systeme" // SYS
	RoleBanque       Role = "banque"
	RoleDemandeur    Role = "demandeur" // whoever proves an e-mail or a code, before any session
)

// Roles lists the roles that a person may hold.
func Roles() []Role {
	return []Role{RoleEntreprise, RoleOrganisme, RoleGestionnaire, RoleConseiller, RoleResponsable, RoleComptable,
		RoleControleur, RoleOps, RoleAdmin, RoleAuditeur}
}

// Interne reports whether the role belongs to the staff of the OPCO.
func (r Role) Interne() bool {
	return r != RoleEntreprise && r != RoleOrganisme && r != RoleDemandeur && r != ""
}

// Acteur is who acts: a person (two accounts of one person are one Personne, so
// that the separation of duties is on persons), a timer or the bank. Pour is the
// absent person for whom a delegate acts: Nom then says « X, pour le compte de Y ».
type Acteur struct {
	Personne string `json:"personne"` // stable id of the person, "" for the system
	Pour     string `json:"pour,omitempty"`
	Nom      string `json:"nom"` // shown in the historique; never sent to the engine
	Role     Role   `json:"role"`
	SIRET    string `json:"siret,omitempty"` // the établissement on whose behalf, for organisations
}

// Engage reports whether what a did, or was done in its name, is personne's: who
// acts for somebody engages both (reliability.md 3.1, rules 1 and 6).
func (a Acteur) Engage(personne string) bool {
	return personne != "" && (a.Personne == personne || a.Pour == personne)
}

// Croise reports whether a and b have a person in common: the same one, or one
// who acted in the name of the other.
func (a Acteur) Croise(b Acteur) bool { return a.Engage(b.Personne) || a.Engage(b.Pour) }

// ActeurSysteme is who acts when a délai ends.
func ActeurSysteme() Acteur { return Acteur{Nom: "Guichet", Role: RoleSysteme} }

// ActeurBanque is who acts when a bank file is read.
func ActeurBanque() Acteur { return Acteur{Nom: "Banque", Role: RoleBanque} }

// Portee is what a reader may reach: every dossier for the staff of the OPCO,
// those of the named SIRETs for an organisation. Store functions that touch an
// organisation's data take one; the zero Portee reaches nothing.
type Portee struct {
	Interne  bool
	Role     Role
	Personne string   // the reader, who also follows their own actes
	Pour     string   // the absent person for whom a delegate reads
	SIRETs   []string // may be read
}
