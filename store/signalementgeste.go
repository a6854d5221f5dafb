package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// GesteDeSignalement is what a person does to a signalement. Acte is its id: sent twice,
// it is done once.
type GesteDeSignalement struct {
	Acte   string
	Geste  opco.GesteSignalement
	Raison string
	Par    opco.Acteur
}

// AgirSurSignalement does a gesture to the signalement of a dossier, and returns the
// actes that it caused, for their procedures: the lots that pay the dossier and have not
// left look at their lines again. The refusals are those of opco.
func (s *Store) AgirSurSignalement(ctx context.Context, dossier string, g GesteDeSignalement) ([]opco.Acte, error) {
	var as []opco.Acte
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		as = nil
		le, err := maintenant(ctx, tx)
		if err != nil {
			return err
		}
		x, f, err := s.tenirSignalement(ctx, tx, dossier, g, le)
		if err != nil {
			return err
		}
		if deja, err := signalementDeja(ctx, tx, dossier, g); deja || err != nil {
			return err
		}
		if err := x.Agir(g.Geste, g.Par, g.Raison, f); err != nil {
			return err
		}
		if err := ecrireGesteSignalement(ctx, tx, x, g, le); err != nil {
			return err
		}
		if g.Geste == opco.GesteRetenir {
			as, err = relireLotsDuDossier(ctx, tx, dossier, g.Acte)
		}
		return err
	})
	return as, err
}

// tenirSignalement locks the dossier of a signalement, the signalement, then the
// règlements: who decides, validates a service fait or signs a lot waits, or is waited for.
func (s *Store) tenirSignalement(ctx context.Context, tx *sqlx.Tx, dossier string, g GesteDeSignalement, le time.Time) (opco.Signalement, opco.FaitsSignalement, error) {
	f := opco.FaitsSignalement{Le: le}
	if !uuidTexte(dossier) {
		return opco.Signalement{}, f, opco.Errorf(opco.NotFound, signalementInconnu)
	}
	d, err := verrouillerDossier(ctx, tx, opco.ObjetDossier(dossier))
	if err != nil {
		return opco.Signalement{}, f, introuvable(err, signalementInconnu)
	}
	x, err := verrouillerSignalement(ctx, tx, dossier)
	if errors.Is(err, opco.NotFound) && g.Geste == opco.GesteOuvrir {
		x, err = s.preparerControle(ctx, tx, d, le)
	}
	if err != nil {
		return x, f, err
	}
	x.DossierNumero, f.Tiers = d.Numero, d.Tiers()
	if f.Parametres, err = parametres(ctx, tx, opco.JourDe(le)); err != nil {
		return x, f, err
	}
	if f.Liens, err = liensDe(ctx, tx, g.Par); err != nil {
		return x, f, err
	}
	if f.Juges, err = ontJuge(ctx, tx, dossier); err != nil {
		return x, f, err
	}
	if _, err := tx.ExecContext(ctx, `SELECT 1 FROM reglement WHERE dossier = $1 ORDER BY id FOR UPDATE`, dossier); err != nil {
		return x, f, fmt.Errorf("locking the règlements of %s: %w", dossier, err)
	}
	err = tx.SelectContext(ctx, &f.Payeurs, `
		SELECT DISTINCT g.personne FROM reglement r JOIN lot_signature g ON g.lot = r.lot
		WHERE r.dossier = $1 AND r.etat IN ('PROPOSE', 'VALIDE', 'EMIS', 'ACCEPTE_BANQUE')`, dossier)
	if err != nil {
		return x, f, fmt.Errorf("reading who pays %s: %w", dossier, err)
	}
	return x, f, nil
}

// preparerControle writes the signalement of a dossier that has none, with the few signs
// that it bears, for a person who opens its contrôle. Nobody checks what was not sent.
func (s *Store) preparerControle(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, le time.Time) (opco.Signalement, error) {
	x := opco.Signalement{Dossier: d.ID, Etat: opco.SignalementEteint}
	if d.Etat == opco.EtatBrouillon || d.Etat == opco.EtatSupprime {
		return x, opco.Errorf(opco.NotFound, signalementInconnu)
	}
	f, err := s.faitsSignaux(ctx, tx, d, le)
	if err != nil {
		return x, err
	}
	x.Signaux = opco.SignauxDossier(d, f)
	if err := ecrireSignalement(ctx, tx, x, d.EnjeuControle(), le); err != nil {
		return x, err
	}
	return x, ecrireSignaux(ctx, tx, x, le)
}

// verrouillerSignalement reads the signalement of a dossier under lock.
func verrouillerSignalement(ctx context.Context, tx *sqlx.Tx, dossier string) (opco.Signalement, error) {
	x := opco.Signalement{Dossier: dossier}
	var l struct {
		Etat       opco.EtatSignalement `db:"etat"`
		Vus        pq.StringArray       `db:"vus"`
		Initiative bool                 `db:"initiative"`
	}
	err := tx.GetContext(ctx, &l, `
		SELECT s.etat, s.vus, COALESCE((SELECT p.fait = $2 FROM signalement_passage p WHERE p.dossier = s.dossier ORDER BY p.rang DESC LIMIT 1), false) AS initiative
		FROM signalement s WHERE s.dossier = $1 FOR UPDATE`, dossier, opco.GesteOuvrir)
	if err != nil {
		return x, introuvable(err, signalementInconnu)
	}
	x.Etat, x.Vus, x.Initiative = l.Etat, l.Vus, l.Initiative
	if x.Suspension, err = suspensionDe(ctx, tx, dossier); err != nil {
		return x, err
	}
	var ls []ligneSignal
	if err := tx.SelectContext(ctx, &ls, `SELECT code, points, texte FROM signal WHERE dossier = $1 ORDER BY rang`, dossier); err != nil {
		return x, fmt.Errorf("reading the signs of %s: %w", dossier, err)
	}
	for _, l := range ls {
		x.Signaux = append(x.Signaux, l.signal())
	}
	return x, nil
}

