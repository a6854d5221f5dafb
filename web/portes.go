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
	RenvoyerCode(c *gin.Context, email string, e ReponseEpreuve) error
	Activer(c *gin.Context, a DemandeActivation) error
	DemanderReinitialisation(c *gin.Context, identifiant string, e ReponseEpreuve) error
	Reinitialiser(c *gin.Context, r DemandeReinitialisation) error
	Personnaliser(c *gin.Context, identifiant, motDePasse string) error
	ConfirmerIdentifiant(c *gin.Context, d DemandeConfirmation) (EtapeConnexion, error)
	AccepterConfidentialite(c *gin.Context, version string) (EtapeConnexion, error)
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
)

// adressesEtape are the pages of the steps.
var adressesEtape = map[EtapeConnexion]string{
	ConnexionFacteur: "/connexion/second-facteur", ConnexionEnroler: "/compte/securite", ConnexionPremiere: "/premiere-connexion",
	ConnexionConfidentialite: "/premiere-connexion/politique", ConnexionPerimetre: "/perimetre",
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

// DemandeConfirmation confirms an identifier and accepts the privacy policy (C18).
type DemandeConfirmation struct{ Compte, Jeton, MotDePasse, Version string }
