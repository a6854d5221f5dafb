package scenario

import "testing"

func TestSolve(t *testing.T) {
	for _, x := range []struct {
		text string
		want int
	}{
		{"Combien font sept plus huit ?", 15},
		{"Ajoutez deux à dix : quel nombre obtenez-vous ?", 12},
		{"Combien reste-t-il si l’on retire trois de douze ?", 9},
		{"Combien font dix-neuf moins neuf ?", 10},
		{"Quel est le double de six ?", 12},
		{"Quel nombre vient juste après dix-sept ?", 18},
		{"Vous avez deux stylos et l’on vous en donne quatre : combien en avez-vous ?", 6},
		{"Quel est le plus grand nombre, cinq ou quatorze ?", 14},
	} {
		if got, err := solve(x.text); err != nil || got != x.want {
			t.Errorf("%s: got %d, %v, want %d", x.text, got, err, x.want)
		}
	}
	if _, err := solve("Quelle est la capitale de la France ?"); err == nil {
		t.Error("a question that nobody asks was answered")
	}
}
