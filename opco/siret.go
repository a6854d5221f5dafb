package opco

import "strings"

// SIREN identifies a company in the national register: 9 digits, Luhn key.
type SIREN string

// SIRET identifies one établissement of a company: its SIREN and 5 more digits.
type SIRET string

// sirenLaPoste is the only company whose SIRET may break the Luhn key.
const sirenLaPoste = "356000000"

// ParseSIREN reads a SIREN typed by a person; spaces of any kind are dropped.
// It returns an Invalid error on the field « siren » (domain.md 3.8).
func ParseSIREN(s string) (SIREN, error) {
	n := sansEspaces(s)
	switch {
	case n == "":
		return "", Champf("siren", "Indiquez le SIREN : 9 chiffres.")
	case !chiffres(n):
		return "", Champf("siren", "Le SIREN s’écrit avec les chiffres 0 à 9 seulement : « %s » contient autre chose.", citer(s))
	case len(n) == 14:
		return "", Champf("siren", "Vous avez saisi un SIRET. Le SIREN, ce sont ses 9 premiers chiffres.")
	case len(n) != 9:
		return "", Champf("siren", "Un SIREN a 9 chiffres ; vous en avez saisi %d.", len(n))
	case strings.Trim(n, "0") == "":
		return "", Champf("siren", "Ce SIREN n’existe pas : il ne contient que des zéros.")
	case sommeLuhn(n)%10 != 0:
		return "", Champf("siren", "Ce SIREN n’existe pas : un chiffre est faux. Comparez-le à votre extrait Kbis.")
	}
	return SIREN(n), nil
}

// Affiche writes the SIREN for a reader, « 999 001 084 ».
func (s SIREN) Affiche() string { return grouper(string(s), 3, 3, 3) }

// ParseSIRET reads a SIRET typed by a person; spaces of any kind are dropped. La
// Poste has its own rule: the Luhn key, or a sum of digits that 5 divides. It
// returns an Invalid error on the field « siret » (domain.md 3.8).
func ParseSIRET(s string) (SIRET, error) {
	n := sansEspaces(s)
	switch {
	case n == "":
		return "", Champf("siret", "Indiquez le SIRET de l’établissement : 14 chiffres.")
	case !chiffres(n):
		return "", Champf("siret", "Le SIRET s’écrit avec les chiffres 0 à 9 seulement : « %s » contient autre chose.", citer(s))
	case len(n) == 9:
		return "", Champf("siret", "Vous avez saisi un SIREN. Ajoutez les cinq chiffres de l’établissement : le SIRET en compte 14.")
	case len(n) != 14:
		return "", Champf("siret", "Un SIRET a 14 chiffres ; vous en avez saisi %d.", len(n))
	case strings.Trim(n[:9], "0") == "":
		return "", Champf("siret", "Ce SIRET n’existe pas : ses neuf premiers chiffres sont des zéros.")
	case sommeLuhn(n)%10 != 0 && !reglePoste(n):
		return "", Champf("siret", "Ce SIRET n’existe pas : un chiffre est faux. Vérifiez surtout les cinq derniers.")
	case sommeLuhn(n[:9])%10 != 0:
		return "", Champf("siret", "Ce SIRET n’existe pas : ses neuf premiers chiffres ne forment pas un SIREN. Vérifiez-les.")
	}
	return SIRET(n), nil
}

// SIREN returns the company that the établissement belongs to, "" when s was
// not read by ParseSIRET.
func (s SIRET) SIREN() SIREN {
	if len(s) != 14 {
		return ""
	}
	return SIREN(s[:9])
}

// Affiche writes the SIRET for a reader, « 999 001 084 00014 ».
func (s SIRET) Affiche() string { return grouper(string(s), 3, 3, 3, 5) }

func reglePoste(n string) bool {
	if !strings.HasPrefix(n, sirenLaPoste) {
		return false
	}
	somme := 0
	for i := range len(n) {
		somme += int(n[i] - '0')
	}
	return somme%5 == 0
}

// sommeLuhn returns the Luhn sum of n; 10 divides it when the key is right.
func sommeLuhn(n string) int {
	somme := 0
	for i := range len(n) {
		c := int(n[len(n)-1-i] - '0')
		if i%2 == 1 {
			c *= 2
		}
		somme += c/10 + c%10
	}
	return somme
}
