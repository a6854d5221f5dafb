package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// ligneRonde is the last round, as it is kept.
type ligneRonde struct {
	PasseeLe *time.Time     `db:"passee_le"`
	Moteur   string         `db:"moteur"`
	Retards  pq.StringArray `db:"retards"`
	Vides    pq.StringArray `db:"vides"`
	ArretsLe *time.Time     `db:"arrets_le"`
	Dossier  string         `db:"dossier"`
}

// Ronder makes a round with f, unless another process makes one or has made one within
// pause; false then. What f leaves in the Ronde is kept.
func (s *Store) Ronder(ctx context.Context, pause time.Duration, f func(context.Context, *opco.Ronde) error) (bool, error) {
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
	var l ligneRonde
	if err := c.GetContext(ctx, &l, `SELECT passee_le, moteur, retards, vides, arrets_le, dossier FROM ronde`); err != nil {
		return false, fmt.Errorf("reading the last round: %w", err)
	}
	r := opco.Ronde{PasseeLe: l.PasseeLe, Moteur: l.Moteur, Retards: l.Retards, Vides: l.Vides, ArretsLe: l.ArretsLe, Dossier: l.Dossier}
	if r.PasseeLe != nil && time.Since(*r.PasseeLe) < pause {
		return false, nil
	}
	if err := f(ctx, &r); err != nil {
		return true, err
	}
	_, err = c.ExecContext(ctx, `UPDATE ronde SET passee_le = clock_timestamp(), moteur = $1, retards = $2, vides = $3, arrets_le = $4, dossier = $5`,
		opco.Epurer(r.Moteur), pq.StringArray(append([]string{}, r.Retards...)), pq.StringArray(append([]string{}, r.Vides...)), r.ArretsLe, r.Dossier)
	if err != nil {
		return true, fmt.Errorf("noting a round: %w", err)
	}
	return true, nil
}

