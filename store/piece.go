package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// piecesMax is how many documents a dossier takes.
const piecesMax = 20

// LignePiece is a stored document of a dossier. Nom is the name that its sender
// gave the file: a label, never a path.
type LignePiece struct {
	ID          string         `db:"id" json:"id"`
	Dossier     string         `db:"dossier" json:"-"`
	Type        opco.TypePiece `db:"type" json:"type"`
	Titre       string         `db:"titre" json:"titre"`
	Commentaire string         `db:"commentaire" json:"commentaire,omitempty"` // what its sender says of it (AK-43), 500 characters at most
	Nom         string         `db:"nom" json:"nom"`
	Empreinte   string         `db:"empreinte" json:"empreinte"`
	Etat        opco.EtatPiece `db:"etat" json:"etat"`
	Motif       string         `db:"motif" json:"motif,omitempty"`
	Taille      int64          `db:"taille" json:"taille"`
	Format      string         `db:"format" json:"format"`
	DeposePar   string         `db:"depose_par" json:"-"`
	DeposeNom   string         `db:"depose_nom" json:"depose_nom"`
	DeposeRole  opco.Role      `db:"depose_role" json:"depose_role"`
	DeposeLe    time.Time      `db:"depose_le" json:"depose_le"`
	Precision   string         `db:"precision" json:"precision,omitempty"` // what its judge adds to the motif
	JugeePar    string         `db:"jugee_par" json:"jugee_par,omitempty"` // name
	JugeeLe     *time.Time     `db:"jugee_le" json:"jugee_le,omitempty"`
}

// Opco returns the pièce as the rules know it.
func (l LignePiece) Opco() opco.Piece {
	return opco.Piece{ID: l.ID, Type: l.Type, Titre: l.Titre, Empreinte: l.Empreinte, Etat: l.Etat, Motif: opco.Motif(l.Motif), DeposeLe: l.DeposeLe.UTC()}
}

const requetePiece = `
	SELECT p.id, p.dossier, p.type, p.titre, p.commentaire, p.nom, p.empreinte, p.etat, p.motif, f.taille, f.type AS format,
	       p.depose_par, p.depose_nom, p.depose_role, p.depose_le, p.precision, p.jugee_par, p.jugee_le
	FROM piece p JOIN fichier f ON f.empreinte = p.empreinte `

// piecesLisibles keeps the documents that p may read: an organisation does not
// read the bank account nor the wages that the other one proves.
func (c *clause) piecesLisibles(p opco.Portee) {
	c.dansPortee(p)
	if !p.Interne {
		c.et(`p.type NOT IN ('RIB', 'RELEVE_DEPENSES') OR p.depose_role = %s`, p.Role)
	}
}

// Pieces lists the documents of a dossier within reach of p, oldest first.
func (s *Store) Pieces(ctx context.Context, p opco.Portee, dossier string) ([]LignePiece, error) {
	var c clause
	c.piecesLisibles(p)
	c.identifie(`p.dossier`, dossier)
	ls := []LignePiece{}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, requetePiece+`JOIN dossier d ON d.id = p.dossier WHERE `+c.where()+` ORDER BY p.depose_le, p.id`, c.args...)
	})
	if err != nil {
		return nil, fmt.Errorf("listing pièces of %s: %w", dossier, err)
	}
	return ls, nil
}

// Piece returns one document within reach of p whose file was examined, NotFound
// otherwise.
func (s *Store) Piece(ctx context.Context, p opco.Portee, id string) (LignePiece, error) {
	var c clause
	c.piecesLisibles(p)
	c.identifie(`p.id`, id)
	var l LignePiece
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &l, requetePiece+`
			JOIN dossier d ON d.id = p.dossier
			WHERE f.examen = 'SAIN' AND `+c.where(), c.args...)
	})
	if err != nil {
		return l, introuvable(err, "Cette pièce n’existe pas, ou vous n’y avez pas accès.")
	}
	return l, nil
}

