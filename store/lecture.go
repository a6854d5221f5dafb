package store

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Lecture is one line of the log of what the staff read of people (reliability.md
// 3.19). Pour is the absent person in whose name the reader acted. Dossier is the
// id of the dossier that Objet belongs to, "" for none. Nombre counts the rows of a
// list. An organisation reads Le, Nom, Role, Objet, Dossier, Numero, Classes and Nombre.
type Lecture struct {
	ID          int64          `db:"id" json:"id"`
	Le          time.Time      `db:"le" json:"le"`
	Personne    string         `db:"personne" json:"personne,omitempty"`
	Identifiant string         `db:"identifiant" json:"identifiant,omitempty"`
	Nom         string         `db:"nom" json:"nom"`
	Role        opco.Role      `db:"role" json:"role"`
	Pour        string         `db:"pour" json:"pour,omitempty"`
	Objet       string         `db:"objet" json:"objet"`
	Dossier     string         `db:"dossier" json:"dossier,omitempty"`
	Numero      string         `db:"numero" json:"numero,omitempty"` // of the dossier, as people know it
	Classes     pq.StringArray `db:"classes" json:"classes"`
	Route       string         `db:"route" json:"route,omitempty"`
	Nombre      int            `db:"nombre" json:"nombre"`
	Motif       string         `db:"motif" json:"motif,omitempty"`
}

// NoterLecture writes one line of the log, at the present business instant. The
// caller shows nothing until it has succeeded: no read goes unlogged.
func (s *Store) NoterLecture(ctx context.Context, l Lecture) error {
	_, err := s.DB.ExecContext(ctx, `
		INSERT INTO lecture (le, personne, identifiant, nom, role, pour, objet, dossier, classes, route, nombre, motif)
		SELECT clock_timestamp() + make_interval(secs => decalage_ns / 1e9), $1, $2, $3, $4, $5, $6, NULLIF($7, '')::uuid, $8, $9, $10, $11
		FROM horloge`,
		l.Personne, l.Identifiant, l.Nom, l.Role, l.Pour, l.Objet, l.Dossier, l.Classes, l.Route, l.Nombre, l.Motif)
	if err != nil {
		return fmt.Errorf("logging a read of %s: %w", l.Objet, err)
	}
	return nil
}

// FiltreLectures says which reads are looked for; a zero field does not filter. Du
// and Au are civil days, both included. Apres is the Suivant of the page before.
type FiltreLectures struct {
	Dossier  string
	Objet    string
	Personne string
	Du, Au   opco.Date
	Apres    string
	Limite   int
}

// PageLectures is a page of the log, newest first. Suivant is "" on the last one.
type PageLectures struct {
	Lectures []Lecture `json:"lectures"`
	Suivant  string    `json:"suivant,omitempty"`
}

// Lectures returns a page of the log of reads: all of it for the staff; for an
// organisation the reads of its own dossiers, without the account of the reader. A
// cursor that we did not make is Invalid.
func (s *Store) Lectures(ctx context.Context, p opco.Portee, f FiltreLectures) (PageLectures, error) {
	var c clause
	c.lecturesLisibles(p)
	if !p.Interne {
		f.Personne = "" // an organisation does not know the ids of the staff
	}
	c.filtrerLectures(f)
	if err := c.apresLecture(f.Apres); err != nil {
		return PageLectures{}, err
	}
	colonnes := `l.id, l.le, l.nom, l.role, l.objet, COALESCE(l.dossier::text, '') AS dossier,
		COALESCE((SELECT x.numero FROM dossier x WHERE x.id = l.dossier), '') AS numero, l.classes, l.nombre`
	if p.Interne {
		colonnes += `, l.personne, l.identifiant, l.pour, l.route, l.motif`
	}
	if f.Limite < 1 || f.Limite > 100 {
		f.Limite = 50
	}
	page := PageLectures{Lectures: []Lecture{}}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &page.Lectures,
			`SELECT `+colonnes+` FROM lecture l WHERE `+c.where()+fmt.Sprintf(` ORDER BY l.id DESC LIMIT %d`, f.Limite+1), c.args...)
	})
	if err != nil {
		return PageLectures{}, fmt.Errorf("listing the reads: %w", err)
	}
	if len(page.Lectures) > f.Limite {
		page.Lectures = page.Lectures[:f.Limite]
		page.Suivant = curseur("lecture", strconv.FormatInt(page.Lectures[f.Limite-1].ID, 10))
	}
	return page, nil
}

// lecturesLisibles keeps the reads that p may know of.
func (c *clause) lecturesLisibles(p opco.Portee) {
	if p.Interne {
		c.et(`true`)
		return
	}
	d := clause{args: c.args}
	d.dansPortee(p)
	c.args = d.args
	c.et(`EXISTS (SELECT 1 FROM dossier d WHERE d.id = l.dossier AND ` + d.where() + `)`)
}

func (c *clause) filtrerLectures(f FiltreLectures) {
	if f.Dossier != "" {
		c.identifie(`l.dossier`, f.Dossier)
	}
	if n := numeroTape(f.Objet); n != "" { // the number of a dossier, as people know it
		c.et(`l.dossier = (SELECT x.id FROM dossier x WHERE x.numero = %s)`, n)
	} else if f.Objet != "" {
		c.et(`l.objet = %s`, f.Objet)
	}
	if f.Personne != "" {
		c.et(`l.personne = %s`, f.Personne)
	}
	if f.Du != "" {
		c.et(`l.le >= %s`, f.Du.Minuit())
	}
	if f.Au != "" {
		c.et(`l.le < %s`, f.Au.Jours(1).Minuit())
	}
}

func (c *clause) apresLecture(apres string) error {
	if apres == "" {
		return nil
	}
	cle, id, err := lireCurseur(apres)
	n, errID := strconv.ParseInt(id, 10, 64)
	if err != nil || errID != nil || cle != "lecture" {
		return pageInconnue()
	}
	c.et(`l.id < %s`, n)
	return nil
}

// PurgerLectures deletes the lines of the log whose time of keeping is over, and
// returns how many: the paramètre of the day, twelve months at least (reliability.md
// 3.19), which the database holds too.
func (s *Store) PurgerLectures(ctx context.Context) (int64, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return 0, err
	}
	p, err := s.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return 0, err
	}
	r, err := s.DB.ExecContext(ctx, `
		DELETE FROM lecture WHERE le < clock_timestamp() + make_interval(secs => (SELECT decalage_ns FROM horloge) / 1e9)
		                             - make_interval(months => greatest(12, $1))`, p.ConservationLecturesMois)
	if err != nil {
		return 0, fmt.Errorf("purging the log of reads: %w", err)
	}
	return r.RowsAffected()
}
