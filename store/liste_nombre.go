package store

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// nombreMax is how far the dossiers of a filter are counted one by one, nombreTrouves how
// far those of a search, each of which is looked up word by word: above it, a page says
// that there are more.
const (
	nombreMax     = 1000
	nombreTrouves = 200
)

// nombre counts the whole filter, whose conditions are c, and reports whether it holds
// more than that. What counters keep is exact, however many there are: a queue of the
// whole team, alone or narrowed to a branch, an instructeur, an établissement or an
// organisme. The rest is counted up to nombreMax.
func (f FiltreFile) nombre(ctx context.Context, q sqlx.QueryerContext, p opco.Portee, c clause, le time.Time) (n int64, plus bool, err error) {
	portee := f.portee(p)
	if portee == "" {
		err = sqlx.GetContext(ctx, q, &n, `SELECT count(*) AS nombre_du_filtre FROM (SELECT 1 FROM `+f.File.source()+` WHERE `+c.where()+
			fmt.Sprintf(` LIMIT %d) x`, nombreMax+1), c.args...)
		return min(n, nombreMax), n > nombreMax, err
	}
	attend := f
	attend.EnAttente, attend.Apres = true, ""
	d := clause{args: []any{portee, pq.Array(f.File.codes())}}
	if err := d.travail(ctx, q, p, attend, le); err != nil {
		return 0, false, err
	}
	err = sqlx.GetContext(ctx, q, &n, `
		SELECT COALESCE((SELECT sum(n) FROM dossier_compte WHERE portee = $1 AND code = ANY ($2)), 0)::bigint
		     - (SELECT count(*) FROM `+f.File.source()+` WHERE `+d.where()+`) AS nombre_du_filtre`, d.args...)
	return n, false, err
}

// portee names the counters that count f before what was set aside
// (schema/0018_listes.sql), "" when none does.
func (f FiltreFile) portee(p opco.Portee) string {
	if !p.Interne || f.Perimetre == PerimetreMien {
		return ""
	}
	portees := []string{"*"}
	for _, x := range [][2]string{{"B:", f.IDCC}, {"I:", f.Instructeur}, {"E:", f.Etablissement}, {"O:", f.Organisme}} {
		if x[1] != "" {
			portees = append(portees, x[0]+x[1])
		}
	}
	simple := FiltreFile{Filtre: Filtre{File: f.File, Apres: f.Apres, Limite: f.Limite, Instructeur: f.Instructeur, Etablissement: f.Etablissement,
		Organisme: f.Organisme}, Perimetre: f.Perimetre, IDCC: f.IDCC}
	if len(portees) > 2 || !reflect.DeepEqual(f, simple) {
		return ""
	}
	return portees[len(portees)-1]
}

// codes are the counters of f (schema/0014_listes.sql), those of all the work for "".
func (f File) codes() (cs []string) {
	if f.argent() {
		return []string{"file:" + string(f)}
	}
	for file, es := range etatsFile {
		if f == "" || f == file {
			for _, e := range es {
				cs = append(cs, string(e))
			}
		}
	}
	return cs
}
