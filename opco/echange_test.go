package opco

import (
	"slices"
	"strings"
	"testing"
)

func TestMessage(t *testing.T) {
	for _, tt := range []struct {
		nom, texte, veut string
		refus            bool
	}{
		{"plain", "Bonjour", "Bonjour", false},
		{"blanks around, lines within", "  Bonjour,\r\nmerci. \n", "Bonjour,\nmerci.", false},
		{"empty", " \n\t ", "", true},
		{"the longest", strings.Repeat("é", MessageMax), strings.Repeat("é", MessageMax), false},
		{"one too many", strings.Repeat("é", MessageMax+1), "", true},
		{"a control character", "a\x07b", "", true},
		{"broken text", "a\xffb", "", true},
	} {
		t.Run(tt.nom, func(t *testing.T) {
			lu, err := Message("texte", tt.texte)
			if lu != tt.veut || (err != nil) != tt.refus {
				t.Errorf("got %q, %v", lu, err)
			}
			if tt.refus && KindOf(err) != Invalid {
				t.Errorf("got %v, want Invalid", err)
			}
		})
	}
}

func TestFilaire(t *testing.T) {
	for _, tt := range []struct {
		role, fil, veut Role
		genre           Kind
	}{
		{RoleEntreprise, "", RoleEntreprise, ""}, {RoleEntreprise, RoleEntreprise, RoleEntreprise, ""}, {RoleEntreprise, RoleOrganisme, "", NotFound},
		{RoleOrganisme, "", RoleOrganisme, ""}, {RoleOrganisme, RoleEntreprise, "", NotFound}, {"", RoleEntreprise, "", NotFound}, {RoleDemandeur, "", "", NotFound},
		{RoleGestionnaire, RoleOrganisme, RoleOrganisme, ""}, {RoleGestionnaire, "", "", Invalid}, {RoleAuditeur, RoleGestionnaire, "", Invalid},
	} {
		fil, err := Filaire(tt.role, tt.fil)
		if fil != tt.veut || err != nil && KindOf(err) != tt.genre || err == nil && tt.veut == "" {
			t.Errorf("%q reads %q: got %q, %v", tt.role, tt.fil, fil, err)
		}
	}
}

func TestMentions(t *testing.T) {
	equipe := []Nomme{{"p1", "Claire Morin"}, {"p2", "Claire Morin-Lévêque"}, {"p3", "Hugo Bastide"}, {"p4", ""}}
	for _, tt := range []struct {
		texte string
		veut  []string
	}{
		{"@Claire Morin, regarde le devis", []string{"p1"}},
		{"@claire morin-leveque et @HUGO BASTIDE.", []string{"p2", "p3"}},
		{"Voir Claire Morin", nil},
		{"@Claire", nil},
		{"@Claire Morinet", nil},
		{"@Hugo Bastide puis encore @Hugo Bastide", []string{"p3"}},
		{"écrire à hugo@bastide.example", nil},
	} {
		var lus []string
		for _, n := range Mentions(tt.texte, equipe) {
			lus = append(lus, n.Personne)
		}
		if !slices.Equal(lus, tt.veut) {
			t.Errorf("%q names %v, want %v", tt.texte, lus, tt.veut)
		}
	}
}
