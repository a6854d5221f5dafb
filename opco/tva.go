package opco

import "strings"

// TVA is a French intra-community VAT number: FR, a key of 2 digits, a SIREN.
type TVA string

// ParseTVA reads a VAT number typed by a person: spaces and case do not matter.
// Key = (12 + 3 × (SIREN mod 97)) mod 97 (domain.md 3.8). It returns an Invalid
// error on the field « tva ».
func ParseTVA(s string) (TVA, error) {
	n := majusculesASCII(sansEspaces(s))
	if n == "" {
		return "", Champf("tva", "Indiquez le numéro de TVA : FR suivi de 11 chiffres.")
	}
	corps, ok := strings.CutPrefix(n, "FR")
	if !ok || len(corps) != 11 || !chiffres(corps) {
		return "", Champf("tva", "Un numéro de TVA français s’écrit FR suivi de 11 chiffres : « %s » ne convient pas.", citer(s))
	}
	if _, err := ParseSIREN(corps[2:]); err != nil {
		return "", Champf("tva", "Ce numéro de TVA est faux : ses neuf derniers chiffres ne forment pas un SIREN.")
	}
	if reste97(corps[:2]) != (12+3*reste97(corps[2:]))%97 || corps[:2] > "96" {
		return "", Champf("tva", "Ce numéro de TVA est faux : les deux chiffres après FR ne correspondent pas au SIREN.")
	}
	return TVA(n), nil
}

// SIREN returns the company that the number belongs to, "" when t was not read
// by ParseTVA.
func (t TVA) SIREN() SIREN {
	if len(t) != 13 {
		return ""
	}
	return SIREN(t[4:])
}
