package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// espaceLots is the name space of the actes that actions make: the same dossier of the
// same action is the same acte, however often it is sent.
var espaceLots = uuid.MustParse("7b0f4c0e-6a58-4b0b-9e4f-3c1f8f0c2d15")

// ActeDeLot is the id of the acte that an action makes of a dossier.
func ActeDeLot(lot, dossier string) string {
	return uuid.NewSHA1(espaceLots, []byte(lot+"/"+dossier)).String()
}

// ActionsEnCours lists the actions that wait for a worker, the oldest first.
func (s *Store) ActionsEnCours(ctx context.Context) ([]ActionLotVue, error) {
	var ls []ligneActionLot
	err := s.DB.SelectContext(ctx, &ls, `SELECT `+colonnesActionLot+` FROM action_lot WHERE etat IN ('ESSAI', 'LANCEE') ORDER BY cree_le LIMIT 20`)
	if err != nil {
		return nil, fmt.Errorf("looking for actions to do: %w", err)
	}
	vs := make([]ActionLotVue, len(ls))
	for i, l := range ls {
		if vs[i], err = l.vue(); err != nil {
			return nil, err
		}
	}
	return vs, nil
}

// PrendreElements gives a worker at most limite dossiers of an action, for the time of
// bail: nobody else is given them meanwhile, and they come back if it dies. Those that
// nobody had come first: one whose procedure is stuck never holds one that is not.
func (s *Store) PrendreElements(ctx context.Context, v ActionLotVue, bail time.Duration, limite int) ([]ElementLot, error) {
	etat := elementAttend
	if v.Etat == LotLance {
		etat = elementBon
	}
	var es []ElementLot
	err := s.DB.SelectContext(ctx, &es, `
		WITH x AS (SELECT n FROM action_lot_element WHERE lot = $1 AND etat = $2 AND (bail_le IS NULL OR bail_le < clock_timestamp())
		           ORDER BY bail_le NULLS FIRST, n LIMIT $3 FOR UPDATE SKIP LOCKED)
		UPDATE action_lot_element e SET bail_le = clock_timestamp() + make_interval(secs => $4) FROM x
		WHERE e.lot = $1 AND e.n = x.n RETURNING e.n, e.dossier, e.etat, COALESCE(e.charge, 'null') AS charge, '' AS phrase, '' AS numero, '' AS entreprise_nom`,
		v.ID, etat, limite, bail.Seconds())
	if err != nil {
		return nil, fmt.Errorf("taking dossiers of action %s: %w", v.ID, err)
	}
	return es, nil
}

// EssayerElements says of each dossier whether an action would apply to it now, by the
// rules that will apply it, and writes the answers. One whose contents do not read is set
// aside with that reason; one that the base could not give is left for later, and told.
func (s *Store) EssayerElements(ctx context.Context, v ActionLotVue, es []ElementLot) error {
	essayer := s.essayerActes
	if v.Action.Geste() {
		essayer = s.essayerGestes
	}
	faits, refus, illisibles := essayer(ctx, v, es)
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		return noterElements(ctx, tx, v, faits, elementAttend, elementBon, "ECARTE", refus, nil)
	})
	return errors.Join(err, illisibles)
}

// essayerGestes makes the gesture of an action, and undoes it.
func (s *Store) essayerGestes(ctx context.Context, v ActionLotVue, es []ElementLot) (faits []ElementLot, refus map[string]*opco.Error, err error) {
	err = s.essayerPas(ctx, func(tx *sqlx.Tx) (err error) {
		refus, err = faireGestes(ctx, tx, v, es)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return es, refus, nil
}

// essayerActes tries the acte of an action on each dossier: what the dossier would
// become, undone. Each of faits is given what its acte will carry.
func (s *Store) essayerActes(ctx context.Context, v ActionLotVue, es []ElementLot) (faits []ElementLot, refuses map[string]*opco.Error, err error) {
	refuses = map[string]*opco.Error{}
	for _, e := range es {
		lue, illisible := s.essayerElement(ctx, v, e.Dossier)
		var refus *opco.Error
		if errors.Is(illisible, errIllisible) {
			illisible = opco.Errorf(opco.Conflict, "Ce dossier ne se lit pas : rien n’en est fait. Donnez son numéro à l’administrateur.").AvecCode("ILLISIBLE")
		}
		if errors.As(illisible, &refus) {
			refuses[e.Dossier], illisible = refus, nil
		}
		if illisible == nil && lue != nil {
			e.Charge, illisible = json.Marshal(lue)
		}
		if illisible != nil {
			err = errors.Join(err, fmt.Errorf("trying dossier %s: %w", e.Dossier, illisible))
			continue
		}
		faits = append(faits, e)
	}
	return faits, refuses, err
}

func (s *Store) essayerElement(ctx context.Context, v ActionLotVue, dossier string) (*opco.PropositionLue, error) {
	p := opco.Portee{Interne: true, Role: v.Role, Personne: v.Personne, Pour: v.Pour}
	t, charge, _ := v.Action.Acte(nil)
	brut, err := json.Marshal(charge)
	if err != nil {
		return nil, err
	}
	avant, err := s.Ligne(ctx, p, dossier)
	if err != nil {
		return nil, err
	}
	x, err := s.Apercevoir(ctx, p, dossier, opco.Acte{ID: ActeDeLot(v.ID, dossier), Type: t, Par: v.Par(), Charge: brut, Compte: v.Compte, Session: v.Session})
	if err != nil || v.Action.Genre != opco.LotAccorder {
		return nil, err
	}
	lue, err := opco.Accordable(&x.Dossier)
	if err == nil {
		lue.Rang = avant.Rang
	}
	return lue, err
}

// FaireGestes applies to dossiers what moves no procedure, and writes what became of
// each: one transaction, so that a gesture is never made without its result, nor twice.
// Those that another worker did meanwhile are left alone.
func (s *Store) FaireGestes(ctx context.Context, v ActionLotVue, es []ElementLot) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		restent, err := tenirElements(ctx, tx, v, es)
		if err != nil || len(restent) == 0 {
			return err
		}
		refus, err := faireGestes(ctx, tx, v, restent)
		if err != nil {
			return err
		}
		return noterElements(ctx, tx, v, restent, elementBon, "APPLIQUE", "REFUSE", refus, &le)
	})
}

