package main

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"guichet/cmd/internal/scenario"
)

// Bounds of an overload (issue 6).
const (
	overloadFactor = 5
	goodputShare   = 0.8
	normalWithin   = 60 * time.Second
	normalAck      = 500 * time.Millisecond // p95 of a machine of two processors (reliability.md 4.3)
)

// climbing is how the capacity is found: the rate rises by half at each step, until the
// counter refuses, or acknowledges less than nine tenths of what it is offered.
const (
	firstRate = 4.0
	stepRate  = 1.5
	stepsMax  = 10
)

// pressure is how the counter behaves at rising load, then far beyond what it can do.
type pressure struct {
	Steps    []window
	Peak     float64 // most actes acknowledged a second
	Overload window
	After    []window // at half the peak, five seconds each
	Normal   time.Duration
	Lost     int
	Acked    int
}

// measurePressure offers more and more actes, then five times the peak for that long, then
// half the peak until nothing is refused and answers are quick again.
func (s *stack) measurePressure(ctx context.Context, step, long time.Duration) (p pressure, err error) {
	t, err := s.openTraffic(ctx, 400)
	if err != nil {
		return p, err
	}
	for rate := firstRate; len(p.Steps) < stepsMax; rate *= stepRate {
		if err := t.stock(ctx, int(rate*step.Seconds())/2); err != nil {
			return p, err
		}
		w, err := t.send(ctx, rate, step)
		if err != nil {
			return p, err
		}
		slog.Info("climb", "rate", rate, "good", w.good(), "p50", w.Acks.quantile(.5), "p99", w.Acks.quantile(.99), "refused", w.Refused, "other", w.Other, "missed", w.Missed)
		p.Steps = append(p.Steps, w)
		p.Peak = max(p.Peak, w.good())
		if w.Refused > 0 && w.good() < 0.9*rate {
			break
		}
	}
	return p, p.overload(ctx, t, long)
}

// overload sends far too much, then sees the counter come back to what it was.
func (p *pressure) overload(ctx context.Context, t *traffic, long time.Duration) error {
	if err := t.stock(ctx, int(p.Peak*long.Seconds())/3+inFlightMax/10); err != nil {
		return err
	}
	var err error
	if p.Overload, err = t.send(ctx, overloadFactor*p.Peak, long); err != nil {
		return err
	}
	slog.Info("overload", "rate", p.Overload.Rate, "good", p.Overload.good(), "refused", p.Overload.Refused, "mute", p.Overload.Mute, "other", p.Overload.Other,
		"missed", p.Overload.Missed, "p99", p.Overload.Acks.quantile(.99))
	start := time.Now()
	for time.Since(start) < 2*normalWithin && p.Normal == 0 {
		w, err := t.send(ctx, p.Peak/2, 5*time.Second)
		if err != nil {
			return err
		}
		slog.Info("after", "p50", w.Acks.quantile(.5), "p95", w.Acks.quantile(.95), "refused", w.Refused, "later", w.Later)
		p.After = append(p.After, w)
		if w.Refused == 0 && w.Acks.quantile(.95) <= normalAck {
			p.Normal = time.Since(start)
		}
	}
	p.Acked = len(t.acked)
	p.Lost, err = t.lost(ctx)
	return err
}

// openTraffic makes n dossiers ready to be acted upon, at the present business time.
func (s *stack) openTraffic(ctx context.Context, n int) (*traffic, error) {
	script, err := scenario.Read(scripts, "traffic.yaml")
	if err != nil {
		return nil, err
	}
	f, err := s.runner().OpenFlow(ctx, script, n, groupOf)
	if err != nil {
		return nil, err
	}
	t := &traffic{flow: f, ready: make(chan *scenario.Life, 1_000_000)}
	for _, l := range f.Lives() {
		t.ready <- l
	}
	return t, nil
}

// stock makes sure that n dossiers at least are ready.
func (t *traffic) stock(ctx context.Context, n int) error {
	missing := n - len(t.ready)
	if missing <= 0 {
		return nil
	}
	before := len(t.flow.Lives())
	if err := t.flow.Grow(ctx, missing, groupOf); err != nil {
		return errors.Join(errors.New("making dossiers"), err)
	}
	for _, l := range t.flow.Lives()[before:] {
		t.ready <- l
	}
	return nil
}