// AjouterPiece adds an examined file to a dossier: the row, and the pièce in the
// dossier itself, where the rules read it. The état and the journal do not move.
// The same id with the same file answers the same again; with another, Conflict.
// A closed or full dossier is a Conflict. garder gives the file its name for good,
// once it is known that the dossier takes it: a refused pièce leaves no file.
func (s *Store) AjouterPiece(ctx context.Context, l LignePiece, garder func() error) (LignePiece, error) {
	var ecrite LignePiece
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		d, err := verrouillerDossier(ctx, tx, opco.ObjetDossier(l.Dossier))
		if err != nil {
			return err
		}
		ecrite, err = pieceDeja(ctx, tx, l)
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		ecrite, err = ajouterPiece(ctx, tx, d, l, garder)
		return err
	})
	return ecrite, err
}

func pieceDeja(ctx context.Context, tx *sqlx.Tx, l LignePiece) (LignePiece, error) {
	var x LignePiece
	if err := tx.GetContext(ctx, &x, requetePiece+`WHERE p.id = $1`, l.ID); err != nil {
		return x, err
	}
	if x.Dossier != l.Dossier || x.Empreinte != l.Empreinte || x.Type != l.Type || x.Titre != l.Titre || x.Commentaire != l.Commentaire || x.DeposePar != l.DeposePar {
		return LignePiece{}, opco.Errorf(opco.Conflict, "Cet identifiant a déjà servi pour une autre pièce : utilisez-en un nouveau.").
			AvecCode("ACTE_REUTILISE")
	}
	return x, nil
}

func ajouterPiece(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, l LignePiece, garder func() error) (LignePiece, error) {
	var n int
	if err := tx.GetContext(ctx, &n, `SELECT count(*) FROM piece WHERE dossier = $1`, d.ID); err != nil {
		return l, fmt.Errorf("counting pièces: %w", err)
	}
	if n >= piecesMax {
		return l, opco.Errorf(opco.Conflict, "Ce dossier a déjà %d pièces : c’est le maximum.", piecesMax).AvecCode("TROP_DE_PIECES")
	}
	if d.Etat == opco.EtatCloturee || d.Etat == opco.EtatSupprime {
		return l, opco.Errorf(opco.Conflict, "Ce dossier est « %s » : il ne reçoit plus de pièce.", d.Etat).AvecCode("ETAPE_INATTENDUE")
	}
	if err := tenirFichiers(ctx, tx); err != nil {
		return l, err
	}
	if err := garder(); err != nil {
		return l, err
	}
	dec, err := decalage(ctx, tx)
	if err != nil {
		return l, err
	}
	l.Etat, l.DeposeLe = opco.PieceRecue, time.Now().UTC().Add(dec).Truncate(time.Microsecond)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO fichier (empreinte, taille, type, examen) VALUES ($1, $2, $3, 'SAIN')
		ON CONFLICT (empreinte) DO UPDATE SET examen = 'SAIN'`, l.Empreinte, l.Taille, l.Format)
	if err != nil {
		return l, fmt.Errorf("writing file %s: %w", l.Empreinte, err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO piece (id, dossier, type, titre, commentaire, nom, empreinte, etat, depose_par, depose_nom, depose_role, depose_le)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		l.ID, d.ID, l.Type, l.Titre, l.Commentaire, l.Nom, l.Empreinte, l.Etat, l.DeposePar, l.DeposeNom, l.DeposeRole, l.DeposeLe)
	if contrainte(err) == "piece_pkey" {
		return l, opco.Errorf(opco.Conflict, "Cet envoi a déjà servi à une autre pièce : choisissez de nouveau le fichier, puis renvoyez.").AvecCode("ACTE_REUTILISE")
	}
	if err != nil {
		return l, fmt.Errorf("writing pièce %s: %w", l.ID, err)
	}
	d.Pieces = append(d.Pieces, l.Opco())
	contenu, err := json.Marshal(d)
	if err != nil {
		return l, err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE dossier SET contenu = $2 WHERE id = $1`, d.ID, contenu); err != nil {
		return l, fmt.Errorf("adding pièce %s to its dossier: %w", l.ID, err)
	}
	if err := reveillerParNouvelle(ctx, tx, d.ID, opco.Acteur{Personne: l.DeposePar, Nom: l.DeposeNom, Role: l.DeposeRole}, l.DeposeLe, "pièce reçue"); err != nil {
		return l, err
	}
	return l, notifier(ctx, tx, "dossier", d.ID)
}
