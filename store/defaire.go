package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Retour undoes a gesture that its author has just made: Geste is GesteAttendre,
// GesteEtiqueter or GesteReattribuer, Depuis the line of the journal of gestures that it
// left. Labels are put back (Remettre) and taken off (Oter) one by one; dossiers go back
// to the person A, to the portefeuilles when "".
type Retour struct {
	Geste          string
	Dossiers       []string
	Depuis         int64
	Remettre, Oter []string
	A, Raison      string
}

// contraires are the gestures that change what a gesture changed.
var contraires = map[string][]string{
	GesteAttendre: {GesteAttendre, GesteReveiller}, GesteEtiqueter: {GesteEtiqueter, GesteDesetiquer}, GesteReattribuer: {GesteReattribuer},
}

// MonGeste returns the last line that par left in the journal of gestures by a gesture on
// dossiers, 0 for none: what Defaire needs to know that nobody came since.
func (s *Store) MonGeste(ctx context.Context, par opco.Acteur, geste string, dossiers []string) (id int64, err error) {
	err = s.DB.GetContext(ctx, &id, `SELECT COALESCE(max(id), 0) FROM geste WHERE objet = ANY ($1) AND type = ANY ($2) AND personne = $3`,
		pq.Array(objetsDossiers(dossiers)), pq.Array(contraires[geste]), par.Personne)
	if err != nil {
		return 0, fmt.Errorf("finding a gesture to undo: %w", err)
	}
	return id, nil
}

func objetsDossiers(ids []string) []string {
	os := make([]string, len(ids))
	for i, id := range ids {
		os[i] = opco.ObjetDossier(id)
	}
	return os
}

// Defaire undoes a gesture of par, unless what it changed was changed again since: the
// Conflict then says by whom, and nothing is undone.
func (s *Store) Defaire(ctx context.Context, par opco.Acteur, r Retour) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	if r.Geste == GesteReattribuer {
		p, err := s.Parametres(ctx, opco.JourDe(le))
		if err != nil {
			return err
		}
		if r.Raison, err = lireAttribution(r.Dossiers, r.Raison, p.File.LotMax); err != nil {
			return err
		}
	} else if len(r.Dossiers) != 1 {
		return dossierInconnu()
	}
	dossiers := sansDoubles(r.Dossiers)
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		for _, id := range dossiers {
			if _, err := verrouillerTravail(ctx, tx, par, id); err != nil {
				return err
			}
		}
		if err := rienDepuis(ctx, tx, r); err != nil {
			return err
		}
		switch {
		case r.Geste == GesteAttendre:
			return reveiller(ctx, tx, par, dossiers[0], le, "")
		case r.Geste == GesteEtiqueter:
			for _, pose := range []bool{false, true} {
				etiquettes := map[bool][]string{true: r.Remettre, false: r.Oter}[pose]
				for _, e := range etiquettes {
					if _, err := etiqueter(ctx, tx, par, dossiers, e, pose, le); err != nil {
						return err
					}
				}
			}
			return nil
		case r.Geste == GesteReattribuer && r.A == "":
			return rendreAuxPortefeuilles(ctx, tx, par, dossiers, r.Raison, le)
		case r.Geste == GesteReattribuer:
			return reattribuer(ctx, tx, par, dossiers, r.A, r.Raison, le)
		}
		return opco.Errorf(opco.NotFound, "Ce geste ne s’annule pas d’ici.")
	})
}

// rienDepuis refuses to undo what somebody changed since.
func rienDepuis(ctx context.Context, tx *sqlx.Tx, r Retour) error {
	var nom string
	err := tx.GetContext(ctx, &nom, `SELECT nom FROM geste WHERE objet = ANY ($1) AND type = ANY ($2) AND id > $3 ORDER BY id DESC LIMIT 1`,
		pq.Array(objetsDossiers(r.Dossiers)), pq.Array(contraires[r.Geste]), r.Depuis)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for what came since a gesture: %w", err)
	}
	if nom == "" {
		nom = "Guichet"
	}
	return opco.Errorf(opco.Conflict, "%s a changé cela depuis : rien n’est annulé. Regardez où le dossier en est, puis décidez.", nom).AvecCode("CHANGE_DEPUIS")
}
