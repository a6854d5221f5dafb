package scenario

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"path"
	"sync"
	"time"

	"guichet/cmd/internal/backstage"
	"guichet/opco"
)

// Config says where the stack is and how to play. The zero value of an address
// means that the part is not there: what needs it is then skipped or refused
// with a sentence.
type Config struct {
	URL      string // of the API
	Mail     string // of the mail catcher
	Control  string // of the control endpoint, to kill parts
	BankDir  string // folder of the simulated bank; "": its answers are imported through the API
	Admin    string // account that may prepare scenarios
	Password string
	Races    int  // repetitions of « repeter »; 0: as the file says
	Verbose  bool // show each step
	// KeepClock leaves business time where the last scenario put it.
	KeepClock bool
	Backstage backstage.Stack // what only « verifier: {marqueurs} » reads
	Out       io.Writer
}

// Runner plays scenarios one after the other on one stack.
type Runner struct {
	cfg    Config
	client *client
	mail   *client
	maker  *maker
	admin  string
	offset time.Duration // of business time, as found
	bank   *bank
	quiz   *quiz
	staff  map[string]*account
	again  time.Duration // how long a check that fails is looked at again
	once   sync.Once
	ready  error
}

// New makes a Runner; nothing is asked of the stack before the first scenario.
func New(cfg Config) *Runner {
	return &Runner{cfg: cfg, client: newClient(cfg.URL), mail: newClient(cfg.Mail), maker: newMaker(), again: checkDelay}
}

// Result is how one path of a scenario ended. Err is nil when all held; a
// *Failure says what did not.
type Result struct {
	Name    string
	Err     error
	Skipped string // why it was not played
	Elapsed time.Duration
}

// Play plays the main path of s and each of its variants.
func (r *Runner) Play(ctx context.Context, s *Script) []Result {
	r.once.Do(func() { r.ready = r.prepare(ctx) })
	if r.ready != nil {
		x := Result{Name: s.title(""), Err: r.ready}
		r.report(x)
		return []Result{x}
	}
	if len(s.Rejouer) > 0 {
		return r.playUnderFaults(ctx, s)
	}
	if missing := r.cfg.Backstage.Missing(); missing != "" && s.looksBackstage() {
		x := Result{Name: s.title(""), Skipped: "il manque " + missing + " pour lire ce que personne ne voit"}
		r.report(x)
		return []Result{x}
	}
	var results []Result
	for _, p := range s.paths() {
		start := time.Now()
		err := r.playPath(ctx, s, p, nil)
		results = append(results, Result{Name: s.title(p.name), Err: err, Elapsed: time.Since(start)})
		r.report(results[len(results)-1])
		if errors.Is(err, context.Canceled) {
			break
		}
	}
	return results
}

// trail is one way through a script: its own set-up and steps.
type trail struct {
	name  string
	setup []Setup
	steps []Step
}

func (s *Script) paths() []trail {
	var ps []trail
	if len(s.Etapes) > 0 || len(s.Variantes) == 0 {
		ps = append(ps, trail{setup: []Setup{s.MiseEnPl}, steps: append(s.Debut[:len(s.Debut):len(s.Debut)], s.Etapes...)})
	}
	for _, v := range s.Variantes {
		ps = append(ps, trail{name: v.Nom, setup: []Setup{s.MiseEnPl, v.MiseEnPl},
			steps: append(s.Debut[:len(s.Debut):len(s.Debut)], v.Etapes...)})
	}
	return ps
}

func (s *Script) title(variant string) string {
	t := s.Reference + " " + s.Nom
	if variant != "" {
		t += " — " + variant
	}
	return t
}

// prepare opens the admin's session, gives the run an API key of its own in that
// role, and makes the accounts of the staff.
func (r *Runner) prepare(ctx context.Context) error {
	session, err := r.client.login(ctx, r.cfg.Admin, r.cfg.Password)
	if err != nil {
		return err
	}
	var h clockReply
	if err := r.client.get(ctx, session, "/api/essai/horloge", &h); err != nil {
		return fmt.Errorf("l’horloge d’essai n’est pas ouverte sur ce guichet (GUICHET_HORLOGE_ESSAI=1) : %w", err)
	}
	admin := &account{identifiant: fmt.Sprintf("essai.%06d", r.maker.number()), prenom: "Essais", nom: "Automates", role: opco.RoleAdmin}
	if err := r.client.createUser(ctx, session, admin); err != nil {
		return err
	}
	r.admin, r.offset = admin.token, h.Le.Sub(h.Reel)
	r.bank, r.quiz = newBank(r), &quiz{client: r.client}
	return r.prepareStaff(ctx)
}

// Close gives the stack back as it was found: the simulated bank answers again,
// and business time is what it would be without the scenarios, with all that it
// makes due in the dossiers they leave open done.
func (r *Runner) Close(ctx context.Context) error {
	if r.bank == nil {
		return nil
	}
	err := r.bank.restore()
	if r.cfg.KeepClock {
		return err
	}
	return errors.Join(err, newWorld(r, "").moveClock(ctx, time.Now().Add(r.offset)))
}

// playPath plays one path on organisations of its own. cuts, when there are
// some, kill parts of the stack meanwhile.
func (r *Runner) playPath(ctx context.Context, s *Script, p trail, cuts *cutter) error {
	w := newWorld(r, s.File)
	w.cuts = cuts
	normal := *r.client
	defer func() { *r.client = normal }() // « tuer » makes it patient
	if err := r.bank.mute(); err != nil {
		return err
	}
	for _, set := range p.setup {
		if err := w.setUp(ctx, set); err != nil {
			return fmt.Errorf("%s : la mise en place a échoué : %w", s.File, err)
		}
	}
	defer w.closeStreams()
	defer w.stopListening()
	err := w.play(ctx, p.steps)
	return errors.Join(err, w.tidy(ctx))
}

// report writes the progress line of one path.
func (r *Runner) report(x Result) {
	switch {
	case x.Skipped != "":
		fmt.Fprintf(r.cfg.Out, "sauté  %s : %s\n", x.Name, x.Skipped)
	case x.Err != nil:
		fmt.Fprintf(r.cfg.Out, "ÉCHEC  %s (%s)\n  %v\n", x.Name, x.Elapsed.Round(10*time.Millisecond), x.Err)
	default:
		fmt.Fprintf(r.cfg.Out, "bon    %s (%s)\n", x.Name, x.Elapsed.Round(10*time.Millisecond))
	}
}

// token makes an API key.
func token() string { return rand.Text() + rand.Text() }

// beside returns the path of a file named next to another.
func beside(file, name string) string { return path.Join(path.Dir(file), name) }
