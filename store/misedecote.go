package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// MiseDeCote is the file of a form that is not sent yet. ID is that of the pièce
// which it becomes with the acte that cites it; Nom is a label, never a path.
type MiseDeCote struct {
	ID         string         `db:"id"`
	Dossier    string         `db:"dossier"`
	Type       opco.TypePiece `db:"type"`
	Nom        string         `db:"nom"`
	Empreinte  string         `db:"empreinte"`
	Taille     int64          `db:"taille"`
	Format     string         `db:"format"`
	Personne   string         `db:"personne"`
	DeposeNom  string         `db:"depose_nom"`
	DeposeRole opco.Role      `db:"depose_role"`
	Le         time.Time      `db:"le"`
}

const colonnesCote = `m.id, m.dossier, m.type, m.nom, m.empreinte, m.taille, m.format, m.personne, m.depose_nom, m.depose_role, m.le`

// piece is what the file becomes when its acte passes.
func (m MiseDeCote) piece() LignePiece {
	return LignePiece{ID: m.ID, Dossier: m.Dossier, Type: m.Type, Titre: m.Type.Libelle(), Nom: m.Nom, Empreinte: m.Empreinte, Taille: m.Taille,
		Format: m.Format, DeposePar: m.Personne, DeposeNom: m.DeposeNom, DeposeRole: m.DeposeRole}
}

// MettreDeCote keeps an examined file for a form that is not sent yet. The same id
// with the same file is one; a person keeps at most 20 beside a dossier. garder gives
// the file its name for good.
func (s *Store) MettreDeCote(ctx context.Context, m MiseDeCote, garder func() error) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if _, err := verrouillerDossier(ctx, tx, opco.ObjetDossier(m.Dossier)); err != nil {
			return err
		}
		var n int
		err := tx.GetContext(ctx, &n, `SELECT count(*) FROM mise_de_cote WHERE dossier = $1 AND personne = $2 AND retire_le IS NULL AND id <> $3`, m.Dossier, m.Personne, m.ID)
		if err != nil {
			return fmt.Errorf("counting the files put aside: %w", err)
		}
		if n >= piecesMax {
			return opco.Champf("fichier", "Vous avez déjà choisi %d fichiers pour ce dossier sans les envoyer : retirez-en un, ou attendez quelques jours.", piecesMax)
		}
		f := FichierDocument{Nom: m.Nom, Empreinte: m.Empreinte, Format: m.Format, Taille: m.Taille, Garder: garder}
		if err := garderFichier(ctx, tx, f); err != nil {
			return err
		}
		return ecrireDeCote(ctx, tx, m)
	})
}

func ecrireDeCote(ctx context.Context, tx *sqlx.Tx, m MiseDeCote) error {
	le, err := maintenant(ctx, tx)
	if err != nil {
		return err
	}
	n, err := lignesTouchees(tx.ExecContext(ctx, `
		INSERT INTO mise_de_cote (id, dossier, type, nom, empreinte, taille, format, personne, depose_nom, depose_role, le)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET le = EXCLUDED.le, retire_le = NULL
		WHERE mise_de_cote.dossier = EXCLUDED.dossier AND mise_de_cote.empreinte = EXCLUDED.empreinte AND mise_de_cote.personne = EXCLUDED.personne`,
		m.ID, m.Dossier, m.Type, m.Nom, m.Empreinte, m.Taille, m.Format, m.Personne, m.DeposeNom, m.DeposeRole, le))
	if err == nil && n == 0 {
		err = opco.Errorf(opco.Conflict, "Cet identifiant a déjà servi pour un autre fichier : choisissez-le de nouveau.").AvecCode("ACTE_REUTILISE")
	}
	if err != nil {
		return fmt.Errorf("putting file %s aside: %w", m.ID, err)
	}
	return nil
}

// MiseDeCote returns the file that p put aside on a dossier under an id, NotFound
// when there is none any more: sent, taken away, or too old.
func (s *Store) MiseDeCote(ctx context.Context, p opco.Portee, dossier, id string) (MiseDeCote, error) {
	var c clause
	c.dansPortee(p)
	c.identifie(`m.id`, id)
	c.identifie(`m.dossier`, dossier)
	c.et(`m.retire_le IS NULL AND m.personne = %s`, p.Personne)
	var m MiseDeCote
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &m, `SELECT `+colonnesCote+` FROM mise_de_cote m JOIN dossier d ON d.id = m.dossier WHERE `+c.where(), c.args...)
	})
	if err != nil {
		return m, introuvable(err, "Ce fichier n’est plus là : choisissez-le de nouveau.")
	}
	return m, nil
}

