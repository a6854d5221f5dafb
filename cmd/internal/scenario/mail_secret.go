package scenario

import (
	"context"
	"regexp"
	"slices"
	"strings"
)

// mailLinks are the secrets that mails carry, and that nothing else may hold.
var mailLinks = []struct {
	what    string
	pattern *regexp.Regexp
}{
	{"code d’activation", activationLink},
	{"jeton de confirmation", confirmationLink},
	{"jeton de réinitialisation", resetLink},
	{"mot de passe provisoire", provisional},
}

// everyMail is the text of all that the people and the organisations of the scenario
// received.
func (w *world) everyMail(ctx context.Context) (string, error) {
	var to []string
	for _, a := range w.users {
		to = append(to, a.email)
	}
	for _, o := range w.orgs {
		to = append(to, o.Email)
	}
	slices.Sort(to)
	var all strings.Builder
	for _, address := range slices.Compact(to) {
		if address == "" {
			continue
		}
		mails, err := w.mails(ctx, address)
		if err != nil {
			return "", err
		}
		for _, m := range mails {
			all.WriteString(m.Objet + "\n" + m.Texte + "\n")
		}
	}
	return all.String(), nil
}
