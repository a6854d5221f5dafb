package main

import (
	"fmt"
	"log/slog"

	"go.temporal.io/sdk/client"
	tlog "go.temporal.io/sdk/log"

	"guichet/cmd/internal/env"
)

// ouvrirTemporal prepares the client of the engine that cfg describes. It dials at the first
// call: the engine may be away.
func ouvrirTemporal(cfg env.Config) (client.Client, error) { return ouvrirTemporalMesure(cfg, nil) }

// ouvrirTemporalMesure is ouvrirTemporal, where what the SDK measures goes to mesures.
func ouvrirTemporalMesure(cfg env.Config, mesures client.MetricsHandler) (client.Client, error) {
	o := client.Options{HostPort: cfg.Temporal, Namespace: cfg.Namespace, Logger: tlog.NewStructuredLogger(slog.New(slog.DiscardHandler)), MetricsHandler: mesures}
	t, err := cfg.TLSMoteur()
	if err != nil {
		return nil, err
	}
	o.ConnectionOptions.TLS = t
	if cfg.TemporalCleAPI != "" {
		o.Credentials = client.NewAPIKeyStaticCredentials(cfg.TemporalCleAPI)
	}
	c, err := client.NewLazyClient(o)
	if err != nil {
		return nil, fmt.Errorf("preparing the client of Temporal: %w", err)
	}
	return c, nil
}
