package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// Utilisateur is an account: one person in one role. MotDePasse is its hash.
type Utilisateur struct {
	Identifiant string         `db:"identifiant"`
	Personne    string         `db:"personne"`
	Nom         string         `db:"nom"`
	Prenom      string         `db:"prenom"`
	Role        opco.Role      `db:"role"`
	MotDePasse  string         `db:"mot_de_passe"`
	SIRETs      pq.StringArray `db:"sirets"`
	Actif       bool           `db:"actif"`
}

// Portee returns what the account may reach.
func (u Utilisateur) Portee() opco.Portee {
	return opco.Portee{Interne: u.Role.Interne(), Role: u.Role, Personne: u.Personne, SIRETs: u.SIRETs}
}

// Acteur returns who acts through the account, on behalf of siret ("" for the
// staff of the OPCO).
func (u Utilisateur) Acteur(siret string) opco.Acteur {
	return opco.Acteur{Personne: u.Personne, Nom: u.Prenom + " " + u.Nom, Role: u.Role, SIRET: siret}
}

// ParametresHachage are those that OWASP recommends for argon2id.
var ParametresHachage = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// HacherMotDePasse returns the argon2id hash of a password, to be stored.
func HacherMotDePasse(mot string) (string, error) {
	return argon2id.CreateHash(mot, &ParametresHachage)
}

const requeteUtilisateur = `
	SELECT u.identifiant, u.personne, p.nom, p.prenom, u.role, u.mot_de_passe, u.sirets, u.actif
	FROM utilisateur u JOIN personne p ON p.id = u.personne `

// Utilisateur returns an active account by its identifiant, NotFound otherwise.
func (s *Store) Utilisateur(ctx context.Context, identifiant string) (Utilisateur, error) {
	var u Utilisateur
	err := s.DB.GetContext(ctx, &u, requeteUtilisateur+`WHERE u.identifiant = $1 AND u.actif`, identifiant)
	if err != nil {
		return u, introuvable(err, "Ce compte n’existe pas.")
	}
	return u, nil
}

// UtilisateurDeCle returns the active account that an API key opens, NotFound
// otherwise. Only the SHA-256 of the key is stored.
func (s *Store) UtilisateurDeCle(ctx context.Context, cle string) (Utilisateur, error) {
	var u Utilisateur
	err := s.DB.GetContext(ctx, &u, requeteUtilisateur+`
		JOIN cle_api k ON k.identifiant = u.identifiant
		WHERE k.empreinte = $1 AND u.actif AND (k.expire_le IS NULL OR k.expire_le > clock_timestamp())`, empreinteCle(cle))
	if err != nil {
		return u, introuvable(err, "Cette clé n’ouvre aucun compte.")
	}
	return u, nil
}

func empreinteCle(cle string) string {
	h := sha256.Sum256([]byte(cle))
	return hex.EncodeToString(h[:])
}

// EcrireUtilisateur creates an account or replaces it, and gives it the API key
// cle when it is not "". u.MotDePasse is a hash.
func (s *Store) EcrireUtilisateur(ctx context.Context, u Utilisateur, cle string) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO personne (id, nom, prenom) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET nom = EXCLUDED.nom, prenom = EXCLUDED.prenom`, u.Personne, u.Nom, u.Prenom)
		if err != nil {
			return fmt.Errorf("writing person %s: %w", u.Personne, err)
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO utilisateur (identifiant, personne, role, mot_de_passe, sirets, actif) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (identifiant) DO UPDATE SET personne = EXCLUDED.personne, role = EXCLUDED.role,
			    mot_de_passe = EXCLUDED.mot_de_passe, sirets = EXCLUDED.sirets, actif = EXCLUDED.actif`,
			u.Identifiant, u.Personne, u.Role, u.MotDePasse, pq.Array([]string(u.SIRETs)), u.Actif)
		if contrainte(err) == "utilisateur_organisation" {
			return opco.Champf("sirets", "Un compte d’entreprise ou d’organisme a au moins un SIRET.")
		}
		if err != nil {
			return fmt.Errorf("writing account %s: %w", u.Identifiant, err)
		}
		if cle == "" {
			return nil
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO cle_api (empreinte, identifiant, libelle) VALUES ($1, $2, 'clé d’essai') ON CONFLICT DO NOTHING`,
			empreinteCle(cle), u.Identifiant)
		if err != nil {
			return fmt.Errorf("writing the key of %s: %w", u.Identifiant, err)
		}
		return nil
	})
}

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
