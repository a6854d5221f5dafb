package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime/debug"
	"syscall"
	"time"

	"guichet/api"
	"guichet/facturx"
	"guichet/opco"
	"guichet/store"
)

const (
	examenMemoire = 256 << 20
	examenCPU     = 5 // seconds
	examenDuree   = 10 * time.Second
	examenPlaces  = 2 // files examined at once: each may take 256 MB and a processor
	examenRefuse  = code(3)
)

// examinerCmd examines one file given on its standard input, in a process that may
// use little memory and time and write no file. Its verdict is its exit code: 0
// sound, 3 refused with the reason on the standard output, anything else broken.
type examinerCmd struct {
	Format string `arg:"" help:"Type MIME du fichier."`
}

// Run limits the process, then reads.
func (e examinerCmd) Run() error {
	if err := limiter(); err != nil {
		return err
	}
	err := api.Examiner(os.Stdin, e.Format)
	var refus *opco.Error
	if errors.As(err, &refus) {
		if err := json.NewEncoder(os.Stdout).Encode(refus); err != nil {
			return err
		}
		return examenRefuse
	}
	return err
}

// limiter bounds what this process may still take, for good.
func limiter() error {
	debug.SetMemoryLimit(examenMemoire / 2)
	limites := []struct {
		quoi int
		max  uint64
	}{
		// RLIMIT_DATA, not RLIMIT_AS: Go reserves far more addresses than memory.
		{syscall.RLIMIT_DATA, examenMemoire}, {syscall.RLIMIT_CPU, examenCPU}, {syscall.RLIMIT_FSIZE, 0}, {syscall.RLIMIT_CORE, 0},
	}
	for _, l := range limites {
		if err := syscall.Setrlimit(l.quoi, &syscall.Rlimit{Cur: l.max, Max: l.max}); err != nil {
			return fmt.Errorf("limiting the examination: %w", err)
		}
	}
	return nil
}

// lireFactureCmd reads one electronic invoice given on its standard input, in a
// process as limited as an examination. Sound, its words are on the standard output.
type lireFactureCmd struct {
	Format string `arg:"" help:"Type MIME du fichier."`
}

// Run limits the process, then reads.
func (e lireFactureCmd) Run() error {
	if err := limiter(); err != nil {
		return err
	}
	octets, err := io.ReadAll(io.LimitReader(os.Stdin, store.FichierMax+1))
	if err != nil {
		return fmt.Errorf("reading the invoice: %w", err)
	}
	lue, err := facturx.Lire(octets, e.Format)
	var refus *opco.Error
	if errors.As(err, &refus) {
		if err := json.NewEncoder(os.Stdout).Encode(refus); err != nil {
			return err
		}
		return examenRefuse
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(lue)
}

// places bounds the limited processes that run at once.
type places chan struct{}

// examinerAilleurs returns an Examinateur that runs this binary again for each
// file, a few at once. A file that breaks it, or takes too long, is refused.
func examinerAilleurs(binaire string) api.Examinateur {
	ps := make(places, examenPlaces)
	return func(ctx context.Context, r io.Reader, format string) error {
		_, err := ps.ailleurs(ctx, r, binaire, "examiner-fichier", format)
		return err
	}
}

// lireFactureAilleurs returns a LecteurFacture that runs this binary again for each
// invoice.
func lireFactureAilleurs(binaire string) api.LecteurFacture {
	ps := make(places, examenPlaces)
	return func(ctx context.Context, r io.Reader, format string) (opco.FactureLue, error) {
		var l opco.FactureLue
		b, err := ps.ailleurs(ctx, r, binaire, "lire-facture", format)
		if err != nil {
			return l, err
		}
		if err := json.Unmarshal(b, &l); err != nil {
			return l, fmt.Errorf("reading what an invoice says: %w", err)
		}
		return l, nil
	}
}

// ailleurs runs a command of this binary on a file, in a process of its own, and
// returns what it writes, or its refusal.
func (ps places) ailleurs(ctx context.Context, r io.Reader, binaire, commande, format string) ([]byte, error) {
	select {
	case ps <- struct{}{}:
		defer func() { <-ps }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	ctx, fin := context.WithTimeout(ctx, examenDuree)
	defer fin()
	var sortie bytes.Buffer
	c := exec.CommandContext(ctx, binaire, commande, format)
	c.Stdin, c.Stdout, c.Env = r, &sortie, []string{"HOME=/nonexistent", "GOMAXPROCS=1"}
	c.WaitDelay = time.Second
	err := c.Run()
	var echec *exec.ExitError
	switch {
	case err == nil:
		return sortie.Bytes(), nil
	case errors.As(err, &echec) && echec.ExitCode() == int(examenRefuse):
		var refus opco.Error
		if err := json.Unmarshal(sortie.Bytes(), &refus); err != nil {
			return nil, fmt.Errorf("reading the verdict of an examination: %w", err)
		}
		return nil, &refus
	case errors.As(err, &echec) || errors.Is(err, context.DeadlineExceeded):
		return nil, opco.Champf("fichier", "Ce fichier est trop complexe pour être examiné : imprimez-le en PDF, puis renvoyez-le.").AvecCode("FICHIER_ILLISIBLE")
	}
	return nil, fmt.Errorf("examining a file: %w", err)
}
