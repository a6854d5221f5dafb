package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// CompterFile counts the dossiers of a filter, up to plafond when it is above zero:
// for a figure beside a name nobody counts above a thousand.
func (s *Store) CompterFile(ctx context.Context, p opco.Portee, f FiltreFile, plafond int) (int64, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return 0, err
	}
	var n int64
	err = enTemps(ctx, func(ctx context.Context) error {
		return s.lire(ctx, p, func(q sqlx.QueryerContext) error {
			x, ok, err := f.enMarche(ctx, q, p, le, max(0, plafond))
			if err != nil {
				return err
			}
			if ok {
				n, err = x.compter(ctx, q)
				return err
			}
			var c clause
			c.dansPortee(p)
			if err := c.travail(ctx, q, p, f, le); err != nil {
				return err
			}
			borne := ""
			if plafond > 0 {
				borne = fmt.Sprintf(` LIMIT %d`, plafond)
			}
			return sqlx.GetContext(ctx, q, &n, `SELECT count(*) FROM (SELECT 1 FROM `+f.File.source()+` WHERE `+c.where()+borne+`) x`, c.args...)
		})
	})
	if err != nil {
		return 0, fmt.Errorf("counting a queue: %w", err)
	}
	return n, nil
}

// idsFile returns the ids of a filter in the order of its queue, those after the cursor
// that ends the page before, at most limite: what a bulk action freezes.
func idsFile(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, f FiltreFile, le time.Time, limite int) (ids []string, suivant string, err error) {
	r, err := f.ids(ctx, q, p, le, limite)
	if err != nil || r.texte == "" {
		return nil, "", err
	}
	var ls []struct {
		ID  string `db:"id"`
		Cle string `db:"cle"`
	}
	err = enTemps(ctx, func(ctx context.Context) error {
		return sqlx.SelectContext(ctx, q, &ls, r.texte, r.args...)
	})
	if err != nil {
		return nil, "", fmt.Errorf("listing the ids of a queue: %w", err)
	}
	ids = make([]string, len(ls))
	for i, l := range ls {
		ids[i] = l.ID
	}
	if len(ls) == limite {
		suivant = curseurDe(ls[limite-1].Cle)
	}
	return ids, suivant, nil
}

// ids writes the query of the first n dossiers of f after its cursor, with their cursors;
// none when nothing can answer.
func (f FiltreFile) ids(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, le time.Time, n int) (requete, error) {
	x, ok, err := f.enMarche(ctx, q, p, le, n)
	if err != nil || ok && x.vaine() {
		return requete{}, err
	}
	if ok {
		return x.lignes(p, `d.id`)
	}
	var c clause
	c.dansPortee(p)
	if err := c.travail(ctx, q, p, f, le); err != nil {
		return requete{}, err
	}
	t := f.File.tri()
	if err := c.borner(t, f.Apres, false); err != nil {
		return requete{}, err
	}
	return requete{`SELECT d.id, ` + t.cle() + ` AS cle FROM ` + f.File.source() + ` WHERE ` + c.where() + ` ORDER BY ` + t.ordre(false) +
		fmt.Sprintf(` LIMIT %d`, n), c.args}, nil
}
