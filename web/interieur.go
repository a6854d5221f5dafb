package web

import (
	"time"

	"github.com/gin-gonic/gin"

	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

// Interieur are the doors of the API at which the pages of connected people
// knock. Each one is what the JSON route of the same noun does, for who makes the
// request; an error is what that route would answer. The id of an acte comes from
// the form: a form sent twice is one acte. A verdict that is still « recu » says
// that the acte is kept and that its procedure has not answered yet.
type Interieur interface {
	InterieurCompte
	InterieurSecurite
	InterieurFournisseur
	InterieurEntreprise
	InterieurConseil
	InterieurRegles
	InterieurDossiers
	InterieurOrganisme
	InterieurFactures
	InterieurMonEntreprise
	InterieurAnnonces
	InterieurDemandes
	InterieurSalaries
	InterieurImports
	InterieurAgents
	InterieurComptabilite
	InterieurRIB
	InterieurControle
	InterieurIndus
	InterieurStatistiques
	InterieurEquipe
	InterieurDirect
	InterieurActionLot
	InterieurIntervention
	InterieurExport
	InterieurEtude
	InterieurFile
	InterieurSynthese
	InterieurRejeu
	InterieurOps
}

// Occupant is who makes a request, in which espace, and where their login stands.
type Occupant struct {
	store.Utilisateur
	Etape api.Etape
}

// InterieurCompte are the doors of somebody's own account.
type InterieurCompte interface {
	// Occupant returns who makes the request.
	Occupant(c *gin.Context) Occupant
	// Entrer chooses the espace of the session (AK-08).
	Entrer(c *gin.Context, cle string) error

	MonCompte(c *gin.Context) (MonCompte, error)
	HistoriqueCompte(c *gin.Context) ([]api.LigneJournalCompte, error)
	// Lectures are the reads of personal data: of one's own dossiers, or all of
	// them for an auditeur.
	Lectures(c *gin.Context, f store.FiltreLectures) (store.PageLectures, error)
	ModifierCompte(c *gin.Context, acte string, ch opco.ChargeModifier, e ReponseEpreuve) (opco.Verdict, error)
	AjouterEntite(c *gin.Context, acte, motDePasse string, b opco.BlocDemande, e ReponseEpreuve) (opco.Verdict, error)
	OuvrirOrganisme(c *gin.Context, acte string) (opco.Verdict, error)
	RepondrePrecision(c *gin.Context, acte string, ch opco.ChargeReponse) (opco.Verdict, error)
	RedemanderDroits(c *gin.Context, acte string, droits []string) (opco.Verdict, error)
	CloreMonCompte(c *gin.Context, acte, motDePasse, raison string) (opco.Verdict, error)
}

// MonCompte is an account as its holder sees it, on a day.
type MonCompte struct {
	api.MonCompte
	Jour opco.Date
}

// InterieurSecurite are the doors of what proves who somebody is.
type InterieurSecurite interface {
	ChangerMotDePasse(c *gin.Context, acte, actuel, nouveau string) (opco.Verdict, error)
	Sessions(c *gin.Context) ([]SessionOuverte, error)
	FermerSession(c *gin.Context, id string) error
	FermerAutresSessions(c *gin.Context) error
	Facteurs(c *gin.Context) (FacteursPoses, error)
	// DebuterTOTP draws a secret, which serves only once its first code is given.
	DebuterTOTP(c *gin.Context, motDePasse string) (SecretTOTP, error)
	// ConfirmerTOTP returns the recovery codes, when they are made for the first time.
	ConfirmerTOTP(c *gin.Context, jeton, code string) ([]string, error)
	RetirerTOTP(c *gin.Context, motDePasse string) error
	RetirerPasskey(c *gin.Context, id, motDePasse string) error
	// NouveauxSecours makes the recovery codes, which replace the former ones.
	NouveauxSecours(c *gin.Context, motDePasse string) ([]string, error)
}

// SessionOuverte is a session as its owner recognises it.
type SessionOuverte struct {
	ID, Appareil, Reseau string
	OuverteLe, VueLe     time.Time
	Courante             bool
}

// FacteursPoses are the second proofs of an account. Obligatoire says that it may
// not be without one.
type FacteursPoses struct {
	TOTP        bool
	Passkeys    []PasskeyPosee
	Secours     int // recovery codes left
	Obligatoire bool
	Identites   []string // addresses of the providers that are linked
}

// PasskeyPosee is a passkey of an account.
type PasskeyPosee struct {
	ID, Libelle string
	CreeLe      time.Time
	UtiliseeLe  time.Time
}

// SecretTOTP is what a telephone must know: QR is a PNG image of it. Jeton comes
// back with the first code.
type SecretTOTP struct {
	Secret, Jeton string
	QR            []byte
}

// Administres are the people of the company that one administers, and the
// établissements and services on which one may give rights.
type Administres struct {
	Gens     []store.Collegue
	Sites    []opco.SIRET
	Services []opco.Service
}

// InterieurEntreprise are the doors of an administrator of a company (AK-54, C14).
type InterieurEntreprise interface {
	Collegues(c *gin.Context) (Administres, error)
	// CompterLesCollegues is how many people Collegues lists.
	CompterLesCollegues(c *gin.Context) (int, error)
	Mandats(c *gin.Context) ([]store.Mandat, error)
	Inviter(c *gin.Context, acte string, ch opco.ChargeInviter) (opco.Verdict, error)
	DonnerDroits(c *gin.Context, acte, compte string, ds []opco.DroitDonne) (opco.Verdict, error)
	RelancerCollegue(c *gin.Context, acte, compte string) (opco.Verdict, error)
	RetirerCollegue(c *gin.Context, acte, compte string, ch opco.ChargeDroits) (opco.Verdict, error)
}

// InterieurConseil are the doors of those who decide rights, and search accounts.
type InterieurConseil interface {
	Demandes(c *gin.Context, f store.FiltreDemandes) (DemandesLues, error)
	CompterDemandes(c *gin.Context) (store.CompteursDemandes, error)
	DemandeSuivante(c *gin.Context, sauf []string) (string, error)
	CompteVu(c *gin.Context, id string) (CompteVu, error)
	Comptes(c *gin.Context, f store.FiltreComptes) ([]store.LigneCompte, string, error)

	Decider(c *gin.Context, acte, compte string, ch opco.ChargeDecision) (opco.Verdict, error)
	DemanderPrecision(c *gin.Context, acte, compte string, ch opco.ChargePrecision) (opco.Verdict, error)
	AttribuerDroits(c *gin.Context, acte, compte string, ds []opco.DroitDonne) (opco.Verdict, error)
	RetirerDroits(c *gin.Context, acte, compte string, ch opco.ChargeDroits) (opco.Verdict, error)
	Reemettre(c *gin.Context, acte, compte string) (opco.Verdict, error)
	CloreCompte(c *gin.Context, acte, compte, raison string) (opco.Verdict, error)
	// OuvrirCompte returns the id of the account that the OPCO opens (AK-01).
	OuvrirCompte(c *gin.Context, acte string, qui opco.Identite, ds []opco.DroitDonne) (string, opco.Verdict, error)
}

// DemandesLues is a page of the queue, what the whole queue counts and the jours
// ouvrés promised for an answer.
type DemandesLues struct {
	store.PageDemandes
	Compteurs store.CompteursDemandes
	Reponse   int
}

// CompteVu is an account as the staff sees it. Collegues are the other people of
// the companies that it names; Lien says that the reader declared a link with one.
type CompteVu struct {
	MonCompte
	Blocs     []api.BlocLu
	Collegues []store.Collegue
	Journal   []api.LigneJournalCompte
	Lien      bool
}

// InterieurRegles are the doors of the auto-accept rules.
type InterieurRegles interface {
	Regles(c *gin.Context) ([]store.RegleAutoLue, error)
	EssayerRegle(c *gin.Context, r opco.RegleAuto) (store.EssaiAuto, error)
	ActiverRegle(c *gin.Context, essai string) error
	ArreterRegle(c *gin.Context, id string) error
}

// InterieurAgents are the doors of the administration of the staff, and of their
// absences.
type InterieurAgents interface {
	// Agents are the staff; who neither administers nor audits reads names and roles.
	Agents(c *gin.Context) ([]api.AgentLu, error)
	Delegations(c *gin.Context) ([]store.LigneDelegation, error)
	CreerAgent(c *gin.Context, acte string, ch opco.ChargeAgent) (opco.Verdict, error)
	AccorderRole(c *gin.Context, acte, compte string, ch opco.ChargeRole) (opco.Verdict, error)
	ConfirmerRole(c *gin.Context, acte, compte string, ch opco.ChargeRole) (opco.Verdict, error)
	RetirerRole(c *gin.Context, acte, compte string, ch opco.ChargeRole) (opco.Verdict, error)
	Deleguer(c *gin.Context, acte, compte string, ch opco.ChargeDelegation) (opco.Verdict, error)
	FinirDelegation(c *gin.Context, acte, compte, delegation string) (opco.Verdict, error)
	DeclarerLien(c *gin.Context, acte, compte string, ch opco.ChargeLien) (opco.Verdict, error)
	FinirLien(c *gin.Context, acte, compte, siren string) (opco.Verdict, error)
	RetirerFacteurs(c *gin.Context, acte, compte, raison string) (opco.Verdict, error)
	RelancerAgent(c *gin.Context, acte, compte string) (opco.Verdict, error)
	CloreAgent(c *gin.Context, acte, compte, raison string) (opco.Verdict, error)
}
