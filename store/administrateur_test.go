package store_test

import (
	"errors"
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// An OPCO that has nobody gets its first two administrators, and no third one.
func TestCreerAdministrateur(t *testing.T) {
	c := ouvrirComptes(t)
	c.s.DB.MustExec(`UPDATE compte SET etat = 'CLOS' WHERE id IN (SELECT compte FROM role_agent WHERE role = 'admin')`)
	const mot = "Une phrase longue et à moi seule"
	qui := func(id string) store.Utilisateur {
		return store.Utilisateur{Identifiant: id, Prenom: "Zoé", Nom: "Premier", Email: opco.Email(id + "@opco.test")}
	}
	for _, tt := range []struct {
		nom, mot string
		u        store.Utilisateur
		reste    int
		phrase   string
	}{
		{"no name", mot, store.Utilisateur{Identifiant: "zoe.premier", Email: "z@opco.test"}, 0, "--prenom"},
		{"no e-mail", mot, store.Utilisateur{Identifiant: "zoe.premier", Prenom: "Zoé", Nom: "P"}, 0, "--courriel"},
		{"a short password", "court", qui("zoe.premier"), 0, "16"},
		{"the identifier of somebody", mot, qui("conseiller"), 0, "déjà pris"},
		{"the first", mot, qui("zoe.premier"), 1, ""},
		{"the same again", mot, qui("zoe.premier"), 0, "déjà pris"},
		{"the second", mot, qui("deux"), 0, ""},
		{"a third", mot, qui("trois"), 0, "déjà 2 administrateurs"},
	} {
		reste, err := c.s.CreerAdministrateur(c.ctx, tt.u, tt.mot)
		var e *opco.Error
		switch {
		case tt.phrase == "" && (err != nil || reste != tt.reste):
			t.Errorf("%s: got %d, %v; want %d left", tt.nom, reste, err, tt.reste)
		case tt.phrase != "" && (!errors.As(err, &e) || !strings.Contains(e.Message, tt.phrase)):
			t.Errorf("%s: got %v, want « %s »", tt.nom, err, tt.phrase)
		}
	}
	u, err := c.s.Utilisateur(c.ctx, "zoe.premier")
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := store.ComparerMotDePasse(mot, u.MotDePasse); err != nil || !ok {
		t.Errorf("the password does not open the account: %v", err)
	}
	if x := c.unCompte(u.Compte); x.Etat != opco.CompteActif || len(x.Roles) != 1 || x.Roles[0].Role != opco.RoleAdmin || x.Roles[0].Attend {
		t.Errorf("got %s %+v, want an administrator in force", x.Etat, x.Roles)
	}
}
