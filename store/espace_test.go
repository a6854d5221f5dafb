package store_test

import (
	"strings"
	"testing"

	"guichet/opco"
	"guichet/store"
)

// TestPlanIdentification: who somebody is takes one query at each request. The
// planner must not find it so costly that it compiles it, which takes thirty times
// as long as running it, nor read a table of people from end to end.
func TestPlanIdentification(t *testing.T) {
	s := demo(t)
	u, err := s.Utilisateur(t.Context(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	var plan []string
	err = s.DB.Select(&plan, `EXPLAIN (ANALYZE, TIMING OFF) `+store.RequeteUtilisateur()+`u.compte = '`+u.Compte+`'::uuid`)
	if err != nil {
		t.Fatal(err)
	}
	for _, interdit := range []string{"JIT:", "Seq Scan on compte", "Seq Scan on utilisateur", "Seq Scan on habilitation"} {
		if strings.Contains(strings.Join(plan, "\n"), interdit) {
			t.Errorf("the plan has %q:\n%s", interdit, strings.Join(plan, "\n"))
		}
	}
}

// TestEspaces: rights make one espace a company and a profile, with what is read
// and what is acted on; entering one leaves the others.
func TestEspaces(t *testing.T) {
	s := demo(t)
	u, err := s.Utilisateur(t.Context(), "e1")
	if err != nil {
		t.Fatal(err)
	}
	if len(u.Espaces) != 1 || u.Espace != "entreprise:999001019" || u.Role != opco.RoleEntreprise {
		t.Fatalf("got %+v", u)
	}
	e := u.Entre()
	if !e.A(opco.ServiceDossiers, "99900101900010") || e.A(opco.ServiceDossiers, "99900122500013") || e.A(opco.ServiceContributions, "99900101900010") {
		t.Errorf("got rights %+v", e.Droits)
	}
	if v, ok := u.Entrer("entreprise:999001225"); ok || v.Role != "" || v.SIRETs != nil || v.Ecrit != nil || v.Espace != "" || v.Portee().Interne {
		t.Errorf("in an espace of somebody else: got %+v", v)
	}
	for _, bon := range []struct {
		saisi string
		veut  bool
	}{{"e1", true}, {u.Compte, false}, {"personne", false}, {"", false}} {
		if _, err := s.UtilisateurSaisi(t.Context(), bon.saisi); (err == nil) != bon.veut {
			t.Errorf("typed %q: got %v", bon.saisi, err)
		}
	}
}
