package opco_test

import (
	"strings"
	"testing"

	"guichet/opco"
)

func TestParseNDA(t *testing.T) {
	verifierLectures(t, "nda", opco.ParseNDA, []lecture{
		{"as printed", "11 75 53531 75", "11755353175", ""},
		{"overseas", "01973456789", "01973456789", ""},
		{"10 digits", "1175609997", "", "vous en avez saisi 10"},
		{"a SIRET", "99900136500017", "", "saisi un SIRET"},
		{"zeros", "00000000000", "", "des zéros"},
		{"letters", "1175609997A", "", "0 à 9"},
		{"full-width", "１１７５６０９９９７５", "", "0 à 9"},
		{"nothing", "", "", "Indiquez"},
	})
	if got, want := opco.NDA("11755353175").Affiche(), "11 75 53531 75"; strings.ReplaceAll(got, "\u00a0", " ") != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestParseUAI(t *testing.T) {
	verifierLectures(t, "uai", opco.ParseUAI, []lecture{
		{"the CFA of the data set", "0312345F", "0312345F", ""},
		{"the published example", " 0561910x ", "0561910X", ""},
		{"wrong letter", "0312345G", "", "la lettre ne correspond pas"},
		{"a letter never used", "0312345I", "", "la lettre ne correspond pas"},
		{"no letter", "03123456", "", "7 chiffres et une lettre"},
		{"too short", "312345F", "", "7 chiffres et une lettre"},
		{"zeros", "0000000A", "", "des zéros"},
		{"full-width letter", "0312345Ｆ", "", "7 chiffres et une lettre"},
		{"nothing", "", "", "Indiquez"},
	})
}

func TestParseIDCC(t *testing.T) {
	verifierLectures(t, "idcc", opco.ParseIDCC, []lecture{
		{"four digits", "1486", "1486", ""},
		{"leading zero left out", "438", "0438", ""},
		{"leading zero", "0438", "0438", ""},
		{"zero", "0", "", "aucune convention"},
		{"zeros", "0000", "", "aucune convention"},
		{"the code for no agreement", "9999", "", "aucune convention"},
		{"text", "Syntec", "", "4 chiffres"},
		{"five digits", "01486", "", "4 chiffres"},
		{"nothing", "", "", "Indiquez"},
	})
}
