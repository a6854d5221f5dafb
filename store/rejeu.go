package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/lib/pq"

	"guichet/opco"
)

// EtatRejeu is how far a replay that was asked for has gone.
type EtatRejeu string

// The états of a replay.
const (
	RejeuDemande EtatRejeu = "DEMANDE"
	RejeuEnCours EtatRejeu = "EN_COURS"
	RejeuFini    EtatRejeu = "FINI"
	RejeuEchoue  EtatRejeu = "ECHOUE"
)

// RejeuVue is a replay as its page shows it: of one object when Objet is set, else of a
// class of open dossiers. Runs are the verdicts of the runs of that object.
type RejeuVue struct {
	ID          string           `json:"id"`
	Objet       string           `json:"objet,omitempty"`
	Numero      string           `json:"numero,omitempty"` // of the dossier
	Etapes      []string         `json:"etapes,omitempty"`
	Echantillon int              `json:"echantillon,omitempty"`
	Etat        EtatRejeu        `json:"etat"`
	Nom         string           `json:"nom"`
	Personne    string           `json:"-"`
	DemandeLe   time.Time        `json:"demande_le"`
	FiniLe      *time.Time       `json:"fini_le,omitempty"`
	Build       string           `json:"build"`
	Raison      string           `json:"raison,omitempty"`
	Bilan       opco.BilanRejeux `json:"bilan"`
	Runs        []opco.Rejeu     `json:"runs,omitempty"`
}

// ligneRejeu is a row of table rejeu.
type ligneRejeu struct {
	ID          string         `db:"id"`
	Objet       string         `db:"objet"`
	Numero      string         `db:"numero"`
	Etapes      pq.StringArray `db:"etapes"`
	Echantillon int            `db:"echantillon"`
	Etat        string         `db:"etat"`
	Nom         string         `db:"nom"`
	Personne    string         `db:"personne"`
	DemandeLe   time.Time      `db:"demande_le"`
	FiniLe      *time.Time     `db:"fini_le"`
	Build       string         `db:"build"`
	Raison      string         `db:"raison"`
	Bilan       []byte         `db:"bilan"`
	Runs        []byte         `db:"runs"`
}

func (l ligneRejeu) vue() (RejeuVue, error) {
	v := RejeuVue{ID: l.ID, Objet: l.Objet, Numero: l.Numero, Etapes: l.Etapes, Echantillon: l.Echantillon, Etat: EtatRejeu(l.Etat), Nom: l.Nom,
		Personne: l.Personne, DemandeLe: l.DemandeLe, FiniLe: l.FiniLe, Build: l.Build, Raison: l.Raison}
	if err := json.Unmarshal(l.Bilan, &v.Bilan); err != nil {
		return v, fmt.Errorf("reading replay %s: %w", l.ID, err)
	}
	if err := json.Unmarshal(l.Runs, &v.Runs); err != nil {
		return v, fmt.Errorf("reading replay %s: %w", l.ID, err)
	}
	return v, nil
}

const colonnesRejeu = `r.id, r.objet, COALESCE((SELECT d.numero FROM dossier d WHERE d.id = CASE WHEN r.objet LIKE 'dossier/%' THEN substr(r.objet, 9)::uuid END), '') AS numero,
	r.etapes, r.echantillon, r.etat, r.nom, r.personne, r.demande_le, r.fini_le, r.build, r.raison, r.bilan, r.runs`

// echantillonMax bounds the sample of one état.
const echantillonMax = 100_000

