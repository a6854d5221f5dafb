package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// DocumentNomme is a document that a search finds by its name. Genre is document (of an
// organisme), piece or lettre; Dossier is "" when it is about none.
type DocumentNomme struct {
	ID            string `db:"id"`
	Genre         string `db:"genre"`
	Titre         string `db:"titre"`
	Nom           string `db:"nom"` // of the file
	Courrier      string `db:"courrier"`
	Dossier       string `db:"dossier"`
	DossierNumero string `db:"dossier_numero"`
}

// DocumentsNommes finds, within the reach of p, the documents whose label or file name
// holds every word of texte, the newest first: for a company the pièces and the letters of
// its dossiers, for an organisme its documents, for the OPCO those of every organisme. A
// text of less than three letters or figures finds nothing.
func (s *Store) DocumentsNommes(ctx context.Context, p opco.Portee, texte string, limite int) ([]DocumentNomme, error) {
	ds := []DocumentNomme{}
	if len([]rune(opco.CleNumero(texte))) < 3 {
		return ds, nil
	}
	c, requete := documentsLisibles(p), documentsNommes
	if p.Role == opco.RoleEntreprise {
		c, requete = clause{}, piecesNommees
		c.dansPortee(p)
	}
	c.args = append(c.args, p.Role, pq.Array(motsCherches(texte)), limite)
	n := len(c.args)
	requete = strings.NewReplacer("{portee}", c.where(), "{role}", fmt.Sprintf("$%d", n-2), "{mots}", fmt.Sprintf("$%d", n-1), "{limite}", fmt.Sprintf("$%d", n)).Replace(requete)
	err := enTemps(ctx, func(ctx context.Context) error {
		return s.lire(ctx, p, func(q sqlx.QueryerContext) error {
			return sqlx.SelectContext(ctx, q, &ds, requete, c.args...)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("finding the documents of a name: %w", err)
	}
	return ds, nil
}

// documentsNommes reads the documents of organismes.
const documentsNommes = `
	SELECT x.id::text AS id, 'document' AS genre, x.libelle AS titre, x.nom, COALESCE(x.courrier, '') AS courrier,
	       COALESCE(d.id::text, '') AS dossier, COALESCE(d.numero, '') AS dossier_numero
	FROM document x LEFT JOIN dossier d ON d.id = x.dossier
	WHERE {portee} AND x.recherche LIKE ALL ({mots}) AND {role}::text <> ''
	ORDER BY x.depose_le DESC, x.id DESC LIMIT {limite}`

// piecesNommees reads the pièces and the letters of the dossiers of a company, but the
// bank details and the expenses of its organisme. The letters are found by the names of
// the dossiers, written beforehand: behind its wall, a join would read every letter of
// the house.
const piecesNommees = `
	SELECT x.id, x.genre, x.titre, x.nom, '' AS courrier, d.id::text AS dossier, d.numero AS dossier_numero
	FROM (SELECT p.id::text AS id, 'piece' AS genre, p.titre, p.nom, p.depose_le AS le, p.dossier
	      FROM piece p JOIN dossier d ON d.id = p.dossier
	      WHERE {portee} AND (p.type NOT IN ('RIB', 'RELEVE_DEPENSES') OR p.depose_role = {role})
	      UNION ALL
	      SELECT c.id, 'lettre', c.sujet, '', c.le, dossier_de(c.objet)
	      FROM courrier c
	      WHERE c.lettre_pdf IS NOT NULL AND c.pour = {role} AND c.objet = ANY (ARRAY(SELECT 'dossier/' || d.id::text FROM dossier d WHERE {portee}))) x
	JOIN dossier d ON d.id = x.dossier
	WHERE lower(unaccent(x.titre || ' ' || x.nom)) LIKE ALL ({mots})
	ORDER BY x.le DESC, x.id DESC LIMIT {limite}`
