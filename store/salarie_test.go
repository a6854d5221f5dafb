package store_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
	"guichet/store/storetest"
)

const (
	siegeE1, annexeE1, siegeE2 = opco.SIRET("99900101900010"), opco.SIRET("99900101900028"), opco.SIRET("99900108400014")
)

func porteeSites(sirets ...opco.SIRET) opco.Portee {
	p := opco.Portee{Role: opco.RoleEntreprise, Personne: "p"}
	for _, s := range sirets {
		p.SIRETs = append(p.SIRETs, string(s))
	}
	return p
}

var auteurSalarie = opco.Acteur{Personne: "p", Nom: "Rose Aubertin", Role: opco.RoleEntreprise}

func unSalarie(nom string) opco.Salarie {
	return opco.Salarie{ID: uuid.NewString(), Nom: nom, Prenom: "Anaïs", NeLe: "1988-05-02", Etablissement: siegeE1}
}

// TestSalariesAreOfTheirCompany: written by those who may, read by theirs alone, once a
// person, by version, with who wrote what.
func TestSalariesAreOfTheirCompany(t *testing.T) {
	s := storetest.Ouvrir(t)
	ctx, moi, autre := t.Context(), porteeSites(siegeE1, annexeE1), porteeSites(siegeE2)
	x := unSalarie("Delacroix")
	v, err := s.EcrireSalarie(ctx, moi, auteurSalarie, x, 0)
	if err != nil || v != 1 {
		t.Fatalf("added: version %d, %v", v, err)
	}
	if v, err := s.EcrireSalarie(ctx, moi, auteurSalarie, x, 0); err != nil || v != 1 {
		t.Errorf("the same sent again: version %d, %v", v, err)
	}
	double := unSalarie("DELACROIX")
	if _, err := s.EcrireSalarie(ctx, moi, auteurSalarie, double, 0); opco.KindOf(err) != opco.Invalid {
		t.Errorf("one person twice: %v", err)
	}
	volee := x
	volee.Etablissement = siegeE2
	for nom, err := range map[string]error{
		"written by another company":  deuxieme(s.EcrireSalarie(ctx, autre, auteurSalarie, volee, 1)),
		"withdrawn by another":        s.RetirerSalarie(ctx, autre, auteurSalarie, x.ID, 1),
		"taken under its id":          deuxieme(s.EcrireSalarie(ctx, autre, auteurSalarie, volee, 0)),
		"read by another":             troisieme(s.Salarie(ctx, autre, x.ID)),
		"read by the staff":           troisieme(s.Salarie(ctx, opco.Portee{Interne: true, Role: opco.RoleGestionnaire}, x.ID)),
		"read by an organisme":        troisieme(s.Salarie(ctx, opco.Portee{Role: opco.RoleOrganisme, SIRETs: moi.SIRETs}, x.ID)),
		"a missing one":               troisieme(s.Salarie(ctx, moi, uuid.NewString())),
		"one that is no id":           troisieme(s.Salarie(ctx, moi, "x")),
		"from the site of the branch": troisieme(s.Salarie(ctx, porteeSites(annexeE1), x.ID)),
	} {
		if opco.KindOf(err) != opco.NotFound {
			t.Errorf("%s: %v, want it missing", nom, err)
		}
	}
	x.Etablissement, x.Nom = annexeE1, "Delacroix-Roy"
	if v, err = s.EcrireSalarie(ctx, moi, auteurSalarie, x, 1); err != nil || v != 2 {
		t.Fatalf("changed: version %d, %v", v, err)
	}
	if _, err := s.EcrireSalarie(ctx, moi, auteurSalarie, x, 1); opco.KindOf(err) != opco.Conflict {
		t.Errorf("over an old version: %v", err)
	}
	lu, gestes, err := s.Salarie(ctx, moi, x.ID)
	if err != nil || lu.Nom != "Delacroix-Roy" || len(gestes) != 2 || fmt.Sprint(gestes[0].Champs) != "[nom etablissement]" {
		t.Errorf("read %+v, written %+v, %v", lu, gestes, err)
	}
	if err := s.RetirerSalarie(ctx, moi, auteurSalarie, x.ID, 2); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Salarie(ctx, moi, x.ID); opco.KindOf(err) != opco.NotFound {
		t.Errorf("withdrawn, and still read: %v", err)
	}
	if _, err := s.EcrireSalarie(ctx, moi, auteurSalarie, unSalarie("Delacroix-Roy"), 0); err != nil {
		t.Errorf("hired again: %v", err)
	}
}

func deuxieme[T any](_ T, err error) error          { return err }
func troisieme[T, U any](_ T, _ U, err error) error { return err }

// TestSalariesBySheets: the pages follow each other by name and miss nobody; a search
// takes accents and case away.
func TestSalariesBySheets(t *testing.T) {
	s := storetest.Ouvrir(t)
	moi := porteeSites(siegeE1)
	for i := range 7 {
		if _, err := s.EcrireSalarie(t.Context(), moi, auteurSalarie, unSalarie(fmt.Sprintf("Élan %c", 'G'-i)), 0); err != nil {
			t.Fatal(err)
		}
	}
	var vus, apres string
	for n := 0; ; n++ {
		page, err := s.Salaries(t.Context(), moi, store.FiltreSalaries{Apres: apres, Limite: 3})
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range page.Salaries {
			vus += x.Nom[len(x.Nom)-1:]
		}
		if apres = page.Suivant; apres == "" {
			break
		}
	}
	if vus != "ABCDEFG" {
		t.Errorf("read %s", vus)
	}
	for texte, n := range map[string]int{"elan c": 1, "ÉLAN": 7, "c élan": 1, "%": 0, "zzz": 0, "  ": 0} {
		page, err := s.Salaries(t.Context(), moi, store.FiltreSalaries{Texte: texte})
		if err != nil || len(page.Salaries) != n {
			t.Errorf("%q finds %d (%v), want %d", texte, len(page.Salaries), err, n)
		}
	}
	if _, err := s.Salaries(t.Context(), moi, store.FiltreSalaries{Apres: "x"}); opco.KindOf(err) != opco.Invalid {
		t.Errorf("a cursor that is none: %v", err)
	}
}
