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
	// time), in the order of their object's inbox.
	EnAttente(ctx context.Context, age time.Duration, limite int) ([]opco.Acte, error)
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

	reveilles map[string]reveille
}

// reveille is when an object was last woken, and what time it was told.
type reveille struct {
	le       time.Time
	decalage time.Duration
}

// Tourner passes until ctx ends, at once when reveil says that something
// happened.
func (r *Relais) Tourner(ctx context.Context, reveil <-chan struct{}) {
	r.reveilles = map[string]reveille{}
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

// Passer sends again, once, what waits.
func (r *Relais) Passer(ctx context.Context) error {
	actes, err := r.Attente.EnAttente(ctx, r.Age, 500)
	if err != nil {
		return err
	}
	var fautes []error // one object that fails must not starve the others
	for _, a := range actes {
		if err := r.Client.Transmettre(ctx, a); err != nil {
			fautes = append(fautes, err)
		}
		if len(fautes) >= 5 {
			break // the engine is away: the next pass sends the rest
		}
	}
	return errors.Join(append(fautes, r.reveiller(ctx))...)
}

// reveiller tells late objects what time it is, each at most every two seconds
// unless the clock has moved again.
func (r *Relais) reveiller(ctx context.Context) error {
	objets, err := r.Attente.EnRetard(ctx, r.Retard, 500)
	if err != nil || len(objets) == 0 {
		return err
	}
	d, err := r.Attente.Decalage(ctx)
	if err != nil {
		return err
	}
	maintenant := time.Now()
	for o, v := range r.reveilles {
		if maintenant.Sub(v.le) > 2*time.Second || v.decalage != d {
			delete(r.reveilles, o)
		}
	}
	var fautes []error
	for _, o := range objets {
		if _, deja := r.reveilles[o]; deja {
			continue
		}
		r.reveilles[o] = reveille{maintenant, d}
		if err := r.Client.Reveiller(ctx, o, d); err != nil {
			fautes = append(fautes, err)
		}
		if len(fautes) >= 5 {
			break
		}
	}
	return errors.Join(fautes...)
}
