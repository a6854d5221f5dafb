package opco

import (
	"fmt"
	"strings"
)

// Lengths of the texts that a SEPA file carries, in characters.
const (
	sepaNomMax         = 70
	sepaRemiseMax      = 140
	sepaIdentifiantMax = 35
)

// tableSepa is the fixed table of domain.md 5 bis, applied before anything else.
var tableSepa = strings.NewReplacer("ß", "ss", "Æ", "AE", "æ", "ae", "Œ", "OE", "œ", "oe", "Ø", "O", "ø", "o",
	"Ł", "L", "ł", "l", "Đ", "D", "đ", "d", "’", "'", "‘", "'", "&", "+",
	"«", "", "»", "", "\"", "", "™", "", "®", "", "©", "")

const caracteresSepa = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 /-?:().,'+"

// SepaTexte writes s with the characters that every SEPA bank accepts, in at most
// max of them: fixed table, accents dropped, anything else a space, spaces and
// slashes single and never at an end (domain.md 5 bis). The result may be empty.
// SepaTexte(SepaTexte(s, n), n) is SepaTexte(s, n).
func SepaTexte(s string, max int) string {
	t := strings.Map(func(r rune) rune {
		if strings.ContainsRune(caracteresSepa, r) {
			return r
		}
		return ' '
	}, nfkdSansMarques(tableSepa.Replace(s)))
	t = strings.Join(strings.Fields(t), " ")
	for strings.Contains(t, "//") {
		t = strings.ReplaceAll(t, "//", "/")
	}
	t = strings.Trim(t, " /")
	if len(t) > max {
		t = strings.TrimRight(t[:max], " /")
	}
	return t
}

// SepaNom writes the name of a payer or a payee: 70 characters.
func SepaNom(s string) string { return SepaTexte(s, sepaNomMax) }

// SepaIdentifiant writes an identifier that the bank sends back: 35 characters.
func SepaIdentifiant(s string) string { return SepaTexte(s, sepaIdentifiantMax) }

// PaireRemise is a dossier and the invoice that a règlement pays for it.
type PaireRemise struct {
	Dossier string `json:"dossier"`
	Facture string `json:"facture"`
}

// Remise writes the remittance text of a règlement, in 140 SEPA characters:
// « REGLEMENT DOSSIER FACTURE, DOSSIER FACTURE +2 ». The pairs that do not fit
// whole, and those after them, are replaced by their number (domain.md 5 bis).
func Remise(numReglement string, paires []PaireRemise) string {
	// Two characters name a pair at the least: what comes beyond is only counted.
	textes := make([]string, min(len(paires), sepaRemiseMax/2))
	for i, p := range paires[:len(textes)] {
		textes[i] = strings.TrimSpace(SepaTexte(p.Dossier, sepaRemiseMax) + " " + SepaTexte(p.Facture, sepaRemiseMax))
	}
	numero := SepaIdentifiant(numReglement)
	for n := len(textes); n > 0; n-- {
		t := strings.TrimSpace(numero+" "+strings.Join(textes[:n], ", ")) + resteRemise(len(paires)-n)
		if len(t) <= sepaRemiseMax {
			return t
		}
	}
	return numero + resteRemise(len(paires))
}

// resteRemise writes how many pairs are not named, nothing when all are.
func resteRemise(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" +%d", n)
}
