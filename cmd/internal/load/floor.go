package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"guichet/workflows"
)

// floorQueue is served by the worker of the floor alone.
const floorQueue = "plancher"

// load is how many times a workflow of the floor is signalled, calls a local activity, and
// starts a timer, of those that fire and of those that are cancelled: the numbers that the
// procedures of the same run had.
type load struct{ Signals, Locals, Fired, Canceled int }

// Floor does what a procedure asks of the engine, and nothing else: no base, no rule, no
// new run at each étape. What a procedure costs beyond is the product's.
func Floor(ctx workflow.Context, l load) error {
	ch := workflow.GetSignalChannel(ctx, workflows.SignalActe)
	local := workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{StartToCloseTimeout: 15 * time.Second})
	for i := range l.Signals {
		waiting, cancel := workflow.WithCancel(ctx)
		for range share(l.Canceled, i, l.Signals) {
			workflow.NewTimer(waiting, 24*time.Hour)
		}
		var m workflows.Message
		ch.Receive(ctx, &m)
		cancel()
		for range share(l.Locals, i, l.Signals) {
			if err := workflow.ExecuteLocalActivity(local, nothing, m).Get(ctx, nil); err != nil {
				return err
			}
		}
		for range share(l.Fired, i, l.Signals) {
			if err := workflow.Sleep(ctx, time.Millisecond); err != nil {
				return err
			}
		}
	}
	return nil
}

// nothing is the local activity of the floor.
func nothing(context.Context, workflows.Message) error { return nil }

// share is how many of total fall in the i-th of n.
func share(total, i, n int) int { return total*(i+1)/n - total*i/n }

// serveFloor is the worker of the floor: a process of its own, with the options of the
// workers of the house.
func serveFloor() error {
	s, err := openStack()
	if err != nil {
		return err
	}
	defer s.engine.Close()
	worker.SetStickyWorkflowCacheSize(workflows.CacheProcedures)
	w := worker.New(s.engine, floorQueue, workflows.Executant(time.Second))
	w.RegisterWorkflow(Floor)
	w.RegisterActivity(nothing)
	return w.Run(worker.InterruptCh())
}

// startFloor starts that process, and returns how to end it.
func startFloor() (stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-servir-plancher")
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting the worker of the floor: %w", err)
	}
	return func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		_ = cmd.Wait()
	}, nil
}

// playFloor runs n workflows of the floor, signalled as the dossiers are: one signal each,
// then the next, atOnce at a time. It returns how long they took.
func (s *stack) playFloor(ctx context.Context, l load, n, atOnce int, label string) (time.Duration, error) {
	stop, err := startFloor()
	if err != nil {
		return 0, err
	}
	defer stop()
	id := func(i int) string { return fmt.Sprintf("plancher/%s/%d", label, i) }
	start := time.Now()
	err = each(n, atOnce, func(i int) error {
		_, err := s.engine.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: id(i), TaskQueue: floorQueue}, Floor, l)
		return err
	})
	for k := 0; k < l.Signals && err == nil; k++ {
		err = each(n, atOnce, func(i int) error {
			return s.engine.SignalWorkflow(ctx, id(i), "", workflows.SignalActe, workflows.Message{Seq: int64(k + 1), ID: id(i), Type: "deposer", Le: start})
		})
	}
	if err != nil {
		return 0, fmt.Errorf("playing the floor: %w", err)
	}
	err = each(n, atOnce, func(i int) error { return s.engine.GetWorkflow(ctx, id(i), "").Get(ctx, nil) })
	slog.Info("floor", "workflows", n, "per second", float64(n)/time.Since(start).Seconds())
	return time.Since(start), err
}

// each does f of 0 to n-1, atOnce at a time, and stops at the first error.
func each(n, atOnce int, f func(int) error) error {
	var mu sync.Mutex
	var all error
	next := 0
	var wg sync.WaitGroup
	for range atOnce {
		wg.Go(func() {
			for {
				mu.Lock()
				i := next
				next++
				stop := i >= n || all != nil
				mu.Unlock()
				if stop {
					return
				}
				if err := f(i); err != nil {
					mu.Lock()
					all = errors.Join(all, err)
					mu.Unlock()
				}
			}
		})
	}
	wg.Wait()
	return all
}
