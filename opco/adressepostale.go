package opco

import (
	"regexp"
	"strings"
)

// AdressePostale is where a payee is, in the parts and the characters that a payment
// file may carry: banks refuse an address in free lines since 15 November 2026
// (domain.md section 4, I1).
type AdressePostale struct {
	Numero     string `json:"numero,omitempty"` // « 27 », « 3 bis »; "": the street has none
	Voie       string `json:"voie"`
	CodePostal string `json:"code_postal"`
	Ville      string `json:"ville"`
	Pays       string `json:"pays"` // ISO 3166
}

// The widths of the schema: an address that does not fit whole is not given.
const (
	voieMax   = 70
	villeMax  = 35
	numeroMax = 16
)

var (
	numeroEtVoie = regexp.MustCompile(`^([0-9]{1,5}(?: ?(?i:bis|ter|quater|[a-d]))?)[ ,]+(\D.*)$`)
	// codePostalFR: France and its overseas departments, whose code is FR; the other
	// territories have a code of their own.
	codePostalFR = regexp.MustCompile(`^(0[1-9]|[1-8][0-9]|9[0-5]|97[12346])[0-9]{2,3}$`)
)

// StructurerAdresse writes a French address on file as a payment file wants it, nil when
// it is not complete, does not fit, or is not in France as the banks count it.
func StructurerAdresse(voie, codePostal, ville string) *AdressePostale {
	a := AdressePostale{Voie: SepaTexte(voie, 2*voieMax), CodePostal: strings.TrimSpace(codePostal), Ville: SepaTexte(ville, 2*villeMax), Pays: "FR"}
	if m := numeroEtVoie.FindStringSubmatch(a.Voie); m != nil {
		a.Numero, a.Voie = m[1], m[2]
	}
	if a.Voie == "" || a.Ville == "" || len(a.Voie) > voieMax || len(a.Ville) > villeMax || len(a.Numero) > numeroMax ||
		len(a.CodePostal) != 5 || !codePostalFR.MatchString(a.CodePostal) {
		return nil
	}
	return &a
}
