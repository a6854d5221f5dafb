package opco_test

import (
	"strings"
	"testing"

	"guichet/opco"
)

func TestParseIBAN(t *testing.T) {
	verifierLectures(t, "iban", opco.ParseIBAN, []lecture{
		{"the well-known example", "FR7630006000011234567890189", "FR7630006000011234567890189", ""},
		{"lower case and spaces", " fr76 3000 6000 0112 3456 7890 189 ", "FR7630006000011234567890189", ""},
		{"no-break spaces", "FR76\u00a03000\u202f6000 0112 3456 7890 189", "FR7630006000011234567890189", ""},
		{"letters in the account", "FR1420041010050500013M02606", "FR1420041010050500013M02606", ""},
		{"letters ABCDEFGHI", "FR083000600001ABCDEFGHI0092", "FR083000600001ABCDEFGHI0092", ""},
		{"letters JKLMNOPQR", "FR043000600001JKLMNOPQR0092", "FR043000600001JKLMNOPQR0092", ""},
		{"letters STUVWXYZ", "FR983000600001STUVWXYZ00052", "FR983000600001STUVWXYZ00052", ""},
		{"Monaco, wrong RIB key", "MC3111222000010123456789031", "", "clé RIB"},
		{"Monaco", "MC5811222000010123456789030", "MC5811222000010123456789030", ""},
		{"Germany", "DE89370400440532013000", "DE89370400440532013000", ""},
		{"Belgium", "BE68539007547034", "BE68539007547034", ""},
		{"Malta", "MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S", ""},
		{"Norway", "NO9386011117947", "NO9386011117947", ""},
		{"wrong modulo", "FR7630006000011234567890188", "", "les deux chiffres après FR"},
		{"check digits swapped", "FR6730006000011234567890189", "", "les deux chiffres après FR"},
		{"right modulo, wrong RIB key", "FR4930006000011234567890190", "", "clé RIB"},
		{"right modulo, letter in the bank code", "FR0230A06000011234567890116", "", "clé RIB"},
		{"RIB key 97", "FR7630006000010000000008397", "FR7630006000010000000008397", ""},
		{"RIB key 00, the same remainder as 97", "FR7630006000010000000008300", "", "clé RIB"},
		{"not SEPA", "SA0380000000608010167519", "", "zone SEPA"},
		{"no such country", "ZZ7630006000011234567890189", "", "zone SEPA"},
		{"one character short", "FR763000600001123456789018", "", "27 caractères ; vous en avez saisi 26"},
		{"zero-width space inside", "FR7630006\u200b000011234567890189", "", "invisible"},
		{"Cyrillic letter", "FR7630006000011234567890\u0410", "", "autre chose"},
		{"full-width", "ＦＲ7630006000011234567890189", "", "autre chose"},
		{"dashes", "FR76-3000-6000-0112-3456-7890-189", "", "autre chose"},
		{"a RIB", "30006000011234567890189", "", "commence par deux lettres"},
		{"two letters", "FR", "", "commence par deux lettres"},
		{"nothing", "", "", "Indiquez"},
		{"a megabyte", strings.Repeat("A", 1<<20), "", "commence par deux lettres"},
	})
}

// TestIBANCheckDigitsOutOfRange holds that 00, 01 and 99, which have the same
// remainder as 97, 98 and 02, are refused.
func TestIBANCheckDigitsOutOfRange(t *testing.T) {
	trouves := map[string]bool{}
	for n := 0; n < 2000; n++ {
		compte := "DE%%3704004405320" + string([]byte{'0' + byte(n/1000), '0' + byte(n/100%10), '0' + byte(n/10%10), '0' + byte(n%10)}) + "0"
		for bon, faux := range map[string]string{"97": "00", "98": "01", "02": "99"} {
			if _, err := opco.ParseIBAN(strings.Replace(compte, "%%", bon, 1)); err != nil {
				continue
			}
			trouves[faux] = true
			if _, err := opco.ParseIBAN(strings.Replace(compte, "%%", faux, 1)); err == nil {
				t.Errorf("%s: check digits %s are accepted for %s", compte, faux, bon)
			}
		}
	}
	if len(trouves) != 3 {
		t.Fatalf("the search met %v only", trouves)
	}
}

// TestIBANTyping holds that neither one wrong character nor two neighbours
// swapped make another account: money would go there.
func TestIBANTyping(t *testing.T) {
	for _, a := range acteurs {
		for i := range len(a.iban) {
			for _, c := range "0123456789ABCFRXYZ" {
				faux := a.iban[:i] + string(c) + a.iban[i+1:]
				if _, err := opco.ParseIBAN(faux); (err == nil) != (faux == a.iban) {
					t.Errorf("%s: got %v", faux, err)
				}
			}
			if i == 0 || a.iban[i-1] == a.iban[i] {
				continue
			}
			faux := a.iban[:i-1] + string(a.iban[i]) + string(a.iban[i-1]) + a.iban[i+1:]
			if _, err := opco.ParseIBAN(faux); err == nil {
				t.Errorf("%s: swapped characters are accepted", faux)
			}
		}
	}
}

func TestIBANAffiche(t *testing.T) {
	i := opco.IBAN("FR7630006000011234567890189")
	if got, want := i.Affiche(), "FR76 3000 6000 0112 3456 7890 189"; strings.ReplaceAll(got, "\u00a0", " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := i.Masque(), "FR76 •••• 0189"; strings.ReplaceAll(got, "\u00a0", " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := opco.IBAN("FR76").Masque(); strings.Contains(got, "FR") {
		t.Errorf("a short value shows through: %q", got)
	}
	if got := opco.IBAN("").Masque() + opco.IBAN("").Affiche() + opco.IBAN("").Pays(); got != "" {
		t.Errorf("no IBAN shows %q", got)
	}
}

func FuzzParseIBAN(f *testing.F) {
	for _, s := range []string{"FR7630006000011234567890189", "fr76 3000", "DE89370400440532013000", "", "\xff", "FR76\u200b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := opco.ParseIBAN(s)
		if err != nil {
			if opco.KindOf(err) != opco.Invalid {
				t.Fatalf("got %v, want an Invalid error", err)
			}
			return
		}
		if encore, err := opco.ParseIBAN(n.Affiche()); err != nil || encore != n {
			t.Fatalf("%q: read again as %q, %v", n, encore, err)
		}
	})
}
