package opco

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

//go:generate go run gen/decomposition.go

// decomposition holds what a character is made of: its canonical parts, "" when
// it has none, and its compatibility parts.
type decomposition struct {
	r         rune
	nfd, nfkd string
}

// composition says that base followed by marque is written compose.
type composition struct{ base, marque, compose rune }

// classe is the canonical combining class of a mark: the order in which marks
// that do not touch each other are written.
type classe struct {
	r   rune
	ccc uint8
}

// NFC returns s in the composed form in which the house stores text, so that
// « é » typed on a Mac and on a PC are the same two bytes. It covers Latin,
// Greek and Cyrillic letters; other scripts are returned as they came.
func NFC(s string) string {
	if ascii(s) {
		return s
	}
	return string(composer(decomposer(s, func(d decomposition) string { return d.nfd })))
}

// nfkdSansMarques splits s in its compatibility parts and drops the combining
// marks: « É » gives « E », « ﬁ » gives « fi », « １ » gives « 1 ».
func nfkdSansMarques(s string) string {
	if ascii(s) {
		return s
	}
	var b strings.Builder
	for _, r := range decomposer(s, func(d decomposition) string { return d.nfkd }) {
		if !marque(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// decomposer replaces each character by the parts that choix picks, then sorts
// the marks that follow one base by class.
func decomposer(s string, choix func(decomposition) string) []rune {
	out := make([]rune, 0, len(s))
	for _, r := range s {
		i, ok := slices.BinarySearchFunc(decompositions[:], r, func(d decomposition, r rune) int { return cmp.Compare(d.r, r) })
		if parts := ""; ok {
			if parts = choix(decompositions[i]); parts != "" {
				out = append(out, []rune(parts)...)
				continue
			}
		}
		out = append(out, r)
	}
	for i := 0; i < len(out); i++ {
		j := i
		for j < len(out) && classeDe(out[j]) != 0 {
			j++
		}
		slices.SortStableFunc(out[i:j], func(a, b rune) int { return cmp.Compare(classeDe(a), classeDe(b)) })
		i = max(i, j-1)
	}
	return out
}

// composer puts marks back on their base, as Unicode defines it: a mark joins the
// last base unless a mark of the same class, or a base, stands between them. In
// the scripts of the table only marks join, never a second letter.
func composer(in []rune) []rune {
	out := in[:0]
	base, precedente := -1, uint8(0)
	for _, r := range in {
		ccc := classeDe(r)
		if base >= 0 && precedente < ccc {
			if c, ok := compose(out[base], r); ok {
				out[base] = c
				continue
			}
		}
		if ccc == 0 {
			base = len(out)
		}
		precedente = ccc
		out = append(out, r)
	}
	return out
}

func compose(base, marque rune) (rune, bool) {
	i, ok := slices.BinarySearchFunc(compositions[:], composition{base: base, marque: marque}, func(a, b composition) int {
		return cmp.Or(cmp.Compare(a.base, b.base), cmp.Compare(a.marque, b.marque))
	})
	if !ok {
		return 0, false
	}
	return compositions[i].compose, true
}

func classeDe(r rune) uint8 {
	if r < classes[0].r {
		return 0
	}
	i, ok := slices.BinarySearchFunc(classes[:], r, func(c classe, r rune) int { return cmp.Compare(c.r, r) })
	if !ok {
		return 0
	}
	return classes[i].ccc
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
