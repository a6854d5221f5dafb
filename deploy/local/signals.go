package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"guichet/deploy/local/stack"
)

// errInterrupted reports that a person stopped the command before its end.
var errInterrupted = errors.New("interrompu")

// interruption follows SIGINT, SIGTERM and SIGHUP: the first asks for an
// orderly stop, the second kills everything and leaves.
type interruption struct {
	stack atomic.Pointer[stack.Stack]
}

// follow returns a context that the first signal ends, with the signal as cause.
func (i *interruption) follow() (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-signals
		fmt.Fprintln(os.Stderr, "\nArrêt en cours… (Ctrl-C de nouveau pour forcer)")
		cancel(errInterrupted)
		<-signals
		if s := i.stack.Load(); s != nil {
			s.Kill()
		}
		os.Exit(130)
	}()
	return ctx, cancel
}
