package scenario

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// quiz answers the anti-robot questions as a person does: by reading them. An
// answer is taken no sooner than two seconds after its question, so some questions
// are asked ahead of the forms that need them.
type quiz struct {
	client *client
	asked  map[string][]question
}

// question is one that waits for its answer.
type question struct {
	Texte string `json:"question"`
	Jeton string `json:"jeton"`
	at    time.Time
}

const (
	quizDelay = 2050 * time.Millisecond // before which no person answers
	quizLife  = 15 * time.Minute        // after which the question is too old
	quizAhead = 8                       // questions asked ahead, for each form
)

// forms are those that a question protects, as the API names them.
var forms = []string{"inscription", "activation", "reinitialisation", "entite"}

// answer returns the « epreuve » of a form.
func (q *quiz) answer(ctx context.Context, form string) (fields, error) {
	for _, f := range forms {
		if err := q.askAhead(ctx, f); err != nil {
			return nil, err
		}
	}
	x := q.asked[form][0]
	q.asked[form] = q.asked[form][1:]
	n, err := solve(x.Texte)
	if err != nil {
		return nil, err
	}
	select {
	case <-time.After(time.Until(x.at.Add(quizDelay))):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return fields{"jeton": x.Jeton, "reponse": strconv.Itoa(n)}, nil
}

// askAhead drops the questions of a form that are too old, and asks those that
// will be needed.
func (q *quiz) askAhead(ctx context.Context, form string) error {
	if q.asked == nil {
		q.asked = map[string][]question{}
	}
	for len(q.asked[form]) > 0 && time.Since(q.asked[form][0].at) > quizLife {
		q.asked[form] = q.asked[form][1:]
	}
	for len(q.asked[form]) < quizAhead {
		var x question
		if err := q.client.get(ctx, "", "/api/epreuve"+query("objet", form), &x); err != nil {
			return err
		}
		x.at = time.Now()
		q.asked[form] = append(q.asked[form], x)
	}
	return nil
}

// figures are the numbers that questions write in words.
var figures = map[string]int{"un": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
	"onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "dix-sept": 17, "dix-huit": 18, "dix-neuf": 19, "vingt": 20}

var word = regexp.MustCompile(`[\p{L}-]+`)

// solve reads a question and answers it.
func solve(text string) (int, error) {
	var ns []int
	for _, w := range word.FindAllString(strings.ToLower(text), -1) {
		if n, ok := figures[w]; ok {
			ns = append(ns, n)
		}
	}
	asks := func(words string) bool { return strings.Contains(text, words) }
	switch {
	case len(ns) == 1 && asks("double"):
		return 2 * ns[0], nil
	case len(ns) == 1 && asks("juste après"):
		return ns[0] + 1, nil
	case len(ns) != 2:
	case asks(" plus grand "):
		return max(ns[0], ns[1]), nil
	case asks(" moins "):
		return ns[0] - ns[1], nil
	case asks("retire"):
		return ns[1] - ns[0], nil
	case asks(" plus "), asks("Ajoutez"), asks("donne"):
		return ns[0] + ns[1], nil
	}
	return 0, fmt.Errorf("la question « %s » n’est pas de celles qu’un scénario sait lire", text)
}

// form makes the request of a form that an anti-robot question protects.
func (w *world) form(ctx context.Context, name, path string, body fields) (request, error) {
	answer, err := w.r.quiz.answer(ctx, name)
	body["epreuve"] = answer
	return request{method: http.MethodPost, path: path, body: body}, err
}
