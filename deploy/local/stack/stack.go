package stack

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"guichet/deploy/local/datadir"
	"guichet/deploy/local/loopback"
	"guichet/deploy/local/messagerie"
	"guichet/deploy/local/postgres"
	"guichet/deploy/local/process"
)

// startDelay bounds the start of each part.
const startDelay = 60 * time.Second

// Stack is one embedded stack on one data directory.
type Stack struct {
	Settings
	say      func(format string, args ...any)
	dir      *datadir.Dir
	postgres *postgres.Server
	parts    []*process.Process // the children
	smtp     *messagerie.SMTP
	page     *http.Server // of the mails
	control  *http.Server
	command  atomic.Int64 // pid of the command that runs beside the stack, or 0
	secrets  string       // keys of the counter
}

// Open takes the data directory and checks all that can be checked before
// anything starts: version, lock, ports, binaries. say prints one French line.
// The error is a French sentence. The caller must Close.
func Open(set Settings, say func(format string, args ...any)) (*Stack, error) {
	if info, err := os.Stat(set.Product); err != nil || info.IsDir() || info.Mode()&0o111 == 0 {
		return nil, fmt.Errorf("le programme guichet est introuvable (%s) : construisez-le avec « make build »", set.Product)
	}
	dir, err := datadir.Open(set.Data)
	if err != nil {
		return nil, err
	}
	s := &Stack{Settings: set, say: say, dir: dir}
	if err := s.check(); err != nil {
		_ = dir.Close()
		return nil, err
	}
	return s, nil
}

// check ends what a killed run left, reserves the ports, finds PostgreSQL and
// makes its cluster at the first start.
func (s *Stack) check() error {
	if left := process.StopLeftovers(s.dir.File("processus"), stopOrder...); len(left) > 0 {
		s.say("La fois précédente a été interrompue brutalement : ce qui tournait encore vient d'être arrêté (%s).", strings.Join(left, ", "))
	}
	if err := s.readSecrets(); err != nil {
		return err
	}
	if err := loopback.Reserve(s.ports()...); err != nil {
		return err
	}
	binaries, err := postgres.System(s.dir.File("installation.log"), s.say).Find(s.dir.Postgres)
	if err != nil {
		return err
	}
	if s.dir.Postgres == 0 {
		if err := s.dir.SetPostgres(binaries.Major); err != nil {
			return err
		}
	}
	for _, sub := range []string{"processus", "journaux", "courriels", "fichiers", "banque"} {
		if _, err := s.dir.Sub(sub); err != nil {
			return err
		}
	}
	if s.postgres, err = postgres.Prepare(s.Data, binaries, s.Postgres.Number, s.say); err != nil {
		return err
	}
	s.postgres.Replicable = s.Replicable
	return nil
}

// Close releases the data directory.
func (s *Stack) Close() { _ = s.dir.Close() }

// Start starts every part and returns once the API answers. When it fails, or
// when ctx is done first, the caller still has to Stop what did start.
func (s *Stack) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*startDelay)
	defer cancel()
	db, engine, api, worker := s.postgresPart(), s.temporalPart(), s.apiPart(), s.workerPart()
	s.parts = []*process.Process{db, engine, api, worker, s.bankPart()}
	if err := s.startPart(ctx, db); err != nil {
		return err
	}
	var first errgroup.Group
	first.Go(func() error { return s.startPart(ctx, engine) })
	first.Go(func() error { return s.migrate(ctx) })
	first.Go(s.startMail)
	first.Go(s.startControl)
	if err := first.Wait(); err != nil {
		return err
	}
	if err := s.writeEnvironment(); err != nil {
		return err
	}
	var second errgroup.Group
	second.Go(func() error { return s.startPart(ctx, api) })
	second.Go(func() error { return s.startPart(ctx, worker) })
	return second.Wait()
}

// startPart starts one part and says how long it took.
func (s *Stack) startPart(ctx context.Context, p *process.Process) error {
	ctx, cancel := context.WithTimeout(ctx, startDelay)
	defer cancel()
	begun := time.Now()
	if err := p.Start(ctx); err != nil {
		return err
	}
	s.say("  %-12s prêt en %s", p.Name, process.Seconds(time.Since(begun)))
	return nil
}

// startMail opens the box, the SMTP server and the page.
func (s *Stack) startMail() error {
	box, err := messagerie.Open(s.dir.File("courriels"))
	if err != nil {
		return err
	}
	s.smtp = messagerie.NewSMTP(s.SMTP.Address(), box)
	if err := s.smtp.Start(); err != nil {
		return err
	}
	page, err := messagerie.Handler(box, s.smtp)
	if err != nil {
		return err
	}
	s.page, err = serve(s.Mail, page)
	return err
}
