package opco

import "strings"

// VerbesCause lists what may be done to the cases of a cause, the mildest first; none where the
// ops staff has nothing to do but tell somebody, or mend what is outside.
func VerbesCause(c Cause) []Verbe {
	switch c.Nature {
	case IncidentActe:
		return []Verbe{VerbeRelancer, VerbeRehydrater}
	case IncidentEcheance:
		return []Verbe{VerbeRelancer, VerbeRearmer, VerbeRehydrater}
	case IncidentProcedure:
		if c.Activite == ActiviteArret {
			return []Verbe{VerbeRehydrater}
		}
		return []Verbe{VerbeRelancer, VerbeRevenir, VerbeRehydrater}
	case IncidentDivergence:
		return []Verbe{VerbeReconstruire, VerbeRehydrater, VerbeRearmer}
	case IncidentCourriel:
		return []Verbe{VerbeRenvoyer, VerbePasser}
	case IncidentActivite:
		switch c.Activite {
		case ActiviteInscription:
			return []Verbe{VerbeRelancer, VerbeRehydrater}
		case "Produire", "Envoyer":
			return []Verbe{VerbeReessayer, VerbeAllonger, VerbeSuspendre, VerbeReprendre, VerbeRelancer}
		}
	case IncidentCompte:
		if c.Activite == "tuile" {
			return []Verbe{VerbeRelancer}
		}
	}
	return nil
}

// CourrielDe is the mail that the deed of an incident names, "" when it names none.
func CourrielDe(activite string) string {
	nom, cle, _ := strings.Cut(activite, "/")
	if nom != ActiviteCourrier {
		return ""
	}
	return cle
}
