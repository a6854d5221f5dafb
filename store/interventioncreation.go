package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// ciblesMax bounds what one intervention bears on.
const ciblesMax = 5000

// ProposerIntervention writes what somebody asks, before anything is called. Each of cibles is then
// tried; nothing is done. The same id with the same demand is the same intervention.
func (s *Store) ProposerIntervention(ctx context.Context, par opco.Acteur, compte, id string, i opco.Intervention, cibles []Cible) (InterventionVue, error) {
	if !slices.Contains(opco.Intervenants(), par.Role) {
		return InterventionVue{}, opco.Errorf(opco.Forbidden, "Votre rôle ne permet pas d’intervenir.")
	}
	i, err := i.Accepter()
	if err != nil {
		return InterventionVue{}, err
	}
	err = s.transact(ctx, func(tx *sqlx.Tx) error {
		if i.Cause != "" {
			if cibles, err = ciblesDeCause(ctx, tx, i); err != nil {
				return err
			}
		}
		return ecrireIntervention(ctx, tx, par, compte, id, i, cibles)
	})
	if err != nil {
		return InterventionVue{}, err
	}
	return s.Intervention(ctx, id)
}

func ecrireIntervention(ctx context.Context, tx *sqlx.Tx, par opco.Acteur, compte, id string, i opco.Intervention, cibles []Cible) error {
	empreinte, brut, err := empreinteIntervention(par, i, cibles)
	if err != nil {
		return err
	}
	var deja string
	err = tx.GetContext(ctx, &deja, `SELECT empreinte FROM intervention WHERE id = $1`, id)
	if err == nil && deja != empreinte {
		return opco.Errorf(opco.Conflict, "Cet identifiant a déjà servi pour une autre intervention : utilisez-en un nouveau.").AvecCode("ACTE_REUTILISE")
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err // nil: the same, sent again
	}
	if err := verifierCibles(i, cibles); err != nil {
		return err
	}
	objets := make([]string, len(cibles))
	cles := make([]string, len(cibles))
	for k, c := range cibles {
		objets[k], cles[k] = c.Objet, c.Cle
	}
	le, err := maintenant(ctx, tx)
	if err != nil {
		return err
	}
	etat, conclusion := InterventionEssai, ""
	if i.Verbe.Cible() == opco.CibleMaison {
		etat, conclusion = InterventionProposee, i.Verbe.Promet()
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO intervention (id, verbe, demande, empreinte, argent, motif, etat, personne, nom, role, compte, cree_le, conclusion, attend)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULLIF($11, '')::uuid, $12, $13, $14) ON CONFLICT (id) DO NOTHING`,
		id, i.Verbe, brut, empreinte, i.Verbe.Argent(objets...), i.Motif, etat, par.Personne, par.Nom, par.Role, compte, le, conclusion, len(cibles))
	if err != nil {
		return fmt.Errorf("writing intervention %s: %w", id, err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO intervention_element (intervention, n, objet, cle)
		SELECT $1, x.n, x.objet, x.cle FROM unnest($2::text[], $3::text[]) WITH ORDINALITY x (objet, cle, n) ON CONFLICT DO NOTHING`,
		id, pq.Array(objets), pq.Array(cles))
	if err != nil {
		return fmt.Errorf("writing what intervention %s bears on: %w", id, err)
	}
	return notifier(ctx, tx, "intervention", id)
}

func verifierCibles(i opco.Intervention, cibles []Cible) error {
	switch maison := i.Verbe.Cible() == opco.CibleMaison; {
	case maison && len(cibles) > 0:
		return opco.Champf("objet", "Un interrupteur vaut pour toute la maison : il ne se donne pas à un cas.")
	case !maison && len(cibles) == 0:
		return opco.Champf("objet", "Rien ne correspond : il n’y a rien à faire ici.")
	case len(cibles) > ciblesMax:
		return opco.Champf("objet", "%d cas à la fois au plus : prenez-les en plusieurs fois.", ciblesMax)
	case i.Verbe.Cible() == opco.CibleCourriel && slices.ContainsFunc(cibles, func(c Cible) bool { return c.Cle == "" }):
		return opco.Champf("objet", "Nommez le courriel.")
	}
	return nil
}

