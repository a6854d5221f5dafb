package workflows

import (
	"context"
	"slices"
	"time"

	"go.temporal.io/sdk/client"

	"guichet/opco"
)

// patienceSonde is how long the engine may take to say that it is there: later, it is away.
const patienceSonde = time.Second

// Repond reports, by nil, that the engine is there, now: no call that waits for it says so, as
// it passes once the engine is back.
func (g Guet) Repond(ctx context.Context) error {
	ctx, fin := context.WithTimeout(ctx, patienceSonde)
	defer fin()
	_, err := g.Temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
	return err
}

// sonder notes that the engine is away, and forgets what is older than two rounds.
func (r *Ronde) sonder(ctx context.Context, pas time.Duration) {
	if r.Moteur.Repond(ctx) != nil && ctx.Err() == nil {
		r.absences = append(r.absences, time.Now())
	}
	r.absences = slices.DeleteFunc(r.absences, func(le time.Time) bool { return time.Since(le) > 2*pas })
}

// sansCesse reports whether the engine was away during the last round as during the one
// before, though it is there now: it stops again and again. Once is a restart.
func sansCesse(absences []time.Time, maintenant time.Time, pas time.Duration) bool {
	recente := func(le time.Time) bool { return maintenant.Sub(le) <= pas }
	ancienne := func(le time.Time) bool { return maintenant.Sub(le) > pas && maintenant.Sub(le) <= 2*pas }
	return slices.ContainsFunc(absences, recente) && slices.ContainsFunc(absences, ancienne)
}

// noterCoupures opens the incident of an engine that stops again and again, or closes it.
func (r *Ronde) noterCoupures(ctx context.Context, pas time.Duration) {
	if !sansCesse(r.absences, time.Now(), pas) {
		r.noter(ctx, r.Blocages.Clore(ctx, objetMoteur, opco.ActiviteBoucle))
		return
	}
	r.noter(ctx, r.Blocages.Constater(ctx, opco.Incident{Objet: objetMoteur, Activite: opco.ActiviteBoucle, Essais: len(r.absences), Classe: opco.ClasseInjoignable}))
}
