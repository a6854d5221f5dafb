package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// attenteRIBs is how long the worker waits at most before it looks for holds again.
const attenteRIBs = 30 * time.Second

// faitService is the deed of which a RIB that cannot be put in service is an incident.
const faitService = "MettreEnService"

// EchoirRIBs puts in service the RIBs whose hold has ended: the account that is paid
// changes then, and not before. One that cannot be is an incident, and holds back no
// other. It returns how long the next hold lasts, attenteRIBs at most.
func (s *Store) EchoirRIBs(ctx context.Context) (time.Duration, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return attenteRIBs, err
	}
	const page = 100
	var apres ribDu
	for {
		var dus []ribDu
		err := s.DB.SelectContext(ctx, &dus, `
			SELECT id, actif_le FROM rib WHERE etat = 'VALIDE' AND actif_le <= $1 AND (actif_le, id::text) > ($2, $3)
			ORDER BY actif_le, id::text LIMIT $4`, le, apres.ActifLe, apres.ID, page)
		if err != nil {
			return attenteRIBs, fmt.Errorf("looking for RIBs to put in service: %w", err)
		}
		for _, d := range dus {
			if err := s.servirRIB(ctx, d.ID, le); err != nil {
				return attenteRIBs, err
			}
			apres = d
		}
		if len(dus) < page {
			return s.prochainRIB(ctx, le)
		}
	}
}

type ribDu struct {
	ID      string    `db:"id"`
	ActifLe time.Time `db:"actif_le"`
}

// servirRIB puts one RIB in service, or notes as an incident why it cannot be. Its
// error is that of a base that answers nothing any more.
func (s *Store) servirRIB(ctx context.Context, id string, le time.Time) error {
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		l, err := verrouillerRIB(ctx, tx, id)
		if err != nil {
			return err
		}
		return mettreEnService(ctx, tx, l, le)
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return s.Signaler(ctx, "rib/"+id, faitService, 1, err.Error())
	}
	return s.Clore(ctx, "rib/"+id, faitService)
}

// prochainRIB is how long after le the next hold ends.
func (s *Store) prochainRIB(ctx context.Context, le time.Time) (time.Duration, error) {
	var prochain *time.Time
	err := s.DB.GetContext(ctx, &prochain, `SELECT min(actif_le) FROM rib WHERE etat = 'VALIDE' AND actif_le > $1`, le)
	if err != nil {
		return attenteRIBs, fmt.Errorf("looking for the next RIB: %w", err)
	}
	if prochain == nil {
		return attenteRIBs, nil
	}
	return min(prochain.Sub(le), attenteRIBs), nil
}

// du reports whether the hold of l has ended at le.
func (l ligneRIB) du(le time.Time) bool {
	return l.Etat == opco.RIBValide && !instantOuZero(l.ActifLe).After(le)
}

// mettreEnService makes l, locked, the account that is paid. It does nothing to a RIB
// that somebody else put in service, or refused.
func mettreEnService(ctx context.Context, tx *sqlx.Tx, l ligneRIB, le time.Time) error {
	if !l.du(le) {
		return nil
	}
	table := "entreprise"
	if l.Sorte == opco.RoleOrganisme {
		table = "organisme"
	}
	for _, q := range []string{
		`UPDATE rib SET etat = 'REMPLACE', modifie_le = $2 WHERE (siren, sorte) = (SELECT siren, sorte FROM rib WHERE id = $1) AND etat IN ('ACTIF', 'GELE')`,
		`UPDATE rib SET etat = 'ACTIF', modifie_le = $2 WHERE id = $1`,
		`UPDATE ` + table + ` t SET iban = b.iban FROM rib b WHERE b.id = $1 AND t.siren = b.siren AND $2::timestamptz IS NOT NULL`,
	} {
		if _, err := tx.ExecContext(ctx, q, l.ID, le); err != nil {
			return fmt.Errorf("putting RIB %s in service: %w", l.ID, err)
		}
	}
	rang, err := passerRIB(ctx, tx, acteRIB{Rib: l.ID, Fait: "en_service", Par: opco.ActeurSysteme()}, "", le)
	if err != nil {
		return err
	}
	return prevenirTitulaire(ctx, tx, l.rib(), lignePartie{Nom: l.Nom, Email: l.Contact, IBAN: string(l.Ancien)}, opco.CourrierRIBActif, rang, le)
}

// servirLePaye puts in service the RIB of a payee whose hold has ended: what is paid
// at that very instant does not wait for the worker.
func servirLePaye(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN, sorte opco.Role, le time.Time) error {
	var id string
	err := tx.GetContext(ctx, &id, `SELECT id FROM rib WHERE siren = $1 AND sorte = $2 AND etat = 'VALIDE' AND actif_le <= $3`, siren, sorte, le)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for the RIB of %s: %w", siren, err)
	}
	l, err := verrouillerRIB(ctx, tx, id)
	if err != nil {
		return err
	}
	return mettreEnService(ctx, tx, l, le)
}
