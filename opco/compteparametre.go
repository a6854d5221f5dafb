package opco

// ParametresCompte are the dated figures of accounts (domain.md 2.9, all [A]).
type ParametresCompte struct {
	CodeHeures         int     `json:"code_heures"`          // life of an activation code: 72
	CodeRelanceHeures  int     `json:"code_relance_heures"`  // 24
	CodeEssais         int     `json:"code_essais"`          // wrong tries that kill a code: 5
	RenvoisParHeure    int     `json:"renvois_par_heure"`    // 3
	InvitationJours    int     `json:"invitation_jours"`     // life of an invitation: 15
	PurgeJours         int     `json:"purge_jours"`          // personal data of an expired request: 30
	ReponseOuvres      int     `json:"reponse_ouvres"`       // promised to the applicant: 2 jours ouvrés
	AlerteJours        int     `json:"alerte_jours"`         // reminder to the conseillers: 2 calendar days (5 bis)
	EscaladeJours      int     `json:"escalade_jours"`       // to the responsables: 5 calendar days (5 bis)
	PrecisionJours     int     `json:"precision_jours"`      // the applicant answers: 15
	TuileMinutes       int     `json:"tuile_minutes"`        // a new tile is visible: 10 (MA-74)
	TuileAlarmeMinutes int     `json:"tuile_alarme_minutes"` // 8
	RevueMois          int     `json:"revue_mois"`           // a right unused that long is suspended: 12
	RevuePreavisJours  int     `json:"revue_preavis_jours"`  // 30
	ProvisoireJours    int     `json:"provisoire_jours"`     // 15
	LienHeures         int     `json:"lien_heures"`          // link that confirms an identifier: 72
	ReinitMinutes      int     `json:"reinit_minutes"`       // link of a lost password: 60
	BlocageEchecs      int     `json:"blocage_echecs"`       // 5
	BlocageMinutes     int     `json:"blocage_minutes"`      // 15, doubling
	MasseTolerance     Montant `json:"masse_tolerance"`      // MASSE_TOLERANCE, cents: 0
	FactureConnueMois  int     `json:"facture_connue_mois"`  // age of an invoice that proves knowledge: 24
	MandatMois         int     `json:"mandat_mois"`          // longest mandate: 24
	DelegationJours    int     `json:"delegation_jours"`     // longest delegation: 60
	EssaiAutoJours     int     `json:"essai_auto_jours"`     // dry run of an auto-accept rule: 90
	EssaiAutoMinutes   int     `json:"essai_auto_minutes"`   // how long a dry run allows to switch its rule on: 60
	DemandesBoite      int     `json:"demandes_boite"`       // sign-ups, and lost passwords, for one mailbox within an hour: 5
	DemandesAdresse    int     `json:"demandes_adresse"`     // what one network address asks without logging in, within an hour: 60
	Invitations        int     `json:"invitations"`          // sent from one account within an hour: 60
	VersionCGU         string  `json:"version_cgu"`
	VersionConfidence  string  `json:"version_confidentialite"`
	RolesSensibles     []Role  `json:"roles_sensibles"` // need a second administrator

	Telephones []LigneAide         `json:"telephones"` // MA-42, MA-79
	Horaires   string              `json:"horaires"`   // when somebody answers, a whole sentence
	Adresse    []string            `json:"adresse"`    // postal lines, at the foot of mails and letters
	Connexion  ParametresConnexion `json:"connexion"`
}

// LigneAide is a phone line of the OPCO, and for whom.
type LigneAide struct {
	Public string `json:"public"`
	Numero string `json:"numero"`
}

// Telephone is the line to give to people of that profile; the first one when none is
// theirs, "" when the OPCO has none.
func (p ParametresCompte) Telephone(profil Role) string {
	public := "Entreprises"
	if profil == RoleOrganisme {
		public = "Organismes et partenaires"
	}
	for _, l := range p.Telephones {
		if l.Public == public {
			return l.Numero
		}
	}
	if len(p.Telephones) == 0 {
		return ""
	}
	return p.Telephones[0].Numero
}

func parametresCompteDefaut() ParametresCompte {
	return ParametresCompte{
		CodeHeures: 72, CodeRelanceHeures: 24, CodeEssais: 5, RenvoisParHeure: 3, InvitationJours: 15, PurgeJours: 30,
		ReponseOuvres: 2, AlerteJours: 2, EscaladeJours: 5, PrecisionJours: 15, TuileMinutes: 10, TuileAlarmeMinutes: 8,
		RevueMois: 12, RevuePreavisJours: 30, ProvisoireJours: 15, LienHeures: 72, ReinitMinutes: 60, BlocageEchecs: 5,
		BlocageMinutes: 15, FactureConnueMois: 24, MandatMois: 24, DelegationJours: 60, EssaiAutoJours: 90, EssaiAutoMinutes: 60,
		DemandesBoite: 5, DemandesAdresse: 60, Invitations: 60, VersionCGU: "v1", VersionConfidence: "v1",
		RolesSensibles: []Role{RoleResponsable, RoleComptable, RoleControleur, RoleAdmin, RoleOps, RoleAuditeur},
		Telephones: []LigneAide{{"Entreprises", "01 99 00 01 10"}, {"Particuliers", "01 99 00 01 30"},
			{"Organismes et partenaires", "01 99 00 01 60"}},
		Adresse:   []string{"1 place de l’Exemple", "75000 Paris"},
		Horaires:  "Du lundi au jeudi, 9 h à 12 h 30 et 13 h 30 à 17 h. Le vendredi jusqu’à 16 h 30.",
		Connexion: parametresConnexionDefaut(),
	}
}
