package workflows

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"guichet/opco"
)

// Attente tells what the database is waiting for. store.Store is one.
type Attente interface {
	// EnAttente lists actes without verdict that are at least that old (real
	// time), in the order of their object's inbox, but those whose id is in sauf.
	EnAttente(ctx context.Context, age time.Duration, limite int, sauf ...string) ([]opco.Acte, error)
	// EnRetard lists objects whose next échéance passed at least that long ago.
	EnRetard(ctx context.Context, retard time.Duration, limite int) ([]string, error)
	Decalage(ctx context.Context) (time.Duration, error)
}

// Relais sends again what the engine has not heard: actes without verdict and
// échéances that have passed. It may run in several processes at once.
type Relais struct {
	Client  *Client
	Attente Attente
	Log     *slog.Logger
	// Age is how old an acte must be before it is sent again, Retard how late
	// an échéance; Pause is the time between two passes.
	Age, Retard, Pause time.Duration

	actes, reveilles relances
	decalage         time.Duration // that the late objects were told
}

// How much one pass sends, and how long one call may last.
const (
	relaisMax = 500
	signalMax = 5 * time.Second
)

// Tourner passes until ctx ends, at once when reveil says that something
// happened.
func (r *Relais) Tourner(ctx context.Context, reveil <-chan struct{}) {
	for ctx.Err() == nil {
		if err := r.Passer(ctx); err != nil && ctx.Err() == nil {
			r.Log.WarnContext(ctx, "relay pass failed", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-reveil:
		case <-time.After(r.Pause):
		}
	}
}

// Passer sends again, once, what waits and was not sent lately.
func (r *Relais) Passer(ctx context.Context) error {
	if r.actes == nil {
		r.actes, r.reveilles = relances{}, relances{}
	}
	return errors.Join(r.transmettre(ctx), r.reveiller(ctx))
}

// transmettre sends the actes without verdict. The first of an object that fails leaves the
// others of that object to another pass.
func (r *Relais) transmettre(ctx context.Context) error {
	r.actes.oublier()
	actes, err := r.Attente.EnAttente(ctx, r.Age, relaisMax, r.actes.reportees()...)
	if err != nil {
		return err
	}
	f := fautes{objets: map[string]bool{}}
	for _, a := range actes {
		if f.objets[a.Objet] {
			continue
		}
		e := borner(ctx, func(ctx context.Context) error { return r.Client.Transmettre(ctx, a) })
		r.actes.noter(a.ID, e)
		if f.noter(a.Objet, e); f.absent() {
			break // the next pass sends the rest
		}
	}
	return f.dire()
}

// reveiller tells late objects what time it is, again at once when the clock has moved.
func (r *Relais) reveiller(ctx context.Context) error {
	objets, err := r.Attente.EnRetard(ctx, r.Retard, relaisMax)
	if err != nil {
		return err
	}
	if len(objets) < relaisMax {
		r.reveilles.garder(objets)
	}
	r.reveilles.oublier()
	if len(objets) == 0 {
		return nil
	}
	d, err := r.Attente.Decalage(ctx)
	if err != nil {
		return err
	}
	if d != r.decalage {
		clear(r.reveilles)
		r.decalage = d
	}
	f := fautes{objets: map[string]bool{}}
	for _, o := range objets {
		if !r.reveilles.due(o) {
			continue
		}
		e := borner(ctx, func(ctx context.Context) error { return r.Client.Reveiller(ctx, o, d) })
		r.reveilles.noter(o, e)
		if f.noter(o, e); f.absent() {
			break
		}
	}
	return f.dire()
}

// borner gives one call its own end: an object whose procedure answers nothing must not
// hold the others.
func borner(ctx context.Context, f func(context.Context) error) error {
	ctx, fin := context.WithTimeout(ctx, signalMax)
	defer fin()
	return f(ctx)
}
