package web

import "slices"

// menuRejeu are the replays and the verifications of the base, for who runs the house.
func menuRejeu(o Occupant, _ CompteursMenu) []Rubrique {
	if !slices.Contains(exploiteLu.Roles, o.Role) {
		return nil
	}
	return []Rubrique{{Titre: "Exploitation", Entrees: []Entree{
		{Nom: "Rejeux", URL: adresseRejeux, Icone: "history"},
		{Nom: "Vérification", URL: adresseVerification, Icone: "shield-check"},
	}}}
}
