package opco

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// citationMax bounds what a sentence repeats of a refused input, in runes.
const citationMax = 40

// citer prepares what a person typed for being quoted in a sentence: one line,
// cut, and without the characters that would act on the page or the log.
func citer(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == citationMax {
			b.WriteRune('…')
			break
		}
		switch {
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			r = '·'
		case unicode.IsSpace(r):
			r = ' '
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimSpace(b.String())
}

// sansEspaces drops the spaces that people type or paste inside an identifier,
// tabs and line ends at its edges included. Invisible characters that are not
// spaces stay, so that the caller refuses them.
func sansEspaces(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Zs, r) {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
}

// grouper cuts s in groups of the given lengths, the last one repeated, and
// parts them with no-break spaces.
func grouper(s string, longueurs ...int) string {
	var groupes []string
	for i := 0; s != ""; i++ {
		n := min(longueurs[min(i, len(longueurs)-1)], len(s))
		groupes = append(groupes, s[:n])
		s = s[n:]
	}
	return strings.Join(groupes, espaceInsecable)
}

// reste97 returns the remainder modulo 97 of a number written in ASCII digits.
func reste97(n string) int {
	r := 0
	for i := range len(n) {
		r = (r*10 + int(n[i]-'0')) % 97
	}
	return r
}

// majusculesASCII turns a–z into A–Z and leaves all else alone: no rule of a
// language, such as the Turkish one for i, touches an identifier.
func majusculesASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}

// alphanumerique reports whether s holds A–Z and 0–9 only.
func alphanumerique(s string) bool {
	for i := range len(s) {
		if !majuscule(s[i]) && !chiffres(s[i:i+1]) {
			return false
		}
	}
	return true
}

func majuscule(c byte) bool { return 'A' <= c && c <= 'Z' }
