package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"guichet/deploy/local/datadir"
	"guichet/deploy/local/stack"
)

// execute runs one command beside a stack of its own and returns its end. The
// sentences of the stack go to standard error: standard output is the command's.
func execute(args []string) (err error) {
	set := options("exec")
	product := set.String("produit", "", "")
	replicable := set.Bool("sauvegardable", false, "")
	if err := parse(set, args); err != nil {
		return err
	}
	if set.NArg() == 0 {
		return errors.New("exec demande une commande : guichet-local exec -- COMMANDE")
	}
	data, done, err := execData()
	if err != nil {
		return err
	}
	defer func() { done(err) }()
	settings, err := stack.Read(data, *product, true)
	if err != nil {
		return err
	}
	settings.Replicable = *replicable
	return start(settings, os.Stderr, func(ctx context.Context, s *stack.Stack) error {
		cmd := s.Command(set.Arg(0), set.Args()[1:]...)
		cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
		err := s.Run(ctx, cmd)
		if errors.Is(err, context.Canceled) {
			return errInterrupted
		}
		return ended(err)
	})
}

// commandEnd is the exit code, never 0, of the command that exec ran: it becomes
// ours, without a sentence, since the command has told why.
type commandEnd int

// Error says the code, for the rare reader of a log.
func (c commandEnd) Error() string { return fmt.Sprintf("code %d", int(c)) }

// ended keeps the exit code of a command that ran; a signal counts as 128 and
// its number, as in a shell. A command that could not be run stays an error.
func ended(err error) error {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return err
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return commandEnd(128 + int(status.Signal()))
	}
	return commandEnd(exit.ExitCode())
}

// execData returns GUICHET_DATA, or a temporary directory that is removed when
// the command succeeded and kept, for inquiry, when it did not.
func execData() (data string, done func(error), err error) {
	if os.Getenv("GUICHET_DATA") != "" {
		data, err = datadir.Path()
		return data, func(error) {}, err
	}
	data, err = os.MkdirTemp("", "guichet-")
	if err != nil {
		return "", nil, fmt.Errorf("aucun répertoire provisoire ne peut être créé (%w) : indiquez-en un avec GUICHET_DATA", err)
	}
	return data, func(err error) {
		if err != nil {
			fmt.Fprintf(os.Stderr, "Les données et les journaux de cet essai sont gardés dans %s.\n", data)
			return
		}
		_ = os.RemoveAll(data)
	}, nil
}
