package temporal

import (
	"context"
	"fmt"
	"time"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"
	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/config"
	tlog "go.temporal.io/server/common/log"
	"go.temporal.io/server/temporal"
)

// Run starts the server and its Web UI and serves until ctx is done, then stops
// both and returns nil. The namespace and its search attributes are usable as
// soon as the HTTP API answers for the namespace. Errors are technical: a
// database that refuses, a port that is taken.
func Run(ctx context.Context, o Options) error {
	log := tlog.NewZapLogger(tlog.BuildZapLogger(tlog.Config{Level: "error", Format: "console"}))
	if err := o.ensureSchemas(log); err != nil {
		return err
	}
	if err := o.seedNamespace(); err != nil {
		return err
	}
	srv, err := o.server(log)
	if err != nil {
		return fmt.Errorf("assembling the server: %w", err)
	}
	if err := srv.Start(); err != nil {
		return fmt.Errorf("starting the server: %w", err)
	}
	defer func() { _ = srv.Stop() }()
	ready, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := o.addSearchAttributes(ready); err != nil {
		return err
	}
	return o.serveUI(ctx)
}

func (o Options) server(log tlog.Logger) (temporal.Server, error) {
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	c := o.config(ports)
	authorizer, err := authorization.GetAuthorizerFromConfig(&c.Global.Authorization)
	if err != nil {
		return nil, err
	}
	claims, err := authorization.GetClaimMapperFromConfig(&c.Global.Authorization, log)
	if err != nil {
		return nil, err
	}
	return temporal.NewServer(
		temporal.WithConfig(c),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(hosts(c)),
		temporal.WithLogger(log),
		temporal.WithAuthorizer(authorizer),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return claims }),
		temporal.WithDynamicConfigClient(dynamic()),
	)
}

// serveUI serves the Web UI until ctx is done; it returns its error if it
// stops before.
func (o Options) serveUI(ctx context.Context) error {
	ui := uiserver.NewServer(uioptions.WithConfigProvider(&uiconfig.Config{
		Host:                host,
		Port:                o.UIPort,
		TemporalGRPCAddress: address(o.GRPCPort),
		DefaultNamespace:    o.Namespace,
		EnableUI:            true,
		HideLogs:            true,
		DisableNewsFetch:    true,
		CORS:                uiconfig.CORS{CookieInsecure: true},
	}))
	failed := make(chan error, 1)
	go func() { failed <- ui.Start() }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving the web UI: %w", err)
	case <-ctx.Done():
		ui.Stop()
		return nil
	}
}
