package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Ronde is what a round of the stuck leaves to the next one.
type Ronde struct {
	PasseeLe *time.Time     `db:"passee_le"`
	Moteur   string         `db:"moteur"`    // "" when the engine answers, else what was said
	Retards  pq.StringArray `db:"retards"`   // objects whose échéance had passed
	ArretsLe *time.Time     `db:"arrets_le"` // until when the procedures that ended were looked at
	Dossier  string         `db:"dossier"`   // the last whose journal was compared
}

// Ronder makes a round with f, unless another process makes one or has made one within
// pause; false then. What f leaves in the Ronde is kept.
func (s *Store) Ronder(ctx context.Context, pause time.Duration, f func(context.Context, *Ronde) error) (bool, error) {
	c, err := s.DB.Connx(ctx)
	if err != nil {
		return false, fmt.Errorf("connecting for a round: %w", err)
	}
	defer c.Close()
	var seul bool
	if err := c.GetContext(ctx, &seul, `SELECT pg_try_advisory_lock(hashtext('ronde'))`); err != nil || !seul {
		return false, err
	}
	defer c.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock(hashtext('ronde'))`) //nolint:errcheck // closing the connection frees it too
	var r Ronde
	if err := c.GetContext(ctx, &r, `SELECT passee_le, moteur, retards, arrets_le, dossier FROM ronde`); err != nil {
		return false, fmt.Errorf("reading the last round: %w", err)
	}
	if r.PasseeLe != nil && time.Since(*r.PasseeLe) < pause {
		return false, nil
	}
	if err := f(ctx, &r); err != nil {
		return true, err
	}
	_, err = c.ExecContext(ctx, `UPDATE ronde SET passee_le = clock_timestamp(), moteur = $1, retards = $2, arrets_le = $3, dossier = $4`,
		opco.Epurer(r.Moteur), r.Retards, r.ArretsLe, r.Dossier)
	if err != nil {
		return true, fmt.Errorf("noting a round: %w", err)
	}
	return true, nil
}

// Presenter says that a worker process is there, with its build.
func (s *Store) Presenter(ctx context.Context, identite, version string) error {
	_, err := s.DB.ExecContext(ctx, `
		WITH partis AS (DELETE FROM executant WHERE vu_le < clock_timestamp() - interval '1 day' AND identite <> $1)
		INSERT INTO executant (identite, version) VALUES ($1, $2)
		ON CONFLICT (identite) DO UPDATE SET version = EXCLUDED.version, vu_le = clock_timestamp()`, identite, version)
	if err != nil {
		return fmt.Errorf("telling that %s is there: %w", identite, err)
	}
	return nil
}

// Partir says that a worker process stops by itself.
func (s *Store) Partir(ctx context.Context, identite string) error {
	if _, err := s.DB.ExecContext(ctx, `DELETE FROM executant WHERE identite = $1`, identite); err != nil {
		return fmt.Errorf("telling that %s leaves: %w", identite, err)
	}
	return nil
}

// Executant is a worker process that is there.
type Executant struct {
	Identite string    `db:"identite" json:"identite"`
	Version  string    `db:"version" json:"version"`
	Depuis   time.Time `db:"depuis" json:"depuis"`
}

// Executants lists the worker processes that have given a sign within the time of p.
func (s *Store) Executants(ctx context.Context, p opco.ParametresExploitation) ([]Executant, error) {
	var es []Executant
	err := s.DB.SelectContext(ctx, &es, `SELECT identite, version, depuis FROM executant WHERE vu_le >= clock_timestamp() - make_interval(secs => $1)
		ORDER BY identite LIMIT 200`, p.ExecutantSecondes)
	if err != nil {
		return nil, fmt.Errorf("listing the workers: %w", err)
	}
	return es, nil
}

// rondeMax bounds what one round opens at once for one thing.
const rondeMax = 5000

// enFaute are the natures that explain why an acte waits: the acte is not a second incident.
const enFaute = `EXISTS (SELECT 1 FROM incident j WHERE j.objet = %s AND j.clos_le IS NULL AND j.nature IN ('procedure', 'activite'))`

// RondeActes opens an incident for each object whose oldest acte has waited for too long,
// and closes those of objects that have their verdicts. classes says why by kind of
// object (« dossier », « lot »…).
func (s *Store) RondeActes(ctx context.Context, p opco.ParametresExploitation, classes map[string]opco.Classe) error {
	var ls []struct {
		Objet  string    `db:"objet"`
		Depuis time.Time `db:"depuis"`
		Nombre int       `db:"nombre"`
	}
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT objet, min(cree_le) AS depuis, count(*) AS nombre FROM acte a
		WHERE etat = 'recu' AND cree_le <= clock_timestamp() - make_interval(secs => $1) AND NOT `+fmt.Sprintf(enFaute, "a.objet")+`
		GROUP BY objet ORDER BY depuis LIMIT $2`, p.ActeRecuSecondes, rondeMax)
	if err != nil {
		return fmt.Errorf("looking for actes that wait: %w", err)
	}
	is := make([]opco.Incident, len(ls))
	for n, l := range ls {
		is[n] = opco.Incident{Objet: l.Objet, Activite: opco.ActiviteActe, Essais: l.Nombre, Classe: classes[genreObjet(l.Objet)], Depuis: &ls[n].Depuis}
	}
	if err := s.Constater(ctx, is...); err != nil {
		return err
	}
	_, err = s.clore(ctx, `i.activite = 'acte' AND (NOT EXISTS (SELECT 1 FROM acte a WHERE a.objet = i.objet AND a.etat = 'recu'
		AND a.cree_le <= clock_timestamp() - make_interval(secs => $1)) OR `+fmt.Sprintf(enFaute, "i.objet")+`)`, p.ActeRecuSecondes)
	return err
}

