package opco

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// marquesMax is the longest run of combining marks on one letter. No language
// needs as many; a page cannot show more.
const marquesMax = 8

// ParseTexte reads a free text of at most max characters: a comment, a motif, an
// address line. It returns the text composed, without spaces at its ends, with
// plain line ends; "" when nothing visible was typed, which the caller refuses if
// the field is required. Control characters and those that reverse the reading
// order are refused; emoji are kept. Errors are Invalid, on the field champ.
func ParseTexte(champ, s string, max int) (string, error) {
	if err := lisible(champ, s, max); err != nil {
		return "", err
	}
	t := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u200b", "", "\ufeff", "").Replace(s)
	for _, r := range t {
		if r != '\n' && r != '\t' && unicode.IsControl(r) || bidi(r) {
			return "", Champf(champ, "Ce texte contient un caractère invisible qui en changerait la lecture. Retapez-le sans le copier.")
		}
	}
	t = strings.TrimFunc(NFC(t), blanc)
	return mesurer(champ, t, max)
}

// lisible refuses, before any work, what is not text or is far beyond max.
func lisible(champ, s string, max int) error {
	if !utf8.ValidString(s) {
		return Champf(champ, "Ce texte n’est pas lisible : il n’est pas codé en UTF-8. Retapez-le, ou enregistrez votre fichier en UTF-8.")
	}
	if len(s) > 16*max+64 {
		return Champf(champ, "Ce texte est trop long : %d caractères au plus.", max)
	}
	return nil
}

// mesurer returns s, unless it has more than max characters or a letter under a
// heap of marks.
func mesurer(champ, s string, max int) (string, error) {
	if n := utf8.RuneCountInString(s); n > max {
		return "", Champf(champ, "Ce texte est trop long : %d caractères au plus, vous en avez %d.", max, n)
	}
	suite := 0
	for _, r := range s {
		if suite++; !marque(r) {
			suite = 0
		}
		if suite > marquesMax {
			return "", Champf(champ, "Ce texte porte trop d’accents sur une même lettre. Retapez-le sans le copier.")
		}
	}
	return s, nil
}

// marque reports whether r is drawn on the letter before it.
func marque(r rune) bool { return unicode.Is(unicode.M, r) }

// bidi reports whether r reverses the order in which its neighbours are read,
// which can make « gpj.exe » look like « exe.jpg ».
func bidi(r rune) bool {
	return r == '\u061c' || r == '\u200e' || r == '\u200f' || '\u202a' <= r && r <= '\u202e' || '\u2066' <= r && r <= '\u2069'
}

// invisible reports whether r takes no room on the page; bidi controls are such.
func invisible(r rune) bool {
	return unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || unicode.Is(unicode.Co, r) ||
		r == '\u034f' || r == '\u180b' || unicode.Is(unicode.Noncharacter_Code_Point, r)
}

// blanc reports whether r shows nothing: the spaces, and the letters and signs
// that are drawn empty (Hangul fillers, blank braille pattern).
func blanc(r rune) bool {
	switch r {
	case '\u115f', '\u1160', '\u3164', '\uffa0', '\u2800':
		return true
	}
	return unicode.IsSpace(r) || invisible(r)
}
