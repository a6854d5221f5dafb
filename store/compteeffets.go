package store

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// ecrireEffets writes what a step does besides moving the account: its password,
// its factors, its sessions, what is erased, its mails. The hash that came with
// the acte is gone whatever the verdict.
func (pas *pasCompte) ecrireEffets(ctx context.Context, c *opco.Compte, e opco.EffetsCompte) error {
	if err := pas.ecrireMotDePasse(ctx, c, e); err != nil {
		return err
	}
	if e.OterFacteurs {
		if err := oterFacteurs(ctx, pas.tx, c.ID); err != nil {
			return err
		}
	}
	if pas.a.Type == opco.ActeReinitialiser && e.PoserMotDePasse {
		if err := fermerCles(ctx, pas.tx, c.ID); err != nil {
			return err
		}
	}
	if e.CouperSessions {
		sauf := ""
		if e.SaufCelleCi {
			sauf = pas.a.Session
		}
		if err := couperSessionsDe(ctx, pas.tx, c.ID, sauf, e.Espaces); err != nil {
			return err
		}
	}
	if e.Purger || pas.p.Verdict == opco.VerdictRefuse && c.Etat == opco.EtatNouveau {
		if err := purger(ctx, pas.tx, c); err != nil {
			return err
		}
	}
	if pas.p.Verdict == opco.VerdictApplique {
		if err := cloreSansCompte(ctx, pas.tx, c, pas.p.Le); err != nil {
			return err
		}
	}
	return pas.posterCourriers(ctx, c, e)
}

// ecrireMotDePasse puts the password of the step in place, or takes it away.
func (pas *pasCompte) ecrireMotDePasse(ctx context.Context, c *opco.Compte, e opco.EffetsCompte) error {
	hache, poser := "", e.OterMotDePasse
	switch {
	case e.Provisoire != "":
		var err error
		if hache, err = HacherMotDePasse(e.Provisoire); err != nil {
			return fmt.Errorf("hashing a provisional password: %w", err)
		}
		poser = true
	case e.PoserMotDePasse:
		err := pas.tx.GetContext(ctx, &hache, `SELECT hache FROM secret_acte WHERE acte = $1`, pas.a.ID)
		if err != nil {
			return fmt.Errorf("reading the secret of acte %s: %w", pas.a.ID, err)
		}
		poser = true
	}
	if poser {
		_, err := pas.tx.ExecContext(ctx, `UPDATE utilisateur SET mot_de_passe = $2, mot_de_passe_le = $3 WHERE compte = $1`,
			c.ID, hache, pas.p.Le)
		if err != nil {
			return fmt.Errorf("writing the password of account %s: %w", c.ID, err)
		}
		if err := oublierEchecs(ctx, pas.tx, c.ID, "facteur:"+c.ID, strings.ToLower(c.Identifiant), string(c.Email)); err != nil {
			return err
		}
	}
	if pas.a.ID == "" {
		return nil
	}
	if _, err := pas.tx.ExecContext(ctx, `DELETE FROM secret_acte WHERE acte = $1`, pas.a.ID); err != nil {
		return fmt.Errorf("forgetting the secret of acte %s: %w", pas.a.ID, err)
	}
	return nil
}

func oterFacteurs(ctx context.Context, tx *sqlx.Tx, id string) error {
	for _, q := range []string{`DELETE FROM passkey WHERE compte = $1`, `DELETE FROM identite_externe WHERE compte = $1`,
		`UPDATE utilisateur SET totp = NULL, totp_pas = 0, secours = '{}' WHERE compte = $1`} {
		if _, err := tx.ExecContext(ctx, q, id); err != nil {
			return fmt.Errorf("forgetting the second factors of account %s: %w", id, err)
		}
	}
	return oublierEchecs(ctx, tx, "facteur:"+id)
}

// purger erases the personal data of an account outside of its projection: what
// its actes carried, what its mails said and where they went (domain.md 3.10). A
// mail of this very step is posted after, and leaves before it is erased.
func purger(ctx context.Context, tx *sqlx.Tx, c *opco.Compte) error {
	objet := opco.ObjetCompte(c.ID)
	for _, q := range []string{
		`UPDATE acte SET charge = '{}', siret = '', session = '',
		        phrase = CASE etat WHEN 'refuse' THEN 'Cet acte a été refusé ; son contenu est effacé.' ELSE phrase END,
		        nom = CASE WHEN role IN ('entreprise', 'organisme', 'demandeur') THEN '' ELSE nom END
		 WHERE objet = $1`,
		`UPDATE courrier SET donnees = '{}', adresse = '', sujet = '',
		        erreur = CASE WHEN etat = 'A_ENVOYER' THEN 'Les données de ce compte ont été effacées avant l’envoi.' ELSE '' END,
		        etat = CASE WHEN etat = 'A_ENVOYER' THEN 'REFUSE' ELSE etat END
		 WHERE objet = $1`,
		`DELETE FROM secret_acte WHERE acte IN (SELECT id FROM acte WHERE objet = $1)`,
		`UPDATE incident SET erreur = '' WHERE objet = $1`,
	} {
		if _, err := tx.ExecContext(ctx, q, objet); err != nil {
			return fmt.Errorf("erasing account %s: %w", c.ID, err)
		}
	}
	return nil
}

// oublierAuteur takes the name and the address of the person of an account out of
// the rights that they gave to others; their id stays. It reads the address from the
// row as it was before it is erased.
func oublierAuteur(ctx context.Context, tx *sqlx.Tx, id string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE compte o SET contenu = jsonb_set(o.contenu, '{habilitations}', (
		    SELECT jsonb_agg(CASE WHEN h #>> '{decidee_par,personne}' = c.personne AND h #>> '{decidee_par,role}' IN ('entreprise', 'organisme')
		                          THEN jsonb_set(h, '{decidee_par,nom}', '""') ELSE h END
		                     - CASE WHEN h ->> 'mandant' = c.email THEN 'mandant' ELSE '' END ORDER BY n)
		    FROM jsonb_array_elements(o.contenu -> 'habilitations') WITH ORDINALITY AS x(h, n)))
		FROM compte c
		WHERE c.id = $1 AND o.id <> c.id AND EXISTS (
		    SELECT 1 FROM jsonb_array_elements(COALESCE(o.contenu -> 'habilitations', '[]')) h
		    WHERE c.email <> '' AND h ->> 'mandant' = c.email
		       OR h #>> '{decidee_par,personne}' = c.personne AND h #>> '{decidee_par,role}' IN ('entreprise', 'organisme'))`, id)
	if err != nil {
		return fmt.Errorf("forgetting who gave rights through account %s: %w", id, err)
	}
	return nil
}
