package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

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
// bail: nobody else is given them meanwhile, and they come back if it dies.
func (s *Store) PrendreElements(ctx context.Context, v ActionLotVue, bail time.Duration, limite int) ([]ElementLot, error) {
	etat := elementAttend
	if v.Etat == LotLance {
		etat = elementBon
	}
	var es []ElementLot
	err := s.DB.SelectContext(ctx, &es, `
		WITH x AS (SELECT n FROM action_lot_element WHERE lot = $1 AND etat = $2 AND (bail_le IS NULL OR bail_le < clock_timestamp())
		           ORDER BY n LIMIT $3 FOR UPDATE SKIP LOCKED)
		UPDATE action_lot_element e SET bail_le = clock_timestamp() + make_interval(secs => $4) FROM x
		WHERE e.lot = $1 AND e.n = x.n RETURNING e.n, e.dossier, e.etat, COALESCE(e.charge, 'null') AS charge, '' AS phrase, '' AS numero, '' AS entreprise_nom`,
		v.ID, etat, limite, bail.Seconds())
	if err != nil {
		return nil, fmt.Errorf("taking dossiers of action %s: %w", v.ID, err)
	}
	return es, nil
}

// EssayerElement says whether an action would apply to a dossier now, by the rules
// that will apply it, and writes the answer.
func (s *Store) EssayerElement(ctx context.Context, v ActionLotVue, e ElementLot) error {
	lue, err := s.essayerElement(ctx, v, e.Dossier)
	var refus *opco.Error
	if err != nil && !errors.As(err, &refus) {
		return err
	}
	etat, phrase := elementBon, ""
	if refus != nil {
		etat, phrase = "ECARTE", refus.Message
	}
	var charge []byte
	if lue != nil {
		if charge, err = json.Marshal(lue); err != nil {
			return err
		}
	}
	_, err = s.DB.ExecContext(ctx, `
		UPDATE action_lot_element SET etat = $3, phrase = $4, charge = $5, bail_le = NULL WHERE lot = $1 AND n = $2 AND etat = 'ATTEND'`,
		v.ID, e.N, etat, phrase, charge)
	if err != nil {
		return fmt.Errorf("writing the trial of a dossier: %w", err)
	}
	return nil
}

func (s *Store) essayerElement(ctx context.Context, v ActionLotVue, dossier string) (*opco.PropositionLue, error) {
	p := opco.Portee{Interne: true, Role: v.Role, Personne: v.Personne, Pour: v.Pour}
	t, charge, acte := v.Action.Acte(nil)
	if !acte {
		return nil, s.essayerGeste(ctx, p, v, dossier)
	}
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

// essayerGeste is the trial of what moves no procedure.
func (s *Store) essayerGeste(ctx context.Context, p opco.Portee, v ActionLotVue, dossier string) error {
	l, err := s.Ligne(ctx, p, dossier)
	if err != nil {
		return err
	}
	switch {
	case l.Etat.Final() && v.Action.Genre != opco.LotEtiqueter && v.Action.Genre != opco.LotDesetiqueter:
		return opco.Errorf(opco.Conflict, "Ce dossier est terminé : il n’est plus dans une file.")
	case v.Action.Genre != opco.LotAttendre:
		return nil
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	r, err := s.Parametres(ctx, opco.JourDe(le))
	if err != nil {
		return err
	}
	return opco.Attente{JusquAu: v.Action.JusquAu, Raison: v.Action.Raison}.Valider(opco.JourDe(le), l.Limite, r.File)
}

// FaireGeste applies to a dossier what moves no procedure. What is done already is not
// done again.
func (s *Store) FaireGeste(ctx context.Context, v ActionLotVue, dossier string) error {
	a := v.Action
	switch a.Genre {
	case opco.LotEtiqueter, opco.LotDesetiqueter:
		return s.Etiqueter(ctx, v.Par(), dossier, a.Etiquette, a.Genre == opco.LotEtiqueter)
	case opco.LotReattribuer:
		if deja, err := s.existe(ctx, `SELECT 1 FROM attribution WHERE dossier = $1 AND personne = $2 AND par = $3 AND raison = $4`, dossier, a.A, v.Personne, a.Raison); err != nil || deja {
			return err
		}
		return s.Reattribuer(ctx, v.Par(), []string{dossier}, a.A, a.Raison)
	case opco.LotAttendre:
		if deja, err := s.existe(ctx, `SELECT 1 FROM attente WHERE dossier = $1 AND jusqu_au = $2 AND personne = $3 AND raison = $4`, dossier, a.JusquAu, v.Personne, a.Raison); err != nil || deja {
			return err
		}
		return s.Attendre(ctx, v.Par(), dossier, opco.Attente{JusquAu: a.JusquAu, Raison: a.Raison})
	}
	return fmt.Errorf("action %s is an acte: %s", v.ID, a.Genre)
}

func (s *Store) existe(ctx context.Context, requete string, args ...any) (bool, error) {
	var oui bool
	if err := s.DB.GetContext(ctx, &oui, `SELECT EXISTS (`+requete+`)`, args...); err != nil {
		return false, fmt.Errorf("looking for what is done already: %w", err)
	}
	return oui, nil
}

// NoterElement writes what became of a dossier: applied, or why not.
func (s *Store) NoterElement(ctx context.Context, v ActionLotVue, e ElementLot, refus *opco.Error) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	etat, phrase := "APPLIQUE", ""
	if refus != nil {
		etat, phrase = "REFUSE", refus.Message
	}
	_, err = s.DB.ExecContext(ctx, `
		UPDATE action_lot_element SET etat = $3, phrase = $4, fait_le = $5, bail_le = NULL WHERE lot = $1 AND n = $2 AND etat = 'APPLICABLE'`,
		v.ID, e.N, etat, phrase, le)
	if err != nil {
		return fmt.Errorf("writing what became of a dossier: %w", err)
	}
	return nil
}

// AvancerActionLot ends a stage of an action once none of its dossiers is left, and tells
// the open pages how far it has gone.
func (s *Store) AvancerActionLot(ctx context.Context, v ActionLotVue) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE action_lot SET etat = CASE etat WHEN 'ESSAI' THEN 'PRETE' ELSE 'TERMINEE' END,
			    terminee_le = CASE etat WHEN 'LANCEE' THEN $2 ELSE terminee_le END
			WHERE id = $1 AND etat IN ('ESSAI', 'LANCEE') AND NOT EXISTS (SELECT 1 FROM action_lot_element x
			    WHERE x.lot = $1 AND x.etat = CASE action_lot.etat WHEN 'ESSAI' THEN 'ATTEND' ELSE 'APPLICABLE' END)`, v.ID, le)
		if err != nil {
			return fmt.Errorf("ending a stage of action %s: %w", v.ID, err)
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

// ActesQuiAttendent counts the actes that wait for their verdict, at most plafond: those
// of people go first.
func (s *Store) ActesQuiAttendent(ctx context.Context, plafond int) (n int, err error) {
	err = s.DB.GetContext(ctx, &n, `SELECT count(*) FROM (SELECT 1 FROM acte WHERE etat = 'recu' LIMIT $1) x`, plafond)
	if err != nil {
		return 0, fmt.Errorf("counting what waits: %w", err)
	}
	return n, nil
}
