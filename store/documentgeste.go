package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// verrouDocument is a document under its row lock.
type verrouDocument struct {
	Organisme opco.SIRET        `db:"organisme"`
	Dossier   string            `db:"dossier"`
	Categorie string            `db:"categorie"`
	Du        opco.Date         `db:"du"`
	Au        opco.Date         `db:"au"`
	Version   int               `db:"version"`
	Nom       string            `db:"nom"`
	Empreinte string            `db:"empreinte"`
	Courrier  string            `db:"courrier"`
	Etat      opco.EtatDocument `db:"etat"`
	Role      opco.Role         `db:"depose_role"`
}

// verrouillerDocument reads a document that g may act on, under its row lock. One
// beyond reach, or deleted, is not found.
func verrouillerDocument(ctx context.Context, tx *sqlx.Tx, g GesteDocument, id string) (verrouDocument, error) {
	c := documentsLisibles(g.Portee)
	c.identifie(`x.id`, id)
	var v verrouDocument
	err := tx.GetContext(ctx, &v, `
		SELECT x.organisme, COALESCE(x.dossier::text, '') AS dossier, x.nom, COALESCE(x.empreinte, '') AS empreinte, COALESCE(x.courrier, '') AS courrier,
		       x.etat, x.depose_role, x.categorie, x.du, x.au, x.version
		FROM document x WHERE `+c.where()+` FOR UPDATE`, c.args...)
	if err != nil {
		return v, introuvable(err, documentInconnu)
	}
	return v, nil
}

// modifiable refuses who did not deposit v: the organisme reads what the OPCO wrote,
// and the OPCO does not touch what the organisme sent (AT-23, AT-24).
func (v verrouDocument) modifiable(par opco.Acteur) error {
	switch {
	case v.Courrier != "":
		return opco.Errorf(opco.Forbidden, "Ce courrier est celui de l’OPCO : il se lit, et ne se modifie pas.").AvecCode("LECTURE_SEULE")
	case (v.Role == opco.RoleOrganisme) != (par.Role == opco.RoleOrganisme):
		return opco.Errorf(opco.Forbidden, "Seul celui qui a déposé ce document peut le modifier ou le supprimer. Vous pouvez le lire.").AvecCode("LECTURE_SEULE")
	}
	return nil
}

// lue refuses to act on a document that is no longer the one that was read.
func (v verrouDocument) lue(version int) error {
	if version < 1 {
		return opco.Champf("version", "Dites quelle version du document vous avez lue : son nombre est dans la réponse qui le montre.")
	}
	if v.Version != version {
		return opco.Errorf(opco.Conflict, "Ce document a changé depuis que vous l’avez ouvert : relisez-le, puis recommencez.").AvecCode("VERSION_DEPASSEE")
	}
	return nil
}

// autre reports whether x says of the document something that its judge looked at.
func (v verrouDocument) autre(x opco.SaisieDocument) bool {
	return x.Categorie != v.Categorie || x.Dossier != v.Dossier || x.Du != v.Du || x.Au != v.Au
}

// ModifierDocument changes what is said of a document, and its file when f is given.
// Another file, category, dossier or period is looked at again by the OPCO (S26).
func (s *Store) ModifierDocument(ctx context.Context, g GesteDocument, id string, x opco.SaisieDocument, f *FichierDocument) (LigneDocument, error) {
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		fait, empreinte := "modifie", ""
		if f != nil {
			fait, empreinte = "remplace", f.Empreinte
		}
		if deja, err := gesteDeja(ctx, tx, g, id, fait, empreinte); deja || err != nil {
			return err
		}
		v, err := verrouillerDocument(ctx, tx, g, id)
		if err != nil {
			return err
		}
		if err := v.modifiable(g.Par); err != nil {
			return err
		}
		if err := v.lue(g.Version); err != nil {
			return err
		}
		le, err := maintenant(ctx, tx)
		if err != nil {
			return err
		}
		if x, err = accepterDocument(ctx, tx, le, v.Organisme, x, g.Par.Role.Interne()); err != nil {
			return err
		}
		if x.Dossier != v.Dossier {
			if err := placeDocument(ctx, tx, v.Organisme, x.Dossier); err != nil {
				return err
			}
		}
		return changerDocument(ctx, tx, g, id, v, x, f, le)
	})
	if err != nil {
		return LigneDocument{}, err
	}
	return s.Document(ctx, g.Portee, id)
}

