package opco_test

import (
	"slices"
	"strings"
	"testing"

	"guichet/opco"
)

func TestNumerosIndu(t *testing.T) {
	tests := []struct {
		libelle string
		want    []string
	}{
		{"REMBOURSEMENT I26-000001", []string{"I26-000001"}},
		{"indu i26 000001 et I26000002.", []string{"I26-000001", "I26-000002"}},
		{"I26-000001 I26-000001 I26-000003", []string{"I26-000001", "I26-000003"}},
		{"AFI26-000001", nil},   // inside another word
		{"I26-0000012", nil},    // a longer number
		{"VIR R26-000001", nil}, // a règlement
		{"I 26-000004", []string{"I26-000004"}},
		{"", nil},
	}
	for _, tt := range tests {
		if got := opco.NumerosIndu(tt.libelle); !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %v, want %v", tt.libelle, got, tt.want)
		}
	}
}

func TestCleReference(t *testing.T) {
	for ecrit, want := range map[string]string{"CAMT-7": "CAMT7", " camt 7 ": "CAMT7", "-/": "", "réf. 12": "RÉF12"} {
		if got := opco.CleReference(ecrit); got != want {
			t.Errorf("%q: got %q, want %q", ecrit, got, want)
		}
	}
}

func TestAffecter(t *testing.T) {
	du := func(numero string, etat opco.EtatIndu, reste opco.Montant) opco.InduDisponible {
		return opco.InduDisponible{Indu: opco.Indu{ID: numero, Numero: numero, Etat: etat, Montant: reste}, Disponible: reste}
	}
	un, deux := du("I26-000001", opco.InduNotifie, 56000), du("I26-000002", opco.InduContentieux, 40000)
	tests := []struct {
		name    string
		montant opco.Montant
		cites   []opco.InduDisponible
		dus     []opco.InduDisponible
		want    []opco.Montant
		dit     string
	}{
		{"all of one", 56000, []opco.InduDisponible{un}, nil, []opco.Montant{56000}, "I26-000001"},
		{"a part of one", 1, []opco.InduDisponible{un}, nil, []opco.Montant{1}, "I26-000001"},
		{"the sum of two", 96000, []opco.InduDisponible{un, deux}, nil, []opco.Montant{56000, 40000}, "I26-000002"},
		{"a part of two", 95999, []opco.InduDisponible{un, deux}, nil, nil, "la part de chacun"},
		{"more than one", 56001, []opco.InduDisponible{un}, nil, nil, "surplus"},
		{"a debt that is settled", 56000, []opco.InduDisponible{du("I26-000003", opco.InduRembourse, 0)}, nil, nil, "origine"},
		{"a debt that is not claimed yet", 56000, []opco.InduDisponible{du("I26-000003", opco.InduConstate, 56000)}, nil, nil, "origine"},
		{"the exact sum of who pays", 40000, nil, []opco.InduDisponible{un, deux}, nil, "exactement ce qui reste de l’indu I26-000002"},
		{"somebody who owes", 10, nil, []opco.InduDisponible{un, deux}, nil, "doit encore les indus I26-000001, I26-000002"},
		{"nobody who owes", 10, nil, nil, nil, "origine"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			as, phrase := opco.FaitBancaire{Montant: tt.montant, Donneur: "Formalia"}.Affecter(tt.cites, tt.dus)
			var got []opco.Montant
			for _, a := range as {
				got = append(got, a.Montant)
			}
			if !slices.Equal(got, tt.want) || !strings.Contains(phrase, tt.dit) || !strings.Contains(phrase, "Formalia") {
				t.Errorf("got %v, %q", got, phrase)
			}
		})
	}
}
