package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"guichet/cmd/internal/telemetry"
)

// service is how a counter answers, and how it stops so that nobody loses a request: it
// says that it is not ready, goes on serving while whoever shares the requests out hears
// it, ends the streams, which open again elsewhere, then lets what is under way end.
type service struct {
	adresse string
	sonde   *telemetry.Probe
	retrait time.Duration // not ready, but serving
	arret   time.Duration // for what is under way
	fluxFin func()        // ends the streams
	log     *slog.Logger
}

// servir answers on the address of s until ctx ends, then stops in order.
func (s service) servir(ctx context.Context, h http.Handler) error {
	srv := &http.Server{Addr: s.adresse, Handler: s.congedier(h), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10,
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) }}
	l, err := net.Listen("tcp", s.adresse)
	if err != nil {
		return fmt.Errorf("l’adresse %s est déjà prise ou interdite : arrêtez l’autre programme ou changez GUICHET_ADRESSE (%w)", s.adresse, err)
	}
	fini := make(chan error, 1)
	go func() { fini <- srv.Serve(l) }()
	s.log.InfoContext(ctx, "api ready", "address", s.adresse)
	select {
	case err := <-fini:
		return err
	case <-ctx.Done():
	}
	return s.arreter(context.WithoutCancel(ctx), srv, fini)
}

// arreter stops the server in order. What is still under way after the time it was left
// is cut: whoever asked is told nothing, and asks again.
func (s service) arreter(ctx context.Context, srv *http.Server, fini <-chan error) error {
	s.sonde.Leave()
	s.log.InfoContext(ctx, "api leaving", "wait", s.retrait)
	select {
	case err := <-fini:
		return err
	case <-time.After(s.retrait):
	}
	s.fluxFin()
	ctx, fin := context.WithTimeout(ctx, s.arret)
	defer fin()
	err := srv.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.WarnContext(ctx, "requests cut by the stop", "after", s.arret)
		return srv.Close()
	}
	if err != nil {
		return fmt.Errorf("stopping: %w", err)
	}
	return nil
}

// congedier closes the connections that are kept alive, each after an answer, once the
// counter leaves: a client never sends a request on one that closes at that instant.
func (s service) congedier(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.sonde.Leaving() {
			w.Header().Set("Connection", "close")
		}
		h.ServeHTTP(w, r)
	})
}
