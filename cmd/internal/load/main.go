// Command load measures the flow on the whole stack, beside a floor of the same run: the
// whole lives of dossiers, the acknowledgement of actes at rising load, an overload, what
// the death of a part costs, and memory by open dossiers. It prints a report in Markdown
// and ends with 1 when a bound that issue 6 sets is broken. The stack is left with what was
// made there.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

// asked is what a run measures.
type asked struct {
	parts      []string
	dossiers   int
	step, long time.Duration
	open       []int
}

func run() error {
	parts := flag.String("parties", "flux,surcharge,reprise,memoire", "what is measured, separated by commas")
	dossiers := flag.Int("dossiers", 300, "dossiers whose whole lives are played")
	step := flag.Duration("palier", 15*time.Second, "how long each rate lasts, at rising load")
	long := flag.Duration("surcharge", 2*time.Minute, "how long the overload lasts")
	open := flag.String("ouverts", "1000,10000", "numbers of open dossiers at which memory is read, rising; 50000 takes long")
	floor := flag.Bool("servir-plancher", false, "be the worker of the floor")
	flag.Parse()
	if *floor {
		return serveFloor()
	}
	a := asked{parts: strings.Split(*parts, ","), dossiers: *dossiers, step: *step, long: *long}
	for n := range strings.SplitSeq(*open, ",") {
		x, err := strconv.Atoi(n)
		if err != nil {
			return fmt.Errorf("-ouverts: %w", err)
		}
		a.open = append(a.open, x)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	r, err := a.measure(ctx)
	r.Loads = append(r.Loads, loadAverage())
	r.write(os.Stdout) // what was measured before it was stopped is told
	if err != nil {
		return err
	}
	if list := r.broken(); len(list) > 0 {
		return errors.New(strings.Join(list, " ; "))
	}
	return nil
}

func (a asked) measure(ctx context.Context) (r report, err error) {
	r = report{Begun: time.Now(), Loads: []string{loadAverage()}}
	s, err := openStack()
	if err != nil {
		return r, err
	}
	defer s.engine.Close()
	if err := s.prepare(ctx); err != nil {
		return r, err
	}
	for _, p := range []struct {
		name    string
		measure func() error
	}{
		{"flux", func() error {
			f, err := s.measureFlow(ctx, a.dossiers)
			if err == nil {
				r.Flow = &f
			}
			return err
		}},
		{"reprise", func() (err error) { r.Recovery, err = s.measureRecovery(ctx); return err }},
		{"surcharge", func() error {
			p, err := s.measurePressure(ctx, a.step, a.long)
			r.Pressure = &p
			return err
		}},
		{"memoire", func() (err error) { r.Memory, err = s.measureMemory(ctx, a.open); return err }},
	} {
		if !slices.Contains(a.parts, p.name) {
			continue
		}
		if err := p.measure(); err != nil {
			return r, fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return r, nil
}