// RetirerDeCote takes a file that personne put aside off its form. The worker throws
// it away; taken away twice, it is taken away.
func (s *Store) RetirerDeCote(ctx context.Context, personne, dossier, id string) error {
	if !uuidTexte(id) || !uuidTexte(dossier) {
		return nil
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `UPDATE mise_de_cote SET retire_le = $4 WHERE id = $1 AND dossier = $2 AND personne = $3 AND retire_le IS NULL`, id, dossier, personne, le)
	if err != nil {
		return fmt.Errorf("taking file %s away: %w", id, err)
	}
	return nil
}

// classer files with an acte that passes the files put aside that it cites, in the
// transaction of its verdict: they are pièces of the dossier with it, or not at all.
// An acte that cites a file gone since then is refused.
func classer(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, a opco.Acte) error {
	cites, err := a.PiecesCitees()
	if err != nil {
		return err
	}
	for _, id := range cites {
		if slices.ContainsFunc(d.Pieces, func(p opco.Piece) bool { return p.ID == id }) {
			continue
		}
		var m MiseDeCote
		err := tx.GetContext(ctx, &m, `DELETE FROM mise_de_cote m WHERE id = $1 AND dossier = $2 AND personne = $3 AND retire_le IS NULL RETURNING `+colonnesCote,
			id, d.ID, a.Par.Personne)
		if errors.Is(err, sql.ErrNoRows) {
			return opco.Champf("fichier", "Le fichier que vous aviez choisi n’est plus là : choisissez-le de nouveau, puis renvoyez.")
		}
		if err != nil {
			return fmt.Errorf("taking file %s: %w", id, err)
		}
		if _, err := ajouterPiece(ctx, tx, d, m.piece(), func() error { return nil }); err != nil {
			return err
		}
	}
	return nil
}

// PurgerMisesDeCote throws away the files put aside that were taken off their form,
// or that wait there for longer than the paramètre of the day, and returns how many.
// The bytes go with the last thing that names them.
func (s *Store) PurgerMisesDeCote(ctx context.Context, f *Fichiers) (int, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return 0, err
	}
	p, err := s.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return 0, err
	}
	avant, total := le.AddDate(0, 0, -max(1, p.MiseDeCoteJours)), 0
	for {
		n := 0
		err := s.transact(ctx, func(tx *sqlx.Tx) error {
			var err error
			n, err = purgerDeCote(ctx, tx, f, avant)
			return err
		})
		total += n
		if err != nil || n < purgesParFois {
			return total, err
		}
	}
}

// purgesParFois bounds how long the deposits of files wait for one purge.
const purgesParFois = 100

// purgerDeCote throws a few files away. It holds the door of the files: nobody may
// keep the same bytes again while they go.
func purgerDeCote(ctx context.Context, tx *sqlx.Tx, f *Fichiers, avant time.Time) (int, error) {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('fichiers'))`); err != nil {
		return 0, fmt.Errorf("holding the door of the files: %w", err)
	}
	var jetes []string
	err := tx.SelectContext(ctx, &jetes, `
		DELETE FROM mise_de_cote WHERE id IN (SELECT id FROM mise_de_cote WHERE retire_le IS NOT NULL OR le < $1 LIMIT $2) RETURNING empreinte`, avant, purgesParFois)
	if err != nil {
		return 0, fmt.Errorf("purging the files put aside: %w", err)
	}
	var seuls []string
	err = tx.SelectContext(ctx, &seuls, `
		DELETE FROM fichier f WHERE empreinte = ANY ($1)
		  AND NOT EXISTS (SELECT 1 FROM piece x WHERE x.empreinte = f.empreinte)
		  AND NOT EXISTS (SELECT 1 FROM mise_de_cote x WHERE x.empreinte = f.empreinte)
		  AND NOT EXISTS (SELECT 1 FROM document x WHERE x.empreinte = f.empreinte)
		  AND NOT EXISTS (SELECT 1 FROM document_passage x WHERE x.empreinte = f.empreinte)
		  AND NOT EXISTS (SELECT 1 FROM rib x WHERE x.preuve = f.empreinte)
		  AND NOT EXISTS (SELECT 1 FROM courrier x WHERE f.empreinte IN (x.lettre_pdf, x.lettre_html))
		RETURNING empreinte`, pq.Array(jetes))
	if err != nil {
		return 0, fmt.Errorf("purging the files that nothing names: %w", err)
	}
	for _, e := range seuls {
		if err := f.jeter(e); err != nil {
			return 0, err
		}
	}
	return len(jetes), nil
}

// tenirFichiers keeps the purge out while a transaction keeps a file.
func tenirFichiers(ctx context.Context, tx *sqlx.Tx) error {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock_shared(hashtext('fichiers'))`); err != nil {
		return fmt.Errorf("waiting for the purge of files: %w", err)
	}
	return nil
}
