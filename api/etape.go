package api

import (
	"guichet/opco"
	"guichet/store"
)

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

// etapesManquantes says to a person what to do before anything else.
var etapesManquantes = map[Etape]string{
	EtapePremiere:        "Choisissez d’abord votre identifiant et votre mot de passe.",
	EtapeConfidentialite: "Acceptez d’abord la politique de confidentialité.",
	EtapeSecondFacteur:   "Donnez d’abord votre second facteur : un code ou une clé d’accès.",
	EtapeEnroler:         "Choisissez d’abord un second facteur : il est obligatoire pour les comptes de l’OPCO.",
}

// etapeDe returns where somebody stands: facteur says how they gave a second
// factor in this session, "" not at all. It follows from the account at each request,
// so that a right granted or withdrawn moves the session at once.
func (s *Server) etapeDe(u store.Utilisateur, facteur string) Etape {
	switch {
	case u.Etat == opco.CompteProvisoire, u.Etat == opco.CompteIdentifiantModifie:
		return EtapePremiere
	case u.Etat == opco.CompteMotDePasseConfirme:
		return EtapeConfidentialite
	case facteur == "" && u.Facteur():
		return EtapeSecondFacteur
	case facteur == "" && u.Interne && s.SecondFacteur:
		return EtapeEnroler
	case u.Espace == "" && len(u.Espaces) > 0:
		return EtapePerimetre
	}
	return EtapeOuverte
}
