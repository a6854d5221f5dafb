package opco

import "strings"

// NDA is the numéro de déclaration d’activité of a training body: 11 digits.
type NDA string

// ParseNDA reads an NDA typed by a person; spaces are dropped. The split into
// region and department is not enforced (domain.md 3.8). It returns an Invalid
// error on the field « nda ».
func ParseNDA(s string) (NDA, error) {
	n := sansEspaces(s)
	switch {
	case n == "":
		return "", Champf("nda", "Indiquez le numéro de déclaration d’activité de l’organisme : 11 chiffres.")
	case !chiffres(n):
		return "", Champf("nda", "Le numéro de déclaration d’activité s’écrit avec les chiffres 0 à 9 seulement : « %s » contient autre chose.", citer(s))
	case len(n) == 14:
		return "", Champf("nda", "Vous avez saisi un SIRET. Le numéro de déclaration d’activité a 11 chiffres ; il est sur la convention de formation.")
	case len(n) != 11:
		return "", Champf("nda", "Un numéro de déclaration d’activité a 11 chiffres ; vous en avez saisi %d.", len(n))
	case strings.Trim(n, "0") == "":
		return "", Champf("nda", "Ce numéro de déclaration d’activité n’existe pas : il ne contient que des zéros.")
	}
	return NDA(n), nil
}

// Affiche writes the NDA for a reader, « 11 75 53531 75 ».
func (n NDA) Affiche() string { return grouper(string(n), 2, 2, 5, 2) }
