package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Importation is a file of demandes: what it made, all together.
type Importation struct {
	ID      string    `db:"id" json:"id"`
	Fichier string    `db:"fichier" json:"fichier"`
	Lignes  int       `db:"lignes" json:"lignes"` // demandes
	Nom     string    `db:"nom" json:"nom"`
	Le      time.Time `db:"le" json:"le"`
}

// DemandeDeFichier is a demande that a file made, and the line where it starts.
type DemandeDeFichier struct {
	Rang    int  `json:"ligne"`
	EnCours bool `json:"en_cours"` // its Envoi is in the inbox
	LigneDossier
}

// espaceImport names the dossiers and the actes of a file: sent twice, it makes them once.
var espaceImport = uuid.MustParse("7b0c7a0e-52a4-4f0e-9d2f-3a6f1d1c0b08")

// IDImport returns the id of what a file, of which id is the sending, makes under a name.
func IDImport(id, nom string) string {
	return uuid.NewSHA1(espaceImport, []byte(id+"/"+nom)).String()
}

// Importer makes the brouillons of a file in one transaction: all of them, or none. par
// says who acts for an établissement. The same file sent again under the same id changes
// nothing; another one under that id is a Conflict. The demandes have been read by
// opco.LireImport and are of établissements that their author may write.
func (s *Store) Importer(ctx context.Context, im Importation, empreinte, personne string, ds []opco.DemandeImportee, par func(opco.SIRET) opco.Acteur) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		var deja []string
		err := tx.SelectContext(ctx, &deja, `
			INSERT INTO importation (id, empreinte, fichier, lignes, personne, nom, le) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (id) DO UPDATE SET id = importation.id RETURNING CASE WHEN xmax = 0 THEN '' WHEN empreinte = $2 AND personne = $5 THEN 'meme' ELSE 'autre' END`,
			im.ID, empreinte, im.Fichier, len(ds), personne, im.Nom, le)
		if err != nil {
			return fmt.Errorf("opening import %s: %w", im.ID, err)
		}
		switch deja[0] {
		case "meme":
			return nil
		case "autre":
			return opco.Errorf(opco.Conflict, "Cet identifiant d’envoi a déjà servi pour un autre fichier : rechargez la page.").AvecCode("ACTE_REUTILISE")
		}
		for _, d := range ds {
			if err := s.importerUne(ctx, tx, im.ID, d, par(d.Demande.Etablissement)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) importerUne(ctx context.Context, tx *sqlx.Tx, importation string, d opco.DemandeImportee, par opco.Acteur) error {
	charge, err := json.Marshal(d.Demande)
	if err != nil {
		return err
	}
	id := IDImport(importation, fmt.Sprint("dossier/", d.Ligne))
	a := opco.Acte{ID: IDImport(importation, fmt.Sprint("creer/", d.Ligne)), Objet: opco.ObjetDossier(id), Type: opco.ActeCreer, Charge: charge, Par: par}
	if _, err := s.appliquerDirect(ctx, tx, a, &opco.Dossier{ID: id, Demande: d.Demande}); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO importation_demande (importation, ligne, dossier) VALUES ($1, $2, $3)`, importation, d.Ligne, id)
	if err != nil {
		return fmt.Errorf("keeping line %d of import %s: %w", d.Ligne, importation, err)
	}
	return nil
}

// ImportationDe returns a file of which p reaches at least one demande.
func (s *Store) ImportationDe(ctx context.Context, p opco.Portee, id string) (Importation, error) {
	var c clause
	c.identifie(`i.id`, id)
	c.importeePar(p)
	var im Importation
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &im, `SELECT i.id, i.fichier, i.lignes, i.nom, i.le FROM importation i WHERE `+c.where(), c.args...)
	})
	if err != nil {
		return im, introuvable(err, "Cet import n’existe pas, ou vous n’y avez pas accès.")
	}
	return im, nil
}

// importeePar keeps the files of which a demande is within reach of p.
func (c *clause) importeePar(p opco.Portee) {
	d := clause{args: c.args}
	d.dansPortee(p)
	c.args = d.args
	c.et(`EXISTS (SELECT 1 FROM importation_demande x JOIN dossier d ON d.id = x.dossier WHERE x.importation = i.id AND ` + d.where() + `)`)
}

// DemandesImportees returns the demandes of a file that p reaches and that still are,
// after the line apres, limite at most; the last line read, 0 when there are no more.
func (s *Store) DemandesImportees(ctx context.Context, p opco.Portee, id string, apres, limite int) ([]DemandeDeFichier, int, error) {
	var c clause
	c.identifie(`x.importation`, id)
	c.et(`x.ligne > %s`, apres)
	c.dansPortee(p)
	limite = min(max(limite, 1), 500)
	var ls []struct {
		LigneDossier
		Rang    int  `db:"rang_fichier"`
		EnCours bool `db:"en_cours"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &ls, `SELECT x.ligne AS rang_fichier,
			EXISTS (SELECT 1 FROM acte a WHERE a.objet = 'dossier/' || d.id AND a.type = 'deposer' AND a.etat = 'recu') AS en_cours, `+colonnesLigne+` FROM importation_demande x JOIN dossier d ON d.id = x.dossier WHERE `+
			c.where()+fmt.Sprintf(` ORDER BY x.ligne LIMIT %d`, limite+1), c.args...)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("listing the demandes of import %s: %w", id, err)
	}
	suivant := 0
	if len(ls) > limite {
		ls = ls[:limite]
		suivant = ls[limite-1].Rang
	}
	lignes := make([]LigneDossier, len(ls))
	for i, l := range ls {
		lignes[i] = l.LigneDossier
	}
	if err := s.completer(ctx, p, lignes); err != nil {
		return nil, 0, err
	}
	ds := make([]DemandeDeFichier, len(ls))
	for i, l := range ls {
		ds[i] = DemandeDeFichier{l.Rang, l.EnCours, lignes[i]}
	}
	return ds, suivant, nil
}
