package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"guichet/cmd/internal/scenario"
)

// recovery is how long after a part was killed, and started again at once, an acte sent
// just after was applied. Ready is when the part itself was there again.
type recovery struct {
	Part           string
	Ready, Applied []time.Duration
}

// killed are the parts whose death is measured, and how many times.
var killed = []string{"worker", "api", "temporal", "postgres"}

const kills = 3

// pauseAfter leaves the part time to be quite itself again: mails that it held wait longer.
const pauseAfter = 3 * time.Second

// measureRecovery kills each part in turn, under no other load.
func (s *stack) measureRecovery(ctx context.Context) ([]recovery, error) {
	t, err := s.openTraffic(ctx, len(killed)*kills)
	if err != nil {
		return nil, err
	}
	var all []recovery
	n := 0
	for _, part := range killed {
		r := recovery{Part: part}
		for range kills {
			l := t.flow.Lives()[n]
			n++
			if err := s.readyToInstruct(ctx, t, l); err != nil {
				return all, err
			}
			ready, applied, err := s.killDuring(ctx, t, l, part)
			if err != nil {
				return all, fmt.Errorf("after the death of %s: %w", part, err)
			}
			r.Ready, r.Applied = append(r.Ready, ready), append(r.Applied, applied)
			slog.Info("recovery", "part", part, "ready", ready, "applied", applied)
			time.Sleep(pauseAfter)
		}
		all = append(all, r)
	}
	return all, nil
}

// readyToInstruct brings a dossier before its instruction, whose procedure is then alive.
func (s *stack) readyToInstruct(ctx context.Context, t *traffic, l *scenario.Life) error {
	for {
		d, err := t.flow.Next(ctx, l)
		if err != nil || d.Name == "instruire" {
			return err
		}
		if err := insist(ctx, d); err != nil {
			return err
		}
	}
}

// killDuring kills a part, sends an acte at once, as a client that insists, and waits for
// its verdict.
func (s *stack) killDuring(ctx context.Context, t *traffic, l *scenario.Life, part string) (ready, applied time.Duration, err error) {
	d, err := t.flow.Next(ctx, l)
	if err != nil {
		return 0, 0, err
	}
	start := time.Now()
	back := make(chan error, 1)
	go func() {
		err := s.kill(ctx, part)
		ready = time.Since(start)
		back <- err
	}()
	time.Sleep(20 * time.Millisecond) // it is dead
	err = insist(ctx, d)
	applied = time.Since(start)
	if e := <-back; e != nil {
		return 0, 0, e
	}
	return ready, applied, err
}

// recoveryMax is how long an acte may take to be applied after a death.
const recoveryMax = 2 * time.Minute

// insist sends an acte until it is received, ten times a second, then waits for its verdict.
func insist(ctx context.Context, d *scenario.NextAct) error {
	end := time.Now().Add(recoveryMax)
	for {
		a, err := d.Send(ctx)
		if err == nil && a.Status == http.StatusOK {
			d.Done()
			return nil
		}
		if err == nil && a.Status == http.StatusAccepted {
			verdict, err := d.Verdict(ctx, a.Acte, time.Until(end))
			if err != nil || verdict != "applique" {
				return fmt.Errorf("acte %s ends %q: %w", a.Acte, verdict, err)
			}
			d.Done()
			return nil
		}
		if err == nil && a.Status < http.StatusInternalServerError && a.Status != http.StatusTooManyRequests {
			return fmt.Errorf("%s is answered %d: %s", d.Name, a.Status, a.Text)
		}
		if time.Now().After(end) || ctx.Err() != nil {
			return fmt.Errorf("%s is never received: %d, %w", d.Name, a.Status, err)
		}
		time.Sleep(100 * time.Millisecond)
	}
}
