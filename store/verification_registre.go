package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// EtatVerification is how far a verification of the whole base has gone.
type EtatVerification string

// The états of a verification; OrigineNuit and OrigineAgent say who asked for it.
const (
	VerificationDemandee EtatVerification = "DEMANDEE"
	VerificationEnCours  EtatVerification = "EN_COURS"
	VerificationFinie    EtatVerification = "FINIE"
	VerificationEchouee  EtatVerification = "ECHOUEE"

	OrigineNuit  = "NUIT"
	OrigineAgent = "AGENT"
)

// VerificationVue is a verification of the whole base as the console shows it.
type VerificationVue struct {
	ID             string              `db:"id" json:"id"`
	Origine        string              `db:"origine" json:"origine"`
	Personne       string              `db:"personne" json:"-"`
	Nom            string              `db:"nom" json:"nom,omitempty"`
	Etat           EtatVerification    `db:"etat" json:"etat"`
	DemandeeLe     time.Time           `db:"demandee_le" json:"demandee_le"`
	CommenceeLe    *time.Time          `db:"commencee_le" json:"commencee_le,omitempty"`
	FinieLe        *time.Time          `db:"finie_le" json:"finie_le,omitempty"`
	Etape          string              `db:"etape" json:"etape,omitempty"`
	Fait           int64               `db:"fait" json:"fait"`
	Total          int64               `db:"total" json:"total"`
	Examines       int64               `db:"examines" json:"examines"`
	Tenus          int                 `db:"tenus" json:"tenus"`
	Rompus         int                 `db:"rompus" json:"rompus"`
	NonVerifiables int                 `db:"non_verifiables" json:"non_verifiables"`
	Raison         string              `db:"raison" json:"raison,omitempty"`
	Resultats      []ResultatInvariant `db:"-" json:"resultats,omitempty"`
}

const colonnesVerification = `id, origine, personne, nom, etat, demandee_le, commencee_le, finie_le, etape, fait, total, examines, tenus, rompus, non_verifiables, raison`

// DemanderVerification writes down a verification for the worker. Its id is that of the
// form: sent twice, it is one; that of the night is done again when it did not take place.
// Conflict while another waits or goes on.
func (s *Store) DemanderVerification(ctx context.Context, id, origine, personne, nom string) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	_, err = s.DB.ExecContext(ctx, `
		INSERT INTO verification (id, origine, personne, nom, demandee_le) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET etat = 'DEMANDEE', commencee_le = NULL, finie_le = NULL, battement = NULL, raison = '', etape = '', fait = 0, total = 0
		WHERE verification.etat = 'ECHOUEE' AND verification.origine = 'NUIT'`,
		id, origine, personne, nom, le)
	if contrainte(err) == "verification_seule" {
		return opco.Errorf(opco.Conflict, "Une vérification est déjà en cours : attendez son résultat, il vaut pour toute la base.")
	}
	if err != nil {
		return fmt.Errorf("asking for a verification: %w", err)
	}
	return errors.Join(notifier(ctx, s.DB, "verification", id), notifier(ctx, s.DB, sujetTravail, "verification/"+id))
}

// PrendreVerification gives a worker the verification that nobody does. ok is false when
// there is none.
func (s *Store) PrendreVerification(ctx context.Context) (id string, ok bool, err error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return "", false, err
	}
	var ids []string
	err = s.DB.SelectContext(ctx, &ids, `
		UPDATE verification SET etat = 'EN_COURS', battement = clock_timestamp(), commencee_le = $2
		WHERE id = (SELECT id FROM verification WHERE etat = 'DEMANDEE' OR etat = 'EN_COURS' AND battement < clock_timestamp() - make_interval(secs => $1)
		            ORDER BY demandee_le LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING id`, silenceTravail.Seconds(), le)
	if err != nil || len(ids) == 0 {
		return "", false, err
	}
	return ids[0], true, notifier(ctx, s.DB, sujetTravail, "verification/"+ids[0])
}

// AvancerVerification writes how far a verification is.
func (s *Store) AvancerVerification(ctx context.Context, id string, a AvancementVerification) error {
	_, err := s.DB.ExecContext(ctx, `
		UPDATE verification SET etape = $2, fait = $3, total = $4, battement = clock_timestamp() WHERE id = $1 AND etat = 'EN_COURS'`, id, a.Etape, a.Fait, a.Total)
	if err != nil {
		return fmt.Errorf("writing how far verification %s is: %w", id, err)
	}
	return notifier(ctx, s.DB, sujetTravail, "verification/"+id)
}

// objetVerification is what the incidents of the verification itself are about.
const objetVerification = "verification"

// activiteVerification is the incident of a verification that did not take place.
const activiteVerification = "Verifier"

