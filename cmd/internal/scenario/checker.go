package scenario

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"

	"guichet/opco"
)

// checker compares what a « verifier » expects with what is, and notes each
// difference with the line that expected it.
type checker struct {
	node     *yaml.Node
	what     string
	failures *[]error
	fill     func(string) string // writes the names that only this run knows
}

func (w *world) checker(n *yaml.Node, what string) *checker {
	return &checker{node: n, what: what, failures: new([]error), fill: w.substitute}
}

// under looks at the content of a key.
func (c *checker) under(key string) *checker {
	sub := &checker{node: c.node, what: c.what + ", " + key, failures: c.failures, fill: c.fill}
	if n := child(c.node, key); n != nil {
		sub.node = n
	}
	return sub
}

// item looks at the i-th line of a list.
func (c *checker) item(i int) *checker {
	sub := &checker{node: c.node, what: fmt.Sprintf("%s n° %d", c.what, i+1), failures: c.failures, fill: c.fill}
	if i < len(c.node.Content) {
		sub.node = c.node.Content[i]
	}
	return sub
}

// fail notes a difference on key, "" for the whole.
func (c *checker) fail(key, expected, found string) {
	f := &Failure{Line: c.node.Line, What: c.what, Expected: expected, Found: found}
	if key != "" {
		f.What += ", " + key
		if n := child(c.node, key); n != nil {
			f.Line = n.Line
		}
	}
	*c.failures = append(*c.failures, f)
}

func (c *checker) err() error { return errors.Join(*c.failures...) }

// text expects exactly want, unless it is "".
func (c *checker) text(key, want, got string) {
	if want != "" && want != got {
		c.fail(key, want, or(got, "(rien)"))
	}
}

// optional expects exactly *want, which may be "", unless it is nil.
func (c *checker) optional(key string, want *string, got string) {
	if want != nil && *want != got {
		c.fail(key, or(*want, "(rien)"), or(got, "(rien)"))
	}
}

func (c *checker) amount(key string, want *Amount, got opco.Montant) {
	if want != nil && opco.Montant(*want) != got {
		c.fail(key, opco.Montant(*want).String(), got.String())
	}
}

func (c *checker) number(key string, want *int, got int) {
	if want != nil && *want != got {
		c.fail(key, strconv.Itoa(*want), strconv.Itoa(got))
	}
}

func (c *checker) day(key string, want *Day, got opco.Date) {
	if want != nil && opco.Date(*want) != got {
		c.fail(key, string(*want), or(string(got), "(aucune)"))
	}
}

func (c *checker) yes(key string, want *YesNo, got bool) {
	if want != nil && bool(*want) != got {
		c.fail(key, yesNo(bool(*want)), yesNo(got))
	}
}

// instant expects the same minute.
func (c *checker) instant(key string, want *Instant, got time.Time) {
	if want != nil && !want.Truncate(time.Minute).Equal(got.Truncate(time.Minute)) {
		c.fail(key, paris(want.Time), paris(got))
	}
}

// contains expects each text somewhere in got.
func (c *checker) contains(key string, want Texts, got string) {
	for _, t := range want {
		if t = c.fill(t); !holds(got, t) {
			c.fail(key, "… "+t+" …", shorten(got))
		}
	}
}

// same expects two lists in the same order.
func (c *checker) same(key string, want, got []string) {
	if strings.Join(want, "\x00") != strings.Join(got, "\x00") {
		c.fail(key, list(want), list(got))
	}
}

func list(l []string) string {
	if len(l) == 0 {
		return "(aucun)"
	}
	return strings.Join(l, ", ")
}

func yesNo(b bool) string {
	if b {
		return "oui"
	}
	return "non"
}

func paris(t time.Time) string {
	if t.IsZero() {
		return "(aucun)"
	}
	return t.In(opco.Paris).Format("2006-01-02 15:04")
}

// holds reports whether text contains part, whatever the spaces of each.
func holds(text, part string) bool { return strings.Contains(plain(text), plain(part)) }

// plain makes every run of spaces, no-break ones included, a single one.
func plain(s string) string { return strings.Join(strings.FieldsFunc(s, unicode.IsSpace), " ") }

// shorten keeps the beginning of a long text.
func shorten(s string) string {
	r := []rune(plain(s))
	if len(r) > 900 {
		return string(r[:900]) + "…"
	}
	return string(r)
}

// checkDelay is how long a check that fails is looked at again: what follows a
// verdict may come a moment later.
const checkDelay = 3 * time.Second

// verify plays « verifier » once nothing is pending.
func (w *world) verify(ctx context.Context, s Step) error {
	if !w.busy {
		if err := w.calm(ctx); err != nil {
			return err
		}
	}
	for end := time.Now().Add(w.r.again); ; time.Sleep(100 * time.Millisecond) {
		c := w.checker(s.node, "")
		if err := w.look(ctx, c, s); err != nil {
			return err
		}
		if err := c.err(); err == nil || time.Now().After(end) || ctx.Err() != nil {
			return w.inFile(err)
		}
	}
}

// inFile names the file of each failure.
func (w *world) inFile(err error) error {
	if err == nil {
		return nil
	}
	if l, ok := err.(interface{ Unwrap() []error }); ok { //nolint:errorlint // the list itself is wanted
		for _, e := range l.Unwrap() {
			var f *Failure
			if errors.As(e, &f) {
				f.File = w.file
			}
		}
	}
	return err
}

func (w *world) look(ctx context.Context, c *checker, s Step) error {
	switch b := s.Body.(type) {
	case *CheckDossier:
		c.what = "dossier " + b.Dossier
		return w.checkDossier(ctx, c, b)
	case *CheckEnvelope:
		c.what = "enveloppe de " + b.Enveloppe
		return w.checkEnvelope(ctx, c, b)
	case *CheckMails:
		c.what = "courriels de " + b.Courriels
		return w.checkMails(ctx, c, b)
	case *CheckNoMail:
		c.what = "tous les courriels"
		return w.checkNoMail(ctx, c, b)
	case *CheckLetter:
		c.what = "lettre " + b.Lettre
		return w.checkLetter(ctx, c, b)
	case *CheckLot:
		c.what = "lot " + b.Lot
		return w.checkLot(ctx, c, b)
	case *CheckSearch:
		c.what = "recherche « " + b.Recherche + " »"
		return w.checkSearch(ctx, c, b)
	case *CheckMarkers:
		c.what = "marqueurs"
		return w.checkMarkers(ctx, c, b)
	case *CheckSet:
		c.what = "dossiers " + strings.Join(b.Ensemble, ", ")
		return w.checkSet(ctx, c, b)
	}
	return w.lookAtAccount(ctx, c, s)
}