// DemanderRejeu writes down a replay for the worker. Its id is that of the form: sent
// twice, it is one replay; with another demand it is refused.
func (s *Store) DemanderRejeu(ctx context.Context, v RejeuVue) error {
	if v.Echantillon < 0 || v.Echantillon > echantillonMax {
		return opco.Champf("echantillon", "Demandez entre 0 (tous) et %d dossiers par étape.", echantillonMax)
	}
	ouverts := etatsOu(procedureOuverte)
	for _, e := range v.Etapes {
		if !slices.Contains(ouverts, e) {
			return opco.Champf("etape", "Cette étape n’existe pas, ou n’a pas de procédure en cours.")
		}
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	if v.Etapes == nil {
		v.Etapes = []string{}
	}
	var pareil bool
	err = s.DB.GetContext(ctx, &pareil, `
		WITH n AS (INSERT INTO rejeu (id, objet, etapes, echantillon, personne, nom, demande_le) VALUES ($1, $2, $3, $4, $5, $6, $7)
		           ON CONFLICT (id) DO NOTHING RETURNING true)
		SELECT COALESCE((SELECT true FROM n), (SELECT objet = $2 AND etapes = $3 AND echantillon = $4 FROM rejeu WHERE id = $1), true)`,
		v.ID, v.Objet, pq.Array(v.Etapes), v.Echantillon, v.Personne, v.Nom, le)
	if err != nil {
		return fmt.Errorf("asking for a replay: %w", err)
	}
	if !pareil {
		return opco.Errorf(opco.Conflict, "Ce formulaire a déjà servi à demander un autre rejeu. Rouvrez la page et recommencez.")
	}
	return errors.Join(notifier(ctx, s.DB, "rejeu", v.ID), notifier(ctx, s.DB, sujetTravail, "rejeu/"+v.ID))
}

// Rejeu reads one replay.
func (s *Store) Rejeu(ctx context.Context, id string) (RejeuVue, error) {
	var c clause
	c.identifie(`r.id`, id)
	var l ligneRejeu
	err := s.DB.GetContext(ctx, &l, `SELECT `+colonnesRejeu+` FROM rejeu r WHERE `+c.where(), c.args...)
	if err != nil {
		return RejeuVue{}, introuvable(err, "Ce rejeu n’existe pas.")
	}
	return l.vue()
}

// Rejeux lists the replays, the newest first, at most limite of those asked before avant.
func (s *Store) Rejeux(ctx context.Context, avant time.Time, limite int) ([]RejeuVue, error) {
	var ls []ligneRejeu
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT `+colonnesRejeu+` FROM rejeu r WHERE $1::timestamptz IS NULL OR r.demande_le < $1 ORDER BY r.demande_le DESC, r.id LIMIT $2`,
		nulInstant(avant), min(max(limite, 1), 200))
	if err != nil {
		return nil, fmt.Errorf("listing replays: %w", err)
	}
	vs := make([]RejeuVue, len(ls))
	for i, l := range ls {
		if vs[i], err = l.vue(); err != nil {
			return nil, err
		}
	}
	return vs, nil
}

// sujetTravail is said of a long work of the ops staff when it advances, for the pages that show it:
// who does the works does not hear it.
const sujetTravail = "travail"

// silenceTravail is how long a worker may say nothing of a long work before another takes it.
const silenceTravail = time.Minute

// PrendreRejeu gives a worker the oldest replay that nobody does. ok is false when there
// is none.
func (s *Store) PrendreRejeu(ctx context.Context, build string) (v RejeuVue, ok bool, err error) {
	var ids []string
	err = s.DB.SelectContext(ctx, &ids, `
		UPDATE rejeu SET etat = 'EN_COURS', battement = clock_timestamp(), build = $2
		WHERE id = (SELECT id FROM rejeu WHERE etat = 'DEMANDE' OR etat = 'EN_COURS' AND battement < clock_timestamp() - make_interval(secs => $1)
		            ORDER BY demande_le LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING id`, silenceTravail.Seconds(), build)
	if err != nil || len(ids) == 0 {
		return v, false, err
	}
	if err := notifier(ctx, s.DB, sujetTravail, "rejeu/"+ids[0]); err != nil {
		return v, false, err
	}
	v, err = s.Rejeu(ctx, ids[0])
	return v, err == nil, err
}

// AvancerRejeu writes how far a replay is, and at its end what it found.
func (s *Store) AvancerRejeu(ctx context.Context, v RejeuVue) error {
	bilan, err := json.Marshal(v.Bilan)
	if err != nil {
		return err
	}
	runs, err := json.Marshal(append([]opco.Rejeu{}, v.Runs...))
	if err != nil {
		return err
	}
	var fini *time.Time
	if v.Etat == RejeuFini || v.Etat == RejeuEchoue {
		le, err := s.Maintenant(ctx)
		if err != nil {
			return err
		}
		fini = &le
	}
	_, err = s.DB.ExecContext(ctx, `
		UPDATE rejeu SET etat = $2, battement = clock_timestamp(), fini_le = $3, raison = $4, bilan = $5, runs = $6 WHERE id = $1 AND etat = 'EN_COURS'`,
		v.ID, string(v.Etat), fini, opco.Epurer(v.Raison), bilan, runs)
	if err != nil {
		return fmt.Errorf("writing how far replay %s is: %w", v.ID, err)
	}
	return notifier(ctx, s.DB, sujetTravail, "rejeu/"+v.ID)
}

// procedureOuverte reports whether a dossier in état e has a procedure.
func procedureOuverte(e opco.Etat) bool { return !e.Final() && e != opco.EtatBrouillon }

// ClasseOuverte selects open dossiers to replay: those of some états, none for all, and of
// each état at most Echantillon, 0 for all, chosen by chance but always the same.
type ClasseOuverte struct {
	Etapes      []string
	Echantillon int
}

func (k ClasseOuverte) etats() any {
	if len(k.Etapes) > 0 {
		return pq.Array(k.Etapes)
	}
	return pq.Array(etatsOu(procedureOuverte))
}

// CompterClasse counts the dossiers of a class.
func (s *Store) CompterClasse(ctx context.Context, k ClasseOuverte) (n int64, err error) {
	err = s.DB.GetContext(ctx, &n, `
		SELECT COALESCE(sum(CASE WHEN $2 = 0 THEN n ELSE least(n, $2) END), 0)
		FROM (SELECT count(*) AS n FROM dossier WHERE etat = ANY ($1) GROUP BY etat) x`, k.etats(), k.Echantillon)
	if err != nil {
		return 0, fmt.Errorf("counting open dossiers: %w", err)
	}
	return n, nil
}

// trancheClasse is how many objects of a class are named at once.
const trancheClasse = 200

// ObjetsDeClasse names the next dossiers of a class after one, "" for the first.
func (s *Store) ObjetsDeClasse(ctx context.Context, k ClasseOuverte, apres string) ([]string, error) {
	requete := `SELECT 'dossier/' || id FROM dossier WHERE etat = ANY ($1) AND id > $3::uuid AND $2 = 0 ORDER BY id LIMIT $4`
	if k.Echantillon > 0 {
		requete = `
			SELECT 'dossier/' || id
			FROM (SELECT id, row_number() OVER (PARTITION BY etat ORDER BY md5(id::text)) AS n FROM dossier WHERE etat = ANY ($1)) x
			WHERE n <= $2 AND id > $3::uuid ORDER BY id LIMIT $4`
	}
	if apres == "" {
		apres = "dossier/00000000-0000-0000-0000-000000000000"
	}
	var objets []string
	if err := s.DB.SelectContext(ctx, &objets, requete, k.etats(), k.Echantillon, apres[len("dossier/"):], trancheClasse); err != nil {
		return nil, fmt.Errorf("naming open dossiers: %w", err)
	}
	return objets, nil
}