func changerDocument(ctx context.Context, tx *sqlx.Tx, g GesteDocument, id string, v verrouDocument, x opco.SaisieDocument, f *FichierDocument, le time.Time) error {
	nom, empreinte, fait := v.Nom, v.Empreinte, "modifie"
	if f != nil {
		if err := garderFichier(ctx, tx, *f); err != nil {
			return err
		}
		nom, empreinte, fait = f.Nom, f.Empreinte, "remplace"
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE document SET dossier = NULLIF($2, '')::uuid, categorie = $3, libelle = $4, du = $5, au = $6, nom = $7, empreinte = $8, recherche = $9,
		    version = version + 1
		WHERE id = $1`, id, x.Dossier, x.Categorie, x.Libelle, x.Du, x.Au, nom, empreinte, rechercheDocument(x, nom))
	if err != nil {
		return fmt.Errorf("changing document %s: %w", id, err)
	}
	if v.autre(x) {
		if _, err = tx.ExecContext(ctx, `UPDATE document SET etat = 'RECU', motif = '', explication = '' WHERE id = $1`, id); err != nil {
			return fmt.Errorf("having document %s looked at again: %w", id, err)
		}
	}
	if f != nil {
		_, err = tx.ExecContext(ctx, `
			UPDATE document SET etat = 'RECU', motif = '', explication = '', depose_par = $2, depose_nom = $3, depose_le = $4 WHERE id = $1`,
			id, g.Par.Personne, g.Par.Nom, le)
		if err != nil {
			return fmt.Errorf("replacing the file of document %s: %w", id, err)
		}
	}
	return passerDocument(ctx, tx, g, id, fait, x.Libelle, empreinte, le)
}

// SupprimerDocument hides a document from everybody; its row and its journal stay.
func (s *Store) SupprimerDocument(ctx context.Context, g GesteDocument, id string) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if deja, err := gesteDeja(ctx, tx, g, id, "supprime", ""); deja || err != nil {
			return err
		}
		v, err := verrouillerDocument(ctx, tx, g, id)
		if err != nil {
			return err
		}
		if err := v.modifiable(g.Par); err != nil {
			return err
		}
		le, err := maintenant(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE document SET etat = 'SUPPRIME', motif = '', explication = '', version = version + 1 WHERE id = $1`, id); err != nil {
			return fmt.Errorf("deleting document %s: %w", id, err)
		}
		return passerDocument(ctx, tx, g, id, "supprime", v.Nom, v.Empreinte, le)
	})
}

// JugerDocument writes what the OPCO thinks of a document that an organisme sent
// (AT-27).
func (s *Store) JugerDocument(ctx context.Context, g GesteDocument, id string, ch opco.ChargeConformite) (LigneDocument, error) {
	if err := ch.Valider(); err != nil {
		return LigneDocument{}, err
	}
	fait, etat := "non_conforme", opco.DocumentNonConforme
	if ch.Conforme {
		fait, etat, ch.Motif, ch.Explication = "conforme", opco.DocumentConforme, "", ""
	}
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		if deja, err := gesteDeja(ctx, tx, g, id, fait, ""); deja || err != nil {
			return err
		}
		v, err := verrouillerDocument(ctx, tx, g, id)
		if err != nil {
			return err
		}
		if v.Role != opco.RoleOrganisme {
			return opco.Errorf(opco.Conflict, "Ce document vient de l’OPCO : il n’y a rien à vérifier.").AvecCode("ETAPE_INATTENDUE")
		}
		if err := v.lue(g.Version); err != nil {
			return err
		}
		le, err := maintenant(ctx, tx)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE document SET etat = $2, motif = $3, explication = $4, version = version + 1 WHERE id = $1`,
			id, etat, ch.Motif, ch.Explication); err != nil {
			return fmt.Errorf("judging document %s: %w", id, err)
		}
		return passerDocument(ctx, tx, g, id, fait, string(ch.Motif), v.Empreinte, le)
	})
	if err != nil {
		return LigneDocument{}, err
	}
	return s.Document(ctx, g.Portee, id)
}
