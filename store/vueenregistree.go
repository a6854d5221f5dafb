package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// VueEnregistree is a filter that somebody keeps under a name. Mienne says that the
// reader made it; Defaut that they open it first.
type VueEnregistree struct {
	ID       string `db:"id" json:"id"`
	Nom      string `db:"nom" json:"nom"`
	Filtre   string `db:"filtre" json:"filtre"` // the query of its address
	Auteur   string `db:"auteur" json:"auteur"`
	Partagee bool   `db:"partagee" json:"partagee"`
	Mienne   bool   `db:"mienne" json:"mienne"`
	Defaut   bool   `db:"defaut" json:"defaut"`
}

const requeteVues = `
	SELECT v.id, v.nom, v.filtre, v.auteur, v.partagee, v.personne = $1 AS mienne,
	       EXISTS (SELECT 1 FROM vue_defaut f WHERE f.personne = $1 AND f.vue = v.id) AS defaut
	FROM vue_enregistree v WHERE (v.personne = $1 OR v.partagee)`

// Vues lists the views of a person and those that others share, by name, theirs first.
func (s *Store) Vues(ctx context.Context, personne string) ([]VueEnregistree, error) {
	vs := []VueEnregistree{}
	err := s.DB.SelectContext(ctx, &vs, requeteVues+` ORDER BY v.personne = $1 DESC, lower(v.nom), v.id LIMIT 200`, personne)
	if err != nil {
		return nil, fmt.Errorf("listing views: %w", err)
	}
	return vs, nil
}

func vueInconnue() error {
	return opco.Errorf(opco.NotFound, "Cette vue n’existe pas, ou elle n’est plus partagée avec vous.")
}

// filtreVueMax bounds the query that a view keeps.
const filtreVueMax = 2000

// EnregistrerVue keeps a view of par: a new one, or the one of that id when it is
// theirs. Defaut makes it the one that they open first.
func (s *Store) EnregistrerVue(ctx context.Context, par opco.Acteur, v VueEnregistree) error {
	if err := opco.ValiderNomVue(v.Nom); err != nil {
		return err
	}
	if !uuidTexte(v.ID) {
		return vueInconnue()
	}
	if len(v.Filtre) > filtreVueMax {
		return opco.Champf("filtre", "Ce filtre est trop long pour être gardé.")
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
		if err := tx.GetContext(ctx, &n, `SELECT count(*) FROM vue_enregistree WHERE personne = $1 AND id <> $2`, par.Personne, v.ID); err != nil {
			return fmt.Errorf("counting views: %w", err)
		}
		if n >= r.File.VuesMax {
			return opco.Errorf(opco.Conflict, "Vous avez déjà %d vues : supprimez-en une qui ne sert plus.", r.File.VuesMax)
		}
		res, err := tx.ExecContext(ctx, `
			INSERT INTO vue_enregistree (id, nom, filtre, personne, auteur, partagee, cree_le) VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (id) DO UPDATE SET nom = EXCLUDED.nom, filtre = EXCLUDED.filtre, partagee = EXCLUDED.partagee
			WHERE vue_enregistree.personne = EXCLUDED.personne`, v.ID, v.Nom, v.Filtre, par.Personne, par.Nom, v.Partagee, le)
		if err != nil {
			return nomPris(err, "vue_enregistree_nom", "Vous avez déjà une vue de ce nom.")
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return sinon(err, vueInconnue())
		}
		if err := choisirDefaut(ctx, tx, par.Personne, v.ID, v.Defaut); err != nil {
			return err
		}
		return noterGeste(ctx, tx, "vue/"+v.ID, GesteModifier, par, le, v.Nom)
	})
}

// choisirDefaut makes a view the one that personne opens first, or no longer.
func choisirDefaut(ctx context.Context, tx *sqlx.Tx, personne, vue string, defaut bool) error {
	requete := `DELETE FROM vue_defaut WHERE personne = $1 AND vue = $2`
	if defaut {
		requete = `INSERT INTO vue_defaut (personne, vue) VALUES ($1, $2) ON CONFLICT (personne) DO UPDATE SET vue = EXCLUDED.vue`
	}
	if _, err := tx.ExecContext(ctx, requete, personne, vue); err != nil {
		return fmt.Errorf("choosing the first view: %w", err)
	}
	return nil
}

// OuvrirDAbord makes a view, of par or shared, the one that par opens first, or no
// longer.
func (s *Store) OuvrirDAbord(ctx context.Context, par opco.Acteur, id string, oui bool) error {
	if !uuidTexte(id) {
		return vueInconnue()
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		var v VueEnregistree
		if err := tx.GetContext(ctx, &v, requeteVues+` AND v.id = $2`, par.Personne, id); err != nil {
			return introuvable(err, "Cette vue n’existe pas, ou elle n’est plus partagée avec vous.")
		}
		return choisirDefaut(ctx, tx, par.Personne, id, oui)
	})
}

// SupprimerVue deletes a view of par. What somebody else shares is not theirs to delete.
func (s *Store) SupprimerVue(ctx context.Context, par opco.Acteur, id string) error {
	if !uuidTexte(id) {
		return vueInconnue()
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		var nom string
		if err := tx.GetContext(ctx, &nom, `DELETE FROM vue_enregistree WHERE id = $1 AND personne = $2 RETURNING nom`, id, par.Personne); err != nil {
			return introuvable(err, "Cette vue n’existe pas, ou elle n’est pas la vôtre.")
		}
		return noterGeste(ctx, tx, "vue/"+id, GesteSupprimer, par, le, nom)
	})
}
