package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// EcrireUtilisateur creates an account that is ready, or replaces it, and gives it
// the API key cle when it is not "". u.MotDePasse is a hash.
func (s *Store) EcrireUtilisateur(ctx context.Context, u Utilisateur, cle string) error {
	if !u.Role.Interne() && len(u.SIRETs) == 0 {
		return opco.Champf("sirets", "Un compte d’entreprise ou d’organisme a au moins un SIRET.")
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO personne (id, nom, prenom) VALUES ($1, $2, $3)
			ON CONFLICT (id) DO UPDATE SET nom = EXCLUDED.nom, prenom = EXCLUDED.prenom`, u.Personne, u.Nom, u.Prenom)
		if err != nil {
			return fmt.Errorf("writing person %s: %w", u.Personne, err)
		}
		id := uuid.NewSHA1(uuid.NameSpaceURL, []byte("compte:"+u.Identifiant)).String()
		if err := ecrireCompte(ctx, tx, id, u); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO utilisateur (identifiant, personne, mot_de_passe, actif, compte) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (identifiant) DO UPDATE SET personne = EXCLUDED.personne, mot_de_passe = EXCLUDED.mot_de_passe,
			    actif = EXCLUDED.actif, compte = EXCLUDED.compte`, u.Identifiant, u.Personne, u.MotDePasse, u.Actif, id)
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

// ecrireCompte writes the account itself and its rights.
func ecrireCompte(ctx context.Context, tx *sqlx.Tx, id string, u Utilisateur) error {
	c := opco.Compte{ID: id, Rang: 1, Etat: opco.CompteActif, Origine: opco.OrigineReprise, Identifiant: u.Identifiant, Personne: u.Personne,
		Identite: opco.Identite{Nom: u.Nom, Prenom: u.Prenom, Email: u.Email}}
	contenu, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO compte (id, etat, rang, origine, identifiant, email, personne, nom, prenom, contenu, resume, cree_le, modifie_le)
		VALUES ($1, 'ACTIF', 1, 'REPRISE', $2, $3, $4, $5, $6, $7, '{}', clock_timestamp(), clock_timestamp())
		ON CONFLICT (id) DO UPDATE SET personne = EXCLUDED.personne, nom = EXCLUDED.nom, prenom = EXCLUDED.prenom, contenu = EXCLUDED.contenu`,
		id, u.Identifiant, u.Email, u.Personne, u.Nom, u.Prenom, contenu)
	if err != nil {
		return fmt.Errorf("writing account %s: %w", u.Identifiant, err)
	}
	for _, table := range []string{"habilitation", "role_agent"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE compte = $1`, id); err != nil {
			return fmt.Errorf("writing account %s: %w", u.Identifiant, err)
		}
	}
	if u.Role.Interne() {
		_, err := tx.ExecContext(ctx, `INSERT INTO role_agent (compte, personne, role) VALUES ($1, $2, $3)`, id, u.Personne, u.Role)
		return err
	}
	service := opco.ServiceDossiers
	if u.Role == opco.RoleOrganisme {
		service = opco.ServicePaiements
	}
	for _, siret := range u.SIRETs {
		for _, x := range []opco.Service{service, opco.ServiceUtilisateurs} {
			_, err := tx.ExecContext(ctx, `
				INSERT INTO habilitation (compte, id, profil, siret, service, etat) VALUES ($1, $2, $3, $4, $5, 'ACCORDEE')`,
				id, opco.CleHabilitation(u.Role, opco.SIRET(siret), x), u.Role, siret, x)
			if err != nil {
				return fmt.Errorf("writing a right of %s: %w", u.Identifiant, err)
			}
		}
	}
	return nil
}
