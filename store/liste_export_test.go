package store

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// RequeteListe gives tests the query of a page of a list.
func (s *Store) RequeteListe(ctx context.Context, p opco.Portee, f Filtre) (texte string, args []any, err error) {
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		r, err := f.ecrireListe(ctx, q, p)
		texte, args = r.texte, r.args
		return err
	})
	return texte, args, err
}

// RequeteFile gives tests the query of a page of a queue.
func (s *Store) RequeteFile(ctx context.Context, p opco.Portee, f FiltreFile, le time.Time) (texte string, args []any, err error) {
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		var page PageFile
		r, err := f.preparer(ctx, q, p, le, f.taille()+1, &page)
		texte, args = r.texte, r.args
		return err
	})
	return texte, args, err
}
