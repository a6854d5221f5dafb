package main

import (
	"context"
	"time"

	"guichet/store/executant"
)

// intervenir does what the ops staff asked, for as long as there is something.
func (a *atelier) intervenir(ctx context.Context) {
	arch := a.archiviste()
	conserver := func(ctx context.Context, objet string) error {
		_, err := arch.Garder(ctx, objet, true)
		return err
	}
	x := &executant.Intervenant{Store: a.store, Moteur: a.client, Log: a.log, Conserver: conserver, Relire: 3 * time.Second, Patience: 15 * time.Minute}
	reveil := a.nouvelles(ctx, "intervention")
	for ctx.Err() == nil {
		n, err := x.Tournee(ctx)
		if err != nil && ctx.Err() == nil {
			a.log.WarnContext(ctx, "interventions not done", "error", err)
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-reveil:
		case <-time.After(2 * time.Second):
		}
	}
}