// ecrireGesteSignalement writes the signalement, its suspension and the line of its
// journal, and closes the incident of a review that has taken place.
func ecrireGesteSignalement(ctx context.Context, tx *sqlx.Tx, x opco.Signalement, g GesteDeSignalement, le time.Time) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO signalement_passage (dossier, rang, acte, fait, raison, personne, pour, nom, role, le)
		SELECT $1, count(*) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM signalement_passage WHERE dossier = $1`,
		x.Dossier, g.Acte, g.Geste, g.Raison, g.Par.Personne, g.Par.Pour, g.Par.Nom, g.Par.Role, le)
	if contrainte(err) == "signalement_passage_acte_key" {
		return acteReutilise()
	}
	if err != nil {
		return fmt.Errorf("journalling the signalement of %s: %w", x.Dossier, err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE signalement SET etat = $2, vus = $3, modifie_le = $4 WHERE dossier = $1`,
		x.Dossier, x.Etat, tableau(x.Vus), le); err != nil {
		return fmt.Errorf("writing the signalement of %s: %w", x.Dossier, err)
	}
	if x.Suspension == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM dossier_suspendu WHERE dossier = $1`, x.Dossier)
	} else {
		_, err = tx.ExecContext(ctx, `
			INSERT INTO dossier_suspendu (dossier, depuis, revoir_le) VALUES ($1, $2, $3)
			ON CONFLICT (dossier) DO UPDATE SET revoir_le = EXCLUDED.revoir_le`, x.Dossier, x.Suspension.Depuis, x.Suspension.RevoirLe)
	}
	if err != nil {
		return fmt.Errorf("writing the suspension of %s: %w", x.Dossier, err)
	}
	_, err = tx.ExecContext(ctx, `UPDATE incident SET clos_le = $2 WHERE objet = $1 AND activite = 'suspension' AND clos_le IS NULL`,
		opco.ObjetDossier(x.Dossier), le)
	if err != nil {
		return fmt.Errorf("closing the incident of the suspension of %s: %w", x.Dossier, err)
	}
	if err := notifier(ctx, tx, "signalement", x.Dossier); err != nil {
		return err
	}
	return notifier(ctx, tx, "dossier", x.Dossier)
}

// signalementDeja reports whether an acte was done before: the same thing to the same
// signalement, for the same reason, by the same person. It is read once the dossier is
// locked: of two clicks, the second sees what the first did.
func signalementDeja(ctx context.Context, tx *sqlx.Tx, dossier string, g GesteDeSignalement) (bool, error) {
	var l struct{ Dossier, Fait, Raison, Personne string }
	err := tx.GetContext(ctx, &l, `SELECT dossier, fait, raison, personne FROM signalement_passage WHERE acte = $1`, g.Acte)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for acte %s: %w", g.Acte, err)
	}
	if l.Dossier != dossier || l.Fait != string(g.Geste) || l.Raison != g.Raison || l.Personne != g.Par.Personne {
		return false, acteReutilise()
	}
	return true, nil
}

// relireLotsDuDossier asks the lots that have not left, and that pay a dossier, to look
// at their lines again.
func relireLotsDuDossier(ctx context.Context, tx *sqlx.Tx, dossier, cause string) ([]opco.Acte, error) {
	var lots []string
	err := tx.SelectContext(ctx, &lots, `SELECT DISTINCT lot FROM reglement WHERE dossier = $1 AND etat IN ('PROPOSE', 'VALIDE') AND lot IS NOT NULL ORDER BY 1`, dossier)
	if err != nil {
		return nil, fmt.Errorf("looking for the lots that pay dossier %s: %w", dossier, err)
	}
	return relireCesLots(ctx, tx, lots, cause)
}

// RappelerSuspensions opens the incident of each suspension whose review has not taken
// place in time, and tells how many it opened: money never waits in silence.
func (s *Store) RappelerSuspensions(ctx context.Context) (int, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return 0, err
	}
	res, err := s.DB.ExecContext(ctx, `
		INSERT INTO incident (id, objet, activite, essais, erreur, ouvert_le)
		SELECT 'dossier/' || x.dossier || '/suspension/' || x.revoir_le, 'dossier/' || x.dossier, 'suspension', 1,
		       'Suspendu par le contrôle depuis le ' || to_char(x.depuis AT TIME ZONE 'Europe/Paris', 'DD/MM/YYYY') || ', à revoir avant le ' || to_char(x.revoir_le, 'DD/MM/YYYY') ||
		       ' : personne ne l’a revu. Un contrôleur lève la suspension, ou la prolonge en disant pourquoi.', $2
		FROM dossier_suspendu x WHERE x.revoir_le < $1
		  AND NOT EXISTS (SELECT 1 FROM incident i WHERE i.id = 'dossier/' || x.dossier || '/suspension/' || x.revoir_le) ORDER BY x.revoir_le LIMIT 500
		ON CONFLICT (id) DO NOTHING`, opco.JourDe(le), le)
	if err != nil {
		return 0, fmt.Errorf("opening the incidents of suspensions: %w", err)
	}
	n, err := res.RowsAffected()
	return int(n), err
}
