package workflows

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/serviceerror"
)

// relance is how often a thing was sent, and when it may be sent again.
type relance struct {
	envois int
	apres  time.Time
}

// relances remembers what a relay sent: the engine keeps what it heard, so that saying it
// every second would only fill the history of a procedure that does not follow.
type relances map[string]relance

// How long a thing that was sent waits before it is sent again: twice as long each time, up
// to a minute; no longer than a few seconds when the engine was away, for it comes back.
const (
	relanceMin     = time.Second
	relanceMax     = time.Minute
	relanceAbsence = 4 * time.Second
)

// noter says that a thing was sent, and what was answered.
func (rs relances) noter(cle string, err error) {
	r := rs[cle]
	attente := relanceMin << min(r.envois, 6)
	if injoignable(err) {
		attente = min(attente, relanceAbsence)
	}
	rs[cle] = relance{r.envois + 1, time.Now().Add(min(attente, relanceMax))}
}

// due reports whether a thing may be sent now.
func (rs relances) due(cle string) bool { return !time.Now().Before(rs[cle].apres) }

// reportees are the things that may not be sent yet.
func (rs relances) reportees() []string {
	var cles []string
	for cle := range rs {
		if !rs.due(cle) {
			cles = append(cles, cle)
		}
	}
	return cles
}

// garder forgets what is not in cles.
func (rs relances) garder(cles []string) {
	la := make(map[string]bool, len(cles))
	for _, cle := range cles {
		la[cle] = true
	}
	for cle := range rs {
		if !la[cle] {
			delete(rs, cle)
		}
	}
}

// oublier forgets what was due long ago and was not sent again: it waits no more.
func (rs relances) oublier() {
	for cle, r := range rs {
		if time.Since(r.apres) > relanceMax {
			delete(rs, cle)
		}
	}
}

// fautes are what failed in one pass.
type fautes struct {
	errs   []error
	nombre int
	suite  int             // failures of the engine itself, one after the other
	objets map[string]bool // whose call failed
}

// fautesMax is how many failures of the engine in a row end a pass, and how many a pass says.
const fautesMax = 5

func (f *fautes) noter(objet string, err error) {
	if err == nil {
		f.suite = 0
		return
	}
	f.nombre++
	f.objets[objet] = true
	if len(f.errs) < fautesMax {
		f.errs = append(f.errs, err)
	}
	f.suite++
	if !injoignable(err) {
		f.suite = 0
	}
}

// absent reports whether the engine seems to be away.
func (f *fautes) absent() bool { return f.suite >= fautesMax }

// dire says the first failures and how many there were.
func (f *fautes) dire() error {
	if f.nombre == 0 {
		return nil
	}
	return fmt.Errorf("%d calls failed: %w", f.nombre, errors.Join(f.errs...))
}

// injoignable reports whether err says that the engine is away, rather than that it
// refuses this object.
func injoignable(err error) bool {
	var absent *serviceerror.Unavailable
	var tard *serviceerror.DeadlineExceeded
	var plein *serviceerror.ResourceExhausted
	return errors.As(err, &absent) || errors.As(err, &tard) || errors.As(err, &plein) || errors.Is(err, context.DeadlineExceeded)
}
