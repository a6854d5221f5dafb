package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

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

// Etiquetage says which labels are put on a dossier, and which are taken off.
type Etiquetage struct{ Poser, Oter []string }

// Etiqueter puts labels on a dossier and takes others off: all of them, or none. Doing it
// again changes nothing.
func (s *Store) Etiqueter(ctx context.Context, par opco.Acteur, dossier string, e Etiquetage) error {
	if !uuidTexte(dossier) {
		return dossierInconnu()
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		for _, x := range slices.Concat(e.Oter, e.Poser) {
			absents, err := etiqueter(ctx, tx, par, []string{dossier}, x, slices.Contains(e.Poser, x), le)
			if err == nil && len(absents) > 0 {
				err = dossierInconnu()
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// etiqueter puts a label on dossiers, or takes it off, and returns those that are not
// there. Each that changes has its line in the journal of gestures.
func etiqueter(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, dossiers []string, etiquette string, poser bool, le time.Time) (absents []string, err error) {
	nom, err := nomEtiquette(ctx, tx, etiquette)
	if err != nil {
		return nil, err
	}
	err = tx.SelectContext(ctx, &absents, `
		SELECT x FROM unnest($1::uuid[]) x WHERE NOT EXISTS (SELECT 1 FROM dossier d WHERE d.id = x AND d.etat NOT IN ('BROUILLON', 'SUPPRIME'))`, pq.Array(dossiers))
	if err != nil {
		return nil, fmt.Errorf("reading the dossiers to label: %w", err)
	}
	geste, change := GesteEtiqueter, `
		INSERT INTO etiquette_dossier (dossier, etiquette, par, le)
		SELECT d.id, $2, $3, $6 FROM dossier d WHERE d.id = ANY ($1::uuid[]) AND d.etat NOT IN ('BROUILLON', 'SUPPRIME') ORDER BY d.id
		ON CONFLICT DO NOTHING RETURNING dossier`
	if !poser {
		geste, change = GesteDesetiquer, `DELETE FROM etiquette_dossier WHERE dossier = ANY ($1::uuid[]) AND etiquette = $2 RETURNING dossier`
	}
	_, err = tx.ExecContext(ctx, `
		WITH x AS (`+change+`)
		INSERT INTO geste (objet, type, personne, pour, nom, role, le, detail)
		SELECT $8 || x.dossier, $9, $3::text, $4, $5, $7, $6::timestamptz, $10 FROM x`,
		pq.Array(dossiers), etiquette, par.Personne, par.Pour, par.Nom, le, par.Role, opco.ObjetDossier(""), geste, nom)
	if err != nil {
		return nil, fmt.Errorf("labelling dossiers: %w", err)
	}
	return absents, nil
}

// nomEtiquette reads the name of a label, which stays while the transaction lasts.
func nomEtiquette(ctx context.Context, tx *sqlx.Tx, id string) (nom string, err error) {
	if !uuidTexte(id) {
		return "", etiquetteInconnue()
	}
	if err := tx.GetContext(ctx, &nom, `SELECT nom FROM etiquette WHERE id = $1 FOR KEY SHARE`, id); err != nil {
		return "", introuvable(err, "Cette étiquette n’existe pas, ou elle est supprimée.")
	}
	return nom, nil
}
