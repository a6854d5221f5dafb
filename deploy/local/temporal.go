package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"guichet/deploy/local/postgres"
	"guichet/deploy/local/stack"
	"guichet/deploy/local/temporal"
)

// serveTemporal is the child process in which the stack runs Temporal.
func serveTemporal(args []string) error {
	set := options("temporal")
	o := temporal.Options{User: postgres.Role, Password: os.Getenv(stack.PasswordVariable)}
	set.IntVar(&o.GRPCPort, "grpc", 0, "")
	set.IntVar(&o.HTTPPort, "http", 0, "")
	set.IntVar(&o.UIPort, "ui", 0, "")
	set.StringVar(&o.Postgres, "postgres", "", "")
	set.StringVar(&o.Namespace, "espace", "", "")
	if err := parse(set, args); err != nil {
		return err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer cancel()
	if err := temporal.Run(ctx, o); err != nil {
		return fmt.Errorf("Temporal s'est arrêté (%w)", err)
	}
	return nil
}
