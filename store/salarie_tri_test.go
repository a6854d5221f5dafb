package store_test

import (
	"slices"
	"testing"

	"guichet/store"
	"guichet/store/storetest"
)

// S14: a list is sorted as people read it, É with E and œ with oe, whatever the case.
func TestSalariesTriesSansAccent(t *testing.T) {
	s := storetest.Ouvrir(t)
	moi := porteeSites(siegeE1)
	veut := []string{"Eaton", "Éclair", "eden", "Odin", "Œdipe", "Ogre", "Zola"}
	for _, nom := range []string{"Zola", "Œdipe", "eden", "Éclair", "Ogre", "Eaton", "Odin"} {
		if _, err := s.EcrireSalarie(t.Context(), moi, auteurSalarie, unSalarie(nom), 0); err != nil {
			t.Fatal(err)
		}
	}
	page, err := s.Salaries(t.Context(), moi, store.FiltreSalaries{Limite: 50})
	if err != nil {
		t.Fatal(err)
	}
	var vus []string
	for _, x := range page.Salaries {
		vus = append(vus, x.Nom)
	}
	if !slices.Equal(vus, veut) {
		t.Errorf("got %v, want %v", vus, veut)
	}
}
