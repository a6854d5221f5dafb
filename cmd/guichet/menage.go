package main

import (
	"context"
	"time"

	"guichet/opco"
	"guichet/store"
)

// menager deletes, once a business day, what the house may no longer keep: the
// lines of the log of reads whose time is over, the files chosen in forms that were
// never sent. It looks every hour, and when the
// test clock moves.
func (a *atelier) menager(ctx context.Context) {
	var fait opco.Date
	a.tourner(ctx, "what is too old not purged", func(ctx context.Context) (_ time.Duration, err error) {
		fait, err = a.menage(ctx, fait)
		return time.Hour, err
	}, "horloge")
}

// menage does the work of the present business day unless it is fait, and returns
// the last day whose work is done.
func (a *atelier) menage(ctx context.Context, fait opco.Date) (opco.Date, error) {
	le, err := a.store.Maintenant(ctx)
	jour := opco.JourDe(le)
	if err == nil && jour != fait {
		err = a.purger(ctx)
	}
	if err != nil {
		return fait, err
	}
	return jour, nil
}

// purger deletes what is too old: the log of reads, the files of forms never sent.
func (a *atelier) purger(ctx context.Context) error {
	lues, err := a.store.PurgerLectures(ctx)
	if err != nil {
		return err
	}
	f, err := store.OuvrirFichiers(a.cfg.Fichiers)
	if err != nil {
		return err
	}
	defer f.Close()
	n, err := a.store.PurgerMisesDeCote(ctx, f)
	if err == nil {
		a.log.InfoContext(ctx, "purged", "reads", lues, "files put aside", n)
	}
	return err
}
