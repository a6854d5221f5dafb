package opco

// The actes on an account (domain.md 2.9). Those of the system end with a délai.
const (
	ActeInscrire                TypeActe = "inscrire"                  // C01
	ActeVerifierInscription     TypeActe = "verifier_inscription"      // C02
	ActeRenvoyerCode            TypeActe = "renvoyer_code"             // C03
	ActeRelancerCode            TypeActe = "relancer_code"             // C04, at 24 h
	ActeExpirerCompte           TypeActe = "expirer_compte"            // C04, C19
	ActePurgerCompte            TypeActe = "purger_compte"             // C04, C22
	ActeConfirmerEmail          TypeActe = "confirmer_email"           // C05
	ActeVerifierDroits          TypeActe = "verifier_droits"           // C06, C07
	ActeOuvrirEspace            TypeActe = "ouvrir_espace"             // C07, MA-65: the first click on the OF tile
	ActeDeciderDroits           TypeActe = "decider_droits"            // C08, C09, C11
	ActeDemanderPrecision       TypeActe = "demander_precision"        // C10
	ActeRepondrePrecision       TypeActe = "repondre_precision"        // C10
	ActeAbandonnerPrecision     TypeActe = "abandonner_precision"      // C10, no answer in time
	ActeAlerterConseiller       TypeActe = "alerter_conseiller"        // C07: J+2, then the responsable at J+5
	ActeAjouterEntite           TypeActe = "ajouter_entite"            // C12
	ActeRedemanderDroit         TypeActe = "redemander_droit"          // C09, C15: asked again
	ActeRetirerDroits           TypeActe = "retirer_droits"            // C13
	ActeInviter                 TypeActe = "inviter"                   // C14, on a new account
	ActeDonnerDroits            TypeActe = "donner_droits"             // C14 and mandates, on an account that exists
	ActeFinirMandat             TypeActe = "finir_mandat"              // its last day has passed
	ActeRevoirDroits            TypeActe = "revoir_droits"             // C15: warns, then suspends
	ActeOuvrirCompte            TypeActe = "ouvrir_compte"             // C16, AK-01
	ActeReemettre               TypeActe = "reemettre"                 // C19
	ActePersonnaliser           TypeActe = "personnaliser"             // C17
	ActeConfirmerIdentifiant    TypeActe = "confirmer_identifiant"     // C18, AT-04, AT-05
	ActeAccepterConfidentialite TypeActe = "accepter_confidentialite"  // C18, AT-06
	ActeDemanderReinit          TypeActe = "demander_reinitialisation" // C20
	ActeReinitialiser           TypeActe = "reinitialiser"             // C20
	ActeChangerMotDePasse       TypeActe = "changer_mot_de_passe"      // MA-71
	ActeModifierCompte          TypeActe = "modifier_compte"           // MA-71
	ActeSignalerBlocage         TypeActe = "signaler_blocage"          // C21
	ActeChangerFacteur          TypeActe = "changer_facteur"           // a second factor was added or removed
	ActeCloreCompte             TypeActe = "clore_compte"              // C22
	ActeReprendreCompte         TypeActe = "reprendre_compte"          // loaded with the OPCO's data, already active
	ActeCreerAgent              TypeActe = "creer_agent"               // staff, by an administrator
	ActeAccorderRole            TypeActe = "accorder_role"
	ActeConfirmerRole           TypeActe = "confirmer_role" // second administrator
	ActeRetirerRole             TypeActe = "retirer_role"
	ActeDeleguer                TypeActe = "deleguer"
	ActeFinirDelegation         TypeActe = "finir_delegation"
	ActeDeclarerLien            TypeActe = "declarer_lien"
	ActeFinirLien               TypeActe = "finir_lien"
)

