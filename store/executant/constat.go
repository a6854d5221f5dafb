package executant

import (
	"context"
	"errors"
	"time"

	"guichet/opco"
	"guichet/store"
)

// constater reads again what was asked, for a while; what is not seen then is left for later, with
// that said, and given up once Patience has passed since the call. It returns how many things ended.
func (x *Intervenant) constater(ctx context.Context, v store.InterventionVue, es []store.ElementIntervention) (int, error) {
	fin, faits := time.Now().Add(x.Relire), 0
	for len(es) > 0 {
		derniere := !time.Now().Before(fin)
		var restent []store.ElementIntervention
		var err error
		for _, e := range es {
			ouvert, e2 := x.relire(ctx, v, &e, derniere)
			if err = errors.Join(err, e2); ouvert {
				restent = append(restent, e)
			} else if e2 == nil {
				faits++
			}
		}
		if derniere || err != nil {
			return faits, err
		}
		es = restent
		select {
		case <-ctx.Done():
			return faits, ctx.Err()
		case <-time.After(relireEn):
		}
	}
	return faits, nil
}

// relire reads one thing again and writes what is seen; true when it is still to be seen.
func (x *Intervenant) relire(ctx context.Context, v store.InterventionVue, e *store.ElementIntervention, derniere bool) (bool, error) {
	ctx, fin := context.WithTimeout(ctx, appelEn)
	defer fin()
	var err error
	if e.Apres, err = x.relever(ctx, v, *e); err != nil {
		return true, err
	}
	c, phrase := v.Demande.Constater(e.Avant, e.Apres)
	e.Phrase = phrase
	if c == opco.ConstateAttend && e.DemandeLe != nil && time.Since(*e.DemandeLe) > x.Patience {
		c, e.Phrase = opco.ConstateSansEffet, "Demandé, jamais constaté : regardez ce cas de nouveau."
	}
	if c == opco.ConstateAttend && !derniere {
		return true, nil
	}
	return c == opco.ConstateAttend, x.Store.NoterConstat(ctx, v, *e, string(c))
}
