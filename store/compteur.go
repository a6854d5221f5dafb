package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Compteur counts the dossiers of one état or one queue; EnRetard those whose
// legal deadline has passed.
type Compteur struct {
	Code     string `db:"code" json:"code"`
	Libelle  string `db:"-" json:"libelle"`
	Nombre   int64  `db:"nombre" json:"nombre"`
	EnRetard int64  `db:"en_retard" json:"en_retard"`
}

// Compteurs are the figures of the home pages.
type Compteurs struct {
	Etats []Compteur `json:"etats"`
	Files []Compteur `json:"files"`
}

// Compter counts the dossiers within reach of p by état and by queue, in one
// query, so that the figures agree.
func (s *Store) Compter(ctx context.Context, p opco.Portee) (Compteurs, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return Compteurs{}, err
	}
	var c clause
	c.dansPortee(p)
	c.args = append(c.args, opco.JourDe(le))
	retard := fmt.Sprintf(`count(*) FILTER (WHERE d.limite < $%d) AS en_retard`, len(c.args))
	parties := []string{`SELECT '' AS file, d.etat AS code, count(*) AS nombre, ` + retard + ` FROM portee d GROUP BY d.etat`}
	for _, f := range files {
		parties = append(parties, `SELECT 'file', '`+string(f.File)+`', count(*), `+retard+` FROM portee d WHERE `+f.condition)
	}
	var ls []struct {
		Compteur
		File string `db:"file"`
	}
	err = s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `WITH portee AS (SELECT d.id, d.etat, d.limite FROM dossier d WHERE `+c.where()+`) `+
			strings.Join(parties, ` UNION ALL `), c.args...)
	})
	if err != nil {
		return Compteurs{}, fmt.Errorf("counting dossiers: %w", err)
	}
	parEtat := map[string]Compteur{}
	r := Compteurs{Etats: []Compteur{}, Files: []Compteur{}}
	libelles := Files()
	for _, l := range ls {
		if l.File == "" {
			parEtat[l.Code] = l.Compteur
			continue
		}
		l.Libelle = libelles[File(l.Code)]
		r.Files = append(r.Files, l.Compteur)
	}
	for _, e := range opco.Etats() {
		if n, ok := parEtat[string(e)]; ok {
			n.Libelle = e.String()
			r.Etats = append(r.Etats, n)
		}
	}
	return r, nil
}