// tenirElements keeps those of es that are still to do, under their row locks.
func tenirElements(ctx context.Context, tx *sqlx.Tx, v ActionLotVue, es []ElementLot) (restent []ElementLot, err error) {
	var ns []int
	err = tx.SelectContext(ctx, &ns, `SELECT n FROM action_lot_element WHERE lot = $1 AND n = ANY ($2) AND etat = 'APPLICABLE' ORDER BY n FOR UPDATE`,
		v.ID, pq.Array(rangs(es)))
	if err != nil {
		return nil, fmt.Errorf("holding dossiers of action %s: %w", v.ID, err)
	}
	for _, e := range es {
		if slices.Contains(ns, e.N) {
			restent = append(restent, e)
		}
	}
	return restent, nil
}

func rangs(es []ElementLot) []int64 {
	ns := make([]int64, len(es))
	for i, e := range es {
		ns[i] = int64(e.N)
	}
	return ns
}

// faireGestes makes the gesture of an action on each dossier, and says which refuse it.
func faireGestes(ctx context.Context, tx *sqlx.Tx, v ActionLotVue, es []ElementLot) (map[string]*opco.Error, error) {
	a, refuses := v.Action, map[string]*opco.Error{}
	le, err := maintenant(ctx, tx)
	if err != nil {
		return nil, err
	}
	if a.Genre == opco.LotEtiqueter || a.Genre == opco.LotDesetiqueter {
		return etiqueterElements(ctx, tx, v, es, le)
	}
	for _, e := range es {
		refus, err := apart(ctx, tx, func() error {
			if a.Genre == opco.LotReattribuer {
				return reattribuer(ctx, tx, v.Par(), []string{e.Dossier}, a.A, a.Raison, le)
			}
			return attendre(ctx, tx, v.Par(), e.Dossier, opco.Attente{JusquAu: a.JusquAu, Raison: a.Raison}, le)
		})
		if err != nil {
			return nil, err
		}
		if refus != nil {
			refuses[e.Dossier] = refus
		}
	}
	return refuses, nil
}

// etiqueterElements puts the label of an action on its dossiers, all at once.
func etiqueterElements(ctx context.Context, tx *sqlx.Tx, v ActionLotVue, es []ElementLot, le time.Time) (map[string]*opco.Error, error) {
	refuses, ids := map[string]*opco.Error{}, make([]string, len(es))
	for i, e := range es {
		ids[i] = e.Dossier
	}
	absents, err := etiqueter(ctx, tx, v.Par(), ids, v.Action.Etiquette, v.Action.Genre == opco.LotEtiqueter, le)
	var refus *opco.Error
	if errors.As(err, &refus) { // the label is gone
		absents, err = ids, nil
	}
	for _, id := range absents {
		if refuses[id] = refus; refus == nil {
			errors.As(dossierInconnu(), &refus)
			refuses[id] = refus
		}
	}
	return refuses, err
}

// apart makes one gesture among others: its refusal undoes it alone.
func apart(ctx context.Context, tx *sqlx.Tx, f func() error) (refus *opco.Error, err error) {
	if _, err := tx.ExecContext(ctx, `SAVEPOINT geste`); err != nil {
		return nil, fmt.Errorf("setting a gesture apart: %w", err)
	}
	if err = f(); err != nil && !errors.As(err, &refus) {
		return nil, err
	}
	fin := `RELEASE SAVEPOINT geste`
	if refus != nil {
		fin = `ROLLBACK TO SAVEPOINT geste; RELEASE SAVEPOINT geste`
	}
	if _, err := tx.ExecContext(ctx, fin); err != nil {
		return nil, fmt.Errorf("ending a gesture: %w", err)
	}
	return refus, nil
}

// NoterElement writes what became of a dossier: applied, or why not.
func (s *Store) NoterElement(ctx context.Context, v ActionLotVue, e ElementLot, refus *opco.Error) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	refuses := map[string]*opco.Error{}
	if refus != nil {
		refuses[e.Dossier] = refus
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		return noterElements(ctx, tx, v, []ElementLot{e}, elementBon, "APPLIQUE", "REFUSE", refuses, &le)
	})
}

