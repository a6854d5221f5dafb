package opco_test

import (
	"testing"

	"guichet/opco"
)

func TestParseBIC(t *testing.T) {
	verifierLectures(t, "bic", opco.ParseBIC, []lecture{
		{"8 characters", "BNPAFRPP", "BNPAFRPP", ""},
		{"11 characters, lower case, spaces", "bnpa fr pp xxx", "BNPAFRPPXXX", ""},
		{"9 characters", "BNPAFRPPX", "", "8 ou 11 caractères ; vous en avez saisi 9"},
		{"digits for a country", "BNPA12PP", "", "lettres d’un pays"},
		{"a dash", "BNPA-FRP", "", "autre chose"},
		{"Cyrillic", "ВNPAFRPP", "", "autre chose"},
		{"nothing", "", "", "Indiquez"},
	})
}

func TestBICVerifier(t *testing.T) {
	tests := []struct {
		nom  string
		bic  opco.BIC
		iban opco.IBAN
		ok   bool
	}{
		{"same country", "BNPAFRPP", "FR7630006000011234567890189", true},
		{"a bank of La Réunion", "BNPARERX", "FR7630006000011234567890189", true},
		{"another country", "DEUTDEFF", "FR7630006000011234567890189", false},
		{"a French bank, a German account", "BNPAFRPP", "DE89370400440532013000", false},
		{"Jersey uses British IBANs", "BARCJESH", "GB82WEST12345698765432", true},
		{"no BIC", "", "FR7630006000011234567890189", false},
	}
	for _, tt := range tests {
		t.Run(tt.nom, func(t *testing.T) {
			err := tt.bic.Verifier(tt.iban)
			if tt.ok && err != nil {
				t.Fatalf("got %v, want no error", err)
			}
			if !tt.ok {
				verifierRefus(t, "bic", err, "même RIB")
			}
		})
	}
}
