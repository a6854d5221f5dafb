package opco_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"guichet/opco"
)

func TestSepaTexte(t *testing.T) {
	tests := []struct {
		nom, saisie string
		max         int
		want        string
	}{
		{"the payee of S14", "Œuvre Façonnée & Cie", 70, "OEuvre Faconnee + Cie"},
		{"the fixed table", "ßÆæŒœØøŁłĐđ’‘&«»\"™®©", 70, "ssAEaeOEoeOoLlDd''+"},
		{"decomposed", "E\u0301cole", 70, "Ecole"},
		{"full-width and ligatures", "ＡＢＣ ﬁn №", 70, "ABC fin No"},
		{"XML signs", "a<b>c;d", 70, "a b c d"},
		{"emoji and other scripts", "Лев 🎓 Zoé", 70, "Zoe"},
		{"control characters and line ends", "a\x00b\r\nc\td", 70, "a b c d"},
		{"slashes", "//A///B/ /C//", 70, "A/B/ /C"},
		{"slashes and spaces at both ends", " / /A / ", 70, "A"},
		{"the whole set", "az AZ 09 /-?:().,'+", 70, "az AZ 09 /-?:().,'+"},
		{"cut", "abcdef", 4, "abcd"},
		{"a cut that ends on a space", "abc def", 4, "abc"},
		{"a cut that ends on a slash", "abc/def", 4, "abc"},
		{"a ligature grows before the cut", "œœœ", 5, "oeoeo"},
		{"nothing left", "漢字 «»", 70, ""},
		{"invalid UTF-8", "a\xffb", 70, "a b"},
		{"nothing allowed", "abc", 0, ""},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			if got := opco.SepaTexte(tt.saisie, tt.max); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSepaLengths(t *testing.T) {
	long := strings.Repeat("é", 200)
	if got := len(opco.SepaNom(long)); got != 70 {
		t.Errorf("name: got %d characters, want 70", got)
	}
	if got := len(opco.SepaIdentifiant(long)); got != 35 {
		t.Errorf("identifier: got %d characters, want 35", got)
	}
}

func TestRemise(t *testing.T) {
	p := func(n int) (paires []opco.PaireRemise) {
		for i := range n {
			paires = append(paires, opco.PaireRemise{Dossier: fmt.Sprintf("26.A.%05d.1", i), Facture: fmt.Sprintf("F2026-%03d", i)})
		}
		return paires
	}
	// « R0001 » and 6 pairs take 5 + 6 × 23 - 1 = 142 characters, one too many
	// with « +n »: 5 pairs are named.
	cinq := "R0001 26.A.00000.1 F2026-000, 26.A.00001.1 F2026-001, 26.A.00002.1 F2026-002, 26.A.00003.1 F2026-003, 26.A.00004.1 F2026-004"
	tests := []struct {
		nom, numero string
		paires      []opco.PaireRemise
		want        string
	}{
		{"one pair", "R0001", p(1), "R0001 26.A.00000.1 F2026-000"},
		{"two pairs", "R0001", p(2), "R0001 26.A.00000.1 F2026-000, 26.A.00001.1 F2026-001"},
		{"all that fit", "R0001", p(5), cinq},
		{"one too many", "R0001", p(6), cinq + " +1"},
		{"a hundred", "R0001", p(100), cinq + " +95"},
		{"no pair", "R0001", nil, "R0001"},
		{"exactly 140", "R1", []opco.PaireRemise{{Dossier: strings.Repeat("d", 68), Facture: strings.Repeat("f", 68)}},
			"R1 " + strings.Repeat("d", 68) + " " + strings.Repeat("f", 68)},
		{"141 is not cut but counted", "R1", []opco.PaireRemise{{Dossier: strings.Repeat("d", 68), Facture: strings.Repeat("f", 69)}}, "R1 +1"},
		{"the number of what is left may push a pair out", "R1", []opco.PaireRemise{
			{Dossier: strings.Repeat("d", 68), Facture: strings.Repeat("f", 68)}, {Dossier: "D", Facture: "F"}}, "R1 +2"},
		{"SEPA characters", "R/1/", []opco.PaireRemise{{Dossier: "26.A.1", Facture: "/N°7//é&"}}, "R/1 26.A.1 N 7/e+"},
		{"an invoice number without any SEPA character", "R1", []opco.PaireRemise{{Dossier: "D1", Facture: "漢"}, {Dossier: "D2", Facture: "F2"}}, "R1 D1, D2 F2"},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			got := opco.Remise(tt.numero, tt.paires)
			if got != tt.want {
				t.Errorf("got %q (%d), want %q (%d)", got, len(got), tt.want, len(tt.want))
			}
			if propre := opco.SepaTexte(got, 140); propre != got {
				t.Errorf("not a SEPA text of 140: %q becomes %q", got, propre)
			}
		})
	}
}

func FuzzSepaTexte(f *testing.F) {
	f.Add("Œuvre Façonnée & Cie", 70)
	f.Add("// a // «é» //", 5)
	f.Add("\xff\x00½…", 140)
	f.Fuzz(func(t *testing.T, s string, max int) {
		max = min(1000, abs(max%1000))
		got := opco.SepaTexte(s, max)
		if len(got) > max || strings.Contains(got, "//") || strings.Contains(got, "  ") || got != strings.Trim(got, " /") {
			t.Fatalf("SepaTexte(%+q, %d) is %q", s, max, got)
		}
		if i := strings.IndexFunc(got, horsSepa); i >= 0 {
			t.Fatalf("SepaTexte(%+q) is %q, refused at %d", s, got, i)
		}
		if encore := opco.SepaTexte(got, max); encore != got {
			t.Fatalf("%q once more is %q", got, encore)
		}
		r := opco.Remise(s, []opco.PaireRemise{{Dossier: s, Facture: got}, {Dossier: got, Facture: s}})
		if propre := opco.SepaTexte(r, 140); propre != r {
			t.Fatalf("Remise(%+q) is %q, not a SEPA text", s, r)
		}
	})
}

func horsSepa(r rune) bool {
	return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(" /-?:().,'+", r)
}

func abs(n int) int { return max(n, -n) }
