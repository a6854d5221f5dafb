package main

import (
	"context"
	"time"

	"guichet/opco"
)

// menager deletes, once a business day, what the house may no longer keep: the
// lines of the log of reads whose time is over. It looks every hour, and when the
// test clock moves.
func (a *atelier) menager(ctx context.Context) {
	horloge := a.nouvelles(ctx, "horloge")
	var fait opco.Date
	for ctx.Err() == nil {
		fait = a.menage(ctx, fait)
		select {
		case <-ctx.Done():
		case <-horloge:
		case <-time.After(time.Hour):
		}
	}
}

// menage does the work of the present business day unless it is fait, and returns
// the last day whose work is done.
func (a *atelier) menage(ctx context.Context, fait opco.Date) opco.Date {
	le, err := a.store.Maintenant(ctx)
	if jour := opco.JourDe(le); err == nil && jour != fait {
		var n int64
		if n, err = a.store.PurgerLectures(ctx); err == nil {
			a.log.InfoContext(ctx, "log of reads purged", "lines", n)
			return jour
		}
	}
	if err != nil && ctx.Err() == nil {
		a.log.WarnContext(ctx, "log of reads not purged", "error", err)
	}
	return fait
}
