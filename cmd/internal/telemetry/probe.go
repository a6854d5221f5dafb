// Package telemetry is what the house tells those who run it, and never the public:
// whether a process lives and may be given work, what it measures, where the time of a
// request went, and its log. Nothing personal goes through it: routes, never paths;
// numbers of business, never names.
package telemetry

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Probe answers whether a process lives and whether it is ready.
type Probe struct {
	// Checks are what the process cannot do without, by the name that people read: it is
	// ready when each answers nil.
	Checks map[string]func(context.Context) error
	// Notes are told beside, and change nothing: the counter is ready without the engine.
	Notes map[string]func(context.Context) error

	leaving atomic.Bool
}

// patience is how long one check may take: a base that answers later is not there.
const patience = 2 * time.Second

// Leave says from now on that the process is not ready: it is about to stop.
func (p *Probe) Leave() { p.leaving.Store(true) }

// Leaving reports whether Leave was called.
func (p *Probe) Leaving() bool { return p.leaving.Load() }

// state is what /pret answers.
type state struct {
	Pret    bool              `json:"pret"`
	Retrait bool              `json:"retrait,omitempty"` // it is stopping
	Parties map[string]string `json:"parties"`           // « oui », or what is wrong
}

func (p *Probe) state(ctx context.Context) state {
	s := state{Pret: !p.Leaving(), Retrait: p.Leaving(), Parties: map[string]string{}}
	for name, check := range p.Checks {
		s.Pret = s.tell(ctx, name, check) && s.Pret
	}
	for name, check := range p.Notes {
		s.tell(ctx, name, check)
	}
	return s
}

func (s state) tell(ctx context.Context, name string, check func(context.Context) error) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := check(ctx); err != nil {
		s.Parties[name] = "non" // why is in the log: an address or an account may be in the error
		return false
	}
	s.Parties[name] = "oui"
	return true
}

// Handler serves /sante (the process lives), /pret (it may be given work) and /metrics.
func (p *Probe) Handler(metrics prometheus.Gatherer) http.Handler {
	m := http.NewServeMux()
	m.HandleFunc("GET /sante", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{\"etat\":\"ok\"}\n")) })
	m.HandleFunc("GET /pret", func(w http.ResponseWriter, r *http.Request) {
		s := p.state(r.Context())
		w.Header().Set("Content-Type", "application/json")
		if !s.Pret {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_ = json.NewEncoder(w).Encode(s)
	})
	m.Handle("GET /metrics", promhttp.HandlerFor(metrics, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4}))
	return m
}

// Serve answers on address until ctx ends; "" serves nothing. It returns once the port is
// open, or cannot be.
func (p *Probe) Serve(ctx context.Context, address string, metrics prometheus.Gatherer) error {
	if address == "" {
		return nil
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return errors.Join(errors.New("GUICHET_ADRESSE_INTERNE ne peut pas être ouverte : arrêtez l’autre programme, ou donnez-lui un autre port"), err)
	}
	s := &http.Server{Handler: p.Handler(metrics), ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second}
	go func() { _ = s.Serve(l) }()
	context.AfterFunc(ctx, func() { _ = s.Close() })
	return nil
}
