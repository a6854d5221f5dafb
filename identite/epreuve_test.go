package identite_test

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"guichet/identite"
	"guichet/opco"
)

var le = time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC)

// lus are the numbers as a person reads them, written out here so that a mistake of
// the house is not repeated by its test.
var lus = map[string]int{"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
	"onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "dix-sept": 17, "dix-huit": 18, "dix-neuf": 19, "vingt": 20}

var nombreLu = regexp.MustCompile(`[\p{L}-]+`)

// repondre answers a question as a person would: it reads the words.
func repondre(t *testing.T, question string) int {
	t.Helper()
	var ns []int
	for _, m := range nombreLu.FindAllString(question, -1) {
		if n, ok := lus[m]; ok {
			ns = append(ns, n)
		}
	}
	switch {
	case strings.Contains(question, "double"):
		return 2 * ns[0]
	case strings.Contains(question, "après"):
		return ns[0] + 1
	case strings.Contains(question, "plus grand"):
		return max(ns[0], ns[1])
	case strings.Contains(question, "moins"):
		return ns[0] - ns[1]
	case strings.Contains(question, "retire"):
		return ns[1] - ns[0]
	case strings.Contains(question, "plus"), strings.Contains(question, "Ajoutez"), strings.Contains(question, "stylos"):
		return ns[0] + ns[1]
	}
	t.Fatalf("nobody can answer %q", question)
	return 0
}

func TestEpreuvesCanBeAnswered(t *testing.T) {
	e := identite.Epreuves{Cle: []byte("une clé d’essai assez longue")}
	debuts, ids := map[string]bool{}, map[string]bool{}
	for range 400 {
		q, jeton := e.Nouvelle("inscription", le)
		id, err := e.Verifier("inscription", jeton, strconv.Itoa(repondre(t, q.Texte)), "", le.Add(5*time.Second))
		if err != nil || id == "" || ids[id] {
			t.Fatalf("%q: got %q, %v", q.Texte, id, err)
		}
		if strings.ContainsAny(q.Texte, "0123456789") || !strings.HasSuffix(q.Texte, " ?") {
			t.Errorf("%q: numbers are in words, and it is a question", q.Texte)
		}
		ids[id] = true
		debuts[strings.Join(strings.Fields(q.Texte)[:2], " ")] = true
	}
	if len(debuts) < 5 {
		t.Errorf("only %d ways to ask", len(debuts))
	}
}

func TestEpreuvesVerifier(t *testing.T) {
	e := identite.Epreuves{Cle: []byte("une clé d’essai assez longue")}
	q, jeton := e.Nouvelle("inscription", le)
	juste := repondre(t, q.Texte)
	bonne := strconv.Itoa(juste)
	abime := []byte(jeton)
	abime[3] ^= 1
	autre := identite.Epreuves{Cle: []byte("une autre clé d’essai bien longue")}
	_, jetonAutre := autre.Nouvelle("inscription", le)
	court := identite.Epreuves{Cle: []byte("courte")}
	tests := []struct {
		name                         string
		e                            identite.Epreuves
		objet, jeton, reponse, piege string
		apres                        time.Duration
		want                         string
	}{
		{"right", e, "inscription", jeton, bonne, "", 5 * time.Second, ""},
		{"right, with spaces", e, "inscription", jeton, " " + bonne + ". ", "", 5 * time.Second, ""},
		{"at the last moment", e, "inscription", jeton, bonne, "", 20 * time.Minute, ""},
		{"at the first moment", e, "inscription", jeton, bonne, "", 2 * time.Second, ""},
		{"too late", e, "inscription", jeton, bonne, "", 20*time.Minute + time.Second, "plus de 20 minutes"},
		{"too fast", e, "inscription", jeton, bonne, "", 1999 * time.Millisecond, "trop vite"},
		{"before it was asked", e, "inscription", jeton, bonne, "", -time.Minute, "trop vite"},
		{"long before", e, "inscription", jeton, bonne, "", -24 * time.Hour, "plus de 20 minutes"},
		{"wrong", e, "inscription", jeton, strconv.Itoa(juste + 1), "", 5 * time.Second, "pas la bonne réponse"},
		{"the opposite", e, "inscription", jeton, "-" + bonne, "", 5 * time.Second, "pas la bonne réponse"},
		{"empty", e, "inscription", jeton, "", "", 5 * time.Second, "pas la bonne réponse"},
		{"a megabyte", e, "inscription", jeton, strings.Repeat("9", 1<<20), "", 5 * time.Second, "pas la bonne réponse"},
		{"for something else", e, "activation", jeton, bonne, "", 5 * time.Second, "ne vient pas de ce formulaire"},
		{"the hidden field filled", e, "inscription", jeton, bonne, "http://x.test", 5 * time.Second, "champ caché"},
		{"touched", e, "inscription", string(abime), bonne, "", 5 * time.Second, "ne vient pas"},
		{"signed by another", e, "inscription", jetonAutre, bonne, "", 5 * time.Second, "ne vient pas"},
		{"no token", e, "inscription", "", bonne, "", 5 * time.Second, "ne vient pas"},
		{"without a key of the house", court, "inscription", jeton, bonne, "", 5 * time.Second, "ne vient pas"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			id, err := tt.e.Verifier(tt.objet, tt.jeton, tt.reponse, tt.piege, le.Add(tt.apres))
			if tt.want == "" {
				if err != nil || id == "" {
					t.Fatalf("got %q, %v", id, err)
				}
				return
			}
			var o *opco.Error
			if id != "" || !errors.As(err, &o) || o.Champ != "epreuve" || o.Kind != opco.Invalid || !strings.Contains(o.Message, tt.want) {
				t.Errorf("got %q, %v; want %q", id, err, tt.want)
			}
		})
	}
	if c, j := court.Nouvelle("inscription", le); true {
		if _, err := court.Verifier("inscription", j, strconv.Itoa(repondre(t, c.Texte)), "", le.Add(5*time.Second)); err == nil {
			t.Error("a key of six bytes signs")
		}
	}
}
