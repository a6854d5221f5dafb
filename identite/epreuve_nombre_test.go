package identite

import (
	"testing"
	"time"
)

func TestLireNombre(t *testing.T) {
	for s, want := range map[string]int{
		"12": 12, "douze": 12, "Douze.": 12, "DOUZE": 12, "dix-sept": 17, "dix sept": 17, "vingt et un": 21, "vingt-et-un": 21,
		"Vingt-et-Un": 21, "vingt-deux": 22, "deux": 2, "１２": 12, "012": 12, "zéro": 0, "zero": 0, "trente et un": 31, "cinquante-neuf": 59,
	} {
		if got, ok := lireNombre(s); !ok || got != want {
			t.Errorf("%q: got %d, %v; want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "-12", "douze ou treize", "1 2", "0x0c", "beaucoup", "12 12"} {
		if got, ok := lireNombre(s); ok {
			t.Errorf("%q is read %d", s, got)
		}
	}
	for n := range 60 {
		if got, ok := lireNombre(ecrireNombre(n)); !ok || got != n {
			t.Errorf("%d is written %q and read %d", n, ecrireNombre(n), got)
		}
	}
}

func FuzzVerifierEpreuve(f *testing.F) {
	e := Epreuves{Cle: []byte("une clé d’essai assez longue")}
	f.Add("", "12", "x")
	f.Add("AAAA", "douze", "")
	f.Fuzz(func(t *testing.T, jeton, reponse, objet string) {
		if id, err := e.Verifier(objet, jeton, reponse, "", time.Unix(1_790_000_000, 0)); err == nil {
			t.Fatalf("%q opens %q with %q", jeton, id, reponse)
		}
	})
}
