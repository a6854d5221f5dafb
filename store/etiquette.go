package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// EtiquetteLue is a label of the house, and how many dossiers bear it.
type EtiquetteLue struct {
	ID     string `db:"id" json:"id"`
	Nom    string `db:"nom" json:"nom"`
	Ton    string `db:"ton" json:"ton"`
	Nombre int64  `db:"nombre" json:"nombre"`
}

// Etiquettes lists the labels of the house, by name.
func (s *Store) Etiquettes(ctx context.Context) ([]EtiquetteLue, error) {
	es := []EtiquetteLue{}
	err := s.DB.SelectContext(ctx, &es, `
		SELECT e.id, e.nom, e.ton, (SELECT count(*) FROM etiquette_dossier x WHERE x.etiquette = e.id) AS nombre
		FROM etiquette e ORDER BY lower(e.nom), e.id LIMIT 1000`)
	if err != nil {
		return nil, fmt.Errorf("listing labels: %w", err)
	}
	return es, nil
}

func etiquetteInconnue() error {
	return opco.Errorf(opco.NotFound, "Cette étiquette n’existe pas, ou elle est supprimée.")
}

// CreerEtiquette adds a label; its id is the caller's, so that twice is once.
func (s *Store) CreerEtiquette(ctx context.Context, par opco.Acteur, id string, e opco.Etiquette) error {
	if err := e.Valider(); err != nil {
		return err
	}
	if !uuidTexte(id) {
		return etiquetteInconnue()
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		r, err := parametres(ctx, tx, opco.JourDe(le))
		if err != nil {
			return err
		}
		var n int
		if err := tx.GetContext(ctx, &n, `SELECT count(*) FROM etiquette WHERE id <> $1`, id); err != nil {
			return fmt.Errorf("counting labels: %w", err)
		}
		if n >= r.File.EtiquettesMax {
			return opco.Errorf(opco.Conflict, "La maison a déjà %d étiquettes : supprimez-en une qui ne sert plus.", r.File.EtiquettesMax)
		}
		res, err := tx.ExecContext(ctx, `INSERT INTO etiquette (id, nom, ton) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING`, id, e.Nom, e.Ton)
		if err != nil {
			return nomPris(err, "etiquette_nom", "Une étiquette porte déjà ce nom.")
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return noterGeste(ctx, tx, "etiquette/"+id, GesteCreer, par, le, e.Nom)
	})
}

// nomPris turns the breach of a unique name into its sentence.
func nomPris(err error, index, phrase string) error {
	if contrainte(err) == index {
		return opco.Champf("nom", "%s", phrase)
	}
	return fmt.Errorf("writing a name: %w", err)
}

// ModifierEtiquette renames a label or changes its tone.
func (s *Store) ModifierEtiquette(ctx context.Context, par opco.Acteur, id string, e opco.Etiquette) error {
	if err := e.Valider(); err != nil {
		return err
	}
	if !uuidTexte(id) {
		return etiquetteInconnue()
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE etiquette SET nom = $2, ton = $3 WHERE id = $1`, id, e.Nom, e.Ton)
		if err != nil {
			return nomPris(err, "etiquette_nom", "Une étiquette porte déjà ce nom.")
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return sinon(err, etiquetteInconnue())
		}
		return noterGeste(ctx, tx, "etiquette/"+id, GesteModifier, par, le, e.Nom)
	})
}

// sinon returns err, or autre when there is none.
func sinon(err, autre error) error {
	if err != nil {
		return err
	}
	return autre
}

// SupprimerEtiquette removes a label from the house and from every dossier.
func (s *Store) SupprimerEtiquette(ctx context.Context, par opco.Acteur, id string) error {
	if !uuidTexte(id) {
		return etiquetteInconnue()
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		var nom string
		if err := tx.GetContext(ctx, &nom, `DELETE FROM etiquette WHERE id = $1 RETURNING nom`, id); err != nil {
			return introuvable(err, "Cette étiquette n’existe pas, ou elle est supprimée.")
		}
		return noterGeste(ctx, tx, "etiquette/"+id, GesteSupprimer, par, le, nom)
	})
}

// Etiqueter puts a label on a dossier, or takes it off. Doing it again changes nothing.
func (s *Store) Etiqueter(ctx context.Context, par opco.Acteur, dossier, etiquette string, poser bool) error {
	if !uuidTexte(dossier) {
		return dossierInconnu()
	}
	if !uuidTexte(etiquette) {
		return etiquetteInconnue()
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		var la int
		err := tx.GetContext(ctx, &la, `SELECT 1 FROM dossier WHERE id = $1 AND etat NOT IN ('BROUILLON', 'SUPPRIME')`, dossier)
		if err != nil {
			return introuvable(err, "Ce dossier n’existe pas, ou vous n’y avez pas accès.")
		}
		var nom string
		if err := tx.GetContext(ctx, &nom, `SELECT nom FROM etiquette WHERE id = $1 FOR KEY SHARE`, etiquette); err != nil {
			return introuvable(err, "Cette étiquette n’existe pas, ou elle est supprimée.")
		}
		geste, requete, args := GesteEtiqueter, `INSERT INTO etiquette_dossier (dossier, etiquette, par, le) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			[]any{dossier, etiquette, par.Personne, le}
		if !poser {
			geste, requete, args = GesteDesetiquer, `DELETE FROM etiquette_dossier WHERE dossier = $1 AND etiquette = $2`, args[:2]
		}
		res, err := tx.ExecContext(ctx, requete, args...)
		if err != nil {
			return fmt.Errorf("labelling dossier %s: %w", dossier, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return noterGeste(ctx, tx, opco.ObjetDossier(dossier), geste, par, le, nom)
	})
}
