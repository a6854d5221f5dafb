package scenario

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"guichet/opco"
)

// Flow plays one script for many dossiers at once: what it says of a dossier is done to
// each of them, some at a time; what it says of the clock, of a lot or of the bank is done
// once, for all. Checks are not played. It is for measures: the file has one path.
type Flow struct {
	r      *Runner
	script *Script
	boss   *world // moves the clock, pays
	lives  []*Life
}

// Life is one dossier of a Flow.
type Life struct {
	w    *world
	n    int // its rank in the flow
	next int // first step of the script that it has not done, when it is played by deeds
	deed *NextAct
}

// Stage is what happened between two instants at which all the dossiers stand at the same
// step.
type Stage struct {
	Name    string
	Actes   int // acknowledged
	Elapsed time.Duration
}

// OpenFlow makes n dossiers ready to live, each group of them on organisations and
// accounts of its own, as the set-up of the script says.
func (r *Runner) OpenFlow(ctx context.Context, s *Script, n, group int) (*Flow, error) {
	r.once.Do(func() { r.ready = r.prepare(ctx) })
	if r.ready != nil {
		return nil, r.ready
	}
	if err := r.bank.mute(); err != nil {
		return nil, err
	}
	f := &Flow{r: r, script: s, boss: newWorld(r, s.File)}
	return f, f.Grow(ctx, n, group)
}

// Grow adds n dossiers to the flow.
func (f *Flow) Grow(ctx context.Context, n, group int) error {
	groups := make([]*world, (n+group-1)/group)
	for i := range groups {
		groups[i] = newWorld(f.r, f.script.File)
		if err := groups[i].setUp(ctx, f.script.MiseEnPl); err != nil {
			return err
		}
	}
	for i := range n {
		shared, w := groups[i%len(groups)], newWorld(f.r, f.script.File)
		w.orgs, w.users, w.now = shared.orgs, shared.users, f.boss.now
		f.lives = append(f.lives, &Life{w: w, n: len(f.lives)})
	}
	return nil
}

// Lives are the dossiers of the flow.
func (f *Flow) Lives() []*Life { return f.lives }

// Play plays the script, atOnce dossiers at a time.
func (f *Flow) Play(ctx context.Context, atOnce int, told func(Stage)) error {
	steps := f.script.Etapes
	for len(steps) > 0 {
		n, start, stage := 1, time.Now(), Stage{}
		if a, ok := steps[0].Body.(*Act); ok && a.Lot == "" {
			n = together(steps)
			stage.Name, stage.Actes = names(steps[:n]), n*len(f.lives)
			if err := f.each(ctx, atOnce, steps[:n]); err != nil {
				return err
			}
		} else {
			stage.Name = steps[0].Kind
			if err := f.once(ctx, steps[0]); err != nil {
				return err
			}
		}
		stage.Elapsed = time.Since(start)
		told(stage)
		steps = steps[n:]
	}
	return nil
}

// together is how many of the first steps are actes on the dossier.
func together(steps []Step) (n int) {
	for _, s := range steps {
		if a, ok := s.Body.(*Act); !ok || a.Lot != "" {
			break
		}
		n++
	}
	return n
}

func names(steps []Step) string {
	text := ""
	for i, s := range steps {
		if i > 0 {
			text += ", "
		}
		text += s.Body.(*Act).Fait //nolint:forcetypeassert // together chose them
	}
	return text
}

// each has every dossier do the steps, one after the other.
func (f *Flow) each(ctx context.Context, atOnce int, steps []Step) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan *Life)
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			for l := range queue {
				if err := l.live(ctx, steps); err != nil {
					cancel(fmt.Errorf("dossier n° %d : %w", l.n, err))
				}
			}
		})
	}
	for _, l := range f.lives {
		if ctx.Err() == nil {
			queue <- l
		}
	}
	close(queue)
	wg.Wait()
	return context.Cause(ctx)
}

func (l *Life) live(ctx context.Context, steps []Step) error {
	for _, s := range steps {
		if err := l.w.act(ctx, l.own(s)); err != nil {
			return l.w.locate(s, err)
		}
	}
	return nil
}

// own is the acte of a step as this dossier does it: no two dossiers ask for the same
// formation, for the same people, nor have the same invoice.
func (l *Life) own(s Step) *Act {
	a := *s.Body.(*Act) //nolint:forcetypeassert // together chose them
	if a.Fait == "creer" {
		a.Avec.Intitule = fmt.Sprintf("%s, groupe %d", or(a.Avec.Intitule, "Conduire un projet de données"), l.n+1)
		a.Avec.Stagiaires = slices.Clone(a.Avec.Stagiaires)
		for i := range a.Avec.Stagiaires {
			a.Avec.Stagiaires[i].Prenom, a.Avec.Stagiaires[i].Nom = people[i%len(people)][0], surname(l.n)
		}
	}
	if a.Avec.Numero != "" {
		a.Avec.Numero = fmt.Sprintf("%s-%d", a.Avec.Numero, l.n+1)
	}
	return &a
}

// surname writes a number as a name.
func surname(n int) string {
	name := "Mesure"
	for ; n > 0; n /= 26 {
		name += string(rune('a' + n%26))
	}
	return name
}

// once does a step that is everybody's.
func (f *Flow) once(ctx context.Context, s Step) error {
	if a, ok := s.Body.(*Act); ok && a.Fait == "creer_lot" {
		return f.pay(ctx, a)
	}
	if err := f.boss.step(ctx, s); err != nil {
		return f.boss.locate(s, err)
	}
	for _, l := range f.lives {
		l.w.now = f.boss.now
	}
	return nil
}

// pay makes a lot of every règlement that is to be paid, as the accountant does: from
// their list.
func (f *Flow) pay(ctx context.Context, a *Act) error {
	who, err := f.boss.user(a.Qui)
	if err != nil {
		return err
	}
	ids, after := []string{}, ""
	for first := true; first || after != ""; first = false {
		var page struct {
			Reglements []struct {
				ID string `json:"id"`
			} `json:"reglements"`
			Suivant string `json:"suivant"`
		}
		path := "/api/reglements" + query("etat", string(opco.ReglementAPayer), "limite", "100")
		if after != "" {
			path = "/api/reglements" + query("etat", string(opco.ReglementAPayer), "limite", "100", "apres", after)
		}
		if err := f.r.client.get(ctx, who.token, path, &page); err != nil {
			return err
		}
		for _, r := range page.Reglements {
			ids = append(ids, r.ID)
		}
		after = page.Suivant
	}
	o, err := f.boss.deliver(ctx, a, request{token: who.token, method: http.MethodPost, path: "/api/lots", body: f.boss.lot(a, ids)}, who)
	if err != nil {
		return err
	}
	return f.boss.expectOutcome(a, o)
}

// Calm waits until nothing is pending.
func (f *Flow) Calm(ctx context.Context) error { return f.boss.calm(ctx) }

// Dossier is the id of the dossier of a life, "" before it has one.
func (l *Life) Dossier() string {
	for _, d := range l.w.dossiers {
		return d.id
	}
	return ""
}
