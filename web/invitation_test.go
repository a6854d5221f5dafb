package web_test

import (
	"strings"
	"testing"
)

// TestThePageOfAnInvitationAsksAllAtOnce: the link of an invitation shows the
// conditions at the first display, and the password that the staff must choose.
func TestThePageOfAnInvitationAsksAllAtOnce(t *testing.T) {
	tests := []struct {
		name, chemin string
		veut, pas    []string
	}{
		{"signed up alone", "/activation?compte=" + compte + "&code=K7QD", []string{"15 caractères"}, []string{`name="cgu"`}},
		{"invited", "/activation?compte=" + compte + "&code=K7QD&invitation=oui", []string{`name="cgu"`, `name="invitation" value="oui"`, "15 caractères"}, nil},
		{"of the staff", "/activation?compte=" + compte + "&code=K7QD&invitation=agent", []string{`name="cgu"`, `name="invitation" value="agent"`, "16 caractères"}, nil},
		{"anything else", "/activation?compte=" + compte + "&invitation=x", []string{"15 caractères"}, []string{`name="cgu"`}},
		{"done, alone", "/activation/terminee", []string{"L’accès est limité"}, nil},
		{"done, invited", "/activation/terminee?invitation=oui", []string{"les droits que l’on vous a donnés"}, []string{"accès est limité"}},
		{"done, of the staff", "/activation/terminee?invitation=agent", []string{"seconde preuve"}, []string{"accès est limité"}},
		{"a session that ended", "/connexion?suite=/compte/modifier&session=finie", []string{"Votre session est terminée", `name="suite" value="/compte/modifier"`}, nil},
		{"an ordinary login", "/connexion", nil, []string{"Votre session est terminée"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			page := demander(moteur(t, &portesFausses{}), "GET", tt.chemin, nil).Body.String()
			for _, v := range tt.veut {
				if !strings.Contains(page, v) {
					t.Errorf("the page lacks %q", v)
				}
			}
			for _, v := range tt.pas {
				if strings.Contains(page, v) {
					t.Errorf("the page says %q", v)
				}
			}
		})
	}
}
