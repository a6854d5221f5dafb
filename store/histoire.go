package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// ligneHistoire is a row of table histoire.
type ligneHistoire struct {
	Objet      string     `db:"objet"`
	Run        string     `db:"run"`
	Statut     string     `db:"statut"`
	Ouverte    bool       `db:"ouverte"`
	Debut      time.Time  `db:"debut"`
	Fin        *time.Time `db:"fin"`
	Evenements int        `db:"evenements"`
	Octets     []byte     `db:"octets"`
	Empreinte  string     `db:"empreinte"`
	Build      string     `db:"build"`
}

func (l ligneHistoire) histoire() opco.Histoire {
	return opco.Histoire{Objet: l.Objet, Run: l.Run, Statut: l.Statut, Ouverte: l.Ouverte, Debut: l.Debut, Fin: l.Fin, Evenements: l.Evenements,
		Octets: l.Octets, Build: l.Build}
}

// GarderHistoire keeps the copy of a run. A copy of the same run that says no more than
// the one already there changes nothing: sent twice, it is kept once.
func (s *Store) GarderHistoire(ctx context.Context, h opco.Histoire) error {
	if len(h.Octets) > opco.HistoireMax {
		return opco.Errorf(opco.Invalid, "L’histoire de %s dépasse %d octets : elle n’est pas gardée.", h.Objet, opco.HistoireMax)
	}
	_, err := s.DB.ExecContext(ctx, `
		INSERT INTO histoire (objet, run, statut, ouverte, debut, fin, evenements, octets, empreinte, build)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (objet, run) DO UPDATE SET statut = EXCLUDED.statut, ouverte = EXCLUDED.ouverte, fin = EXCLUDED.fin,
		    evenements = EXCLUDED.evenements, octets = EXCLUDED.octets, empreinte = EXCLUDED.empreinte, build = EXCLUDED.build,
		    gardee_le = EXCLUDED.gardee_le
		WHERE histoire.ouverte AND EXCLUDED.evenements >= histoire.evenements`,
		h.Objet, h.Run, h.Statut, h.Ouverte, h.Debut, h.Fin, h.Evenements, h.Octets, sha256Hex(h.Octets), h.Build)
	if err != nil {
		return fmt.Errorf("keeping the history of %s: %w", h.Objet, err)
	}
	return nil
}

// Histoires lists the copies of an object without their bytes, the oldest first.
func (s *Store) Histoires(ctx context.Context, objet string) ([]opco.Histoire, error) {
	var ls []ligneHistoire
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT objet, run, statut, ouverte, debut, fin, evenements, build FROM histoire WHERE objet = $1 ORDER BY debut, run LIMIT 1000`, objet)
	if err != nil {
		return nil, fmt.Errorf("listing the histories of %s: %w", objet, err)
	}
	hs := make([]opco.Histoire, len(ls))
	for i, l := range ls {
		hs[i] = l.histoire()
	}
	return hs, nil
}

// Histoire reads the copy of a run. One whose bytes are no longer those that were kept is
// refused.
func (s *Store) Histoire(ctx context.Context, objet, run string) (opco.Histoire, error) {
	var l ligneHistoire
	err := s.DB.GetContext(ctx, &l, `
		SELECT objet, run, statut, ouverte, debut, fin, evenements, octets, empreinte, build FROM histoire WHERE objet = $1 AND run = $2`, objet, run)
	if errors.Is(err, sql.ErrNoRows) {
		return opco.Histoire{}, opco.Errorf(opco.NotFound, "Cette histoire n’est pas gardée.")
	}
	if err != nil {
		return opco.Histoire{}, fmt.Errorf("reading the history of %s: %w", objet, err)
	}
	if l.Empreinte != sha256Hex(l.Octets) {
		return opco.Histoire{}, fmt.Errorf("history %s of %s: its bytes are not those that were kept", run, objet)
	}
	return l.histoire(), nil
}

// reprise is how far back the journal is looked through again: a step written by a
// transaction that commits late is not missed. repos is how long an object is left alone
// before its runs are looked at: its procedure then has continued as new.
const (
	repriseHistoires = 2 * time.Minute
	reposHistoires   = 15 * time.Second
)

// SuivreHistoires notes the objects that moved since the last look: their runs are to be
// kept.
func (s *Store) SuivreHistoires(ctx context.Context) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		var vu time.Time
		err := tx.GetContext(ctx, &vu, `
			UPDATE histoire_borne b SET vu_le = clock_timestamp() FROM (SELECT vu_le FROM histoire_borne FOR UPDATE) a RETURNING a.vu_le`)
		if err != nil {
			return fmt.Errorf("moving the mark of histories: %w", err)
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO histoire_suivi (objet, rang, prochain)
			SELECT objet, max(rang), max(inscrit_le) + make_interval(secs => $2) FROM passage WHERE inscrit_le > $1 GROUP BY objet
			ON CONFLICT (objet) DO UPDATE SET etat = 'ATTEND', rang = EXCLUDED.rang, essais = 0, prochain = EXCLUDED.prochain
			WHERE histoire_suivi.rang < EXCLUDED.rang`, vu.Add(-repriseHistoires), reposHistoires.Seconds())
		if err != nil {
			return fmt.Errorf("noting what moved: %w", err)
		}
		return nil
	})
}

