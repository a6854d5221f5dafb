package web

// Premiere is the first login to an account that the OPCO opened: a new
// identifier and a new password, both chosen (AT-03).
type Premiere struct {
	Page
	Identifiant string // the provisional one
	Exigence    Exigence
}

// PremiereConfirmation comes from the link of the second mail: the password
// again, and the privacy policy (AT-04 to AT-06).
type PremiereConfirmation struct {
	Page
	Version string // of the privacy policy to accept
}

// etapesPremiere are the steps of the first login; they are taken once (AT-07).
var etapesPremiere = []string{"Identifiant et mot de passe", "Confirmation par e-mail", "Votre espace personnel"}
