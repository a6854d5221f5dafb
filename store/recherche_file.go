package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// frequentFile is how many rows a word may have and still be read whole, in the order of
// its index, to be met with a queue. What most of the house holds is looked up for each
// dossier of the queue instead: a page of them is found at once.
const frequentFile = 200_000

// filtrerFile keeps what f asks of a queue.
func (c *clause) filtrerFile(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, f Filtre) error {
	texte := f.Texte
	f.Texte = ""
	c.filtrer(f)
	return c.chercherEnFile(ctx, q, p, texte)
}

// chercherEnFile keeps the dossiers of a queue that hold every word of texte. A queue has
// an order of its own, which the words do not: the rarest of them is read whole and met
// with the queue, of which each dossier would be looked up otherwise, and the others are
// looked up for those that hold it.
func (c *clause) chercherEnFile(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, texte string) error {
	ps := plages(texte)
	if !p.Interne || len(ps) == 0 || numeroTape(texte) != "" {
		c.chercherDossiers(texte)
		return nil
	}
	rare, err := plusRare(ctx, q, ps)
	if err != nil {
		return err
	}
	for i, x := range ps {
		if i == rare { // OFFSET 0: read once, for all the dossiers of the queue
			c.et(`d.id IN (SELECT x.dossier FROM dossier_mot x WHERE x.envoye AND x.mot >= %s AND x.mot < %s OFFSET 0)`, x.Du, x.Au)
			continue
		}
		c.porter(x)
	}
	return nil
}

// plusRare is the range of ps that has the fewest rows among the dossiers sent, -1 when
// each has more than frequentFile.
func plusRare(ctx context.Context, q sqlx.QueryerContext, ps []plage) (int, error) {
	var branches []string
	var args []any
	for _, x := range ps {
		args = append(args, x.Du, x.Au)
		branches = append(branches, fmt.Sprintf(`SELECT FROM dossier_mot m WHERE m.envoye AND m.mot >= $%d AND m.mot < $%d`, len(args)-1, len(args)))
	}
	ns, err := estimer(ctx, q, branches, args)
	rare := -1
	for i, n := range ns {
		if n <= frequentFile && (rare < 0 || n < ns[rare]) {
			rare = i
		}
	}
	return rare, err
}

// trouves answers a search in a queue for its first page, of n rows: the words are met
// with the queue once, for the page and for the count of the whole filter. It returns the
// filter of the page.
func (f FiltreFile) trouves(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, le time.Time, n int) (page FiltreFile, nombre int64, plus bool, err error) {
	ids, _, err := idsFile(ctx, q, p, f, le, nombreMax+1)
	if err != nil {
		return f, 0, false, err
	}
	f.Texte, f.Parmi = "", ids[:min(n, len(ids))]
	return f, int64(min(len(ids), nombreMax)), len(ids) > nombreMax, nil
}
