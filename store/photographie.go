package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// photo is the transaction in which the lists of an export are read, for one reader.
type photo struct {
	tx *sqlx.Tx
	p  opco.Portee
}

type clePhoto struct{}

// pagePhoto is how many lines of an export are read at once.
const pagePhoto = 1000

// Photographier has f read everything as it is at one instant, within reach of p: a
// line that moves meanwhile is neither missed nor given twice. With the context that f
// is given, lists have long pages and count nothing. f must not hold it once it has
// returned.
func (s *Store) Photographier(ctx context.Context, p opco.Portee, f func(ctx context.Context) error) error {
	tx, err := s.DB.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("taking a picture: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	if !p.Interne {
		if _, err := s.cloisonner(ctx, tx, p); err != nil {
			return err
		}
	}
	return f(context.WithValue(ctx, clePhoto{}, &photo{tx, p}))
}

// photoDe is the picture in which ctx reads, nil for none.
func photoDe(ctx context.Context) *photo {
	x, _ := ctx.Value(clePhoto{}).(*photo)
	return x
}

// lireDans reads with f in the picture, which is of one reader.
func (x *photo) lireDans(p opco.Portee, f func(q sqlx.QueryerContext) error) error {
	if !reflect.DeepEqual(x.p, p) {
		return errors.New("a picture is read within the reach in which it was taken")
	}
	return f(x.tx)
}

// base is where the lists of the house are read: the picture of an export, or the pool.
func (s *Store) base(ctx context.Context) sqlx.QueryerContext {
	if x := photoDe(ctx); x != nil && x.p.Interne {
		return x.tx
	}
	return s.DB
}

// longueur is how many lines are read at once: limite, or a long page in a picture.
func longueur(ctx context.Context, limite int) int {
	if photoDe(ctx) != nil {
		return pagePhoto
	}
	return limite
}
