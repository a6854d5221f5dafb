package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// ciblesDeCause lists what an intervention on a cause bears on: its open incidents, each object once,
// or each mail.
func ciblesDeCause(ctx context.Context, tx *sqlx.Tx, i opco.Intervention) ([]Cible, error) {
	var ls []struct {
		Objet    string `db:"objet"`
		Activite string `db:"activite"`
	}
	err := tx.SelectContext(ctx, &ls, `SELECT objet, activite FROM incident WHERE cause = $1 AND clos_le IS NULL ORDER BY ouvert_le, numero LIMIT $2`, i.Cause, ciblesMax+1)
	if err != nil {
		return nil, fmt.Errorf("listing the cases of cause %s: %w", i.Cause, err)
	}
	cs, vus := []Cible{}, map[Cible]bool{}
	for _, l := range ls {
		c := Cible{Objet: l.Objet}
		if i.Verbe.Cible() == opco.CibleCourriel {
			if c.Cle = opco.CourrielDe(l.Activite); c.Cle == "" {
				continue
			}
		}
		if !vus[c] {
			vus[c], cs = true, append(cs, c)
		}
	}
	return cs, nil
}

// InterventionsEnCours lists those for the worker, the oldest first, at most limite: to try, or to do.
func (s *Store) InterventionsEnCours(ctx context.Context, limite int) ([]InterventionVue, error) {
	var ls []ligneIntervention
	err := s.DB.SelectContext(ctx, &ls, `SELECT `+colonnesIntervention+` FROM intervention i
		WHERE i.etat IN ('ESSAI', 'APPROUVEE', 'EN_COURS') ORDER BY i.cree_le LIMIT $1`, limite)
	if err != nil {
		return nil, fmt.Errorf("looking for interventions to do: %w", err)
	}
	return vuesInterventions(ls)
}

// PrendreCibles gives a worker at most limite things of an intervention for the time of bail: to try,
// to ask, or to read again. Nobody else is given them meanwhile, and they come back if it dies.
func (s *Store) PrendreCibles(ctx context.Context, v InterventionVue, bail time.Duration, limite int) ([]ElementIntervention, error) {
	etats := []string{ElementApplicable, ElementDemande}
	if v.Etat == InterventionEssai {
		etats = []string{ElementAttend}
	}
	var es []ElementIntervention
	err := s.DB.SelectContext(ctx, &es, `
		WITH x AS (SELECT n FROM intervention_element WHERE intervention = $1 AND etat = ANY ($2) AND (vif OR etat = 'ATTEND')
		               AND (bail_le IS NULL OR bail_le < clock_timestamp())
		           ORDER BY bail_le NULLS FIRST, n LIMIT $3 FOR UPDATE SKIP LOCKED)
		UPDATE intervention_element e SET bail_le = clock_timestamp() + make_interval(secs => $4) FROM x
		WHERE e.intervention = $1 AND e.n = x.n RETURNING e.n, e.objet, e.cle, e.etat, e.phrase, e.effets, e.avant, e.apres, e.demande_le, e.constate_le`,
		v.ID, pq.Array(etats), limite, bail.Seconds())
	if err != nil {
		return nil, fmt.Errorf("taking what intervention %s bears on: %w", v.ID, err)
	}
	for i := range es {
		if err := es[i].lire(); err != nil {
			return nil, err
		}
	}
	return es, nil
}

// NoterEssaiCible writes what an intervention would do to a thing: what was read, the sentence, what
// would run again; refus sets it aside.
func (s *Store) NoterEssaiCible(ctx context.Context, v InterventionVue, e ElementIntervention, refus *opco.Error) error {
	etat := ElementApplicable
	if refus != nil {
		etat, e.Phrase = ElementEcarte, refus.Message
	}
	if e.Effets == nil {
		e.Effets = []opco.Effet{}
	}
	avant, err := json.Marshal(e.Avant)
	if err != nil {
		return fmt.Errorf("writing what was read of %s: %w", e.Objet, err)
	}
	effets, err := json.Marshal(e.Effets)
	if err != nil {
		return fmt.Errorf("writing what would run again of %s: %w", e.Objet, err)
	}
	_, err = s.DB.ExecContext(ctx, `
		UPDATE intervention_element SET etat = $3, phrase = $4, avant = $5, effets = $6, bail_le = NULL WHERE intervention = $1 AND n = $2 AND etat = 'ATTEND'`,
		v.ID, e.N, etat, e.Phrase, avant, effets)
	if err != nil {
		return fmt.Errorf("writing the trial of %s: %w", e.Objet, err)
	}
	return nil
}

// DemanderCible writes, before anything is called, that a thing is being asked. For a mail it also does
// it: the two are one transaction. False when somebody else did it.
func (s *Store) DemanderCible(ctx context.Context, v InterventionVue, e ElementIntervention) (bool, error) {
	faite := false
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		r, err := tx.ExecContext(ctx, `
			UPDATE intervention_element SET etat = 'DEMANDE', demande_le = clock_timestamp(), appele_le = clock_timestamp() WHERE intervention = $1 AND n = $2 AND etat = 'APPLICABLE' AND vif`, v.ID, e.N)
		if err != nil {
			return fmt.Errorf("asking for %s: %w", e.Objet, err)
		}
		n, err := r.RowsAffected()
		if faite = n == 1; err != nil || !faite || v.Demande.Verbe.Cible() != opco.CibleCourriel {
			return err
		}
		return agirSurCourriel(ctx, tx, v, e)
	})
	return faite && err == nil, err
}

