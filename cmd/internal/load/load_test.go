package main

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestShare(t *testing.T) {
	for _, total := range []int{0, 3, 8, 9, 20} {
		sum := 0
		for i := range 8 {
			sum += share(total, i, 8)
		}
		if sum != total {
			t.Errorf("%d shared in 8 make %d", total, sum)
		}
	}
}

func TestQuantile(t *testing.T) {
	d := delays{4 * time.Second, time.Second, 3 * time.Second, 2 * time.Second}
	if p50, p99 := d.quantile(.5), d.quantile(.99); p50 != 3*time.Second || p99 != 4*time.Second || (delays{}).quantile(.5) != 0 {
		t.Errorf("p50 %s, p99 %s", p50, p99)
	}
}

// TestTree: the time of a process is its own, that of its children, of theirs, and of
// nobody else.
func TestTree(t *testing.T) {
	table := times{1: {0, time.Second}, 2: {1, time.Minute}, 3: {2, time.Hour}, 4: {0, 24 * time.Hour}}
	if got := table.tree(1); got != time.Hour+time.Minute+time.Second {
		t.Errorf("got %s", got)
	}
	if _, ok := processes()[os.Getpid()]; !ok {
		t.Error("this process is not among the processes")
	}
}

// TestBroken: each bound, broken alone, is told alone.
func TestBroken(t *testing.T) {
	good := func() report {
		return report{
			Flow:     &flowResult{Dossiers: 8, Elapsed: time.Second, FloorDossiers: 10, Floors: []time.Duration{time.Second, time.Second}, Shape: shape{MaxEvents: 499}},
			Pressure: &pressure{Peak: 10, Overload: window{Elapsed: time.Second, Applied: 6, Later: 2, Refused: 30}, Normal: 5 * time.Second},
		}
	}
	if list := good().broken(); len(list) != 0 {
		t.Fatalf("nothing is broken and it says %q", list)
	}
	for said, spoil := range map[string]func(*report){
		"plancher":   func(r *report) { r.Flow.Dossiers = 6 },
		"événements": func(r *report) { r.Flow.Shape.MaxEvents = 500 },
		"débit":      func(r *report) { r.Pressure.Overload.Later = 1 },
		"revenir":    func(r *report) { r.Pressure.Overload.Mute = 1 },
		"poli":       func(r *report) { r.Pressure.Overload.Other = map[string]int{"500": 1} },
		"perdus":     func(r *report) { r.Pressure.Lost = 1 },
		"normale":    func(r *report) { r.Pressure.Normal = 0 },
	} {
		r := good()
		spoil(&r)
		if list := r.broken(); len(list) != 1 || !strings.Contains(list[0], said) {
			t.Errorf("%s: it says %q", said, list)
		}
	}
}
