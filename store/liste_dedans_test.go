package store_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"guichet/opco"
	"guichet/store"
)

// TestDansFile: of the dossiers that an open queue asks about, those that its filter holds,
// and no other of the queue.
func TestDansFile(t *testing.T) {
	a := ouvrirAtelier(t)
	claire := gestionnaire("claire")
	dedans, dehors, autre := a.poser(pose{}), a.poser(pose{}), a.poser(pose{})
	e := uuid.NewString()
	if err := a.s.CreerEtiquette(t.Context(), claire, e, opco.Etiquette{Nom: "Urgent", Ton: "rouge"}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{dedans, autre} {
		if err := a.s.Etiqueter(t.Context(), claire, id, store.Etiquetage{Poser: []string{e}}); err != nil {
			t.Fatal(err)
		}
	}
	f := file(store.FileInstruction)
	f.Etiquette, f.Limite = e, 100
	for _, tt := range []struct{ parmi, veut []string }{
		{[]string{dedans, dehors}, []string{dedans}}, {[]string{dehors}, nil}, {nil, nil}, {[]string{autre, dedans}, []string{dedans, autre}},
	} {
		f.Parmi = tt.parmi
		got, err := a.s.DansFile(t.Context(), porteeDe(claire), f)
		slices.Sort(got)
		if slices.Sort(tt.veut); err != nil || !slices.Equal(got, tt.veut) {
			t.Errorf("among %v: got %v, want %v (%v)", tt.parmi, got, tt.veut, err)
		}
	}
}