// NoterAppel writes, before it is made, that the engine is called once more for what was asked and is not
// seen: false while the last call is younger than the lease of a worker, then half as old as the demand.
// Each call may leave messages to a procedure that is stuck, and it keeps them all.
func (s *Store) NoterAppel(ctx context.Context, v InterventionVue, e ElementIntervention, bail time.Duration) (bool, error) {
	r, err := s.DB.ExecContext(ctx, `
		UPDATE intervention_element SET appele_le = clock_timestamp() WHERE intervention = $1 AND n = $2 AND etat = 'DEMANDE' AND vif
		AND clock_timestamp() - COALESCE(appele_le, demande_le) > make_interval(secs => $3)
		AND clock_timestamp() - demande_le >= 2 * (COALESCE(appele_le, demande_le) - demande_le)`, v.ID, e.N, bail.Seconds())
	if err != nil {
		return false, fmt.Errorf("noting a call for %s: %w", e.Objet, err)
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// NoterConstat writes what was read of a thing after it was asked. One that is not seen yet is left
// for later; the others let go of it.
func (s *Store) NoterConstat(ctx context.Context, v InterventionVue, e ElementIntervention, etat string) error {
	apres, err := json.Marshal(e.Apres)
	if err != nil {
		return fmt.Errorf("writing what was read of %s: %w", e.Objet, err)
	}
	attend := etat == ElementDemande
	_, err = s.DB.ExecContext(ctx, `
		UPDATE intervention_element SET etat = $3, phrase = $4, apres = $5, vif = $6,
		    bail_le = CASE WHEN $6 THEN clock_timestamp() + interval '3 seconds' END, constate_le = CASE WHEN $6 THEN NULL ELSE clock_timestamp() END
		WHERE intervention = $1 AND n = $2 AND etat IN ('APPLICABLE', 'DEMANDE') AND vif`, v.ID, e.N, etat, e.Phrase, apres, attend)
	if err != nil {
		return fmt.Errorf("writing what became of %s: %w", e.Objet, err)
	}
	return nil
}

// AvancerIntervention counts what became of an intervention, ends its stage once nothing of it is left,
// and tells the open pages.
func (s *Store) AvancerIntervention(ctx context.Context, v InterventionVue) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if _, err := sousVerrou(ctx, tx, v.ID); err != nil {
			return err
		}
		if err := recompter(ctx, tx, v.ID); err != nil {
			return err
		}
		lue, err := sousVerrou(ctx, tx, v.ID)
		if err != nil {
			return err
		}
		le, err := maintenant(ctx, tx)
		if err != nil {
			return err
		}
		etat, conclusion := suiteIntervention(lue)
		if lue.Demande.Verbe == opco.VerbeReconstruire && lue.Etat != InterventionEssai && !lue.Etat.Finie() && etat.Finie() {
			if err := recompterCompteurs(ctx, tx, nil); err != nil { // every dossier is walked: once, and none of them is held
				return err
			}
		}
		if etat == lue.Etat {
			return notifier(ctx, tx, sujetTravail, "intervention/"+v.ID)
		}
		_, err = tx.ExecContext(ctx, `UPDATE intervention SET etat = $2, conclusion = $3, terminee_le = CASE WHEN $4 THEN $5 ELSE terminee_le END WHERE id = $1`,
			v.ID, etat, conclusion, etat.Finie(), le)
		if err != nil {
			return fmt.Errorf("ending a stage of intervention %s: %w", v.ID, err)
		}
		return notifier(ctx, tx, "intervention", v.ID)
	})
}

// suiteIntervention is what an intervention becomes, by what became of the things it bears on.
func suiteIntervention(v InterventionVue) (EtatIntervention, string) {
	n := v.Nombres
	switch {
	case v.Etat == InterventionEssai && n.Attend > 0, v.Etat.Finie(), v.Etat == InterventionProposee:
		return v.Etat, v.Conclusion
	case v.Etat == InterventionEssai && n.Applicable == 0:
		return InterventionSansEffet, "Essayée : il n’y avait rien à faire."
	case v.Etat == InterventionEssai:
		return InterventionProposee, v.Demande.Verbe.Promet()
	case n.Applicable+n.Demande > 0:
		return InterventionEnCours, v.Conclusion
	case n.Verifie == 0:
		return InterventionSansEffet, "Rien n’a pu être constaté : lisez pourquoi, cas par cas."
	case n.SansEffet+n.Refuse > 0:
		return InterventionPartielle, fmt.Sprintf("Constaté sur %d, sans effet ou refusé sur %d.", n.Verifie, n.SansEffet+n.Refuse)
	}
	return InterventionVerifiee, fmt.Sprintf("Constaté sur %d.", n.Verifie)
}
