package api

// Etape says where a session stands: all that is not EtapeOuverte reaches the
// routes of its own step only.
type Etape string

// The steps of a login, in the order in which they are met.
const (
	EtapePremiere        Etape = "premiere_connexion" // provisional credentials to replace (C17)
	EtapeConfidentialite Etape = "confidentialite"    // the text to accept (C18)
	EtapeSecondFacteur   Etape = "second_facteur"     // a code or a passkey to give
	EtapeEnroler         Etape = "enroler_facteur"    // a second factor to choose: staff without one
	EtapePerimetre       Etape = "perimetre"          // one of several espaces to choose (AK-08)
	EtapeOuverte         Etape = "ouverte"
)
