package main

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"time"

	"guichet/cmd/internal/scenario"
	"guichet/opco"
)

//go:embed life.yaml traffic.yaml
var scripts embed.FS

// Targets of issue 6.
const (
	floorRatio  = 0.7
	eventsMax   = 500
	atOnce      = 12 // dossiers that are acted upon at the same instant
	groupOf     = 25 // dossiers of one company and one organisme, at most
	leastGroups = 6  // no account is to be refused for what it sends by itself
	readHistory = 20 // dossiers whose histories are read
)

// flowResult is what the whole lives of dossiers took, and the floor.
type flowResult struct {
	Dossiers      int
	Elapsed       time.Duration
	Stages        []scenario.Stage
	Cost          cost
	Shape         shape
	Load          load
	Floors        []time.Duration
	FloorCost     cost
	FloorDossiers int
}

func (r flowResult) perSecond() float64 { return float64(r.Dossiers) / r.Elapsed.Seconds() }

// floorPerSecond is the mean of the two floors.
func (r flowResult) floorPerSecond() float64 {
	var sum time.Duration
	for _, d := range r.Floors {
		sum += d
	}
	return float64(r.FloorDossiers*len(r.Floors)) / sum.Seconds()
}

// measureFlow plays the whole lives of n dossiers, after as many that warm the stack up
// and give the shape of their histories to the floor; the floor is played before and after.
func (s *stack) measureFlow(ctx context.Context, n int) (r flowResult, err error) {
	r.Dossiers, r.FloorDossiers, r.FloorCost = n, n, cost{}
	warm, err := s.openFlow(ctx, readHistory)
	if err != nil {
		return r, err
	}
	if err := play(ctx, warm, func(scenario.Stage) {}); err != nil {
		return r, fmt.Errorf("warming up: %w", err)
	}
	if err := r.playFloor(ctx, s, warm); err != nil {
		return r, err
	}
	f, err := s.openFlow(ctx, n)
	if err != nil {
		return r, err
	}
	before, err := s.spent(ctx)
	if err != nil {
		return r, err
	}
	start := time.Now()
	err = play(ctx, f, func(st scenario.Stage) {
		slog.Info("flow", "stage", st.Name, "seconds", st.Elapsed.Seconds())
		r.Stages = append(r.Stages, st)
	})
	if err != nil {
		return r, err
	}
	r.Elapsed = time.Since(start)
	after, err := s.spent(ctx)
	if err != nil {
		return r, err
	}
	r.Cost = after.since(before)
	return r, r.playFloor(ctx, s, f)
}

// openFlow makes n dossiers ready.
func (s *stack) openFlow(ctx context.Context, n int) (*scenario.Flow, error) {
	script, err := scenario.Read(scripts, "life.yaml")
	if err != nil {
		return nil, err
	}
	return s.runner().OpenFlow(ctx, script, n, max(1, min(groupOf, n/leastGroups)))
}

// play plays a flow to its end: all paid, and nothing left to do.
func play(ctx context.Context, f *scenario.Flow, told func(scenario.Stage)) error {
	if err := f.Play(ctx, atOnce, told); err != nil {
		return err
	}
	start := time.Now()
	err := f.Calm(ctx)
	told(scenario.Stage{Name: "calme", Elapsed: time.Since(start)})
	return err
}

// playFloor reads the shape of the histories of f, then plays the floor of that shape.
func (r *flowResult) playFloor(ctx context.Context, s *stack, f *scenario.Flow) error {
	var ids []string
	for i, l := range f.Lives() {
		if i%max(1, len(f.Lives())/readHistory) == 0 {
			ids = append(ids, opco.ObjetDossier(l.Dossier()))
		}
	}
	var err error
	if r.Shape, err = s.readShape(ctx, ids); err != nil {
		return err
	}
	r.Load = load{Signals: round(r.Shape.Signals), Locals: round(r.Shape.Locals), Fired: round(r.Shape.TimersFired), Canceled: round(r.Shape.TimersCanceled)}
	before, err := s.spent(ctx)
	if err != nil {
		return err
	}
	took, err := s.playFloor(ctx, r.Load, r.FloorDossiers, atOnce, fmt.Sprint(time.Now().UnixNano()))
	if err != nil {
		return err
	}
	after, err := s.spent(ctx)
	if err != nil {
		return err
	}
	r.Floors = append(r.Floors, took)
	for k, v := range after.since(before) {
		r.FloorCost[k] += v
	}
	return nil
}