// RenoncerVerification writes that a verification did not take place, and why: an incident
// until one does.
func (s *Store) RenoncerVerification(ctx context.Context, id, raison string) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE verification SET etat = 'ECHOUEE', finie_le = $2, raison = $3 WHERE id = $1 AND etat = 'EN_COURS'`,
			id, le, opco.Epurer(raison))
		if err != nil {
			return fmt.Errorf("ending verification %s: %w", id, err)
		}
		if err := notifier(ctx, tx, sujetTravail, "verification/"+id); err != nil {
			return err
		}
		return constaterIncidents(ctx, tx, []opco.Incident{{Objet: objetVerification, Activite: activiteVerification, Essais: 1, Erreur: raison}})
	})
}

// FinirVerification keeps what a verification found. Each example of a broken invariant is
// an incident; those of invariants that hold again are closed. All of it is written or none: a worker
// that is cut off here has not ended it, and another does it again.
func (s *Store) FinirVerification(ctx context.Context, id string, r RapportVerification) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	b, err := json.Marshal(r.Resultats)
	if err != nil {
		return err
	}
	n := r.compter()
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE verification SET etat = 'FINIE', finie_le = $2, resultats = $3, examines = $4, tenus = $5, rompus = $6, non_verifiables = $7, etape = ''
			WHERE id = $1 AND etat = 'EN_COURS'`, id, le, b, n.Examines, n.Tenus, n.Rompus, n.NonVerifiables)
		if err != nil {
			return fmt.Errorf("keeping verification %s: %w", id, err)
		}
		if err := notifier(ctx, tx, sujetTravail, "verification/"+id); err != nil {
			return err
		}
		if _, err := cloreIncidents(ctx, tx, `i.objet = $1 AND i.activite = $2`, objetVerification, activiteVerification); err != nil {
			return err
		}
		return ouvrirDivergences(ctx, tx, r)
	})
}

// compter adds a report up.
func (r RapportVerification) compter() VerificationVue {
	var v VerificationVue
	for _, x := range r.Resultats {
		v.Examines += int64(x.Examines)
		switch x.Tenue {
		case Rompu:
			v.Rompus++
		case NonVerifiable:
			v.NonVerifiables++
		default:
			v.Tenus++
		}
	}
	return v
}

// ouvrirDivergences opens the incident of each example of a broken invariant, and closes
// those that a verification opened and this one does not find any more. When it found more
// than it names, one incident more says how many, and none is closed: it may be among them.
func ouvrirDivergences(ctx context.Context, tx *sqlx.Tx, r RapportVerification) error {
	var is []opco.Incident
	codes, ouverts := []string{}, []string{}
	for _, x := range r.Resultats {
		if x.Tenue == NonVerifiable {
			continue // nobody looked: what is open stays so
		}
		activite := opco.ActiviteDivergence + "/" + x.Code
		if tous := x.Ecarts <= len(x.Exemples); tous && x.Raison == "" {
			codes = append(codes, activite)
		} else if !tous {
			is = append(is, opco.Incident{Objet: objetVerification, Activite: activite, Essais: 1,
				Erreur: fmt.Sprintf("%d écarts trouvés, dont les %d premiers ont leur ligne : le rapport de la vérification dit le reste.", x.Ecarts, len(x.Exemples))})
		}
		for _, e := range x.Exemples {
			is = append(is, opco.Incident{Objet: e.Objet, Activite: activite, Essais: 1, Erreur: e.Phrase})
			ouverts = append(ouverts, e.Objet+"/"+activite)
		}
	}
	if err := constaterIncidents(ctx, tx, is); err != nil {
		return err
	}
	_, err := cloreIncidents(ctx, tx, `i.activite = ANY ($1) AND NOT i.id = ANY ($2)`, pq.Array(codes), pq.Array(ouverts))
	return err
}

// Verification reads one verification with its report.
func (s *Store) Verification(ctx context.Context, id string) (VerificationVue, error) {
	var c clause
	c.identifie(`id`, id)
	var l struct {
		VerificationVue
		Brut []byte `db:"resultats"`
	}
	err := s.DB.GetContext(ctx, &l, `SELECT `+colonnesVerification+`, resultats FROM verification WHERE `+c.where(), c.args...)
	if err != nil {
		return VerificationVue{}, introuvable(err, "Cette vérification n’existe pas.")
	}
	if err := json.Unmarshal(l.Brut, &l.Resultats); err != nil {
		return VerificationVue{}, fmt.Errorf("reading verification %s: %w", id, err)
	}
	return l.VerificationVue, nil
}

// Verifications lists the verifications without their reports, the newest first, at most
// limite of those asked before avant.
func (s *Store) Verifications(ctx context.Context, avant time.Time, limite int) ([]VerificationVue, error) {
	vs := []VerificationVue{}
	err := s.DB.SelectContext(ctx, &vs, `
		SELECT `+colonnesVerification+` FROM verification WHERE $1::timestamptz IS NULL OR demandee_le < $1 ORDER BY demandee_le DESC, id LIMIT $2`,
		nulInstant(avant), min(max(limite, 1), 200))
	if err != nil {
		return nil, fmt.Errorf("listing verifications: %w", err)
	}
	return vs, nil
}
