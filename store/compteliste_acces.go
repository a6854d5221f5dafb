package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Boite is the mailbox behind an address: what follows a « + » is dropped, so that
// labels do not multiply what a mailbox receives.
func Boite(e opco.Email) string {
	local, domaine, _ := strings.Cut(strings.ToLower(string(e)), "@")
	local, _, _ = strings.Cut(local, "+")
	return local + "@" + domaine
}

// Solliciter counts one more request made without logging in under the name cle,
// unless max were made within the last hour of business time: it then returns
// false and counts nothing. Only the SHA-256 of cle is kept, for an hour.
func (s *Store) Solliciter(ctx context.Context, cle string, max int) (bool, error) {
	admis := false
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		d, err := decalage(ctx, tx)
		if err != nil {
			return err
		}
		le, h := time.Now().UTC().Add(d), empreinteCle(cle)
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, h); err != nil {
			return fmt.Errorf("locking a count: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM sollicitation WHERE cle = $1 AND le <= $2`, h, le.Add(-time.Hour)); err != nil {
			return fmt.Errorf("forgetting requests: %w", err)
		}
		res, err := tx.ExecContext(ctx, `
			INSERT INTO sollicitation (cle, le) SELECT $1, $2
			WHERE (SELECT count(*) FROM sollicitation WHERE cle = $1) < $3`, h, le, max)
		if err != nil {
			return fmt.Errorf("counting a request: %w", err)
		}
		n, err := res.RowsAffected()
		admis = n == 1
		return err
	})
	return admis, err
}

// OublierSollicitations forgets what is counted no more.
func (s *Store) OublierSollicitations(ctx context.Context) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	if _, err := s.DB.ExecContext(ctx, `DELETE FROM sollicitation WHERE le <= $1`, le.Add(-time.Hour)); err != nil {
		return fmt.Errorf("forgetting requests: %w", err)
	}
	return nil
}

// CompteAConfirmer returns the id of the newest account that waits for the proof of
// that address, or whose code has expired before it was used; "" when none does. One
// whose inscription has just been received, and not judged yet, is of them: what is
// asked of it is judged after.
func (s *Store) CompteAConfirmer(ctx context.Context, e opco.Email) (string, error) {
	return s.unCompte(ctx, `
		SELECT id FROM (
			SELECT id::text, cree_le, etat <> 'COMPTE_EXPIRE' AS vivant FROM compte
			WHERE email = $1 AND (etat = 'DEMANDE_SAISIE' OR etat IN ('EMAIL_A_CONFIRMER', 'COMPTE_EXPIRE') AND contenu->>'code' IS NOT NULL)
			UNION ALL
			SELECT substr(objet, 8), recu_le, true FROM acte
			WHERE etat = 'recu' AND type IN ('inscrire', 'inviter') AND charge #>> '{identite,email}' = $1) x
		ORDER BY vivant DESC, cree_le DESC, id LIMIT 1`, e)
}

// CompteOuvertDe returns the id of the open account named by its identifier or by
// its address; "" when there is none.
func (s *Store) CompteOuvertDe(ctx context.Context, identifiant string) (string, error) {
	return s.unCompte(ctx, `
		SELECT id FROM compte WHERE (lower(identifiant) = lower($1) OR email = lower($1))
		  AND etat IN ('ACTIF', 'ACTIF_LIMITE', 'MOT_DE_PASSE_CONFIRME')
		ORDER BY lower(identifiant) = lower($1) DESC, cree_le DESC, id LIMIT 1`, identifiant)
}

// CompteInvitable returns the id of the open account of an organisation that holds an
// address, which receives rights without an invitation; "" when there is none.
func (s *Store) CompteInvitable(ctx context.Context, e opco.Email) (string, error) {
	return s.unCompte(ctx, `
		SELECT d.id FROM compte d WHERE d.email = $1 AND d.etat IN ('ACTIF', 'ACTIF_LIMITE') AND NOT `+compteInterne+`
		ORDER BY d.cree_le DESC, d.id LIMIT 1`, e)
}

func (s *Store) unCompte(ctx context.Context, requete string, args ...any) (string, error) {
	var ids []string
	if err := s.DB.SelectContext(ctx, &ids, requete, args...); err != nil {
		return "", fmt.Errorf("looking for an account: %w", err)
	}
	if len(ids) == 0 {
		return "", nil
	}
	return ids[0], nil
}

// IdentifiantProvisoire is the first free identifier for an account that the OPCO
// opens: it begins with the short name or the code that the OPCO gives to the
// organisation, else with its SIREN. An acte received before keeps the one it has.
func (s *Store) IdentifiantProvisoire(ctx context.Context, profil opco.Role, siren opco.SIREN, acte string) (string, error) {
	var identifiant string
	err := s.DB.GetContext(ctx, &identifiant, `
		SELECT COALESCE((SELECT charge ->> 'identifiant' FROM acte WHERE id = $3 AND type = 'ouvrir_compte'), (
		    SELECT i FROM (SELECT base || '-' || to_char(n, 'FM0000') AS i, n FROM generate_series(1, 9999) n, (
		        SELECT CASE $1 WHEN 'organisme' THEN COALESCE((SELECT NULLIF(code, '') FROM organisme WHERE siren = $2), 'OF' || $2)
		               ELSE COALESCE((SELECT NULLIF(code_adherent, '') FROM entreprise WHERE siren = $2), 'ENT' || $2) END AS base) b) x
		    WHERE NOT EXISTS (SELECT 1 FROM compte c WHERE lower(c.identifiant) = lower(i)) ORDER BY n LIMIT 1))`, profil, siren, acte)
	if err != nil {
		return "", fmt.Errorf("naming the account of %s: %w", siren, err)
	}
	return identifiant, nil
}