// SuiviHistoire is an object whose runs are to be kept. Fini says that its procedure has
// nothing more to do.
type SuiviHistoire struct {
	Objet  string `db:"objet"`
	Rang   int64  `db:"rang"`
	Essais int    `db:"essais"`
	Fini   bool   `db:"fini"`
}

// bailHistoire is for how long the objects of a worker that died are nobody's.
const bailHistoire = time.Minute

// PrendreHistoires gives a worker at most limite objects to look at: nobody else is given
// them meanwhile.
func (s *Store) PrendreHistoires(ctx context.Context, limite int) ([]SuiviHistoire, error) {
	var xs []SuiviHistoire
	err := s.DB.SelectContext(ctx, &xs, `
		WITH x AS (SELECT objet FROM histoire_suivi WHERE etat = 'ATTEND' AND prochain <= clock_timestamp()
		           ORDER BY prochain LIMIT $1 FOR UPDATE SKIP LOCKED)
		UPDATE histoire_suivi h SET prochain = clock_timestamp() + make_interval(secs => $2), essais = essais + 1 FROM x
		WHERE h.objet = x.objet
		RETURNING h.objet, h.rang, h.essais,
		    COALESCE((SELECT d.etat = ANY ($3) FROM dossier d
		              WHERE d.id = CASE WHEN h.objet LIKE 'dossier/%' THEN substr(h.objet, 9)::uuid END), false) AS fini`,
		limite, bailHistoire.Seconds(), pq.Array(etatsOu(opco.Etat.Final)))
	if err != nil {
		return nil, fmt.Errorf("taking histories to keep: %w", err)
	}
	return xs, nil
}

// NoterHistoire writes how far the histories of an object are kept: e, or to look again
// after dans. One that moved meanwhile is left as it is.
func (s *Store) NoterHistoire(ctx context.Context, x SuiviHistoire, e opco.EtatHistoire, dans time.Duration) error {
	_, err := s.DB.ExecContext(ctx, `
		UPDATE histoire_suivi SET etat = $3, prochain = clock_timestamp() + make_interval(secs => $4) WHERE objet = $1 AND rang = $2 AND etat = 'ATTEND'`,
		x.Objet, x.Rang, string(e), dans.Seconds())
	if err != nil {
		return fmt.Errorf("noting the histories of %s: %w", x.Objet, err)
	}
	return nil
}

// marquerSemes says that the steps of these objects were sown: no procedure made them, so
// no history is to be kept.
func marquerSemes(ctx context.Context, tx *sqlx.Tx, objets []string) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO histoire_suivi (objet, etat, rang) SELECT objet, 'SEMEE', max(rang) FROM passage WHERE objet = ANY ($1) GROUP BY objet
		ON CONFLICT DO NOTHING`, pq.Array(objets))
	if err != nil {
		return fmt.Errorf("marking sown objects: %w", err)
	}
	return nil
}

// etatsOu lists the états of a dossier that garder keeps.
func etatsOu(garder func(opco.Etat) bool) []string {
	var es []string
	for _, e := range opco.Etats() {
		if garder(e) {
			es = append(es, string(e))
		}
	}
	return es
}
