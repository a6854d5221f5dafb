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
	a.tourner(ctx, "interventions not done", func(ctx context.Context) (time.Duration, error) {
		n, err := x.Tournee(ctx)
		return apres(n > 0 && err == nil, 2*time.Second), err
	}, "intervention")
}
