package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Incident is something stuck, as the base keeps it: nothing personal (see opco.Incident).
type Incident struct {
	Numero     int64               `db:"numero"`
	Objet      string              `db:"objet"`
	Activite   string              `db:"activite"`
	Nature     opco.NatureIncident `db:"nature"`
	Classe     opco.Classe         `db:"classe"`
	Detail     string              `db:"detail"`
	Code       string              `db:"cause"` // of its cause
	Essais     int                 `db:"essais"`
	Erreur     string              `db:"erreur"`
	OuvertLe   time.Time           `db:"ouvert_le"`
	VuLe       time.Time           `db:"vu_le"` // last time it was seen failing
	ClosLe     *time.Time          `db:"clos_le"`
	ProchainLe *time.Time          `db:"prochain_le"`
	Executant  string              `db:"executant"`
	Version    string              `db:"version"`
	Run        string              `db:"run"`
}

const colonnesIncident = `i.numero, i.objet, i.activite, i.nature, i.classe, i.detail, i.cause, i.essais, i.erreur, i.ouvert_le, i.vu_le, i.clos_le, i.prochain_le,
	i.executant, i.version, i.run`

// Cause is the cause of an incident, which opco.Cause.Dire says in words.
func (i Incident) Cause() opco.Cause {
	c := opco.Incident{Objet: i.Objet, Activite: i.Activite, Erreur: i.Erreur, Classe: i.Classe}.Cause()
	if i.Nature != "" {
		c.Nature, c.Detail = i.Nature, i.Detail
	}
	return c
}

// Signaler opens the incident of a deed, or notes one more try.
func (s *Store) Signaler(ctx context.Context, objet, activite string, essais int, erreur string) error {
	return s.Constater(ctx, opco.Incident{Objet: objet, Activite: activite, Essais: essais, Erreur: erreur})
}

// Constater opens incidents, or notes what has changed of those that are open. One that is
// seen again as it was is not written again.
func (s *Store) Constater(ctx context.Context, is ...opco.Incident) error {
	if len(is) == 0 {
		return nil
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error { return constaterIncidents(ctx, tx, is) })
}

// constaterIncidents is Constater in a transaction that does more.
func constaterIncidents(ctx context.Context, tx *sqlx.Tx, is []opco.Incident) error {
	if len(is) == 0 {
		return nil
	}
	lignes, err := incidentsEnLignes(is)
	if err != nil {
		return fmt.Errorf("writing incidents: %w", err)
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO incident (id, objet, activite, nature, classe, detail, cause, essais, erreur, ouvert_le, prochain_le, executant, version, run)
		SELECT DISTINCT ON (1) "Objet" || '/' || "Activite", "Objet", "Activite", "Nature", "Classe", "Detail", "Cause", "Essais", "Erreur",
		    COALESCE("Depuis", clock_timestamp()), "Prochain", "Executant", "Version", "Run"
		FROM jsonb_to_recordset($1) AS x ("Objet" text, "Activite" text, "Nature" text, "Classe" text, "Detail" text, "Cause" text, "Essais" int, "Erreur" text,
		    "Depuis" timestamptz, "Prochain" timestamptz, "Executant" text, "Version" text, "Run" text)
		ORDER BY 1
		ON CONFLICT (id) DO UPDATE SET essais = EXCLUDED.essais, erreur = EXCLUDED.erreur, clos_le = NULL, nature = EXCLUDED.nature, classe = EXCLUDED.classe,
		    detail = EXCLUDED.detail, cause = EXCLUDED.cause, prochain_le = EXCLUDED.prochain_le, vu_le = clock_timestamp(),
		    executant = COALESCE(NULLIF(EXCLUDED.executant, ''), incident.executant), version = COALESCE(NULLIF(EXCLUDED.version, ''), incident.version),
		    run = COALESCE(NULLIF(EXCLUDED.run, ''), incident.run),
		    ouvert_le = CASE WHEN incident.clos_le IS NULL THEN incident.ouvert_le ELSE EXCLUDED.ouvert_le END
		WHERE incident.clos_le IS NOT NULL OR (incident.essais, incident.erreur, incident.cause, incident.prochain_le)
		    IS DISTINCT FROM (EXCLUDED.essais, EXCLUDED.erreur, EXCLUDED.cause, EXCLUDED.prochain_le)`, lignes)
	if err != nil {
		return fmt.Errorf("noting incidents, %s first: %w", is[0].Objet, err)
	}
	return notifier(ctx, tx, sujetIncident, "")
}

// sujetIncident is told when what is stuck changes.
const sujetIncident = "incident"

// ligneIncident is an incident on its way to the base.
type ligneIncident struct {
	opco.Incident
	Nature opco.NatureIncident
	Classe opco.Classe
	Detail string
	Cause  string
}

// incidentsEnLignes are incidents with their cause, and without what is personal, as the base reads
// them.
func incidentsEnLignes(is []opco.Incident) (string, error) {
	ls := make([]ligneIncident, len(is))
	for n, i := range is {
		c := i.Cause()
		i.Erreur = opco.Epurer(i.Erreur)
		ls[n] = ligneIncident{i, c.Nature, c.Classe, c.Detail, c.Code()}
	}
	b, err := json.Marshal(ls)
	return string(b), err
}

// Clore closes the incident of a deed that has succeeded at last.
func (s *Store) Clore(ctx context.Context, objet, activite string) error {
	_, err := s.clore(ctx, `i.id = $1 || '/' || $2`, objet, activite)
	return err
}

// clore closes the open incidents i of which the condition holds, and says how many.
func (s *Store) clore(ctx context.Context, condition string, args ...any) (n int64, err error) {
	err = s.transact(ctx, func(tx *sqlx.Tx) error {
		n, err = cloreIncidents(ctx, tx, condition, args...)
		return err
	})
	return n, err
}

// cloreIncidents is clore in a transaction that does more.
func cloreIncidents(ctx context.Context, tx *sqlx.Tx, condition string, args ...any) (int64, error) {
	res, err := tx.ExecContext(ctx, `UPDATE incident i SET clos_le = clock_timestamp() WHERE i.clos_le IS NULL AND (`+condition+`)`, args...)
	if err != nil {
		return 0, fmt.Errorf("closing incidents: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil || n == 0 {
		return 0, err
	}
	return n, notifier(ctx, tx, sujetIncident, "")
}
