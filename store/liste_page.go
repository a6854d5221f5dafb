package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// pageMax bounds a page of a list, pageHabituelle is its length when nobody says.
const (
	pageMax        = 100
	pageHabituelle = 50
)

// patienceListe is how long a reader waits for a page: the filters that people use
// take a few milliseconds; what is longer is told, not endured. A page of an export, of
// a thousand lines, has patiencePhoto: nobody looks at it while it is read.
const (
	patienceListe = 4 * time.Second
	patiencePhoto = 2 * time.Minute
)

// taille is how many rows a page of f has.
func (f Filtre) taille() int {
	if f.longue {
		return pagePhoto
	}
	if f.Limite < 1 || f.Limite > pageMax {
		return pageHabituelle
	}
	return f.Limite
}

// ligneLue is a row of a list with its cursor.
type ligneLue struct {
	LigneDossier
	Cle string `db:"cle"`
}

// Dossiers returns a page of the dossiers within reach that match f: those of a
// queue by its priority, those of a period by their start, the latest first, others
// from the newest. A cursor that we did not make is Invalid, and so is a filter that
// nothing can answer in time.
func (s *Store) Dossiers(ctx context.Context, p opco.Portee, f Filtre) (PageDossiers, error) {
	f.longue = photoDe(ctx) != nil
	var ls []ligneLue
	var le time.Time
	err := enTemps(ctx, func(ctx context.Context) error {
		return s.lire(ctx, p, func(q sqlx.QueryerContext) error {
			le = instantDe(q)
			r, err := f.ecrireListe(ctx, q, p)
			if err != nil || r.texte == "" { // a word that nothing holds
				return err
			}
			return sqlx.SelectContext(ctx, q, &ls, r.texte, r.args...)
		})
	})
	if err != nil {
		return PageDossiers{}, fmt.Errorf("listing dossiers: %w", err)
	}
	page := f.decouper(ls)
	return page, s.completerLe(ctx, p, page.Dossiers, le)
}

// enTemps runs a reading that may not outlast patienceListe, or patiencePhoto in the
// picture of an export.
func enTemps(ctx context.Context, lire func(context.Context) error) error {
	patience := patienceListe
	if photoDe(ctx) != nil {
		patience = patiencePhoto
	}
	borne, fin := context.WithTimeout(ctx, patience)
	defer fin()
	err := lire(borne)
	if err != nil && ctx.Err() == nil && (errors.Is(borne.Err(), context.DeadlineExceeded) || annulee(err)) {
		return opco.Errorf(opco.Invalid, "Cette recherche est trop large pour une réponse rapide : ajoutez un mot, un état ou une période.").AvecCode("TROP_LARGE")
	}
	return err
}

// annulee reports whether PostgreSQL cancelled a query.
func annulee(err error) bool {
	var e *pq.Error
	return errors.As(err, &e) && e.Code == "57014"
}

// decouper cuts the rows read into a page: they are one more than it holds when the walk
// goes on.
func (f Filtre) decouper(ls []ligneLue) PageDossiers {
	arriere, reste := f.Avant != "", len(ls) > f.taille()
	if reste {
		ls = ls[:f.taille()]
	}
	if arriere {
		slices.Reverse(ls)
	}
	page := PageDossiers{Dossiers: make([]LigneDossier, len(ls))}
	for i, l := range ls {
		page.Dossiers[i] = l.LigneDossier
	}
	if len(ls) == 0 {
		return page
	}
	if reste || arriere {
		page.Suivant = curseurDe(ls[len(ls)-1].Cle)
	}
	if f.Apres != "" || arriere && reste {
		page.Precedent = curseurDe(ls[0].Cle)
	}
	return page
}

// requete is a query with its arguments.
type requete struct {
	texte string
	args  []any
}

// tri is the order of the list.
func (f Filtre) tri() tri {
	switch {
	case f.File != "":
		return f.File.tri()
	case f.Texte == "" && trisChoisis[f.Tri].types != nil:
		return trisChoisis[f.Tri]
	case f.Texte == "" && (f.DebutDu != "" || f.DebutAu != ""):
		return triDebut
	}
	return triRecent
}

// ecrireListe writes the query of a page, none when nothing can answer.
func (f Filtre) ecrireListe(ctx context.Context, q sqlx.QueryerContext, p opco.Portee) (requete, error) {
	if x, ok, err := f.enMarche(ctx, q, p); err != nil || ok && x.vaine() {
		return requete{}, err
	} else if ok {
		return x.lignes(p, colonnesLigne)
	}
	var c clause
	c.dansPortee(p)
	c.filtrer(f)
	t, arriere := f.tri(), f.Avant != ""
	if err := c.borner(t, f.Apres+f.Avant, arriere); err != nil {
		return requete{}, err
	}
	suite := ` ORDER BY ` + t.ordre(arriere) + fmt.Sprintf(` LIMIT %d`, f.taille()+1)
	axes := c.axes(p, f)
	marche := `SELECT ` + colonnesLigne + `, ` + t.cle() + ` AS cle FROM ` + f.File.source() + ` WHERE ` + c.where() + suite
	if axes == "" {
		return requete{marche, c.args}, nil
	}
	return requete{`SELECT d.* FROM ` + axes + ` CROSS JOIN LATERAL (` + marche + `) d` + suite, c.args}, nil
}

// axes splits a list over the values of what it is limited to, so that each is one
// walk along an index and the list their merge: several états, several
// établissements. It returns the FROM of the values, "" when one walk is enough.
func (c *clause) axes(p opco.Portee, f Filtre) string {
	if f.File != "" {
		return ""
	}
	var axes []string
	axe := func(colonne string, valeurs any) {
		c.args = append(c.args, pq.Array(valeurs))
		nom := fmt.Sprintf("a%d", len(axes))
		axes = append(axes, fmt.Sprintf(`unnest($%d::text[]) AS %s(v)`, len(c.args), nom))
		c.ou = append(c.ou, `d.`+colonne+` = `+nom+`.v`)
	}
	if len(f.Etats) > 1 {
		axe("etat", sansDoubles(f.Etats))
	}
	if sirets := sansDoubles(p.SIRETs); !p.Interne && len(sirets) > 1 && f.Etablissement == "" && f.Organisme == "" {
		axe(colonneSIRET(p), sirets)
	}
	return strings.Join(axes, ` CROSS JOIN `)
}

// colonneSIRET is the column by which an organisation reaches its dossiers.
func colonneSIRET(p opco.Portee) string {
	if p.Role == opco.RoleOrganisme {
		return "organisme"
	}
	return "etablissement"
}

// sansDoubles returns xs, each once.
func sansDoubles[T ~string](xs []T) []T {
	ys := append([]T{}, xs...) // never nil: an array of nothing is not NULL
	slices.Sort(ys)
	return slices.Compact(ys)
}
