package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// DossierAttendu is a dossier in which its reader may have to act, whole.
type DossierAttendu struct {
	LigneDossier
	Dossier *opco.Dossier
}

// DossiersAttendus returns at most limite of the dossiers within reach of p that are in one of
// etats, the nearest échéance first, those that have none last; apres is the last of
// the page before, nil for the first one.
func (s *Store) DossiersAttendus(ctx context.Context, p opco.Portee, etats []opco.Etat, apres *DossierAttendu, limite int) ([]DossierAttendu, error) {
	var c clause
	c.dansPortee(p)
	c.et(`d.etat = ANY (%s)`, pq.Array(etats))
	if apres != nil {
		echeance := "infinity"
		if apres.ProchaineEcheance != nil {
			echeance = apres.ProchaineEcheance.UTC().Format(time.RFC3339Nano)
		}
		c.et(`(coalesce(d.prochaine_echeance, 'infinity'), d.id) > (%s::timestamptz, %s::uuid)`, echeance, apres.ID)
	}
	var lus []struct {
		LigneDossier
		Contenu []byte `db:"contenu"`
	}
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.SelectContext(ctx, q, &lus, `SELECT `+colonnesLigne+`, d.contenu FROM dossier d WHERE `+c.where()+
			fmt.Sprintf(` ORDER BY coalesce(d.prochaine_echeance, 'infinity'), d.id LIMIT %d`, limite), c.args...)
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
	attendus := make([]DossierAttendu, len(lus))
	for i := range lus {
		attendus[i].LigneDossier = ls[i]
		if attendus[i].Dossier, err = lireContenu(lus[i].Contenu); err != nil {
			return nil, err
		}
	}
	return attendus, nil
}
