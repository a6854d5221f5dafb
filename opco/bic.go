package opco

import "slices"

// BIC identifies a bank: 8 characters, or 11 with its branch (ISO 9362).
type BIC string

// outreMer lists the country codes that a BIC may bear for a French IBAN.
var outreMer = []string{"FR", "BL", "GF", "GP", "MF", "MQ", "NC", "PF", "PM", "RE", "TF", "WF", "YT"}

// anglonormands lists the country codes that a BIC may bear for a British IBAN.
var anglonormands = []string{"GB", "GG", "IM", "JE"}

// ParseBIC reads a BIC typed by a person: spaces and case do not matter. It
// returns an Invalid error on the field « bic ».
func ParseBIC(s string) (BIC, error) {
	n := majusculesASCII(sansEspaces(s))
	switch {
	case n == "":
		return "", Champf("bic", "Indiquez le BIC de votre banque : il est sur votre RIB, à côté de l’IBAN.")
	case !alphanumerique(n):
		return "", Champf("bic", "Un BIC ne contient que des lettres et des chiffres : « %s » contient autre chose.", citer(s))
	case len(n) != 8 && len(n) != 11:
		return "", Champf("bic", "Un BIC a 8 ou 11 caractères ; vous en avez saisi %d.", len(n))
	case !majuscule(n[4]) || !majuscule(n[5]):
		return "", Champf("bic", "Ce BIC est faux : ses 5e et 6e caractères doivent être les lettres d’un pays, FR en France.")
	}
	return BIC(n), nil
}

// Pays returns the two letters of the bank's country.
func (b BIC) Pays() string {
	if len(b) < 6 {
		return ""
	}
	return string(b[4:6])
}

// Verifier refuses a BIC whose country is not that of the account: the two were
// not copied from the same RIB. It returns an Invalid error on the field « bic ».
func (b BIC) Verifier(i IBAN) error {
	admis := []string{i.Pays()}
	switch i.Pays() {
	case "FR":
		admis = outreMer
	case "GB":
		admis = anglonormands
	}
	if !slices.Contains(admis, b.Pays()) {
		return Champf("bic", "Le BIC est celui d’une banque du pays %s, l’IBAN celui d’un compte du pays %s. Recopiez les deux depuis le même RIB.", b.Pays(), i.Pays())
	}
	return nil
}
