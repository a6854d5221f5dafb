package scenario

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// together plays actes at the same instant: all are prepared, then all leave at
// once, each as if by its own program.
func (w *world) together(ctx context.Context, s Step, t *Together) error {
	type prepared struct {
		req request
		who *account
	}
	ready := make([]prepared, len(t.Actes))
	for i := range t.Actes {
		var err error
		if ready[i].req, ready[i].who, err = w.write(ctx, &t.Actes[i]); err != nil {
			return err
		}
	}
	outcomes, errs := make([]*outcome, len(ready)), make([]error, len(ready))
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i, p := range ready {
		wg.Go(func() {
			<-start
			outcomes[i], errs[i] = w.r.client.acte(ctx, p.req)
		})
	}
	close(start)
	wg.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return w.expectTogether(s, t, outcomes)
}

// expectTogether checks how many were applied and how many refused, and with
// what words. An acte with a verdict of its own is checked by itself too.
func (w *world) expectTogether(s Step, t *Together, outcomes []*outcome) error {
	c := w.checker(s.node, "actes simultanés")
	applied, refused, winner := 0, 0, ""
	for i, o := range outcomes {
		if o.verdict == "applique" {
			applied++
			if who, err := w.user(t.Actes[i].Qui); err == nil {
				winner = who.nomComplet()
			}
		} else {
			refused++
			c.text("code", t.Code, o.code)
			c.contains("phrase", t.Phrase, o.phrase)
		}
		if t.Actes[i].Verdict != "" {
			if err := w.expectOutcome(&t.Actes[i], o); err != nil {
				return err
			}
		}
	}
	for _, o := range outcomes {
		if bool(t.NommeGagnant) && o.verdict != "applique" {
			c.contains("nomme_gagnant", Texts{winner}, o.phrase)
		}
	}
	c.number("appliques", t.Appliques, applied)
	c.number("refuses", t.Refuses, refused)
	return w.inFile(c.err())
}

// repeatWorkers is how many repetitions go on at once.
const repeatWorkers = 4

// repeat plays steps many times, each time on organisations of its own, like
// those of the set-up. The clock does not move meanwhile.
func (w *world) repeat(ctx context.Context, s Step, b *Repeat) error {
	times := b.Fois
	if w.r.cfg.Races > 0 {
		times = w.r.cfg.Races
	}
	for _, x := range b.Etapes {
		if x.Kind == "horloge" || x.Kind == "tuer" || x.Kind == "repeter" {
			return fault(x.node, "« %s » ne va pas dans « repeter » : tous partagent la même horloge.", x.Kind)
		}
	}
	start := time.Now()
	if err := w.repeatAll(ctx, s, b, times); err != nil {
		return err
	}
	fmt.Fprintf(w.r.cfg.Out, "       %s:%d %d répétitions (%s)\n", w.file, s.node.Line, times, time.Since(start).Round(time.Second))
	return nil
}

// repeatAll shares the repetitions between workers; the first failure stops them.
func (w *world) repeatAll(ctx context.Context, s Step, b *Repeat, times int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan int)
	var wg sync.WaitGroup
	for range repeatWorkers {
		wg.Go(func() {
			for n := range queue {
				if err := w.repeatOnce(ctx, b.Etapes); err != nil {
					cancel(fmt.Errorf("répétition n° %d : %w", n, err))
				}
			}
		})
	}
	for n := 1; n <= times && ctx.Err() == nil; n++ {
		queue <- n
		if n%100 == 0 && n < times {
			fmt.Fprintf(w.r.cfg.Out, "       %s:%d %d sur %d…\n", w.file, s.node.Line, n, times)
		}
	}
	close(queue)
	wg.Wait()
	return context.Cause(ctx)
}

func (w *world) repeatOnce(ctx context.Context, steps []Step) error {
	own := newWorld(w.r, w.file)
	own.now, own.busy = w.now, true
	for _, set := range w.setups {
		set.Parametres = nil
		if err := own.setUp(ctx, set); err != nil {
			return err
		}
	}
	return own.play(ctx, steps)
}
