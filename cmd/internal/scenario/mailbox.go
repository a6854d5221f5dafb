package scenario

import (
	"context"
	"fmt"
	"regexp"
	"slices"
)

// What the mails of an account carry, as people read it there: never elsewhere.
var (
	activationLink   = regexp.MustCompile(`/activation\?compte=([0-9a-f-]{36})&code=([^&\s]+)`)
	confirmationLink = regexp.MustCompile(`/premiere-connexion/confirmation\?compte=([0-9a-f-]{36})&jeton=([^&\s]+)`)
	resetLink        = regexp.MustCompile(`/reinitialisation\?compte=([0-9a-f-]{36})&jeton=([^&\s]+)`)
	provisional      = regexp.MustCompile(`(?s)Identifiant provisoire : (\S+).*?Mot de passe provisoire : (\S+)`)
)

// received reads what pattern finds in the mails of somebody: in the newest one, or
// in the one of that rank, 1 for the first that came.
func (w *world) received(ctx context.Context, who *account, pattern *regexp.Regexp, rank int) ([]string, error) {
	if !w.busy {
		if err := w.calm(ctx); err != nil {
			return nil, err
		}
	}
	all, err := w.mails(ctx, who.email)
	if err != nil {
		return nil, err
	}
	var found [][]string
	var subjects []string
	for _, m := range slices.Backward(all) {
		subjects = append(subjects, "« "+m.Objet+" »")
		if x := pattern.FindStringSubmatch(plain(m.Texte)); x != nil {
			found = append(found, x[1:])
		}
	}
	if rank == 0 {
		rank = len(found)
	}
	if rank < 1 || rank > len(found) {
		return nil, fmt.Errorf("%s n’a pas reçu le courriel attendu ; reçus : %s", who.key, list(subjects))
	}
	return found[rank-1], nil
}

// link reads a link of the mails of somebody: the account it names, and its secret.
func (w *world) link(ctx context.Context, who *account, pattern *regexp.Regexp, rank int) (id, secret string, err error) {
	x, err := w.received(ctx, who, pattern, rank)
	if err != nil {
		return "", "", err
	}
	who.id = x[0]
	return x[0], x[1], nil
}