// genreObjet is what stands before the id of an object: « dossier ».
func genreObjet(objet string) string {
	genre, _, _ := strings.Cut(objet, "/")
	return genre
}

// RondeEcheances opens an incident for each object whose échéance has passed in this round
// as in the one before, and closes the others. It returns those that are late now.
func (s *Store) RondeEcheances(ctx context.Context, p opco.ParametresExploitation, avant []string, classes map[string]opco.Classe) ([]string, error) {
	retards, err := s.EnRetard(ctx, time.Duration(p.EcheanceSecondes)*time.Second, rondeMax)
	if err != nil {
		return nil, err
	}
	deja := make(map[string]bool, len(avant))
	for _, o := range avant {
		deja[o] = true
	}
	var is []opco.Incident
	for _, o := range retards {
		if deja[o] {
			is = append(is, opco.Incident{Objet: o, Activite: opco.ActiviteEcheance, Essais: 1, Classe: classes[genreObjet(o)]})
		}
	}
	if err := s.Constater(ctx, is...); err != nil {
		return nil, err
	}
	return retards, s.CloreSauf(ctx, opco.ActiviteEcheance, retards)
}

// CloreSauf closes the incidents of a deed on any object but these.
func (s *Store) CloreSauf(ctx context.Context, activite string, objets []string) error {
	_, err := s.clore(ctx, `i.activite = $1 AND NOT i.objet = ANY ($2)`, activite, pq.Array(objets))
	return err
}

// RondeInscriptions closes the incidents of steps that could not be written down, for the
// objects whose journal has gone on since.
func (s *Store) RondeInscriptions(ctx context.Context) error {
	_, err := s.clore(ctx, `i.activite = 'Record' AND EXISTS (SELECT 1 FROM passage p WHERE p.objet = i.objet AND p.inscrit_le > i.vu_le)`)
	return err
}

// ClasserIncidents gives its cause to each incident that was written without one.
func (s *Store) ClasserIncidents(ctx context.Context) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		var is []Incident
		err := tx.SelectContext(ctx, &is, `SELECT `+colonnesIncident+` FROM incident i WHERE i.cause = '' AND i.clos_le IS NULL ORDER BY i.numero LIMIT $1 FOR UPDATE`, rondeMax)
		if err != nil {
			return fmt.Errorf("listing incidents without a cause: %w", err)
		}
		for _, i := range is {
			c := i.Cause()
			_, err := tx.ExecContext(ctx, `UPDATE incident SET nature = $2, classe = $3, detail = $4, cause = $5, erreur = $6 WHERE numero = $1`,
				i.Numero, c.Nature, c.Classe, c.Detail, c.Code(), opco.Epurer(i.Erreur))
			if err != nil {
				return fmt.Errorf("giving incident %d its cause: %w", i.Numero, err)
			}
		}
		if len(is) == 0 {
			return nil
		}
		return notifier(ctx, tx, sujetIncident, "")
	})
}
