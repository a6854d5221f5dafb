package opco

// Role says in what capacity a person acts (reliability.md 3.1).
type Role string

// The roles. Systeme and Banque are not persons: a timer, and a bank file.
const (
	RoleEntreprise   Role = "entreprise"   // adhérent, ENT
	RoleOrganisme    Role = "organisme"    // organisme de formation, OF
	RoleGestionnaire Role = "gestionnaire" // GES
	RoleResponsable  Role = "responsable"  // RES
	RoleComptable    Role = "comptable"    // CPT
	RoleOps          Role = "ops"          // OPS
	RoleAdmin        Role = "admin"
	RoleAuditeur     Role = "auditeur"
	RoleSysteme      Role = "systeme" // SYS
	RoleBanque       Role = "banque"
)

// Roles lists the roles that a person may hold.
func Roles() []Role {
	return []Role{RoleEntreprise, RoleOrganisme, RoleGestionnaire, RoleResponsable, RoleComptable,
		RoleOps, RoleAdmin, RoleAuditeur}
}

// Interne reports whether the role belongs to the staff of the OPCO.
func (r Role) Interne() bool { return r != RoleEntreprise && r != RoleOrganisme && r != "" }

// Acteur is who acts: a person (two accounts of one person are one Personne, so
// that the separation of duties is on persons), a timer or the bank.
type Acteur struct {
	Personne string `json:"personne"` // stable id of the person, "" for the system
	Nom      string `json:"nom"`      // shown in the historique; never sent to the engine
	Role     Role   `json:"role"`
	SIRET    string `json:"siret,omitempty"` // the établissement on whose behalf, for organisations
}

// ActeurSysteme is who acts when a délai ends.
func ActeurSysteme() Acteur { return Acteur{Nom: "Guichet", Role: RoleSysteme} }

// ActeurBanque is who acts when a bank file is read.
func ActeurBanque() Acteur { return Acteur{Nom: "Banque", Role: RoleBanque} }

// Portee is what a reader may reach: every dossier for the staff of the OPCO,
// those of the named SIRETs for an organisation. Store functions that touch an
// organisation's data take one; the zero Portee reaches nothing.
type Portee struct {
	Interne bool
	Role    Role
	SIRETs  []string
}
