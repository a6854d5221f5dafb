package opco

import "strings"

// UAI identifies a school or a CFA: 7 digits and a control letter.
type UAI string

const lettresUAI = "ABCDEFGHJKLMNPRSTUVWXYZ" // 23 letters: no I, O, Q

// ParseUAI reads a UAI typed by a person: spaces and case do not matter. The
// letter is the number modulo 23 (domain.md 3.8). It returns an Invalid error on
// the field « uai ».
func ParseUAI(s string) (UAI, error) {
	n := majusculesASCII(sansEspaces(s))
	switch {
	case n == "":
		return "", Champf("uai", "Indiquez le code UAI du CFA : 7 chiffres et une lettre.")
	case len(n) != 8 || !chiffres(n[:7]) || !majuscule(n[7]):
		return "", Champf("uai", "Un code UAI a 7 chiffres et une lettre, par exemple 0561910X : « %s » ne convient pas.", citer(s))
	case strings.Trim(n[:7], "0") == "":
		return "", Champf("uai", "Ce code UAI n’existe pas : il ne contient que des zéros.")
	}
	numero := 0
	for _, c := range n[:7] {
		numero = numero*10 + int(c-'0')
	}
	if lettresUAI[numero%23] != n[7] {
		return "", Champf("uai", "Ce code UAI est faux : la lettre ne correspond pas aux chiffres. Recopiez-le.")
	}
	return UAI(n), nil
}
