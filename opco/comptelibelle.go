package opco

// Libelle returns the words that people read for a service (MA-23, MA-24, MA-33,
// MA-78, AK-54).
func (s Service) Libelle() string { return libellesService[s] }

var libellesService = map[Service]string{
	ServiceDossiers:      "Dossiers de formation",
	ServiceContributions: "Contributions",
	ServicePaiements:     "Dossiers de paiement",
	ServiceCertif:        "Gestion des salariés (Certif)",
	ServiceUtilisateurs:  "Gestion des utilisateurs",
	ServiceLecture:       "Lecture seule",
}

// Libelle returns the words that people read for a role.
func (r Role) Libelle() string { return libellesRole[r] }

var libellesRole = map[Role]string{
	RoleEntreprise:   "Entreprise",
	RoleOrganisme:    "Organisme de formation",
	RoleGestionnaire: "Gestionnaire",
	RoleConseiller:   "Conseiller",
	RoleResponsable:  "Responsable",
	RoleComptable:    "Comptable",
	RoleControleur:   "Contrôleur",
	RoleOps:          "Exploitation",
	RoleAdmin:        "Administration",
	RoleAuditeur:     "Audit",
	RoleSysteme:      "Guichet",
	RoleBanque:       "Banque",
	RoleDemandeur:    "Demandeur",
}
