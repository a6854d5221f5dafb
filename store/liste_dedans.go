package store

import (
	"context"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// DansFile returns those of the dossiers Parmi that the filter f of a queue holds now, at
// most f.Limite: neither their rows nor how many others there are.
func (s *Store) DansFile(ctx context.Context, p opco.Portee, f FiltreFile) (ids []string, err error) {
	if f.Parmi == nil {
		f.Parmi = []string{}
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return nil, err
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) (err error) {
		ids, _, err = idsFile(ctx, q, p, f, le, f.Limite)
		return err
	})
	return ids, err
}
