package store

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// DossierAttendu is a dossier in which its reader must act, whole, with its règlements as
// the lots have them.
type DossierAttendu struct {
	LigneDossier
	Dossier *opco.Dossier
}

// attendus finds the dossiers in which an organisation must act, those that the house
// asks of it and those whose payment came back with nothing in its place, along the
// indexes of schema/0031_actions.sql. $1: its SIRETs, $2: its role, $3: the états, $4:
// how many at most.
const attendus = `
	WITH demandes AS (
	    SELECT v.id, v.avant FROM unnest($1::text[]) s (siret) CROSS JOIN LATERAL (
	        SELECT d.id, coalesce(d.attend_avant, 'infinity') AS avant FROM dossier d
	        WHERE d.%[1]s = s.siret AND d.attend_de = '%[2]s' AND d.etat = ANY ($3)
	        ORDER BY coalesce(d.attend_avant, 'infinity'), d.id LIMIT $4) v),
	revenus AS (
	    SELECT d.id, 'infinity'::date AS avant FROM reglement r JOIN dossier d ON d.id = r.dossier
	    WHERE r.etat IN ('REJETE_BANQUE', 'RETOURNE') AND NOT EXISTS (SELECT 1 FROM reglement x WHERE x.precedent = r.id)
	      AND d.%[1]s = ANY ($1) AND d.paye_a = $2 AND d.etat = 'EN_REGLEMENT' AND d.attend_de = ''
	    GROUP BY d.id ORDER BY d.id LIMIT $4)
	SELECT ` + colonnesLigne + `, d.contenu, COALESCE((SELECT jsonb_agg(jsonb_build_object('id', r.id, 'etat', r.etat, 'motif', r.motif,
	           'execute_le', COALESCE(r.execute_le::text, ''))) FROM reglement r WHERE r.dossier = d.id), '[]') AS reglements
	FROM (TABLE demandes UNION ALL TABLE revenus ORDER BY avant, id LIMIT $4) x JOIN dossier d ON d.id = x.id
	ORDER BY x.avant, x.id`

// DossiersAttendus returns at most limite of the dossiers within reach of the organisation
// p in which it is the one who must act, the nearest last day first, those that have none
// last.
func (s *Store) DossiersAttendus(ctx context.Context, p opco.Portee, limite int) ([]DossierAttendu, error) {
	if p.Interne {
		return nil, nil
	}
	var lus []struct {
		LigneDossier
		Contenu    []byte `db:"contenu"`
		Reglements []byte `db:"reglements"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &lus, fmt.Sprintf(attendus, colonneSIRET(p), roleDehors(p)), pq.Array(sansDoubles(p.SIRETs)), roleDehors(p),
			pq.Array(opco.EtatsDehors()), limite)
	})
	if err != nil {
		return nil, fmt.Errorf("reading the dossiers that wait: %w", err)
	}
	ls := make([]LigneDossier, len(lus))
	for i := range lus {
		ls[i] = lus[i].LigneDossier
	}
	if err := s.completer(ctx, p, ls); err != nil {
		return nil, err
	}
	as := make([]DossierAttendu, 0, len(lus))
	for i := range lus {
		var rs []reglementSuivi
		if err := json.Unmarshal(lus[i].Reglements, &rs); err != nil {
			return nil, fmt.Errorf("reading the règlements of %s: %w", ls[i].ID, err)
		}
		if d := s.lisible(ctx, ls[i].ID, lus[i].Contenu); d != nil {
			d.Reglements = suivreReglements(d, rs)
			as = append(as, DossierAttendu{ls[i], d})
		}
	}
	return as, nil
}

// lisible reads a dossier of a list. One that does not read is left out of the list, nil,
// and is an incident: it hides no other dossier.
func (s *Store) lisible(ctx context.Context, id string, contenu []byte) *opco.Dossier {
	d, err := lireContenu(contenu)
	if err != nil {
		s.signalerIllisibles(ctx, map[string]error{id: err})
		return nil
	}
	return d
}

// signalerIllisibles tells the incidents of dossiers that do not read. Whoever found them
// goes on all the same.
func (s *Store) signalerIllisibles(ctx context.Context, ds map[string]error) {
	for id, err := range ds {
		slog.ErrorContext(ctx, "a dossier does not read", "dossier", id, "error", err)
		if err := s.Signaler(ctx, opco.ObjetDossier(id), opco.ActiviteDivergence+"/illisible", 1, err.Error()); err != nil {
			slog.ErrorContext(ctx, "its incident is not noted", "dossier", id, "error", err)
		}
	}
}

// roleDehors is the role in which p acts on its dossiers.
func roleDehors(p opco.Portee) opco.Role {
	if p.Role == opco.RoleOrganisme {
		return opco.RoleOrganisme
	}
	return opco.RoleEntreprise
}

// pageAttendus is how many dossiers of before are told at once who must act on them.
const pageAttendus = 500

// DireAttendus tells of each dossier of before who must act on it outside the OPCO and
// who is paid, and returns how many it told. One that does not read is an incident, and
// waits for the next time. Doing it again changes nothing.
func (s *Store) DireAttendus(ctx context.Context) (int, error) {
	total, apres := 0, uuid.Nil.String()
	for {
		var ls []contenuDe
		var illisibles map[string]error
		err := s.transact(ctx, func(tx *sqlx.Tx) (err error) {
			if ls, err = sansAttendu(ctx, tx, apres); err != nil {
				return err
			}
			illisibles, err = direAttendus(ctx, tx, ls)
			return err
		})
		if err != nil {
			return total, err
		}
		s.signalerIllisibles(ctx, illisibles)
		if total += len(ls) - len(illisibles); len(ls) < pageAttendus {
			return total, nil
		}
		apres = ls[len(ls)-1].ID
	}
}

// contenuDe is what the base holds of a dossier.
type contenuDe struct {
	ID      string `db:"id"`
	Contenu []byte `db:"contenu"`
}

// sansAttendu reads the dossiers of before that come after one.
func sansAttendu(ctx context.Context, tx *sqlx.Tx, apres string) (ls []contenuDe, err error) {
	err = tx.SelectContext(ctx, &ls, `
		SELECT id, contenu FROM dossier
		WHERE id > $2 AND attend_de IS NULL AND etat IN ('A_COMPLETER', 'ATTENTE_SERVICE_FAIT', 'SF_EN_CONTROLE', 'SF_NON_CONFORME', 'EN_REGLEMENT', 'REGLEE_PARTIELLEMENT')
		ORDER BY id LIMIT $1 FOR UPDATE`, pageAttendus, apres)
	if err != nil {
		return nil, fmt.Errorf("looking for dossiers of before: %w", err)
	}
	return ls, nil
}

// direAttendus tells of dossiers who must act on them, and returns those that do not read.
func direAttendus(ctx context.Context, tx *sqlx.Tx, ls []contenuDe) (map[string]error, error) {
	illisibles := map[string]error{}
	for _, l := range ls {
		d, err := lireContenu(l.Contenu)
		if err != nil {
			illisibles[l.ID] = err
			continue
		}
		qui, avant := d.AttenduDehors()
		_, paye := d.Beneficiaire()
		if _, err := tx.ExecContext(ctx, `UPDATE dossier SET attend_de = $2, attend_avant = $3, paye_a = $4 WHERE id = $1`, l.ID, qui, avant, paye); err != nil {
			return nil, fmt.Errorf("telling who must act on dossier %s: %w", l.ID, err)
		}
	}
	return illisibles, nil
}
