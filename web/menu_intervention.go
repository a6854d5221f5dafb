package web

import "slices"

// menuInterventions is the journal of the safe actions, for who runs the house or agrees to them.
func menuInterventions(o Occupant, _ CompteursMenu) []Rubrique {
	if !slices.Contains(interventionLue.Roles, o.Role) {
		return nil
	}
	return []Rubrique{{Titre: "Exploitation", Entrees: []Entree{{Nom: "Interventions", URL: adresseInterventions, Icone: "hand"}}}}
}
