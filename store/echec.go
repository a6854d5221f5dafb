package store

import (
	"context"
	"fmt"
	"time"
)

// Attente returns how long a new login under this identifiant must wait: nothing
// up to four failures in a row, then twice as long each time, at most 15 minutes.
// It is the same for an account that does not exist.
func (s *Store) Attente(ctx context.Context, identifiant string) (time.Duration, error) {
	var secondes float64
	err := s.DB.GetContext(ctx, &secondes, `
		SELECT COALESCE((SELECT extract(epoch FROM dernier + make_interval(secs => least(900, 2 ^ least(echecs - 5, 10))) - clock_timestamp())
		                 FROM echec_connexion WHERE empreinte = $1 AND echecs >= 5), 0)::float8`, empreinteCle(identifiant))
	if err != nil {
		return 0, fmt.Errorf("reading failed logins: %w", err)
	}
	return max(0, time.Duration(secondes*float64(time.Second))), nil
}

// NoterConnexion remembers how a login under this identifiant ended.
func (s *Store) NoterConnexion(ctx context.Context, identifiant string, reussie bool) error {
	requete := `
		INSERT INTO echec_connexion (empreinte, echecs, dernier) VALUES ($1, 1, clock_timestamp())
		ON CONFLICT (empreinte) DO UPDATE SET echecs = echec_connexion.echecs + 1, dernier = clock_timestamp()`
	if reussie {
		requete = `DELETE FROM echec_connexion WHERE empreinte = $1`
	}
	if _, err := s.DB.ExecContext(ctx, requete, empreinteCle(identifiant)); err != nil {
		return fmt.Errorf("writing a login: %w", err)
	}
	return nil
}
