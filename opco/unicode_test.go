package opco_test

import (
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"guichet/opco"
)

// blocs are the ranges that the generated table covers.
var blocs = [][2]rune{
	{0, 0x052F}, {0x1AB0, 0x1AFF}, {0x1D00, 0x1FFF}, {0x2000, 0x24FF},
	{0x3000, 0x3000}, {0xFB00, 0xFB06}, {0xFE20, 0xFE2F}, {0xFF00, 0xFFEF},
}

// reference drops the marks of the compatibility form, as x/text makes it.
func reference(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.M, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(s))
}

func TestDecompositionAgreesWithUnicode(t *testing.T) {
	n := 0
	for _, b := range blocs {
		for r := b[0]; r <= b[1]; r++ {
			n++
			s := string(r)
			if got, want := opco.NFC(s), norm.NFC.String(s); got != want {
				t.Errorf("NFC(%U): got %+q, want %+q", r, got, want)
			}
			if got, want := opco.NFC(norm.NFD.String(s)), norm.NFC.String(s); got != want {
				t.Errorf("NFC(NFD(%U)): got %+q, want %+q", r, got, want)
			}
			if got, want := opco.NfkdSansMarques(s), reference(s); got != want {
				t.Errorf("NFKD(%U): got %+q, want %+q", r, got, want)
			}
		}
	}
	if n != 3720 {
		t.Fatalf("%d characters compared, the ranges are wrong", n)
	}
}

// TestNormalisationOfSequences draws letters and marks in any order: marks that
// must be sorted, that block each other, that have no base.
func TestNormalisationOfSequences(t *testing.T) {
	lettre := rapid.RuneFrom([]rune("aeEoOsSdzıİæßΑαЙи1 ,\u00e9\u1e69\u01d6\u0344\u212b\ufb01\u0345"))
	accent := rapid.RuneFrom(nil, &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x300, Hi: 0x36f, Stride: 1}}})
	texte := rapid.StringOf(rapid.OneOf(lettre, accent))
	rapid.Check(t, func(t *rapid.T) {
		s := texte.Draw(t, "s")
		if got, want := opco.NFC(s), norm.NFC.String(s); got != want {
			t.Fatalf("NFC(%+q): got %+q, want %+q", s, got, want)
		}
		if got, want := opco.NfkdSansMarques(s), reference(s); got != want {
			t.Fatalf("NFKD(%+q): got %+q, want %+q", s, got, want)
		}
	})
}
