package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"guichet/deploy/local/datadir"
	"guichet/deploy/local/process"
	"guichet/deploy/local/stack"
)

// run starts the stack, plays the demonstration and serves until Ctrl-C.
func run(args []string) error {
	set := options("run")
	once := set.Bool("une-fois", false, "")
	noDemo := set.Bool("sans-demo", false, "")
	product := set.String("produit", "", "")
	if err := parse(set, args); err != nil {
		return err
	}
	data, err := datadir.Path()
	if err != nil {
		return err
	}
	settings, err := stack.Read(data, *product, false)
	if err != nil {
		return err
	}
	return start(settings, os.Stdout, func(ctx context.Context, s *stack.Stack) error {
		if err := s.StartBank(ctx); err != nil {
			fmt.Printf("%s. Les fichiers de virements resteront sans réponse.\n", err)
		}
		demoErr := demonstrate(ctx, s, *noDemo)
		if *once || ctx.Err() != nil {
			return demoErr
		}
		if demoErr != nil {
			fmt.Printf("%s. La pile reste en service.\n", demoErr)
		}
		announce(s)
		<-ctx.Done()
		return nil
	})
}

// start opens and starts a stack, hands it to work, and stops it however that
// ends. The sentences of the stack go to out.
func start(set stack.Settings, out io.Writer, work func(context.Context, *stack.Stack) error) error {
	begun := time.Now()
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	s, err := stack.Open(set, say)
	if err != nil {
		return err
	}
	defer s.Close()
	var stopping interruption
	stopping.stack.Store(s)
	ctx, cancel := stopping.follow()
	defer cancel(nil)
	say("Guichet démarre sur %s.", set.Data)
	defer s.Stop()
	if err := s.Start(ctx); err != nil {
		if ctx.Err() != nil {
			return errInterrupted
		}
		return err
	}
	say("Guichet répond sur %s, après %s.", s.API.URL(), process.Seconds(time.Since(begun)))
	return work(ctx, s)
}

// demonstrate plays the demonstration of the guichet binary, which loads its
// data when they are absent, through the public API.
func demonstrate(ctx context.Context, s *stack.Stack, skip bool) error {
	if skip {
		return nil
	}
	cmd := s.Command(s.Product, "demo")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := s.Run(ctx, cmd)
	if errors.Is(err, context.Canceled) {
		return errInterrupted
	}
	if err != nil {
		return fmt.Errorf("la démonstration a échoué (%s)", process.Ending(err))
	}
	return nil
}

// announce prints where everything is.
func announce(s *stack.Stack) {
	fmt.Printf(`
  Guichet            %s
  Courriels          %s
  Console Temporal   %s
  PostgreSQL         %s (accès : set -a; . %s/environnement; psql "$GUICHET_DB")
  Données, journaux  %s

Ctrl-C arrête tout ; « make run » retrouvera ces données.
`, s.API.URL(), s.Mail.URL(), s.TemporalUI.URL(), s.Postgres.Address(), s.Data, s.Data)
}
