package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// MiseDeCote is the file of a form that is not sent yet. ID is that of the pièce
// which it becomes with the acte that cites it; Dossier is "" for bank details; Nom is a
// label, never a path.
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

const colonnesCote = `m.id, COALESCE(m.dossier::text, '') AS dossier, m.type, m.nom, m.empreinte, m.taille, m.format, m.personne, m.depose_nom, m.depose_role, m.le`

// piece is what the file becomes when its acte passes.
func (m MiseDeCote) piece() LignePiece {
	return LignePiece{ID: m.ID, Dossier: m.Dossier, Type: m.Type, Titre: m.Type.Libelle(), Nom: m.Nom, Empreinte: m.Empreinte, Taille: m.Taille,
		Format: m.Format, DeposePar: m.Personne, DeposeNom: m.DeposeNom, DeposeRole: m.DeposeRole}
}

// misesMax is how many files one person keeps beside a dossier, and misesRetireesMax how
// many more of hers wait there for the purge.
const misesMax, misesRetireesMax = piecesMax, 2 * piecesMax

// aCote says of a mise de côté that it is beside a dossier, or beside none for "".
func (c *clause) aCote(dossier string) {
	if dossier == "" {
		c.et(`m.dossier IS NULL`)
		return
	}
	c.identifie(`m.dossier`, dossier)
}

// MettreDeCote keeps an examined file for a form that is not sent yet: beside a dossier,
// or beside none for the bank details of an organisation. The same id with the same file
// is one; a person keeps at most misesMax in one place. garder gives the file its name
// for good.
func (s *Store) MettreDeCote(ctx context.Context, m MiseDeCote, garder func() error) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if err := tenirPlace(ctx, tx, m); err != nil {
			return err
		}
		f := FichierDocument{Nom: m.Nom, Empreinte: m.Empreinte, Format: m.Format, Taille: m.Taille, Garder: garder}
		if err := garderFichier(ctx, tx, f); err != nil {
			return err
		}
		return ecrireDeCote(ctx, tx, m)
	})
}

