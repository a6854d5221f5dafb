package main

import (
	"context"
	"log/slog"
	"os"
	"runtime/debug"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"guichet/cmd/internal/env"
	"guichet/cmd/internal/telemetry"
	"guichet/store"
)

// version is the build of this program, set by the linker (-X main.version=…).
var version string

// versionDuProgramme names this build: what the linker said, else the revision that the
// compiler found, else « inconnue ».
func versionDuProgramme() string {
	if version != "" {
		return version
	}
	if i, ok := debug.ReadBuildInfo(); ok {
		for _, s := range i.Settings {
			if s.Key == "vcs.revision" && len(s.Value) >= 12 {
				return s.Value[:12]
			}
		}
	}
	return "inconnue"
}

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
	if o.traceur, err = telemetry.NewTracer(ctx, cfg.Traces, "guichet-"+quoi, versionDuProgramme(), cfg.TracesTaux); err != nil {
		return nil, err
	}
	construit := prometheus.NewGauge(prometheus.GaugeOpts{Name: "guichet_programme", Help: "Vaut 1 ; ses étiquettes disent quel programme tourne.",
		ConstLabels: prometheus.Labels{"version": versionDuProgramme(), "processus": quoi}})
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
