package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"guichet/cmd/internal/env"
	"guichet/cmd/internal/telemetry"
	"guichet/store"
)

// observation is what one process of the house tells those who run it.
type observation struct {
	log     *slog.Logger
	mesures *prometheus.Registry
	moteur  *telemetry.Engine
	traceur *telemetry.Tracer
	sonde   *telemetry.Probe
}

// observer prepares the log, the measures and the traces of a process: « api » or « worker ».
func observer(ctx context.Context, cfg env.Config, quoi string) (*observation, error) {
	o := &observation{log: telemetry.NewLogger(os.Stderr, cfg.Journal), mesures: prometheus.NewRegistry(), moteur: telemetry.NewEngine(), sonde: &telemetry.Probe{}}
	var err error
	if o.traceur, err = telemetry.NewTracer(ctx, cfg.Traces, "guichet-"+quoi, build(), cfg.TracesTaux); err != nil {
		return nil, err
	}
	construit := prometheus.NewGauge(prometheus.GaugeOpts{Name: "guichet_programme", Help: "Vaut 1 ; ses étiquettes disent quel programme tourne.",
		ConstLabels: prometheus.Labels{"version": build(), "processus": quoi}})
	construit.Set(1)
	o.mesures.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), o.moteur, construit)
	return o, nil
}

// ouvrir answers to the probes and to the measures, on the private address: those of the
// base, and of what is checked and noted.
func (o *observation) ouvrir(ctx context.Context, cfg env.Config, s *store.Store) error {
	o.mesures.MustRegister(&telemetry.Business{Read: s.Relever})
	if o.sonde.Checks == nil {
		o.sonde.Checks = map[string]func(context.Context) error{}
	}
	o.sonde.Checks["base"] = s.DB.PingContext
	return o.sonde.Serve(ctx, cfg.AdresseInterne, o.mesures)
}