// Presenter says that a worker process is there, with its build and the works that it does.
func (s *Store) Presenter(ctx context.Context, identite, version string, files []string) error {
	_, err := s.DB.ExecContext(ctx, `
		WITH partis AS (DELETE FROM executant WHERE vu_le < clock_timestamp() - interval '1 day' AND identite <> $1)
		INSERT INTO executant (identite, version, files) VALUES ($1, $2, $3)
		ON CONFLICT (identite) DO UPDATE SET version = EXCLUDED.version, files = EXCLUDED.files, vu_le = clock_timestamp()`,
		identite, version, pq.Array(append([]string{}, files...)))
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

// Executants lists the worker processes that have given a sign within the time of p.
func (s *Store) Executants(ctx context.Context, p opco.ParametresExploitation) ([]opco.Executant, error) {
	var ls []struct {
		opco.Executant
		Files pq.StringArray `db:"files"`
	}
	err := s.DB.SelectContext(ctx, &ls, `SELECT identite, version, depuis, files FROM executant WHERE vu_le >= clock_timestamp() - make_interval(secs => $1)
		ORDER BY identite LIMIT 200`, p.ExecutantSecondes)
	if err != nil {
		return nil, fmt.Errorf("listing the workers: %w", err)
	}
	es := make([]opco.Executant, len(ls))
	for n, l := range ls {
		es[n] = l.Executant
		es[n].Files = l.Files
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
	_, err := s.clore(ctx, `i.activite = $1 AND NOT i.objet = ANY ($2)`, activite, pq.Array(append([]string{}, objets...))) // none is a list, not NULL
	return err
}

// RondeInscriptions closes the incidents of steps that could not be written down, for the
// objects whose journal has gone on since or whose run that failed was replaced by an
// intervention (its last try may end after it), and those of the deeds of the lots that have left
// the étape of the deed. A lot whose tries are over sleeps a minute before the next ones: that
// the engine has nothing to say then does not mean that the deed passed.
func (s *Store) RondeInscriptions(ctx context.Context) error {
	_, err := s.clore(ctx, `i.activite = 'Record' AND EXISTS (SELECT 1 FROM passage p WHERE p.objet = i.objet AND p.inscrit_le > i.vu_le)
		OR i.activite = 'Record' AND i.run <> '' AND EXISTS (SELECT 1 FROM intervention_element e JOIN intervention v ON v.id = e.intervention
		    WHERE e.objet = i.objet AND e.etat = 'VERIFIE' AND v.verbe IN ('REHYDRATER', 'REVENIR') AND e.avant -> 'moteur' ->> 'run' = i.run)
		OR i.activite = 'Produire' AND NOT EXISTS (SELECT 1 FROM lot l WHERE 'lot/' || l.id = i.objet AND l.etat = $1)
		OR i.activite = 'Envoyer' AND NOT EXISTS (SELECT 1 FROM lot l WHERE 'lot/' || l.id = i.objet AND l.etat = $2)`, opco.LotValide, opco.LotEmis)
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

// IncidentsDActivite lists the open incidents of the deeds of the world, those that were
// looked at longest ago first: their tries are with the engine.
func (s *Store) IncidentsDActivite(ctx context.Context, limite int) ([]opco.Incident, error) {
	return s.incidentsOuverts(ctx, `i.nature = 'activite' AND i.activite IN ('Produire', 'Envoyer')`, limite)
}

// ProceduresEnFaute lists the open incidents of a kind of fault of procedures.
func (s *Store) ProceduresEnFaute(ctx context.Context, activite string, limite int) ([]opco.Incident, error) {
	return s.incidentsOuverts(ctx, `i.activite = $2`, limite, activite)
}

func (s *Store) incidentsOuverts(ctx context.Context, condition string, limite int, args ...any) ([]opco.Incident, error) {
	var ls []Incident
	err := s.DB.SelectContext(ctx, &ls, `SELECT `+colonnesIncident+` FROM incident i WHERE i.clos_le IS NULL AND `+condition+` ORDER BY i.vu_le, i.numero LIMIT $1`, append([]any{limite}, args...)...)
	if err != nil {
		return nil, fmt.Errorf("listing open incidents: %w", err)
	}
	is := make([]opco.Incident, len(ls))
	for n, l := range ls {
		is[n] = opco.Incident{Objet: l.Objet, Activite: l.Activite, Essais: l.Essais, Erreur: l.Erreur, Classe: l.Classe, Run: l.Run}
	}
	return is, nil
}

// RevoirIncidents notes that open incidents were looked at and stay: others come first next
// time. What happened in the last seconds may not be written yet, and stays after that look.
func (s *Store) RevoirIncidents(ctx context.Context, is []opco.Incident) error {
	ids := make([]string, len(is))
	for n, i := range is {
		ids[n] = i.Objet + "/" + i.Activite
	}
	_, err := s.DB.ExecContext(ctx, `UPDATE incident SET vu_le = GREATEST(vu_le, clock_timestamp() - interval '10 seconds') WHERE id = ANY ($1) AND clos_le IS NULL`, pq.Array(ids))
	if err != nil {
		return fmt.Errorf("noting the incidents that were looked at: %w", err)
	}
	return nil
}

// AttendentEcheance keeps, of these objects, those that a procedure must carry: they have an
// échéance to come, or are a lot that has not ended, which may have a deed to do.
func (s *Store) AttendentEcheance(ctx context.Context, objets []string) ([]string, error) {
	parGenre := map[string][]string{}
	for _, o := range objets {
		genre, id, _ := strings.Cut(o, "/")
		if (genre == "dossier" || genre == "compte") && !uuidTexte(id) {
			continue
		}
		parGenre[genre] = append(parGenre[genre], id)
	}
	finis := slices.DeleteFunc(opco.EtatsLot(), func(e opco.EtatLot) bool { return !e.Final() })
	var os []string
	err := s.DB.SelectContext(ctx, &os, `
		SELECT 'dossier/' || id FROM dossier WHERE id = ANY ($1::uuid[]) AND prochaine_echeance IS NOT NULL
		UNION ALL SELECT 'lot/' || id FROM lot WHERE id = ANY ($2) AND NOT etat = ANY ($5)
		UNION ALL SELECT 'compte/' || id FROM compte WHERE id = ANY ($3::uuid[]) AND prochaine_echeance IS NOT NULL
		UNION ALL SELECT 'indu/' || id FROM indu WHERE id = ANY ($4) AND prochaine_echeance IS NOT NULL`,
		pq.Array(parGenre["dossier"]), pq.Array(parGenre["lot"]), pq.Array(parGenre["compte"]), pq.Array(parGenre["indu"]), pq.Array(finis))
	if err != nil {
		return nil, fmt.Errorf("looking for objects that wait for a day: %w", err)
	}
	return os, nil
}
