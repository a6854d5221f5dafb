package opco

import "strings"

// IDCC identifies a collective agreement, hence a branch: 4 digits, « 0438 ».
type IDCC string

// ParseIDCC reads an IDCC typed by a person. Leading zeros may be left out, as
// the State's own lists do. 9999 means « no agreement » in payroll files and is
// refused. Whether the branch is one of ours is for the reference data to say.
// It returns an Invalid error on the field « idcc ».
func ParseIDCC(s string) (IDCC, error) {
	n := sansEspaces(s)
	switch {
	case n == "":
		return "", Champf("idcc", "Indiquez l’IDCC de votre convention collective : 4 chiffres, inscrits sur vos bulletins de paie.")
	case !chiffres(n) || len(n) > 4:
		return "", Champf("idcc", "Un IDCC a 4 chiffres : « %s » ne convient pas. Il est inscrit sur vos bulletins de paie.", citer(s))
	case strings.Trim(n, "0") == "" || n == "9999":
		return "", Champf("idcc", "L’IDCC %s ne désigne aucune convention collective. Vérifiez-le sur vos bulletins de paie.", n)
	}
	return IDCC(strings.Repeat("0", 4-len(n)) + n), nil
}
