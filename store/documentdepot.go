package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// documentsMax is how many documents an organisme keeps with one dossier, or with
// none.
const documentsMax = 200

// FichierDocument is the file of a document, examined and not kept yet: Garder
// gives it its name for good, once it is known that the document is taken.
type FichierDocument struct {
	Nom, Empreinte, Format string
	Taille                 int64
	Garder                 func() error
	DeCote                 string // its id when a form kept it aside until now
}

// GesteDocument is what somebody does to a document. Acte is its id: sent twice, it
// is done once. Portee is what they may act on. Version is that of the document that they
// read, when they change or judge it: what they have not seen is not theirs to judge.
type GesteDocument struct {
	Acte    string
	Par     opco.Acteur
	Portee  opco.Portee
	Version int
}

// DeposerDocument adds a document of an organisme; its id is the acte's. The
// dossier that it names must be one of that organisme, sent. Errors are Invalid, on
// the field at fault, or Conflict when there are too many.
func (s *Store) DeposerDocument(ctx context.Context, g GesteDocument, organisme opco.SIRET, x opco.SaisieDocument, f FichierDocument) (LigneDocument, error) {
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		deja, err := gesteDeja(ctx, tx, g, g.Acte, "depose", f.Empreinte)
		if deja || err != nil {
			return err
		}
		le, err := maintenant(ctx, tx)
		if err != nil {
			return err
		}
		if x, err = accepterDocument(ctx, tx, le, organisme, x, g.Par.Role.Interne()); err != nil {
			return err
		}
		if err := placeDocument(ctx, tx, organisme, x.Dossier); err != nil {
			return err
		}
		if err := garderFichier(ctx, tx, f); err != nil {
			return err
		}
		return ecrireDocument(ctx, tx, g, organisme, x, f, le)
	})
	if err != nil {
		return LigneDocument{}, err
	}
	return s.Document(ctx, g.Portee, g.Acte)
}

// maintenant is the business instant of a transaction.
func maintenant(ctx context.Context, tx *sqlx.Tx) (time.Time, error) {
	d, err := decalage(ctx, tx)
	return time.Now().UTC().Add(d).Truncate(time.Microsecond), err
}

// gesteDeja reports whether the acte of g was done before: the same thing to the
// same document by the same person. Anything else under its id is a Conflict.
func gesteDeja(ctx context.Context, tx *sqlx.Tx, g GesteDocument, document, fait, empreinte string) (bool, error) {
	var l struct {
		Document, Fait, Empreinte, Personne string
	}
	err := tx.GetContext(ctx, &l, `SELECT document, fait, empreinte, personne FROM document_passage WHERE acte_id = $1`, g.Acte)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for acte %s: %w", g.Acte, err)
	}
	if l.Document != document || l.Fait != fait || empreinte != "" && l.Empreinte != empreinte || l.Personne != g.Par.Personne {
		return false, acteReutilise()
	}
	return true, nil
}

// accepterDocument holds what is said of a document to its category, on the day of
// le, and to the dossiers of the organisme.
func accepterDocument(ctx context.Context, tx *sqlx.Tx, le time.Time, organisme opco.SIRET, x opco.SaisieDocument, interne bool) (opco.SaisieDocument, error) {
	var c opco.CategorieDocument
	err := tx.GetContext(ctx, &c, requeteCategorie+` AND code = $2`, opco.JourDe(le), x.Categorie)
	if errors.Is(err, sql.ErrNoRows) {
		return x, opco.Champf("categorie", "Choisissez d’abord la catégorie du document, dans la liste.")
	}
	if err != nil {
		return x, fmt.Errorf("reading category %s: %w", x.Categorie, err)
	}
	if x, err = c.Accepter(x, interne); err != nil || x.Dossier == "" {
		return x, err
	}
	var connu bool
	if uuidTexte(x.Dossier) {
		err = tx.GetContext(ctx, &connu, `SELECT EXISTS (SELECT 1 FROM dossier WHERE id = $1 AND organisme = $2 AND etat NOT IN ('BROUILLON', 'SUPPRIME'))`,
			x.Dossier, organisme)
	}
	if err != nil {
		return x, fmt.Errorf("looking for dossier %s: %w", x.Dossier, err)
	}
	if !connu {
		return x, opco.Champf("dossier", "Ce dossier n’est pas l’un des vôtres : choisissez-le dans la liste.")
	}
	return x, nil
}

// placeDocument refuses one document too many beside those that are there.
func placeDocument(ctx context.Context, tx *sqlx.Tx, organisme opco.SIRET, dossier string) error {
	var n int
	err := tx.GetContext(ctx, &n, `
		SELECT count(*) FROM document WHERE organisme = $1 AND dossier IS NOT DISTINCT FROM NULLIF($2, '')::uuid AND courrier IS NULL AND etat <> 'SUPPRIME'`,
		organisme, dossier)
	if err != nil {
		return fmt.Errorf("counting documents: %w", err)
	}
	if n >= documentsMax {
		return opco.Errorf(opco.Conflict, "Il y a déjà %d documents ici : supprimez ceux qui ne servent plus, puis recommencez.", documentsMax).AvecCode("TROP_DE_DOCUMENTS")
	}
	return nil
}

// garderFichier keeps an examined file for good.
func garderFichier(ctx context.Context, tx *sqlx.Tx, f FichierDocument) error {
	if err := tenirFichiers(ctx, tx); err != nil {
		return err
	}
	if err := f.Garder(); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO fichier (empreinte, taille, type, examen) VALUES ($1, $2, $3, 'SAIN')
		ON CONFLICT (empreinte) DO UPDATE SET examen = 'SAIN'`, f.Empreinte, f.Taille, f.Format)
	if err != nil {
		return fmt.Errorf("writing file %s: %w", f.Empreinte, err)
	}
	return nil
}

func ecrireDocument(ctx context.Context, tx *sqlx.Tx, g GesteDocument, organisme opco.SIRET, x opco.SaisieDocument, f FichierDocument, le time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO document (id, organisme, dossier, categorie, libelle, du, au, nom, empreinte, depose_par, depose_nom, depose_role, depose_le, recherche)
		VALUES ($1, $2, NULLIF($3, '')::uuid, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		g.Acte, organisme, x.Dossier, x.Categorie, x.Libelle, x.Du, x.Au, f.Nom, f.Empreinte, g.Par.Personne, g.Par.Nom, g.Par.Role, le,
		rechercheDocument(x, f.Nom))
	if contrainte(err) == "document_pkey" {
		return acteReutilise()
	}
	if err != nil {
		return fmt.Errorf("writing document %s: %w", g.Acte, err)
	}
	return passerDocument(ctx, tx, g, g.Acte, "depose", x.Libelle, f.Empreinte, le)
}

// rechercheDocument is what a person may type to find a document beside its dossier.
func rechercheDocument(x opco.SaisieDocument, nom string) string {
	return opco.CleRecherche(x.Libelle + " " + x.Categorie + " " + nom)
}

// passerDocument writes one line of the journal of a document.
func passerDocument(ctx context.Context, tx *sqlx.Tx, g GesteDocument, document, fait, detail, empreinte string, le time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO document_passage (document, rang, acte_id, fait, detail, empreinte, personne, nom, role, le)
		SELECT $1, count(*) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM document_passage WHERE document = $1`,
		document, g.Acte, fait, detail, empreinte, g.Par.Personne, g.Par.Nom, g.Par.Role, le)
	if err != nil {
		return fmt.Errorf("journalling document %s: %w", document, err)
	}
	return notifier(ctx, tx, "document", document)
}
