package opco

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// NomMax is the longest name of a person or an organisation, in characters.
const NomMax = 120

// ParseNom reads the name of a person or an organisation: one line, composed,
// single spaces, as its bearer writes it (« O’Brien », « Ñoño », « Ô », « N/A »
// are names). Invisible characters are refused rather than dropped, so that two
// names that look alike are alike. Errors are Invalid, on the field champ.
func ParseNom(champ, s string) (string, error) {
	if err := lisible(champ, s, NomMax); err != nil {
		return "", err
	}
	t := strings.TrimSpace(s)
	for _, r := range t {
		if unicode.IsControl(r) || invisible(r) {
			return "", Champf(champ, "Ce nom contient un caractère invisible. Retapez-le sans le copier.")
		}
	}
	t = strings.Join(strings.Fields(NFC(t)), " ")
	if !strings.ContainsFunc(t, func(r rune) bool { return !blanc(r) && (unicode.IsLetter(r) || unicode.IsDigit(r)) }) {
		return "", Champf(champ, "Indiquez un nom : il faut au moins une lettre.")
	}
	if first, _ := utf8.DecodeRuneInString(t); marque(first) {
		return "", Champf(champ, "Ce nom commence par un accent sans lettre. Retapez-le sans le copier.")
	}
	return mesurer(champ, t, NomMax)
}

// CleNom returns the key under which two spellings of one name compare equal:
// ligatures opened, accents and case dropped, apostrophes removed, hyphens and
// other signs turned into single spaces (domain.md 2.6 SF1, 5 bis). It is a key
// to compare and to sort, never a text to show. CleNom(CleNom(s)) is CleNom(s).
func CleNom(s string) string {
	t := strings.ToLower(ouvrir(nfkdSansMarques(ouvrir(s)))) // twice: « Ǿ » opens as Ø, then as O
	var b strings.Builder
	espace := false
	for _, r := range nfkdSansMarques(t) {
		switch {
		case apostrophe(r) || unicode.Is(unicode.Cf, r):
		case (unicode.IsLetter(r) || unicode.IsNumber(r) || r == '+') && !blanc(r):
			if espace && b.Len() > 0 {
				b.WriteByte(' ')
			}
			espace = false
			b.WriteRune(r)
		default:
			espace = true
		}
	}
	return b.String()
}

// ouvrir writes ligatures and barred letters with plain ones.
func ouvrir(s string) string { return lettresHorsNFKD.Replace(tableSepa.Replace(s)) }

// lettresHorsNFKD opens the letters that neither Unicode nor the SEPA table does.
var lettresHorsNFKD = strings.NewReplacer("´", "'", "ẞ", "SS", "ı", "i", "ſ", "s", "þ", "th", "Þ", "TH", "ð", "d", "Ð", "D",
	"ħ", "h", "Ħ", "H", "ŧ", "t", "Ŧ", "T", "ǥ", "g", "Ǥ", "G", "ŋ", "n", "Ŋ", "N")

// apostrophe reports whether r is one of the signs typed for an apostrophe, the
// Polynesian ʻeta and the primes included.
func apostrophe(r rune) bool { return strings.ContainsRune("'`´’‘‛′ʼʻʽʾʿˈꞌ", r) }

// CleRecherche returns the text in which a search looks for words: the key of
// the name, with letters and digits only. A typed word is looked for as
// CleRecherche(word), so « lefevre », « Lefèvre » and « nguyen » all find
// « Lefèvre-N'Guyên ».
func CleRecherche(s string) string {
	return strings.Join(strings.FieldsFunc(CleNom(s), func(r rune) bool { return r == ' ' || r == '+' }), " ")
}

// Concordance says how two spellings of a name agree (domain.md 2.6, SF1).
type Concordance string

// The concordances, from the best to the worst.
const (
	ConcordanceExacte     Concordance = "exacte"     // the same name
	ConcordanceProche     Concordance = "proche"     // a typing error, or first and last names swapped: a person looks
	ConcordanceDifferente Concordance = "differente" // not the same name
)

// NomsConcordent compares two full names. Near means the same words in another
// order, or one edit (two from 12 letters on); names under 4 letters must be
// equal, for one edit makes another name of them. An empty name agrees with none.
func NomsConcordent(a, b string) Concordance {
	ca, cb := CleNom(a), CleNom(b)
	switch {
	case ca == "" || cb == "":
		return ConcordanceDifferente
	case ca == cb:
		return ConcordanceExacte
	case memesMots(ca, cb):
		return ConcordanceProche
	}
	ra, rb := []rune(ca), []rune(cb)
	admis := 0
	switch n := min(len(ra), len(rb)); {
	case n >= 12:
		admis = 2
	case n >= 4:
		admis = 1
	}
	if max(len(ra), len(rb)) <= 4*NomMax && ecart(ra, rb) <= admis {
		return ConcordanceProche
	}
	return ConcordanceDifferente
}

func memesMots(a, b string) bool {
	ma, mb := strings.Fields(a), strings.Fields(b)
	slices.Sort(ma)
	slices.Sort(mb)
	return slices.Equal(ma, mb)
}

// ecart counts the letters to add, remove, change or swap with their neighbour to
// go from a to b (optimal string alignment).
func ecart(a, b []rune) int {
	avant, ligne, suivante := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range ligne {
		ligne[j] = j
	}
	for i := range a {
		suivante[0] = i + 1
		for j := range b {
			cout := 1
			if a[i] == b[j] {
				cout = 0
			}
			suivante[j+1] = min(suivante[j]+1, ligne[j+1]+1, ligne[j]+cout)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				suivante[j+1] = min(suivante[j+1], avant[j-1]+1)
			}
		}
		avant, ligne, suivante = ligne, suivante, avant
	}
	return ligne[len(b)]
}
