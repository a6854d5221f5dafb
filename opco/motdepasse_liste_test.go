package opco

import "testing"

// The list holds what reliability.md 3.5 asks for, and no entry of it is accepted,
// alone, shouted, spelt with digits, dated or said twice.
func TestListeCouranteIsRefused(t *testing.T) {
	liste := listeCourante()
	if len(liste) < 3000 {
		t.Fatalf("%d entries, want 3,000 at least", len(liste))
	}
	p := Politique{Code: "ESSAI", Min: 1, Blocage: true}
	n := 0
	for m := range liste {
		if m != clePassage(m) || len(m) > motCourantMax {
			t.Errorf("%q can never match: it is not folded, or longer than %d", m, motCourantMax)
		}
		variantes := []string{m}
		if n++; n%10 == 0 {
			variantes = append(variantes, m+"2026", m+"1!", m+m, m+" "+m, m+"-"+m+"-123")
		}
		for _, v := range variantes {
			if p.Verifier(v) == nil {
				t.Errorf("%q is accepted", v)
			}
		}
	}
	for _, m := range []string{"azerty", "motdepasse", "soleil2024", "M0TD3P@SSE", "P@ssw0rd!", "mot de passe", "jaimelechocolat", "camille", "marseille13"} {
		if p.Verifier(m) == nil {
			t.Errorf("%q is accepted", m)
		}
	}
}
