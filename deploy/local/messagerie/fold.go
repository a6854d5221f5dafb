package messagerie

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold removes case and accents, so that « decision » finds « Décision ».
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
