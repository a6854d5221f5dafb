package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// enMarche prepares the search of f along the words of its list, or of its queue. It
// returns false when f is no search, when its text is a number, which is looked up, or when
// the list itself is to be walked.
func (f Filtre) enMarche(ctx context.Context, q sqlx.QueryerContext, p opco.Portee) (marche, bool, error) {
	if f.Texte == "" || f.Parmi != nil || f.File != "" && !p.Interne || numeroTape(f.Texte) != "" {
		return marche{}, false, nil
	}
	v := voieListe(p)
	if f.File != "" {
		v = voieFile(f.File)
	}
	x, ok, err := v.marche(ctx, q, f.Texte)
	x.curseur, x.arriere, x.n = f.Apres+f.Avant, f.Avant != "", f.taille()+1
	x.reste = func(c *clause) (bool, error) {
		n := len(c.ou)
		f.Texte, f.File = "", ""
		c.filtrer(f)
		return len(c.ou) > n, nil
	}
	return x, ok, err
}

// enMarche prepares the search of f along the words of its queue, from the cursor of f, for n
// rows at most. It returns false as that of a list does, and when f asks all the work for an
// état that is in no queue: the words of the queues do not hold it.
func (f FiltreFile) enMarche(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, le time.Time, n int) (marche, bool, error) {
	if f.Texte == "" || !p.Interne || numeroTape(f.Texte) != "" {
		return marche{}, false, nil
	}
	codes := f.File.codes()
	if f.File == "" && slices.ContainsFunc(f.Etats, func(e opco.Etat) bool { return !slices.Contains(codes, string(e)) }) {
		return marche{}, false, nil
	}
	x, ok, err := voieFile(f.File).marche(ctx, q, f.Texte)
	x.curseur, x.n = f.Apres, n
	x.reste = func(c *clause) (bool, error) {
		reste := f
		reste.Texte, reste.File = "", "" // the words are those of the queue
		c.attendre(f.EnAttente, `m.dossier`, le)
		n := len(c.ou)
		c.filtrer(reste.Filtre)
		err := c.cadrer(ctx, q, p, reste, le)
		return len(c.ou) > n, err
	}
	return x, ok, err
}

// compter counts the rows of a search, up to n when it is above zero.
func (x marche) compter(ctx context.Context, q sqlx.QueryerContext) (nombre int64, err error) {
	if x.vaine() {
		return 0, nil
	}
	r, err := x.trouver()
	if err != nil {
		return 0, err
	}
	if err := sqlx.GetContext(ctx, q, &nombre, `SELECT count(*) AS nombre_du_filtre FROM (`+r.texte+`) x`, r.args...); err != nil {
		return 0, fmt.Errorf("counting a search: %w", err)
	}
	return nombre, nil
}

// nombre counts the whole search, up to nombreTrouves, and reports whether it holds more.
func (x marche) nombre(ctx context.Context, q sqlx.QueryerContext) (n int64, plus bool, err error) {
	x.curseur, x.n = "", nombreTrouves+1
	n, err = x.compter(ctx, q)
	return min(n, nombreTrouves), n > nombreTrouves, err
}
