package opco

import (
	"slices"
	"testing"
)

// TestEachOpenEtatHasItsEtape: the procedure of an object that has not ended is somewhere, and in one
// place.
func TestEachOpenEtatHasItsEtape(t *testing.T) {
	for _, e := range Etats() {
		n := 0
		for _, x := range EtapesDossier {
			if slices.Contains(x.Etats, e) {
				n++
			}
		}
		if ouvert := !e.Final() && e != ""; ouvert != (n == 1) || n > 1 {
			t.Errorf("%s is in %d étapes, final: %t", e, n, e.Final())
		}
	}
	for objet, etat := range map[string]Etat{"lot/L-1": Etat(LotTransmis), "compte/x": CompteActif, "indu/x": Etat(InduConteste), "dossier/x": EtatReglee} {
		if NomEtape(objet, etat) == "" {
			t.Errorf("%s, %s: nowhere", objet, etat)
		}
	}
}

// TestEtapesPassees: those that the journal shows, each once, the last entered first; of another object
// the same état is another étape.
func TestEtapesPassees(t *testing.T) {
	var vecues []EtapeVecue
	for _, e := range []Etat{EtatBrouillon, EtatTransmise, EtatACompleter, EtatEnInstruction, EtatTransmise, EtatRefusee} {
		vecues = append(vecues, EtapeVecue{Etat: e})
	}
	if noms := EtapesPassees("dossier/x", vecues); !slices.Equal(noms, []string{"complétude", "instruction", "dépôt"}) {
		t.Errorf("got %q", noms)
	}
	if noms := EtapesPassees("lot/L-1", []EtapeVecue{{Etat: Etat(LotPropose)}, {Etat: Etat(LotTransmis)}}); !slices.Equal(noms, []string{"banque", "validation"}) {
		t.Errorf("got %q", noms)
	}
}
