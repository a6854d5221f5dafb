package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
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

// ClePresente is a key that opens an account, as its owner sees it beside the
// sessions.
type ClePresente struct {
	ID       string     `db:"id"` // public: names it to close it, opens nothing
	Libelle  string     `db:"libelle"`
	CreeLe   time.Time  `db:"cree_le"`
	VueLe    time.Time  `db:"vue_le"`
	ExpireLe *time.Time `db:"expire_le"`
}

// idCle names a key to its owner: a part of the hash of its hash.
const idCle = `'cle-' || left(encode(sha256(convert_to(empreinte, 'UTF8')), 'hex'), 24)`

// ClesDe lists the keys that open an account, the last used first.
func (s *Store) ClesDe(ctx context.Context, identifiant string) ([]ClePresente, error) {
	var ks []ClePresente
	err := s.DB.SelectContext(ctx, &ks, `
		SELECT `+idCle+` AS id, libelle, cree_le, vue_le, expire_le FROM cle_api
		WHERE identifiant = $1 AND (expire_le IS NULL OR expire_le > clock_timestamp()) ORDER BY vue_le DESC, id`, identifiant)
	if err != nil {
		return nil, fmt.Errorf("listing the keys of %s: %w", identifiant, err)
	}
	return ks, nil
}

// FermerCle closes at once one key of an account; NotFound when it has none of that
// id.
func (s *Store) FermerCle(ctx context.Context, identifiant, id string) error {
	ok, err := s.une(ctx, `DELETE FROM cle_api WHERE identifiant = $1 AND `+idCle+` = $2`, identifiant, id)
	if err == nil && !ok {
		return opco.Errorf(opco.NotFound, "Cette clé n’existe pas, ou elle est déjà fermée.")
	}
	return err
}

// ToucherCle notes that a key serves, once a minute.
func (s *Store) ToucherCle(ctx context.Context, cle string) error {
	_, err := s.DB.ExecContext(ctx, `UPDATE cle_api SET vue_le = clock_timestamp()
		WHERE empreinte = $1 AND vue_le < clock_timestamp() - interval '1 minute'`, empreinteCle(cle))
	if err != nil {
		return fmt.Errorf("noting the use of a key: %w", err)
	}
	return nil
}

// fermerCles closes every key of an account: who has lost a password no longer
// knows who holds what was made with it.
func fermerCles(ctx context.Context, tx *sqlx.Tx, compte string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM cle_api k USING utilisateur u WHERE u.identifiant = k.identifiant AND u.compte = $1`, compte)
	if err != nil {
		return fmt.Errorf("closing the keys of account %s: %w", compte, err)
	}
	return nil
}

// RetirerCles closes at once the keys of that name, and returns how many.
func (s *Store) RetirerCles(ctx context.Context, identifiant, libelle string) (int64, error) {
	r, err := s.DB.ExecContext(ctx, `DELETE FROM cle_api WHERE identifiant = $1 AND libelle = $2`, identifiant, libelle)
	if err != nil {
		return 0, fmt.Errorf("closing keys of %s: %w", identifiant, err)
	}
	return r.RowsAffected()
}
