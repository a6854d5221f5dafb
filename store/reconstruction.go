package store

import (
	"bytes"
	"context"
	"errors"
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

// Reconstruire writes again what is read of a dossier, from its content: its row, its words, its
// invoices, its queues. The content must say what the last line of the journal says: otherwise nothing
// that the base holds can be trusted, and it is refused. The counters are counted when the intervention
// ends, once for all of its dossiers. Of a counter, it counts that one.
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
		// Without its words, the row has every one of them written again by what keeps them.
		if _, err := tx.ExecContext(ctx, `UPDATE dossier SET rang = $2, recherche = '' WHERE id = $1`, d.ID, d.Rang-1); err != nil {
			return fmt.Errorf("opening the row of %s: %w", objet, err)
		}
		if err := ecrireDossier(ctx, tx, d, le); err != nil {
			return err
		}
		if err := ecrireFactures(ctx, tx, d); err != nil {
			return err
		}
		for _, requete := range recomptes {
			if _, err := tx.ExecContext(ctx, requete, d.ID); err != nil {
				return fmt.Errorf("counting the queues of %s again: %w", objet, err)
			}
		}
		return nil
	})
}

// recomptes set the règlements and the queues of money of a dossier to what its rows say. The rows of the
// queues are held before they are counted: a lot that moves meanwhile either is counted, or adds to what
// was counted.
var recomptes = []string{
	`UPDATE reglement r SET organisme = x.sien, pointe = x.trouve, remplace = x.suivi FROM (` + reglementsReels + ` WHERE r.dossier = $1) x
	WHERE r.id = x.id AND (r.organisme <> x.sien OR r.pointe <> x.trouve OR r.remplace <> x.suivi)`,
	`INSERT INTO dossier_file (dossier, file, n, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, etablissement, organisme, instructeur, idcc)
	SELECT dossier, file, 0, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, etablissement, organisme, instructeur, idcc
	FROM (` + filesReelles + ` AND d.id = $1) a ON CONFLICT DO NOTHING`,
	`SELECT FROM dossier_file WHERE dossier = $1 ORDER BY file FOR UPDATE`,
	`UPDATE dossier_file q SET (n, ordre_limite, ordre_debut, ordre_enjeu, ordre_depot, etablissement, organisme, instructeur, idcc)
	    = (a.n, a.ordre_limite, a.ordre_debut, a.ordre_enjeu, a.ordre_depot, a.etablissement, a.organisme, a.instructeur, a.idcc)
	FROM (` + filesReelles + ` AND d.id = $1) a WHERE q.dossier = a.dossier AND q.file = a.file`,
	`DELETE FROM dossier_file q WHERE dossier = $1 AND NOT EXISTS (SELECT 1 FROM facture f WHERE f.dossier = q.dossier)`,
}

// tenirAuJournal refuses a content that is not what the last line of the journal of d says, and returns
// when it was written: then, or at its last save for a brouillon, which is in no journal.
func tenirAuJournal(ctx context.Context, db sqlx.QueryerContext, d *opco.Dossier) (time.Time, error) {
	var l struct {
		Rang   int64     `db:"rang"`
		Resume []byte    `db:"resume"`
		Le     time.Time `db:"le"`
	}
	err := sqlx.GetContext(ctx, db, &l, `SELECT p.rang, p.resume, CASE WHEN $2 THEN d.modifie_le ELSE p.le END AS le
		FROM passage p, dossier d WHERE p.objet = $1 AND d.id::text = $3 ORDER BY p.rang DESC LIMIT 1`, opco.ObjetDossier(d.ID), d.Etat == opco.EtatBrouillon, d.ID)
	if err != nil {
		return l.Le, introuvable(err, "Ce dossier n’a pas de journal : il n’y a rien d’après quoi le reconstruire.")
	}
	dit := enCanonique(d.Resume())
	if l.Rang != d.Rang || dit == nil || d.Etat != opco.EtatBrouillon && !bytes.Equal(dit, canonique(l.Resume)) {
		return l.Le, opco.Errorf(opco.Conflict, "Le contenu du dossier n’est pas non plus ce que dit son journal, rang %d : rien ici ne permet de le récrire. Reprenez-le d’une sauvegarde.", l.Rang)
	}
	return l.Le, nil
}

// contredit is the second answer of discorde, "" when it can.
func (s *Store) contredit(ctx context.Context, id string) (string, error) {
	var brut []byte
	if err := s.DB.GetContext(ctx, &brut, `SELECT contenu FROM dossier WHERE id = $1`, id); err != nil {
		return "", fmt.Errorf("reading dossier %s: %w", id, err)
	}
	d, err := lireContenu(brut)
	if err != nil {
		return "Le contenu du dossier ne se lit plus : rien ici ne permet de le récrire. Reprenez-le d’une sauvegarde.", nil //nolint:nilerr // that is what is said
	}
	_, err = tenirAuJournal(ctx, s.DB, d)
	var refus *opco.Error
	if errors.As(err, &refus) {
		return refus.Message, nil
	}
	return "", err
}

// recompterCompteurs adds to the counters of these portées, nil for all, what they are short of: who
// counts at the same time adds to them too. Only one does it at once: two would each add what is missing.
func recompterCompteurs(ctx context.Context, tx *sqlx.Tx, portees []string) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('recompte'))`); err != nil { // apart: what follows must see what the other wrote
		return fmt.Errorf("waiting to count again: %w", err)
	}
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

// discorde reports whether what is read of a dossier is not what the last line of its journal says, and
// why it cannot be written again from its content: that is not what its journal says, or does not read.
func (s *Store) discorde(ctx context.Context, id string) (oui bool, contredit string, err error) {
	err = s.DB.GetContext(ctx, &oui, `SELECT `+suiviDe+` AND NOT COALESCE(`+concordeDossier+`, false) FROM `+lectureSuivie+` WHERE d.id = $1`, id)
	if err != nil {
		return false, "", fmt.Errorf("comparing dossier %s with its journal: %w", id, err)
	}
	contredit, err = s.contredit(ctx, id)
	return oui, contredit, err
}
