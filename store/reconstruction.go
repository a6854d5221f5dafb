package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// objetCompteur begins the name of a counter in what a verification finds: « compteur/portée/code ».
const objetCompteur = "compteur/"

// ecartsCompteurs are the counters that do not say what one counts, by how much they are short.
const ecartsCompteurs = `SELECT portee, code, COALESCE(a.n, 0) - COALESCE(c.n, 0) AS n
	FROM (SELECT * FROM dossier_compte_reel WHERE $1::text[] IS NULL OR portee = ANY ($1)) a
	FULL JOIN (SELECT portee, code, sum(n) AS n FROM dossier_compte WHERE $1::text[] IS NULL OR portee = ANY ($1) GROUP BY 1, 2) c USING (portee, code)
	WHERE COALESCE(a.n, 0) <> COALESCE(c.n, 0)`

// Reconstruire writes again what the lists show of a dossier, from its content, and counts its counters
// again. The content must say what the last line of the journal says: otherwise nothing that the base
// holds can be trusted, and it is refused. Of a counter, it counts that one.
func (s *Store) Reconstruire(ctx context.Context, objet string) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if portee, ok := strings.CutPrefix(objet, objetCompteur); ok {
			return recompterCompteurs(ctx, tx, []string{portee[:max(0, strings.LastIndex(portee, "/"))]})
		}
		d, err := verrouillerDossier(ctx, tx, objet)
		if err != nil {
			return err
		}
		le, err := tenirAuJournal(ctx, tx, d)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE dossier SET rang = $2 WHERE id = $1`, d.ID, d.Rang-1); err != nil {
			return fmt.Errorf("opening the row of %s: %w", objet, err)
		}
		if err := ecrireDossier(ctx, tx, d, le); err != nil {
			return err
		}
		var portees pq.StringArray
		if err := tx.GetContext(ctx, &portees, `SELECT portees_de(etat, etablissement, organisme, instructeur, idcc) FROM dossier WHERE id = $1`, d.ID); err != nil {
			return fmt.Errorf("finding the counters of %s: %w", objet, err)
		}
		return recompterCompteurs(ctx, tx, portees)
	})
}

// tenirAuJournal refuses a content that is not what the last line of the journal of d says, and returns
// when that line was written.
func tenirAuJournal(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) (time.Time, error) {
	var l struct {
		Rang   int64     `db:"rang"`
		Resume []byte    `db:"resume"`
		Le     time.Time `db:"le"`
	}
	if err := tx.GetContext(ctx, &l, `SELECT rang, resume, le FROM passage WHERE objet = $1 ORDER BY rang DESC LIMIT 1`, opco.ObjetDossier(d.ID)); err != nil {
		return l.Le, introuvable(err, "Ce dossier n’a pas de journal : il n’y a rien d’après quoi le reconstruire.")
	}
	var inscrit opco.Resume
	if err := json.Unmarshal(l.Resume, &inscrit); err != nil {
		return l.Le, fmt.Errorf("reading the journal of dossier %s: %w", d.ID, err)
	}
	dit, err := json.Marshal(d.Resume())
	if err != nil {
		return l.Le, err
	}
	journal, err := json.Marshal(inscrit)
	if err != nil {
		return l.Le, err
	}
	if l.Rang != d.Rang || !bytes.Equal(dit, journal) {
		return l.Le, opco.Errorf(opco.Conflict, "Le contenu du dossier n’est pas non plus ce que dit son journal, rang %d : rien ici ne permet de le récrire. Reprenez-le d’une sauvegarde.", l.Rang)
	}
	return l.Le, nil
}

// recompterCompteurs adds to the counters of these portées what they are short of: who counts at the
// same time adds to them too.
func recompterCompteurs(ctx context.Context, tx *sqlx.Tx, portees []string) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO dossier_compte (portee, code, n) `+ecartsCompteurs, pq.Array(portees)); err != nil {
		return fmt.Errorf("counting again: %w", err)
	}
	return nil
}

// compteurDiscorde reports whether a counter does not say what one counts.
func (s *Store) compteurDiscorde(ctx context.Context, objet string) (bool, error) {
	nom := strings.TrimPrefix(objet, objetCompteur)
	var oui bool
	err := s.DB.GetContext(ctx, &oui, `SELECT EXISTS (SELECT 1 FROM (`+ecartsCompteurs+`) x WHERE portee || '/' || code = $2)`,
		pq.Array([]string{nom[:max(0, strings.LastIndex(nom, "/"))]}), nom)
	if err != nil {
		return false, fmt.Errorf("counting for %s: %w", objet, err)
	}
	return oui, nil
}

// discorde reports whether what is read of a dossier is not what the last line of its journal says.
func (s *Store) discorde(ctx context.Context, table, id string) (bool, error) {
	if table != "dossier" {
		return false, nil
	}
	var oui bool
	err := s.DB.GetContext(ctx, &oui, `SELECT `+suiviDe+` AND NOT COALESCE(`+concordeDossier+`, false) FROM `+lectureSuivie+` WHERE d.id = $1`, id)
	if err != nil {
		return false, fmt.Errorf("comparing dossier %s with its journal: %w", id, err)
	}
	return oui, nil
}
