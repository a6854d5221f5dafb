package web

import (
	"context"

	"github.com/gin-gonic/gin"

	"guichet/opco"
)

// Portes are the doors of the API at which the pages before login knock. Each
// one is what the JSON route of the same noun does; an error is what that route
// would answer. Those that open or close a session take the request itself, for
// its cookie.
type Portes interface {
	PortesConnexion
	PortesInscription
}

// PortesConnexion are the doors of who comes in.
type PortesConnexion interface {
	// Qui returns who is connected, and where they work; nil for nobody.
	Qui(c *gin.Context) *Connecte
	// Jour is today, in business time.
	Jour(ctx context.Context) (opco.Date, error)
	// Parametres are the dated figures of accounts in force today.
	Parametres(ctx context.Context) (opco.ParametresCompte, error)
	// Exigence is what a password must be on one of the ways to choose it.
	Exigence(ctx context.Context, voie Voie) (Exigence, error)
	// Epreuve asks a new anti-robot question for one form.
	Epreuve(ctx context.Context, objet string) (Epreuve, error)
	// OIDC is where staff sign in with the account of their house, "" nowhere.
	OIDC() string

	Connecter(c *gin.Context, identifiant, motDePasse string, rester bool) (EtapeConnexion, error)
	SecondFacteur(c *gin.Context, code string) (EtapeConnexion, error)
	FacteursAttendus(c *gin.Context) (FacteursAttendus, error)
	Deconnecter(c *gin.Context) error
}

// PortesInscription are the doors of who has no account yet, lost a password, or
// comes in for the first time.
type PortesInscription interface {
	// Branches lists the branches that an applicant may choose.
	Branches(ctx context.Context) ([]Option, error)

	Inscrire(c *gin.Context, i DemandeInscription) error
	RenvoyerCode(c *gin.Context, email string) error
	Activer(c *gin.Context, a DemandeActivation) error
	DemanderReinitialisation(c *gin.Context, identifiant string) error
	Reinitialiser(c *gin.Context, r DemandeReinitialisation) error
	// Personnaliser and AccepterConfidentialite take the id of the acte: a form
	// sent twice is one acte.
	Personnaliser(c *gin.Context, acte, identifiant, motDePasse string) error
	ConfirmerIdentifiant(c *gin.Context, d DemandeConfirmation) (EtapeConnexion, error)
	AccepterConfidentialite(c *gin.Context, acte, version string) error
}

// Connecte is who is connected, or on the way to be: Etape is then what the login
// still needs.
type Connecte struct {
	Qui
	Identifiant string
	Etape       EtapeConnexion
}

// Voie is a way to choose a password: each portal has its rule.
type Voie string

// The ways to choose a password.
const (
	VoieInscription Voie = "inscription"
	VoieProvisoire  Voie = "provisoire"
	VoieOubli       Voie = "oubli"
	VoieChangement  Voie = "changement" // by somebody connected
	VoieInterne     Voie = "interne"    // by somebody who joins the staff
)

// EtapeConnexion is what a login still needs, as the session says it.
type EtapeConnexion string

// The steps of a login after the password.
const (
	ConnexionFaite           EtapeConnexion = ""
	ConnexionFacteur         EtapeConnexion = "second_facteur"
	ConnexionEnroler         EtapeConnexion = "enroler_facteur"
	ConnexionPremiere        EtapeConnexion = "premiere_connexion"
	ConnexionConfidentialite EtapeConnexion = "confidentialite"
	ConnexionPerimetre       EtapeConnexion = "perimetre"
	ConnexionAbsente         EtapeConnexion = "absente" // not logged in
)

// adressesEtape are the pages of the steps.
var adressesEtape = map[EtapeConnexion]string{
	ConnexionFacteur: "/connexion/second-facteur", ConnexionEnroler: "/compte/securite", ConnexionPremiere: "/premiere-connexion",
	ConnexionConfidentialite: "/premiere-connexion/politique", ConnexionPerimetre: "/perimetre", ConnexionAbsente: "/connexion",
}

// FacteursAttendus are the second proofs that a person may give, and their name.
type FacteursAttendus struct {
	Nom                    string
	TOTP, Passkey, Secours bool
}

// ReponseEpreuve is what came back of the anti-robot step.
type ReponseEpreuve struct{ Jeton, Reponse, Piege string }

// DemandeInscription is a whole registration (C01).
type DemandeInscription struct {
	Acte     string // id of the acte, "" for a new one
	Identite opco.Identite
	Blocs    []opco.BlocDemande
	Version  string // of the CGU accepted
	Epreuve  ReponseEpreuve
}

// DemandeActivation opens an account (C05). Version is that of the CGU when an
// invited person accepts them now.
type DemandeActivation struct {
	Compte                    string // of the link; "" when the code was typed
	Email                     opco.Email
	Code, MotDePasse, Version string
	Epreuve                   ReponseEpreuve
}

// DemandeReinitialisation changes a lost password (C20).
type DemandeReinitialisation struct {
	Compte, Jeton           string
	Identifiant, MotDePasse string
	Epreuve                 ReponseEpreuve
}

// DemandeConfirmation confirms an identifier by the link of the second mail and the
// password typed again (C18, AT-05).
type DemandeConfirmation struct{ Compte, Jeton, MotDePasse string }
