package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Interrupteur is a kill switch: who moved it last, when and why, and what it holds back.
type Interrupteur struct {
	Nom    string     `db:"nom" json:"nom"`
	Ferme  bool       `db:"ferme" json:"ferme"`
	Le     *time.Time `db:"le" json:"le,omitempty"`
	Par    string     `db:"par" json:"par,omitempty"`
	Motif  string     `db:"motif" json:"motif,omitempty"`
	Retenu int        `db:"retenu" json:"retenu"`
}

// Interrupteurs lists the kill switches.
func (s *Store) Interrupteurs(ctx context.Context) ([]Interrupteur, error) {
	var is []Interrupteur
	err := s.DB.SelectContext(ctx, &is, `
		SELECT x.nom, x.ferme, x.le, COALESCE(i.nom, '') AS par, COALESCE(i.motif, '') AS motif,
		       CASE WHEN NOT x.ferme THEN 0 WHEN x.nom = 'paiements' THEN (SELECT count(*) FROM lot WHERE etat IN ('VALIDE', 'EMIS'))
		            ELSE (SELECT count(*) FROM (SELECT 1 FROM courrier WHERE etat = 'A_ENVOYER' LIMIT 10000) c) END AS retenu
		FROM interrupteur x LEFT JOIN intervention i ON i.id = x.intervention ORDER BY x.nom DESC`)
	if err != nil {
		return nil, fmt.Errorf("reading the kill switches: %w", err)
	}
	return is, nil
}

// paiementsOuverts refuses, with opco.ErrPaiementsSuspendus, that a file leaves while the switch is
// closed. It holds the switch until the end of the transaction: who closes it waits for the file
// that is leaving, and none leaves after.
func paiementsOuverts(ctx context.Context, tx *sqlx.Tx) error {
	var ferme bool
	if err := tx.GetContext(ctx, &ferme, `SELECT ferme FROM interrupteur WHERE nom = 'paiements' FOR SHARE`); err != nil {
		return fmt.Errorf("reading the kill switch of payments: %w", err)
	}
	if ferme {
		return opco.ErrPaiementsSuspendus
	}
	return nil
}

// basculer moves the kill switch of an intervention, reads it again, and ends the intervention.
func basculer(ctx context.Context, tx *sqlx.Tx, v InterventionVue, le time.Time) error {
	nom, ferme := v.Demande.Verbe.Interrupteur()
	if nom == "paiements" && !ferme {
		if n, somme, err := departsInconnus(ctx, tx); err != nil || n > 0 {
			return errors.Join(err, refusDeparts(n, somme))
		}
	}
	_, err := tx.ExecContext(ctx, `UPDATE interrupteur SET ferme = $2, le = $3, intervention = $4 WHERE nom = $1`, nom, ferme, le, v.ID)
	if err != nil {
		return fmt.Errorf("moving the kill switch of %s: %w", nom, err)
	}
	var lu bool
	if err := tx.GetContext(ctx, &lu, `SELECT ferme FROM interrupteur WHERE nom = $1`, nom); err != nil || lu != ferme {
		return fmt.Errorf("reading the kill switch of %s again: %w", nom, errors.Join(err, opco.Conflict))
	}
	if err := clorePourMaison(ctx, tx, v, le, diteInterrupteur(nom, ferme)); err != nil {
		return err
	}
	return notifier(ctx, tx, "courrier", "")
}

// clorePourMaison ends an intervention on the whole house, done with its launch.
func clorePourMaison(ctx context.Context, tx *sqlx.Tx, v InterventionVue, le time.Time, conclusion string) error {
	_, err := tx.ExecContext(ctx, `UPDATE intervention SET etat = 'VERIFIEE', lancee_le = $2, terminee_le = $2, conclusion = $3 WHERE id = $1`, v.ID, le, conclusion)
	if err != nil {
		return fmt.Errorf("ending intervention %s: %w", v.ID, err)
	}
	return nil
}

func diteInterrupteur(nom string, ferme bool) string {
	if ferme {
		return "Constaté : les " + nom + " sont suspendus."
	}
	return "Constaté : les " + nom + " sont ouverts."
}
