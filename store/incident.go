package store

import (
	"context"
	"fmt"
	"time"
)

// Incident is a deed that fails again and again for one object.
type Incident struct {
	Objet    string     `db:"objet"`
	Activite string     `db:"activite"`
	Essais   int        `db:"essais"`
	Erreur   string     `db:"erreur"`
	OuvertLe time.Time  `db:"ouvert_le"`
	ClosLe   *time.Time `db:"clos_le"`
}

// Signaler opens the incident of a deed, or notes one more try.
func (s *Store) Signaler(ctx context.Context, objet, activite string, essais int, erreur string) error {
	_, err := s.DB.ExecContext(ctx, `
		INSERT INTO incident (id, objet, activite, essais, erreur, ouvert_le)
		VALUES ($1 || '/' || $2, $1, $2, $3, $4, clock_timestamp())
		ON CONFLICT (id) DO UPDATE SET essais = EXCLUDED.essais, erreur = EXCLUDED.erreur, clos_le = NULL,
		    ouvert_le = CASE WHEN incident.clos_le IS NULL THEN incident.ouvert_le ELSE EXCLUDED.ouvert_le END`,
		objet, activite, essais, erreur)
	if err != nil {
		return fmt.Errorf("noting an incident of %s: %w", objet, err)
	}
	return nil
}

// Clore closes the incident of a deed that has succeeded at last.
func (s *Store) Clore(ctx context.Context, objet, activite string) error {
	_, err := s.DB.ExecContext(ctx, `
		UPDATE incident SET clos_le = clock_timestamp() WHERE id = $1 || '/' || $2 AND clos_le IS NULL`, objet, activite)
	if err != nil {
		return fmt.Errorf("closing an incident of %s: %w", objet, err)
	}
	return nil
}

// Incidents lists the open incidents, the oldest first.
func (s *Store) Incidents(ctx context.Context) ([]Incident, error) {
	var is []Incident
	err := s.DB.SelectContext(ctx, &is, `
		SELECT objet, activite, essais, erreur, ouvert_le, clos_le FROM incident WHERE clos_le IS NULL ORDER BY ouvert_le LIMIT 500`)
	if err != nil {
		return nil, fmt.Errorf("listing incidents: %w", err)
	}
	return is, nil
}
