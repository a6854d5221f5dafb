package courrier

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"guichet/opco"
)

const insecable = "\u00a0"

// espaces puts a no-break space wherever French typography wants one, so that
// no line begins with « : » or « € ».
var espaces = strings.NewReplacer(
	" ;", insecable+";", " :", insecable+":", " ?", insecable+"?", " !", insecable+"!",
	" »", insecable+"»", "« ", "«"+insecable, " €", insecable+"€", " %", insecable+"%",
	" n° ", " n°"+insecable, "Mme ", "Mme"+insecable, " M. ", " M."+insecable, "\u202f", insecable,
)

var heures = regexp.MustCompile(`(\d) h\b`)

// composer makes a text fit to be printed: composed accents, French spaces, no
// control, bidirectional or invisible character. What a person wrote keeps its
// words; only what the eye cannot see is removed.
func composer(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, norm.NFC.String(s))
	return heures.ReplaceAllString(espaces.Replace(s), "$1"+insecable+"h")
}

// periode writes « du 8 au 10 juin 2026 », or « le 8 juin 2026 ».
func periode(debut, fin opco.Date) string {
	if debut == "" {
		return ""
	}
	if len(debut) != len(fin) || fin == debut {
		return "le " + debut.Longue()
	}
	d := debut.Longue()
	switch {
	case debut[:7] == fin[:7]:
		d, _, _ = strings.Cut(d, " ")
	case debut[:4] == fin[:4]:
		d = d[:strings.LastIndex(d, " ")]
	}
	return "du " + d + " au " + fin.Longue()
}

// enumerer writes « A, B et C », naming at most max of them.
func enumerer(noms []string, max int) string {
	if len(noms) > max {
		return strings.Join(noms[:max-1], ", ") + " et " + strconv.Itoa(len(noms)-max+1) + " autres personnes"
	}
	if len(noms) < 2 {
		return strings.Join(noms, "")
	}
	return strings.Join(noms[:len(noms)-1], ", ") + " et " + noms[len(noms)-1]
}

// majuscule raises the first letter of s.
func majuscule(s string) string {
	for i, r := range s {
		return string(unicode.ToUpper(r)) + s[i+len(string(r)):]
	}
	return s
}

// jusquau writes a délai that ends on day d, included (domain.md 5 bis, Time).
func jusquau(d opco.Date) string {
	if d == "" {
		return ""
	}
	return "jusqu’au " + d.Longue() + " inclus"
}

// minuscule lowers the first letter of s, unless the word is an acronym.
func minuscule(s string) string {
	mot, _, _ := strings.Cut(s, " ")
	if mot == strings.ToUpper(mot) {
		return s
	}
	for i, r := range s {
		return string(unicode.ToLower(r)) + s[i+len(string(r)):]
	}
	return s
}

// incise makes a sentence that a person wrote fit to stand after a colon: no
// full stop, and no capital on a first word that is a common one.
func incise(s string) string {
	s = strings.TrimRight(strings.TrimSpace(s), ". ")
	mot, _, _ := strings.Cut(s, " ")
	if slices.Contains(motsCourants, mot) {
		return minuscule(s)
	}
	return s
}

var motsCourants = []string{"Le", "La", "Les", "Un", "Une", "Il", "Elle", "Nous", "Vous", "Ce", "Cette", "Votre", "Vos", "Aucun", "Aucune", "Page"}

// compter writes « une pièce », « 3 pièces »; mot is feminine.
func compter(n int, mot string) string {
	if n > 1 {
		mot += "s"
	}
	if n == 1 {
		return "une " + mot
	}
	return strconv.Itoa(n) + " " + mot
}

// insecables keeps the groups of an account number on one line.
func insecables(s string) string { return strings.ReplaceAll(s, " ", insecable) }
