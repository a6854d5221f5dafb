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

// actesSignaux are those after which the signs of a dossier may be others. A dossier
// that has a signalement is computed again after each: what is at stake moves.
var actesSignaux = []string{string(opco.ActeDeposer), string(opco.ActeDecider), string(opco.ActeValider), string(opco.ActeJoindre),
	string(opco.ActeCertifier), string(opco.ActeFacturer), string(opco.ActeRetirerStagiaire)}

// attendreSignaux asks the worker to compute the signs of a dossier again.
func attendreSignaux(ctx context.Context, tx *sqlx.Tx, dossier string, t opco.TypeActe) error {
	res, err := tx.ExecContext(ctx, `
		INSERT INTO signal_attente (dossier)
		SELECT $1 WHERE $2 = ANY ($3) OR EXISTS (SELECT 1 FROM signalement WHERE dossier = $1)
		ON CONFLICT (dossier) DO NOTHING`, dossier, t, pq.Array(actesSignaux))
	if err != nil {
		return fmt.Errorf("asking for the signs of %s: %w", dossier, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	return notifier(ctx, tx, "signaux", dossier)
}

// signauxParPaye bounds how many dossiers one change of a payee has computed again, the
// last moved first: older ones are paid, or will move.
const signauxParPaye = 500

// attendreSignauxDe asks for the signs of the open dossiers of an organisation, and of
// those that share its account, after its record or its account changed.
func attendreSignauxDe(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN, iban opco.IBAN) error {
	_, err := tx.ExecContext(ctx, `
		WITH o AS (SELECT $1 AS siren UNION
		           SELECT siren FROM organisme WHERE iban = $2 AND iban <> '' UNION
		           SELECT siren FROM entreprise WHERE iban = $2 AND iban <> '' UNION
		           SELECT siren FROM rib WHERE iban = $2 AND $2 <> '' AND etat NOT IN ('REFUSE', 'REMPLACE'))
		INSERT INTO signal_attente (dossier)
		SELECT d.id FROM dossier d
		WHERE d.etat NOT IN ('BROUILLON', 'SUPPRIME', 'REFUSEE', 'SANS_SUITE', 'ANNULEE', 'CLOTUREE')
		  AND (d.siren IN (SELECT siren FROM o) OR d.organisme IN (SELECT e.siret FROM etablissement e JOIN o USING (siren)))
		ORDER BY d.modifie_le DESC LIMIT $3
		ON CONFLICT (dossier) DO NOTHING`, siren, iban, signauxParPaye)
	if err != nil {
		return fmt.Errorf("asking for the signs of the dossiers of %s: %w", siren, err)
	}
	return notifier(ctx, tx, "signaux", string(siren))
}

// attendreSignauxDuRIB asks for the signs of the dossiers that a RIB is about.
func attendreSignauxDuRIB(ctx context.Context, tx *sqlx.Tx, rib string) error {
	var l struct {
		SIREN opco.SIREN `db:"siren"`
		IBAN  opco.IBAN  `db:"iban"`
	}
	if err := tx.GetContext(ctx, &l, `SELECT siren, iban FROM rib WHERE id = $1`, rib); err != nil {
		return fmt.Errorf("reading RIB %s: %w", rib, err)
	}
	return attendreSignauxDe(ctx, tx, l.SIREN, l.IBAN)
}

// CalculerSignaux computes the signs of at most limite dossiers that wait for it, and
// tells how many it did. A dossier that cannot be computed waits a minute, and is told:
// it keeps nobody else waiting.
func (s *Store) CalculerSignaux(ctx context.Context, limite int) (int, error) {
	n := 0
	for n < limite {
		dossier, err := s.calculerSuivant(ctx)
		if dossier == "" {
			return n, err
		}
		if err == nil {
			if err := s.Clore(ctx, opco.ObjetDossier(dossier), "signaux"); err != nil {
				return n, err
			}
			n++
			continue
		}
		if e := s.Signaler(ctx, opco.ObjetDossier(dossier), "signaux", 1, err.Error()); e != nil {
			return n, e
		}
		if _, e := s.DB.ExecContext(ctx, `UPDATE signal_attente SET le = clock_timestamp() + interval '1 minute' WHERE dossier = $1`, dossier); e != nil {
			return n, fmt.Errorf("putting off the signs of %s: %w", dossier, e)
		}
	}
	return n, nil
}

// calculerSuivant computes the signs of the dossier that has waited longest, and names
// it, "" when none waits.
func (s *Store) calculerSuivant(ctx context.Context) (dossier string, err error) {
	err = s.transact(ctx, func(tx *sqlx.Tx) error {
		dossier = ""
		err := tx.GetContext(ctx, &dossier, `
			SELECT dossier FROM signal_attente WHERE le <= clock_timestamp() ORDER BY le LIMIT 1 FOR UPDATE SKIP LOCKED`)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("taking a dossier to compute: %w", err)
		}
		return s.calculerSignaux(ctx, tx, dossier)
	})
	return dossier, err
}

// calculerSignaux locks the dossier before it forgets that it waits: a step of the dossier
// that comes meanwhile finds it waiting still, or asks again.
func (s *Store) calculerSignaux(ctx context.Context, tx *sqlx.Tx, dossier string) error {
	d, err := verrouillerDossier(ctx, tx, opco.ObjetDossier(dossier))
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM signal_attente WHERE dossier = $1`, dossier); err != nil {
		return fmt.Errorf("taking %s from those that wait: %w", dossier, err)
	}
	le, err := maintenant(ctx, tx)
	if err != nil {
		return err
	}
	x, err := verrouillerSignalement(ctx, tx, dossier)
	if err != nil && !errors.Is(err, opco.NotFound) {
		return err
	}
	f, err := s.faitsSignaux(ctx, tx, d, le)
	if err != nil {
		return err
	}
	if !x.Recalculer(opco.SignauxDossier(d, f), f.Parametres.Signaux) {
		return nil
	}
	x.Dossier = dossier
	if err := ecrireSignalement(ctx, tx, x, d.EnjeuControle(), le); err != nil {
		return err
	}
	return ecrireSignaux(ctx, tx, x, le)
}

// ecrireSignalement writes a signalement as it now stands.
func ecrireSignalement(ctx context.Context, tx *sqlx.Tx, x opco.Signalement, enjeu opco.Montant, le time.Time) error {
	codes := make([]string, len(x.Signaux))
	for i, c := range x.Signaux {
		codes[i] = c.Code
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO signalement (dossier, etat, points, enjeu, codes, vus, ouvert_le, modifie_le) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
		ON CONFLICT (dossier) DO UPDATE SET etat = EXCLUDED.etat, points = EXCLUDED.points, enjeu = EXCLUDED.enjeu, codes = EXCLUDED.codes, vus = EXCLUDED.vus,
		    modifie_le = CASE WHEN signalement.etat <> EXCLUDED.etat OR signalement.codes <> EXCLUDED.codes THEN EXCLUDED.modifie_le ELSE signalement.modifie_le END`,
		x.Dossier, x.Etat, opco.PointsSignaux(x.Signaux), enjeu, pq.Array(codes), pq.Array(append([]string{}, x.Vus...)), le)
	if err != nil {
		return fmt.Errorf("writing the signalement of %s: %w", x.Dossier, err)
	}
	return notifier(ctx, tx, "signalement", x.Dossier)
}

// ecrireSignaux writes the signs of a dossier: each once, those that went away dropped.
func ecrireSignaux(ctx context.Context, tx *sqlx.Tx, x opco.Signalement, le time.Time) error {
	codes := make([]string, len(x.Signaux))
	for i, c := range x.Signaux {
		codes[i] = c.Code
		_, err := tx.ExecContext(ctx, `
			INSERT INTO signal (dossier, code, rang, points, texte, vu_le) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (dossier, code) DO UPDATE SET rang = EXCLUDED.rang, points = EXCLUDED.points, texte = EXCLUDED.texte`,
			x.Dossier, c.Code, i+1, c.Points, c.Texte, le)
		if err != nil {
			return fmt.Errorf("writing the sign %s of %s: %w", c.Code, x.Dossier, err)
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM signal WHERE dossier = $1 AND code <> ALL ($2)`, x.Dossier, pq.Array(codes)); err != nil {
		return fmt.Errorf("dropping the signs of %s that went away: %w", x.Dossier, err)
	}
	return nil
}
