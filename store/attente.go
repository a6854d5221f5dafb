package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// AttenteVue is a dossier set aside, as lists show it.
type AttenteVue struct {
	JusquAu opco.Date `db:"jusqu_au" json:"jusqu_au"`
	Raison  string    `db:"raison" json:"raison"`
	Nom     string    `db:"nom" json:"nom"`
	Le      time.Time `db:"le" json:"le"`
}

// Attendre sets a dossier aside until a day, for a reason: it leaves its queue, and
// whoever held it gives it back. The legal deadline always wins.
func (s *Store) Attendre(ctx context.Context, par opco.Acteur, dossier string, a opco.Attente) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error { return attendre(ctx, tx, par, dossier, a, le) })
}

func attendre(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, dossier string, a opco.Attente, le time.Time) error {
	d, err := verrouillerTravail(ctx, tx, par, dossier)
	if err != nil {
		return err
	}
	r, err := parametres(ctx, tx, opco.JourDe(le))
	if err != nil {
		return err
	}
	if err := a.Valider(opco.JourDe(le), d.Limite, r.File); err != nil {
		return err
	}
	if err := d.tenuPar(par, le); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO attente (dossier, jusqu_au, reveil_le, raison, personne, nom, le) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (dossier) DO UPDATE SET jusqu_au = EXCLUDED.jusqu_au, reveil_le = EXCLUDED.reveil_le, raison = EXCLUDED.raison,
		    personne = EXCLUDED.personne, nom = EXCLUDED.nom, le = EXCLUDED.le`,
		dossier, a.JusquAu, a.Reveil(r.File), a.Raison, par.Personne, par.Nom, le)
	if err != nil {
		return fmt.Errorf("setting dossier %s aside: %w", dossier, err)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM prise WHERE dossier = $1`, dossier); err != nil {
		return fmt.Errorf("giving dossier %s back: %w", dossier, err)
	}
	return noterGeste(ctx, tx, opco.ObjetDossier(dossier), GesteAttendre, par, le, "jusqu’au "+a.JusquAu.Longue()+" : "+a.Raison)
}

// Reveiller brings a dossier that was set aside back to its queue. One that was not
// changes nothing.
func (s *Store) Reveiller(ctx context.Context, par opco.Acteur, dossier string) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if _, err := verrouillerTravail(ctx, tx, par, dossier); err != nil {
			return err
		}
		return reveiller(ctx, tx, par, dossier, le, "")
	})
}

// reveiller brings a dossier back, unless it waits no more; quoi is the news that does.
func reveiller(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, dossier string, le time.Time, quoi string) error {
	res, err := tx.ExecContext(ctx, `DELETE FROM attente WHERE dossier = $1`, dossier)
	if err != nil {
		return fmt.Errorf("bringing dossier %s back: %w", dossier, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return noterGeste(ctx, tx, opco.ObjetDossier(dossier), GesteReveiller, par, le, quoi)
}

// reveillerParNouvelle brings back a dossier that was set aside when an organisation
// sends something that is no acte: a pièce, a message.
func reveillerParNouvelle(ctx context.Context, tx *sqlx.Tx, dossier string, par opco.Acteur, le time.Time, quoi string) error {
	if par.Role.Interne() {
		return nil
	}
	return reveiller(ctx, tx, par, dossier, le, quoi)
}