// tenirPlace locks the place where a file comes, and refuses one too many there.
func tenirPlace(ctx context.Context, tx *sqlx.Tx, m MiseDeCote) error {
	var err error
	if m.Dossier == "" {
		_, err = tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext('cote/' || $1))`, m.Personne)
	} else {
		_, err = verrouillerDossier(ctx, tx, opco.ObjetDossier(m.Dossier))
	}
	if err != nil {
		return err
	}
	var n struct{ Tenus, Retires int }
	err = tx.GetContext(ctx, &n, `
		SELECT count(*) FILTER (WHERE retire_le IS NULL) AS tenus, count(retire_le) AS retires FROM mise_de_cote
		WHERE personne = $1 AND dossier IS NOT DISTINCT FROM NULLIF($2, '')::uuid AND id <> $3`, m.Personne, m.Dossier, m.ID)
	switch {
	case err != nil:
		return fmt.Errorf("counting the files put aside: %w", err)
	case n.Tenus >= misesMax:
		return opco.Champf("fichier", "Vous avez déjà choisi %d fichiers ici sans les envoyer : retirez ceux qui ne servent plus, puis choisissez de nouveau.", misesMax)
	case n.Retires >= misesRetireesMax:
		return opco.Champf("fichier", "Vous avez déjà retiré %d fichiers ici : choisissez de nouveau demain.", n.Retires)
	}
	return nil
}

func ecrireDeCote(ctx context.Context, tx *sqlx.Tx, m MiseDeCote) error {
	le, err := maintenant(ctx, tx)
	if err != nil {
		return err
	}
	n, err := lignesTouchees(tx.ExecContext(ctx, `
		INSERT INTO mise_de_cote (id, dossier, type, nom, empreinte, taille, format, personne, depose_nom, depose_role, le)
		VALUES ($1, NULLIF($2, '')::uuid, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (id) DO UPDATE SET le = EXCLUDED.le, retire_le = NULL
		WHERE mise_de_cote.dossier IS NOT DISTINCT FROM EXCLUDED.dossier AND mise_de_cote.empreinte = EXCLUDED.empreinte
		  AND mise_de_cote.personne = EXCLUDED.personne`,
		m.ID, m.Dossier, m.Type, m.Nom, m.Empreinte, m.Taille, m.Format, m.Personne, m.DeposeNom, m.DeposeRole, le))
	if err == nil && n == 0 {
		err = opco.Errorf(opco.Conflict, "Cet identifiant a déjà servi pour un autre fichier : choisissez-le de nouveau.").AvecCode("ACTE_REUTILISE")
	}
	if err != nil {
		return fmt.Errorf("putting file %s aside: %w", m.ID, err)
	}
	return nil
}

// MisesDeCote returns the files that p put aside in a place and neither sent nor took
// away, the last first.
func (s *Store) MisesDeCote(ctx context.Context, p opco.Portee, dossier string) ([]MiseDeCote, error) {
	var c clause
	c.aCote(dossier)
	return s.misesDeCote(ctx, p, c)
}

// MiseDeCote returns the file that p put aside in a place under an id, NotFound when
// there is none any more: sent, taken away, or too old.
func (s *Store) MiseDeCote(ctx context.Context, p opco.Portee, dossier, id string) (MiseDeCote, error) {
	var c clause
	c.aCote(dossier)
	c.identifie(`m.id`, id)
	ms, err := s.misesDeCote(ctx, p, c)
	if err == nil && len(ms) == 0 {
		err = opco.Errorf(opco.NotFound, "Ce fichier n’est plus là : choisissez-le de nouveau.")
	}
	if err != nil {
		return MiseDeCote{}, err
	}
	return ms[0], nil
}

func (s *Store) misesDeCote(ctx context.Context, p opco.Portee, c clause) ([]MiseDeCote, error) {
	var d clause
	d.args = c.args
	d.dansPortee(p)
	c.args = d.args
	c.et(`m.retire_le IS NULL AND m.personne = %s AND (m.dossier IS NULL OR EXISTS (SELECT 1 FROM dossier d WHERE d.id = m.dossier AND `+d.where()+`))`, p.Personne)
	var ms []MiseDeCote
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ms, `SELECT `+colonnesCote+` FROM mise_de_cote m WHERE `+c.where()+` ORDER BY m.le DESC, m.id LIMIT `+strconv.Itoa(misesMax), c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the files put aside: %w", err)
	}
	return ms, nil
}

// RetirerDeCote takes a file that personne put aside off its form. The worker throws
// it away; taken away twice, it is taken away.
func (s *Store) RetirerDeCote(ctx context.Context, personne, dossier, id string) error {
	if !uuidTexte(id) || dossier != "" && !uuidTexte(dossier) {
		return nil
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		_, err := retirerDeCote(ctx, tx, personne, dossier, id)
		return err
	})
}

// retirerDeCote takes a file off its form, and reports whether it was still there.
func retirerDeCote(ctx context.Context, tx *sqlx.Tx, personne, dossier, id string) (la bool, err error) {
	le, err := maintenant(ctx, tx)
	if err != nil {
		return false, err
	}
	n, err := lignesTouchees(tx.ExecContext(ctx, `
		UPDATE mise_de_cote SET retire_le = $4
		WHERE id = $1 AND dossier IS NOT DISTINCT FROM NULLIF($2, '')::uuid AND personne = $3 AND retire_le IS NULL`, id, dossier, personne, le))
	if err != nil {
		return false, fmt.Errorf("taking file %s away: %w", id, err)
	}
	return n == 1, nil
}

// fichierParti refuses a form whose file is there no more: its bytes may be gone with it.
func fichierParti() error {
	return opco.Champf("fichier", "Le fichier que vous aviez choisi n’est plus là : choisissez-le de nouveau, puis renvoyez.")
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
			return fichierParti()
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
