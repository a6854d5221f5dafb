package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"guichet/opco"
)

// CleAPI is what is kept of an API key: never the key itself.
type CleAPI struct {
	Identifiant string     `db:"identifiant"`
	Libelle     string     `db:"libelle"`
	ExpireLe    *time.Time `db:"expire_le"`
}

// CreerCle makes an API key for an account and returns it: it is shown once and
// only its hash is kept. A zero expire means that it does not expire.
func (s *Store) CreerCle(ctx context.Context, k CleAPI) (string, error) {
	if k.Libelle == "" {
		return "", opco.Champf("libelle", "Donnez un nom à cette clé : celui du programme qui s’en servira.")
	}
	cle := "guichet-" + rand.Text() + rand.Text()
	_, err := s.DB.ExecContext(ctx, `INSERT INTO cle_api (empreinte, identifiant, libelle, expire_le) VALUES ($1, $2, $3, $4)`,
		empreinteCle(cle), k.Identifiant, k.Libelle, k.ExpireLe)
	var e *pq.Error
	if errors.As(err, &e) && e.Code == "23503" {
		return "", opco.Errorf(opco.NotFound, "Le compte « %s » n’existe pas.", k.Identifiant)
	}
	if err != nil {
		return "", fmt.Errorf("creating a key: %w", err)
	}
	return cle, nil
}

// Cles lists the keys that open a door, by account and name.
func (s *Store) Cles(ctx context.Context) ([]CleAPI, error) {
	var ks []CleAPI
	err := s.DB.SelectContext(ctx, &ks, `
		SELECT identifiant, libelle, expire_le FROM cle_api
		WHERE expire_le IS NULL OR expire_le > clock_timestamp() ORDER BY identifiant, libelle`)
	if err != nil {
		return nil, fmt.Errorf("listing keys: %w", err)
	}
	return ks, nil
}

// RetirerCles closes at once the keys of that name, and returns how many.
func (s *Store) RetirerCles(ctx context.Context, identifiant, libelle string) (int64, error) {
	r, err := s.DB.ExecContext(ctx, `DELETE FROM cle_api WHERE identifiant = $1 AND libelle = $2`, identifiant, libelle)
	if err != nil {
		return 0, fmt.Errorf("closing keys of %s: %w", identifiant, err)
	}
	return r.RowsAffected()
}
