package opco

import "slices"

// The questions of the automatic verification (C06).
const (
	QuestionMasse       = "MASSE_SALARIALE" // masse salariale N-1 (MA-26)
	QuestionSiretCode   = "SIRET_CODE"      // the SIRETs belong to the code adhérent
	QuestionNDA         = "NDA_SIRET"       // the NDA is that of the SIRET
	QuestionFacture     = "FACTURE_HT"      // the amount is that of an invoice of the SIRET (MA-37)
	QuestionResponsable = "RESPONSABLE"     // responsable légal (MA-27, MA-35)
)

// Questions lists the questions put to a profile, in the order in which an
// adviser reads the answers.
func Questions(profil Role) []string {
	switch profil {
	case RoleEntreprise:
		return []string{QuestionMasse, QuestionSiretCode, QuestionResponsable}
	case RoleOrganisme:
		return []string{QuestionNDA, QuestionFacture, QuestionResponsable}
	}
	return nil
}

// Valider refuses a rule that grants what no rule may grant (the administration
// of colleagues is always an adviser's decision), that asks nothing, or that asks
// what is not put to the profile. The error is Invalid and names the field.
func (r RegleAuto) Valider() error {
	switch {
	case !slices.Contains(Services(r.Profil), r.Service):
		return Champf("service", "Ce service n’existe pas pour ce profil : choisissez-le dans la liste.")
	case r.Service == ServiceUtilisateurs:
		return Champf("service", "La gestion des utilisateurs s’accorde toujours par un conseiller : elle permet de donner des droits à d’autres.")
	case len(r.Questions) == 0:
		return Champf("questions", "Choisissez au moins une preuve : sans preuve, un droit s’accorde par un conseiller.")
	}
	for i, q := range r.Questions {
		if !slices.Contains(Questions(r.Profil), q) || slices.Contains(r.Questions[:i], q) {
			return Champf("questions", "La preuve « %s » ne se demande pas à ce profil, ou elle est choisie deux fois.", q)
		}
	}
	return nil
}

// Meme reports whether two rules grant the same right on the same evidence.
func (r RegleAuto) Meme(x RegleAuto) bool {
	a, b := slices.Sorted(slices.Values(r.Questions)), slices.Sorted(slices.Values(x.Questions))
	return r.Profil == x.Profil && r.Service == x.Service && slices.Equal(a, b)
}

// Accorde reports whether the rule grants the right h of the account: a right that
// the person asked for, and whose every question has an answer that agrees.
func (r RegleAuto) Accorde(c *Compte, h Habilitation) bool {
	if h.Profil != r.Profil || h.Service != r.Service || h.Bloc == "" || h.Mandat || len(r.Questions) == 0 {
		return false
	}
	for _, q := range r.Questions {
		concorde := slices.ContainsFunc(c.Preuves, func(p Preuve) bool { return p.Bloc == h.Bloc && p.Question == q && p.Concorde })
		if !concorde {
			return false
		}
	}
	return true
}