// empreinteIntervention is what makes two demands the same: who, what, on what. What a cause holds
// moves by itself, and is not part of it.
func empreinteIntervention(par opco.Acteur, i opco.Intervention, cibles []Cible) (empreinte string, brut []byte, err error) {
	if brut, err = json.Marshal(i); err != nil {
		return "", nil, fmt.Errorf("writing an intervention: %w", err)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n", par.Personne, brut)
	if i.Cause == "" {
		for _, c := range cibles {
			fmt.Fprintf(h, "%s\n%s\n", c.Objet, c.Cle)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), brut, nil
}

// LancerIntervention has its author do what was tried, when it concerns no money.
func (s *Store) LancerIntervention(ctx context.Context, par opco.Acteur, id string) error {
	return s.deciderFrais(ctx, id, func(tx *sqlx.Tx, v InterventionVue, le time.Time) error {
		switch {
		case v.Personne != par.Personne:
			return opco.Errorf(opco.Forbidden, "Cette intervention est celle de %s : %s seul peut la lancer.", v.Nom, v.Nom)
		case v.Etat == InterventionEnCours || v.Etat.Finie() && v.LanceeLe != nil:
			return nil // launched already
		case v.Argent:
			return opco.Errorf(opco.Conflict, "De l’argent est en jeu : une autre personne doit donner son accord.")
		case v.Etat != InterventionProposee:
			return opco.Errorf(opco.Conflict, "Cette intervention ne peut pas être lancée : son essai n’est pas fini, ou elle a été refusée.")
		}
		if err := verifierFraicheur(ctx, tx, v); err != nil {
			return err
		}
		return partir(ctx, tx, v, InterventionEnCours, le)
	})
}

var errSonPropreAccord = opco.Errorf(opco.Forbidden, "Vous avez demandé cette intervention : l’accord est celui d’une autre personne.")

// ApprouverIntervention is the agreement of a second person to what concerns money: it starts then.
func (s *Store) ApprouverIntervention(ctx context.Context, par opco.Acteur, id string) error {
	if !slices.Contains(opco.SecondsIntervenants(), par.Role) {
		return opco.Errorf(opco.Forbidden, "Votre rôle ne permet pas de donner cet accord.")
	}
	return s.deciderFrais(ctx, id, func(tx *sqlx.Tx, v InterventionVue, le time.Time) error {
		switch {
		case !v.Argent:
			return opco.Errorf(opco.Conflict, "Cette intervention ne demande pas d’accord : son auteur la lance.")
		case v.Etat != InterventionProposee:
			return opco.Errorf(opco.Conflict, "Cette intervention n’attend plus d’accord.")
		case v.Personne == par.Personne:
			return errSonPropreAccord
		}
		if err := verifierFraicheur(ctx, tx, v); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE intervention SET second_personne = $2, second_nom = $3, second_le = $4 WHERE id = $1`, id, par.Personne, par.Nom, le)
		if contrainte(err) == "intervention_second" {
			return errSonPropreAccord
		}
		if err != nil {
			return fmt.Errorf("agreeing to intervention %s: %w", id, err)
		}
		return partir(ctx, tx, v, InterventionApprouvee, le)
	})
}

// RefuserIntervention ends one that has not started: its author gives it up, or somebody else says no.
func (s *Store) RefuserIntervention(ctx context.Context, par opco.Acteur, id, raison string) error {
	raison, err := opco.ParseTexte("raison", raison, 500)
	if err != nil {
		return err
	}
	return s.decider(ctx, id, func(tx *sqlx.Tx, v InterventionVue, le time.Time) error {
		switch {
		case v.Etat == InterventionRefusee:
			return nil
		case v.Etat != InterventionEssai && v.Etat != InterventionProposee:
			return opco.Errorf(opco.Conflict, "Cette intervention est partie : elle ne se refuse plus.")
		case !slices.Contains(opco.SecondsIntervenants(), par.Role):
			return opco.Errorf(opco.Forbidden, "Votre rôle ne permet pas de refuser cette intervention.")
		case v.Personne != par.Personne && raison == "":
			return opco.Champf("raison", "Dites pourquoi : %s le lira.", v.Nom)
		}
		dite := "Retirée par " + par.Nom + "."
		if v.Personne != par.Personne {
			dite = "Refusée par " + par.Nom + " : " + raison
		}
		_, err := tx.ExecContext(ctx, `UPDATE intervention SET etat = 'REFUSEE', terminee_le = $2, conclusion = $3 WHERE id = $1`, id, le, dite)
		if err != nil {
			return fmt.Errorf("refusing intervention %s: %w", id, err)
		}
		return nil
	})
}

// decider changes an intervention under its row lock, and tells the worker.
func (s *Store) decider(ctx context.Context, id string, f func(*sqlx.Tx, InterventionVue, time.Time) error) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		v, err := sousVerrou(ctx, tx, id)
		if err != nil {
			return err
		}
		le, err := maintenant(ctx, tx)
		if err != nil {
			return err
		}
		if err := f(tx, v, le); err != nil {
			return err
		}
		return notifier(ctx, tx, "intervention", id)
	})
}

// partir starts an intervention: a kill switch moves at once; the things that it bears on are held,
// but those that another intervention holds.
func partir(ctx context.Context, tx *sqlx.Tx, v InterventionVue, etat EtatIntervention, le time.Time) error {
	if v.Demande.Verbe == opco.VerbeTenirPartis {
		return tenirPartis(ctx, tx, v, le)
	}
	if v.Demande.Verbe.Cible() == opco.CibleMaison {
		return basculer(ctx, tx, v, le)
	}
	r, err := tx.ExecContext(ctx, `
		UPDATE intervention_element e SET vif = true, bail_le = NULL WHERE intervention = $1 AND etat = 'APPLICABLE'
		AND NOT EXISTS (SELECT 1 FROM intervention_element x WHERE x.objet = e.objet AND x.cle = e.cle AND x.vif)`, v.ID)
	prise := opco.Errorf(opco.Conflict, "Une autre intervention agit déjà ici : attendez qu’elle soit finie, puis essayez de nouveau.")
	if contrainte(err) == "intervention_element_vif" {
		return prise
	}
	if err != nil {
		return fmt.Errorf("holding what intervention %s bears on: %w", v.ID, err)
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, prise)
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE intervention_element SET etat = 'ECARTE', phrase = 'Une autre intervention agit déjà ici.' WHERE intervention = $1 AND etat = 'APPLICABLE' AND NOT vif`, v.ID)
	if err == nil {
		_, err = tx.ExecContext(ctx, `UPDATE intervention SET etat = $2, lancee_le = $3 WHERE id = $1`, v.ID, etat, le)
	}
	if err != nil {
		return fmt.Errorf("starting intervention %s: %w", v.ID, err)
	}
	return recompter(ctx, tx, v.ID)
}

// recompter writes on its row what became of what an intervention bears on.
func recompter(ctx context.Context, tx *sqlx.Tx, id string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE intervention i SET attend = n.attend, applicable = n.applicable, ecarte = n.ecarte, demande_n = n.demande, verifie = n.verifie,
		    sans_effet = n.sans_effet, refuse = n.refuse
		FROM (SELECT count(*) FILTER (WHERE etat = 'ATTEND') AS attend, count(*) FILTER (WHERE etat = 'APPLICABLE') AS applicable,
		             count(*) FILTER (WHERE etat = 'ECARTE') AS ecarte, count(*) FILTER (WHERE etat = 'DEMANDE') AS demande,
		             count(*) FILTER (WHERE etat = 'VERIFIE') AS verifie, count(*) FILTER (WHERE etat = 'SANS_EFFET') AS sans_effet,
		             count(*) FILTER (WHERE etat = 'REFUSE') AS refuse
		      FROM intervention_element WHERE intervention = $1) n
		WHERE i.id = $1`, id)
	if err != nil {
		return fmt.Errorf("counting what intervention %s bears on: %w", id, err)
	}
	return nil
}
