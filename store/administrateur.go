package store

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// administrateursDepart is how many administrators an OPCO starts with: a sensitive
// role that one gives is confirmed by another (reliability.md 3.1).
const administrateursDepart = 2

// ValiderAdministrateur checks who is to be an administrator and writes u as it will be
// kept. Errors are Invalid, in French, on the field.
func ValiderAdministrateur(u *Utilisateur) error {
	var err error
	if u.Identifiant, err = opco.ParseIdentifiant(u.Identifiant); err != nil {
		return err
	}
	for _, x := range []struct {
		champ, manque string
		v             *string
	}{{"prenom", "Donnez le prénom : --prenom.", &u.Prenom}, {"nom", "Donnez le nom : --nom.", &u.Nom}} {
		if *x.v, err = opco.ParseTexte(x.champ, *x.v, 80); err != nil {
			return err
		}
		if *x.v == "" {
			return opco.Champf(x.champ, "%s", x.manque)
		}
	}
	if u.Email == "" {
		return opco.Champf("courriel", "Donnez l’adresse e-mail : --courriel.")
	}
	u.Email, err = opco.ParseEmail(string(u.Email))
	return err
}

// CreerAdministrateur creates one of the first administrators, whose password is mot,
// while the OPCO has fewer than two; it returns how many are still missing. A Conflict
// when there are enough, or when the identifier or the e-mail opens an account.
func (s *Store) CreerAdministrateur(ctx context.Context, u Utilisateur, mot string) (reste int, err error) {
	if err := ValiderAdministrateur(&u); err != nil {
		return 0, err
	}
	err = s.transact(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('administrateurs', 0))`); err != nil {
			return fmt.Errorf("locking the administrators: %w", err)
		}
		n, err := placeDAdministrateur(ctx, tx, u)
		if err != nil {
			return err
		}
		p, err := s.parametresDuJour(ctx, tx)
		if err != nil {
			return err
		}
		if err := p.Politique(opco.PolitiqueInterne).Verifier(mot, u.Identifiant, u.Prenom, u.Nom, string(u.Email)); err != nil {
			return err
		}
		hache, err := HacherMotDePasse(mot)
		if err != nil {
			return err
		}
		id, err := s.reprendre(ctx, tx, opco.ChargeReprise{Identifiant: u.Identifiant, Role: opco.RoleAdmin,
			Identite: opco.Identite{Nom: u.Nom, Prenom: u.Prenom, Email: u.Email}})
		if err != nil {
			return err
		}
		reste = administrateursDepart - n - 1
		return poserReprise(ctx, tx, id, hache)
	})
	return reste, err
}

// placeDAdministrateur counts the active administrators and refuses one more than
// two, or whose identifier or e-mail is somebody's already.
func placeDAdministrateur(ctx context.Context, tx *sqlx.Tx, u Utilisateur) (int, error) {
	var n int
	var pris, ecrit bool
	err := tx.QueryRowxContext(ctx, `
		SELECT (SELECT count(DISTINCT r.personne) FROM role_agent r JOIN compte x ON x.id = r.compte
		        WHERE r.role = 'admin' AND NOT r.attend AND NOT r.coupee AND x.etat IN ('ACTIF_LIMITE', 'ACTIF')),
		       EXISTS (SELECT 1 FROM utilisateur WHERE identifiant = $1) OR EXISTS (SELECT 1 FROM compte WHERE lower(identifiant) = $1 AND etat = ANY ($3)),
		       EXISTS (SELECT 1 FROM compte WHERE lower(email) = lower($2) AND etat = ANY ($3))`,
		u.Identifiant, u.Email, etatsOuvrables).Scan(&n, &pris, &ecrit)
	switch {
	case err != nil:
		return 0, fmt.Errorf("counting the administrators: %w", err)
	case n >= administrateursDepart:
		return n, opco.Errorf(opco.Conflict, "L’OPCO a déjà %d administrateurs : l’un d’eux crée les comptes des agents dans Guichet.", n)
	case pris:
		return n, opco.Champf("identifiant", "L’identifiant « %s » est déjà pris : choisissez-en un autre.", u.Identifiant)
	case ecrit:
		return n, opco.Champf("courriel", "Cette adresse ouvre déjà un compte : donnez-en une autre.")
	}
	return n, nil
}