// Charges of the actes on accounts. The secrets that a person chooses never
// travel in a charge: see FaitsCompte.MotDePasse.
type (
	// ChargeInscrire is the registration of MA-20 to MA-58.
	ChargeInscrire struct {
		Identite  Identite      `json:"identite"`
		Blocs     []BlocDemande `json:"blocs"`
		CGU       string        `json:"cgu"` // version accepted
		Politique string        `json:"politique"`
	}
	// ChargeCode proves the e-mail, a link or a code: Empreinte is its SHA-256.
	ChargeCode struct {
		Empreinte string `json:"empreinte"`
		Version   string `json:"version,omitempty"` // text accepted with it, for an invited person
	}
	// ChargeDecision is the advisor's answer, one line a right.
	ChargeDecision struct {
		Reponses []ReponseDroit `json:"reponses"`
	}
	// ChargePrecision asks the applicant something about rights.
	ChargePrecision struct {
		Habilitations []string `json:"habilitations"`
		Question      string   `json:"question"`
	}
	// ChargeReponse is the applicant's answer.
	ChargeReponse struct {
		Habilitations []string `json:"habilitations"`
		Reponse       string   `json:"reponse"`
	}
	// ChargeBlocs adds entities (MA-73).
	ChargeBlocs struct {
		Blocs []BlocDemande `json:"blocs"`
	}
	// ChargeDroits names rights that exist, with a reason.
	ChargeDroits struct {
		Habilitations []string `json:"habilitations"`
		Motif         string   `json:"motif,omitempty"`
		Raison        string   `json:"raison,omitempty"`
	}
	// ChargeInviter gives rights to a person; Identite is read when the account
	// is new. Pour says in whose name they are given.
	ChargeInviter struct {
		Identite Identite     `json:"identite,omitzero"`
		Droits   []DroitDonne `json:"droits"`
	}
	// ChargeOuvrirCompte is an account that the OPCO opens.
	ChargeOuvrirCompte struct {
		Identite    Identite     `json:"identite"`
		Identifiant string       `json:"identifiant"` // provisional, free
		Politique   string       `json:"politique"`
		Droits      []DroitDonne `json:"droits"`
		Dossier     string       `json:"dossier,omitempty"` // number of the accord that named the organisme
	}
	// ChargePersonnaliser is the first login of AT-03.
	ChargePersonnaliser struct {
		Identifiant string `json:"identifiant"`
	}
	// ChargeVersion accepts a text.
	ChargeVersion struct {
		Version string `json:"version"`
	}
	// ChargeModifier is MA-71.
	ChargeModifier struct {
		Civilite  string `json:"civilite"`
		Nom       string `json:"nom"`
		Prenom    string `json:"prenom"`
		Telephone string `json:"telephone,omitempty"`
	}
	// ChargeBlocage says how many wrong passwords in a row, and until when.
	ChargeBlocage struct {
		Echecs int    `json:"echecs"`
		Jusque string `json:"jusque"` // instant, RFC 3339
	}
	// ChargeFacteur names a second factor added or removed: TOTP, PASSKEY,
	// SECOURS, IDENTITE (of a provider).
	ChargeFacteur struct {
		Facteur string `json:"facteur"`
		Retire  bool   `json:"retire,omitempty"`
		Libelle string `json:"libelle,omitempty"`
	}
	// ChargeReprise is an account loaded as it stands.
	ChargeReprise struct {
		Identite    Identite     `json:"identite"`
		Identifiant string       `json:"identifiant"`
		Personne    string       `json:"personne"`
		Politique   string       `json:"politique"`
		Droits      []DroitDonne `json:"droits,omitempty"`
		Role        Role         `json:"role,omitempty"` // staff
		Inactif     bool         `json:"inactif,omitempty"`
	}
	// ChargeAgent creates the account of a staff member. Personne is set when the
	// person already has another account.
	ChargeAgent struct {
		Identite    Identite `json:"identite"`
		Identifiant string   `json:"identifiant"`
		Personne    string   `json:"personne,omitempty"`
		Role        Role     `json:"role"`
	}
	// ChargeRole names a role of a staff member.
	ChargeRole struct {
		Role   Role   `json:"role"`
		Raison string `json:"raison,omitempty"`
	}
	// ChargeDelegation is an absence.
	ChargeDelegation struct {
		ID      string `json:"id"`
		Delegue string `json:"delegue"` // id of the account
		Role    Role   `json:"role"`
		Du      Date   `json:"du"`
		Au      Date   `json:"au"`
		Raison  string `json:"raison"`
	}
	// ChargeFin ends a delegation or a lien.
	ChargeFin struct {
		ID string `json:"id"` // of the delegation, or the SIREN of the lien
	}
	// ChargeLien declares a link with a company.
	ChargeLien struct {
		SIREN  SIREN  `json:"siren"`
		Raison string `json:"raison"`
	}
	// ChargeRaisonCompte closes an account.
	ChargeRaisonCompte struct {
		Raison string `json:"raison"`
	}
)

// ReponseDroit decides one right. Motif is required to refuse.
type ReponseDroit struct {
	Habilitation string `json:"habilitation"`
	Accorder     bool   `json:"accorder"`
	Motif        string `json:"motif,omitempty"`
	Precision    string `json:"precision,omitempty"`
}

// DroitDonne is a right given to somebody by a company administrator or by the
// OPCO; a mandate has both days and belongs to another company's person.
type DroitDonne struct {
	Profil  Role    `json:"profil"`
	SIRET   SIRET   `json:"siret"`
	Service Service `json:"service"`
	Du      Date    `json:"du,omitempty"`
	Au      Date    `json:"au,omitempty"`
	Mandat  bool    `json:"mandat,omitempty"`
}