// noterElements writes what became of dossiers that are still in the état de: bon, or
// mauvais with the sentence of its refusal. An action that was given up keeps what it
// had.
func noterElements(ctx context.Context, tx *sqlx.Tx, v ActionLotVue, es []ElementLot, de, bon, mauvais string, refus map[string]*opco.Error, le *time.Time) error {
	etats, phrases, charges := make([]string, len(es)), make([]string, len(es)), make([]sql.NullString, len(es))
	for i, e := range es {
		etats[i], charges[i] = bon, sql.NullString{String: string(e.Charge), Valid: len(e.Charge) > 0}
		if r := refus[e.Dossier]; r != nil {
			etats[i], phrases[i] = mauvais, r.Message
		}
	}
	_, err := tx.ExecContext(ctx, `
		WITH faits AS (
		    UPDATE action_lot_element e SET etat = x.etat, phrase = x.phrase, charge = NULLIF(x.charge, 'null')::jsonb, fait_le = $6, bail_le = NULL
		    FROM unnest($2::int[], $3::text[], $4::text[], $5::text[]) x (n, etat, phrase, charge)
		    WHERE e.lot = $1 AND e.n = x.n AND e.etat = $7 RETURNING e.etat),
		n AS (SELECT count(*) AS tous, count(*) FILTER (WHERE etat = 'APPLICABLE') AS applicable, count(*) FILTER (WHERE etat = 'ECARTE') AS ecarte,
		             count(*) FILTER (WHERE etat = 'APPLIQUE') AS applique, count(*) FILTER (WHERE etat = 'REFUSE') AS refuse FROM faits)
		UPDATE action_lot l SET attend = l.attend - CASE $7 WHEN 'ATTEND' THEN n.tous ELSE 0 END,
		    applicable = l.applicable + n.applicable - CASE $7 WHEN 'APPLICABLE' THEN n.tous ELSE 0 END,
		    ecarte = l.ecarte + n.ecarte, applique = l.applique + n.applique, refuse = l.refuse + n.refuse
		FROM n WHERE l.id = $1 AND n.tous > 0`,
		v.ID, pq.Array(rangs(es)), pq.Array(etats), pq.Array(phrases), pq.Array(charges), le, de)
	if err != nil {
		return fmt.Errorf("writing what became of dossiers: %w", err)
	}
	return nil
}

// AvancerActionLot ends a stage of an action once none of its dossiers is left, and tells
// the open pages how far it has gone since v was read, if it has: what tells them wakes the
// workers too.
func (s *Store) AvancerActionLot(ctx context.Context, v ActionLotVue) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		r, err := tx.ExecContext(ctx, `
			UPDATE action_lot SET etat = CASE etat WHEN 'ESSAI' THEN 'PRETE' ELSE 'TERMINEE' END,
			    terminee_le = CASE etat WHEN 'LANCEE' THEN $2 ELSE terminee_le END
			WHERE id = $1 AND (etat = 'ESSAI' AND attend = 0 OR etat = 'LANCEE' AND applicable = 0)`, v.ID, le)
		if err != nil {
			return fmt.Errorf("ending a stage of action %s: %w", v.ID, err)
		}
		finie, err := r.RowsAffected()
		if err != nil {
			return fmt.Errorf("ending a stage of action %s: %w", v.ID, err)
		}
		var bouge bool
		err = tx.GetContext(ctx, &bouge, `SELECT (attend, applicable) <> ($2::bigint, $3::bigint) FROM action_lot WHERE id = $1`, v.ID, v.Nombres.Attend, v.Nombres.Applicable)
		if err != nil {
			return fmt.Errorf("reading how far action %s has gone: %w", v.ID, err)
		}
		if finie == 0 && !bouge {
			return nil
		}
		return notifier(ctx, tx, "action", v.ID)
	})
}

// SuspendreActionLot stops an action by itself and says why: its author may no longer do
// it.
func (s *Store) SuspendreActionLot(ctx context.Context, id, raison string) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE action_lot SET etat = 'ARRETEE', raison = $2 WHERE id = $1 AND etat IN ('ESSAI', 'LANCEE')`, id, raison); err != nil {
			return fmt.Errorf("stopping action %s: %w", id, err)
		}
		return notifier(ctx, tx, "action", id)
	})
}

// ActesQuiAttendent counts the actes that came in the last depuis and wait for their
// verdict, at most plafond: those of people go first. What waits for longer is stuck, and
// nobody is served by waiting for it.
func (s *Store) ActesQuiAttendent(ctx context.Context, depuis time.Duration, plafond int) (n int, err error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return 0, err
	}
	err = s.DB.GetContext(ctx, &n, `SELECT count(*) FROM (SELECT 1 FROM acte WHERE etat = 'recu' AND recu_le > $2 LIMIT $1) x`, plafond, le.Add(-depuis))
	if err != nil {
		return 0, fmt.Errorf("counting what waits: %w", err)
	}
	return n, nil
}
