package opco_test

import (
	"strings"
	"testing"

	"guichet/opco"
)

func TestStructurerAdresse(t *testing.T) {
	tests := []struct {
		name, voie, code, ville string
		want                    *opco.AdressePostale
	}{
		{"a number and a street", "27 rue des Lilas", "31000", "Toulouse", &opco.AdressePostale{Numero: "27", Voie: "rue des Lilas", CodePostal: "31000", Ville: "Toulouse", Pays: "FR"}},
		{"bis, accents and a comma", "3 bis, allée de l’Œuvre", "97400", "Saint-Denis", &opco.AdressePostale{Numero: "3 bis", Voie: "allee de l'OEuvre", CodePostal: "97400", Ville: "Saint-Denis", Pays: "FR"}},
		{"no number", "Z.A. de la Gare", " 01000 ", "Bourg-en-Bresse", &opco.AdressePostale{Voie: "Z.A. de la Gare", CodePostal: "01000", Ville: "Bourg-en-Bresse", Pays: "FR"}},
		{"a street that begins with a figure", "8 mai 1945 rue", "75001", "Paris", &opco.AdressePostale{Numero: "8", Voie: "mai 1945 rue", CodePostal: "75001", Ville: "Paris", Pays: "FR"}},
		{"no street", "", "31000", "Toulouse", nil},
		{"no town", "27 rue des Lilas", "31000", "", nil},
		{"no code", "27 rue des Lilas", "", "Toulouse", nil},
		{"a code of four figures", "27 rue des Lilas", "3100", "Toulouse", nil},
		{"a territory with its own code", "1 rue du Port", "98800", "Nouméa", nil},
		{"nothing that a bank reads", "日本", "31000", "日本", nil},
		{"a street that does not fit", strings.Repeat("rue ", 20), "31000", "Toulouse", nil},
		{"a town that does not fit", "27 rue des Lilas", "31000", strings.Repeat("Saint-", 6) + "Denis", nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := opco.StructurerAdresse(tt.voie, tt.code, tt.ville)
			if (got == nil) != (tt.want == nil) || got != nil && *got != *tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
		})
	}
}
