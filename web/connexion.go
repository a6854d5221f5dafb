package web

// Connexion is the login page (AK-06).
type Connexion struct {
	Page
	OIDC string // where staff sign in with the account of their house; "" when nowhere
	Vers string // where to go afterwards, one of our own addresses
}

// SecondFacteur is the second step of a login: a code, a passkey, or a recovery
// code.
type SecondFacteur struct {
	Page
	Nom     string
	TOTP    bool
	Passkey bool
	Secours bool
	Vers    string
}

// atouts are the four things that an account gives (MA-75).
var atouts = []Atout{
	{"history", "Retrouver l’historique de vos démarches", "Vos demandes, nos réponses et nos courriers, au même endroit."},
	{"receipt-text", "Suivre règlements, factures et attestations", "Déposez vos factures et vos certificats, voyez quand vous serez payé."},
	{"folder-open", "Demander une prise en charge", "Entreprises : déposez vos demandes et voyez qui doit agir."},
	{"landmark", "Déclarer vos contributions", "Entreprises : simulez, puis déclarez."},
}

// Atout is one selling point of the home page.
type Atout struct{ Icone, Titre, Phrase string }
