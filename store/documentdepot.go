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
