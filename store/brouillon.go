package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Version returns how many times a brouillon was saved: what its next writer must
// have read.
func (s *Store) Version(ctx context.Context, p opco.Portee, id string) (int64, error) {
	var c clause
	c.dansPortee(p)
	c.identifie(`d.id`, id)
	var v int64
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &v, `SELECT version FROM dossier d WHERE `+c.where(), c.args...)
	})
	if err != nil {
		return 0, introuvable(err, "Ce dossier n’existe pas, ou vous n’y avez pas accès.")
	}
	return v, nil
}

// EnregistrerBrouillon replaces the content of a brouillon of an établissement of
// p, if version is still its own, and returns the new version (T02). It is not an
// acte: no procedure waits for it and nothing is sent. Conflict when someone saved
// in between or the demande was sent; Invalid when the content can never be kept.
func (s *Store) EnregistrerBrouillon(ctx context.Context, p opco.Portee, id string, version int64, dem opco.Demande) (int64, error) {
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		d, err := verrouillerBrouillon(ctx, tx, p, id, version)
		if err != nil {
			return err
		}
		d.Demande = dem.Normalisee()
		if _, err := tx.ExecContext(ctx, `DELETE FROM saisie WHERE dossier = $1`, id); err != nil {
			return fmt.Errorf("closing the entry of %s: %w", id, err)
		}
		return remplacerBrouillon(ctx, tx, d)
	})
	return version + 1, err
}

func verrouillerBrouillon(ctx context.Context, tx *sqlx.Tx, p opco.Portee, id string, version int64) (*opco.Dossier, error) {
	var l struct {
		Etat    opco.Etat `db:"etat"`
		Version int64     `db:"version"`
		Contenu []byte    `db:"contenu"`
	}
	err := tx.GetContext(ctx, &l, `
		SELECT etat, version, contenu FROM dossier
		WHERE id = $1 AND etablissement = ANY ($2) AND etat <> 'SUPPRIME' FOR UPDATE`, id, pq.Array(p.SIRETs))
	if err != nil {
		return nil, introuvable(err, "Ce dossier n’existe pas, ou vous n’y avez pas accès.")
	}
	if l.Etat != opco.EtatBrouillon {
		return nil, opco.Errorf(opco.Conflict, "Cette demande a été envoyée : elle ne se modifie plus. Vous pouvez encore lui ajouter des pièces.").
			AvecCode("DEJA_ENVOYEE")
	}
	if attend, err := acteEnAttente(ctx, tx, opco.ObjetDossier(id)); err != nil || attend {
		return nil, cmp.Or(err, error(opco.Errorf(opco.Conflict,
			"Cette demande est en cours d’envoi : elle ne se modifie plus. Suivez-la dans un instant.").AvecCode("ENVOI_EN_COURS")))
	}
	if l.Version != version {
		return nil, opco.Errorf(opco.Conflict, "Ce brouillon a été enregistré ailleurs entre-temps. Rechargez-le avant de le modifier.").
			AvecCode("VERSION_DEPASSEE")
	}
	return lireContenu(l.Contenu)
}

func remplacerBrouillon(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) error {
	contenu, err := json.Marshal(d)
	if err != nil {
		return err
	}
	resume, err := json.Marshal(d.Resume())
	if err != nil {
		return err
	}
	n, err := nomsDe(ctx, tx, d)
	if err != nil {
		return err
	}
	x := d.Demande
	_, err = tx.ExecContext(ctx, `
		UPDATE dossier SET version = version + 1, etablissement = $2, siren = $3, organisme = $4, entreprise_nom = $5,
		    organisme_nom = $6, intitule = $7, debut = $8, fin = $9, demande = $10, resume = $11, contenu = $12, recherche = $13,
		    modifie_le = clock_timestamp() + make_interval(secs => (SELECT decalage_ns FROM horloge) / 1e9)
		WHERE id = $1`,
		d.ID, x.Etablissement, x.Etablissement.SIREN(), x.Organisme.SIRET, n.entreprise, n.organisme, x.Intitule, x.Debut, x.Fin,
		x.Total(), resume, contenu, recherche(d, n))
	if err != nil {
		return fmt.Errorf("saving brouillon %s: %w", d.ID, err)
	}
	return ecrireStagiaires(ctx, tx, d)
}
