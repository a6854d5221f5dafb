package scenario

import (
	"context"
	"strings"
	"time"

	"guichet/opco"
)

// accountPassage is one line of the journal of an account.
type accountPassage struct {
	Type    string    `json:"type"`
	Code    string    `json:"code"`
	De      string    `json:"de"`
	Vers    string    `json:"vers"`
	Verdict string    `json:"verdict"`
	Motif   string    `json:"motif"`
	Phrase  string    `json:"phrase"`
	Par     string    `json:"par"`
	Le      time.Time `json:"le"`
}

// checkAccountJournal looks for the lines given, in that order; others may stand
// between them.
func (c *checker) checkAccountJournal(w *world, want []CheckPassage, found []accountPassage) {
	if len(want) == 0 {
		return
	}
	c = c.under("journal")
	next := 0
	for i, x := range want {
		at := next
		for at < len(found) && !w.sameAccountPassage(x, found[at]) {
			at++
		}
		if at == len(found) {
			var lines []string
			for _, p := range found {
				lines = append(lines, strings.Join([]string{p.Type, p.Code, p.De + "→" + p.Vers, p.Par, p.Verdict, p.Phrase}, " "))
			}
			c.item(i).fail("", strings.TrimSpace(strings.Join([]string{x.Fait, x.Code, x.De + "→" + x.Vers, x.Par}, " ")), strings.Join(lines, "\n              "))
			return
		}
		next = at + 1
	}
}

func (w *world) sameAccountPassage(x CheckPassage, p accountPassage) bool {
	for _, pair := range [][2]string{{x.Fait, p.Type}, {x.Code, p.Code}, {x.De, p.De}, {x.Vers, p.Vers}, {x.Motif, p.Motif}} {
		if pair[0] != "" && pair[0] != pair[1] {
			return false
		}
	}
	for _, t := range x.Phrase {
		if !holds(p.Phrase, w.substitute(t)) {
			return false
		}
	}
	return (x.Par == "" || w.signature(x.Par) == p.Par) && bool(x.Refus) == (p.Verdict == string(opco.VerdictRefuse)) &&
		(x.Effet == nil || opco.Date(*x.Effet) == opco.JourDe(p.Le))
}

// checkAgent looks at the account of a staff member.
func (w *world) checkAgent(ctx context.Context, c *checker, b *CheckAccount) error {
	who, err := w.user(b.Compte)
	if err != nil {
		return err
	}
	as, err := w.agents(ctx)
	if err != nil {
		return err
	}
	for _, a := range as {
		if a.Email != who.email {
			continue
		}
		c.text("etat", b.Etat, a.Etat)
		c.text("identifiant", c.fill(b.Identifiant), a.Identifiant)
		for _, r := range words(b.Roles) {
			c.under("roles").text(r, b.Roles[r], a.role(r))
		}
		return nil
	}
	c.fail("compte", "un compte de l’OPCO", "(aucun)")
	return nil
}

// role says where a role of a staff member stands.
func (a agentReply) role(r string) string {
	for _, x := range a.Roles {
		switch {
		case x.Role != r:
		case x.Attend:
			return "attend"
		default:
			return "en_vigueur"
		}
	}
	return "aucun"
}
