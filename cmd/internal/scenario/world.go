package scenario

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"guichet/opco"
)

// world is what one path of a scenario made and knows: its organisations under
// their short names, its dossiers, its lots.
type world struct {
	r        *Runner
	file     string
	orgs     map[string]*org
	users    map[string]*account
	dossiers map[string]*dossier
	lots     map[string]string // name in the scenario → id
	bankMemo map[string][]bankFile
	now      time.Time // business time, as last set
	cuts     *cutter
	outage   bool
	busy     bool      // other repetitions go on: the stack is never at rest
	setups   []Setup   // what « repeter » makes again
	left     time.Time // when the last deed left
	streams  map[string]*stream
	tap      *tap // what « marqueurs » listens with

	changed []string          // parameters that tidy gives back
	kept    map[string]string // values of answers, by the name that the scenario gives them
}

// dossier is a dossier that the scenario made. It keeps the demande as it was
// sent, for certificates and invoices speak of it.
type dossier struct {
	id, numero  string
	demande     opco.Demande
	org, of     *org
	subrogation bool
	pieces      []sentPiece
	factures    map[string]string // number → id
}

// sentPiece is a file that was uploaded.
type sentPiece struct{ id, kind string }

func newWorld(r *Runner, file string) *world {
	return &world{r: r, file: file, orgs: map[string]*org{}, users: map[string]*account{}, dossiers: map[string]*dossier{},
		lots: map[string]string{}, bankMemo: map[string][]bankFile{}}
}

func (w *world) org(key string) (*org, error) {
	if o := w.orgs[key]; o != nil {
		return o, nil
	}
	return nil, fmt.Errorf("l’organisation « %s » n’est pas dans la mise en place", key)
}

func (w *world) user(key string) (*account, error) {
	if a := w.users[key]; a != nil {
		return a, nil
	}
	if a := w.r.staff[key]; a != nil {
		return a, nil
	}
	return nil, fmt.Errorf("personne ne s’appelle « %s » : les comptes sont ceux des organisations (e1, of1…), de « utilisateurs », et %s",
		key, strings.Join(words(w.r.staff), ", "))
}

func (w *world) dossier(name string) (*dossier, error) {
	if d := w.dossiers[name]; d != nil {
		return d, nil
	}
	return nil, fmt.Errorf("le dossier « %s » n’existe pas encore dans ce scénario", name)
}

// today is the civil day of business time.
func (w *world) today() opco.Date { return opco.JourDe(w.now) }

// play plays steps in order and stops at the first that fails.
func (w *world) play(ctx context.Context, steps []Step) error {
	for i, s := range steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		start := time.Now()
		w.cuts.before(i, len(steps))
		if err := w.step(ctx, s); err != nil {
			return w.locate(s, err)
		}
		if w.r.cfg.Verbose {
			fmt.Fprintf(w.r.cfg.Out, "    %s:%d %s (%s)\n", w.file, s.node.Line, s.Kind, time.Since(start).Round(time.Millisecond))
		}
	}
	return w.cuts.finish(ctx)
}

// locate says at which line an error came, unless it already does.
func (w *world) locate(s Step, err error) error {
	var f *Failure
	var u *UnreachableError
	switch {
	case errors.As(err, &f):
		f.File = w.file
		return err
	case errors.As(err, &u), errors.Is(err, context.Canceled):
		return err
	}
	return fmt.Errorf("%s:%d : %w", w.file, s.node.Line, err)
}

func (w *world) step(ctx context.Context, s Step) error {
	switch b := s.Body.(type) {
	case *Clock:
		return w.moveClock(ctx, b.At.Time)
	case *Wait:
		return w.calm(ctx)
	case *Act:
		return w.act(ctx, b)
	case *Deed:
		return w.doDeed(ctx, b)
	case *Follow:
		return w.follow(ctx, b)
	case *Together:
		return w.together(ctx, s, b)
	case *Repeat:
		return w.repeat(ctx, s, b)
	case *Bank:
		return w.r.bank.play(ctx, w, s, b)
	case *Change:
		return w.change(ctx, *b)
	case *Markers:
		w.listen()
		return nil
	case *Call:
		return w.call(ctx, s, b)
	case *Sprinkle:
		return w.sprinkle(ctx, b)
	case *Factor:
		return w.enrol(ctx, b)
	case *Kill:
		return w.kill(ctx, b)
	case *Outage:
		return w.breakMail(ctx, b)
	}
	return w.verify(ctx, s)
}

// change tells the OPCO something new about organisations of the scenario.
func (w *world) change(ctx context.Context, changes Change) error {
	for _, key := range words(changes) {
		if _, err := w.org(key); err != nil {
			return err
		}
		if err := w.createOrg(ctx, key, changes[key]); err != nil {
			return err
		}
	}
	return nil
}

// breakMail makes the mail server fail, or mends it.
func (w *world) breakMail(ctx context.Context, o *Outage) error {
	target := ""
	if o.Pour != "" {
		x, err := w.org(o.Pour)
		if err != nil {
			return err
		}
		target = x.Email
	}
	w.outage = o.Mode != "aucune"
	return w.sendOutage(ctx, o.Mode, target)
}

func (w *world) sendOutage(ctx context.Context, mode, target string) error {
	rep, err := w.r.mail.do(ctx, request{method: http.MethodPost, path: "/api/pannes", body: map[string]string{"mode": mode, "pour": target}})
	if err != nil {
		return &UnreachableError{What: "La boîte aux lettres d’essai", Address: w.r.cfg.Mail, Err: err}
	}
	if rep.status != http.StatusOK {
		return rep.refusal("POST /api/pannes")
	}
	return nil
}
