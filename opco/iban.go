package opco

import (
	"strconv"
	"strings"
)

// IBAN is a bank account of the SEPA zone, in capitals and without spaces.
type IBAN string

// longueursIBAN gives, for each country of the SEPA zone, the length of its
// IBANs (ISO 13616). Jersey, Guernsey and Man use GB; overseas France uses FR.
var longueursIBAN = map[string]int{
	"AD": 24, "AL": 28, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18,
	"EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "HR": 21, "HU": 28, "IE": 22,
	"IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
	"MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SE": 24, "SI": 19, "SK": 24,
	"SM": 27, "VA": 22,
}

// ParseIBAN reads an IBAN typed by a person: spaces and case do not matter. It
// checks the country (SEPA only), the length, the check digits (02 to 98, modulo
// 97) and, for France and Monaco, the RIB key (domain.md 5 bis). It returns an
// Invalid error on the field « iban ».
func ParseIBAN(s string) (IBAN, error) {
	n := majusculesASCII(sansEspaces(s))
	if n == "" {
		return "", Champf("iban", "Indiquez l’IBAN : il est sur votre RIB et commence par deux lettres, FR en France.")
	}
	if !alphanumerique(n) {
		return "", Champf("iban", "Un IBAN ne contient que des lettres et des chiffres : « %s » contient autre chose, parfois invisible. Saisissez-le à la main.", citer(s))
	}
	if len(n) < 4 || !majuscule(n[0]) || !majuscule(n[1]) || !chiffres(n[2:4]) {
		return "", Champf("iban", "Un IBAN commence par deux lettres et deux chiffres, par exemple FR76.")
	}
	attendu, ok := longueursIBAN[n[:2]]
	switch {
	case !ok:
		return "", Champf("iban", "Nous ne payons que dans la zone SEPA, et le pays « %s » n’en fait pas partie. Donnez un autre compte.", n[:2])
	case len(n) != attendu:
		return "", Champf("iban", "Un IBAN %s a %d caractères ; vous en avez saisi %d.", n[:2], attendu, len(n))
	case n[2:4] < "02" || n[2:4] > "98" || reste97(enChiffres(n[4:]+n[:4])) != 1:
		return "", Champf("iban", "Cet IBAN est faux : les deux chiffres après %s ne correspondent pas au reste. Recopiez-le depuis votre RIB.", n[:2])
	case (n[:2] == "FR" || n[:2] == "MC") && !cleRIB(n[4:]):
		return "", Champf("iban", "Cet IBAN est faux : sa clé RIB, les deux derniers chiffres, ne correspond pas au compte. Recopiez-le depuis votre RIB.")
	}
	return IBAN(n), nil
}

// Pays returns the two letters of the country.
func (i IBAN) Pays() string { return string(i[:min(2, len(i))]) }

// Affiche writes the IBAN by groups of four, as a RIB prints it.
func (i IBAN) Affiche() string { return grouper(string(i), 4) }

// Masque writes the IBAN for someone who may recognise it but not copy it: the
// country, the check digits and the last four characters.
func (i IBAN) Masque() string {
	if len(i) <= 8 {
		return strings.Repeat("•", len(i))
	}
	return string(i[:4]) + espaceInsecable + "••••" + espaceInsecable + string(i[len(i)-4:])
}

// enChiffres writes letters as the numbers 10 to 35, as ISO 7064 wants them.
func enChiffres(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if majuscule(s[i]) {
			b.WriteString(strconv.Itoa(int(s[i]-'A') + 10))
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// cleRIB checks a French account: bank 5 and branch 5 digits, account 11 letters
// or digits, key 01 to 97, the whole divisible by 97 once letters are digits.
func cleRIB(rib string) bool {
	if !chiffres(rib[:10]) || !chiffres(rib[21:]) || rib[21:] < "01" || rib[21:] > "97" {
		return false
	}
	const valeurs = "12345678912345678923456789" // A to Z; S restarts at 2
	var b strings.Builder
	for i := range len(rib) {
		c := rib[i]
		if majuscule(c) {
			c = valeurs[c-'A']
		}
		b.WriteByte(c)
	}
	return reste97(b.String()) == 0
}
