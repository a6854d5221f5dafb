package opco

// ParsePeriode reads the first and last days of an action, both included. The
// last may be the first; it may not come before, nor more than ten years after.
// Errors are Invalid, on the field « debut » or « fin ».
func ParsePeriode(debut, fin string) (d, f Date, err error) {
	if d, err = ParseDate(debut); err != nil {
		return "", "", &Error{Kind: Invalid, Champ: "debut", Message: err.Error()}
	}
	if f, err = ParseDate(fin); err != nil {
		return "", "", &Error{Kind: Invalid, Champ: "fin", Message: err.Error()}
	}
	if f < d {
		return "", "", Champf("fin", "La fin (%s) vient avant le début (%s). Corrigez l’une des deux dates.", f.Longue(), d.Longue())
	}
	if f > d.Mois(120) {
		return "", "", Champf("fin", "La fin (%s) vient plus de dix ans après le début (%s). Vérifiez les années.", f.Longue(), d.Longue())
	}
	return d, f, nil
}
