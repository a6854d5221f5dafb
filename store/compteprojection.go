package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// projeterCompte writes the projection of an account: columns for lists, contenu for
// the page, its rights, its roles, its login. It moves forward only.
func projeterCompte(ctx context.Context, tx *sqlx.Tx, c *opco.Compte, le time.Time) error {
	contenu, err := json.Marshal(c)
	if err != nil {
		return err
	}
	resume, err := json.Marshal(c.Resume())
	if err != nil {
		return err
	}
	var prochaine *time.Time
	if len(c.Echeances) > 0 {
		prochaine = &c.Echeances[0].Le
	}
	noms, err := nommer(ctx, tx, c.Habilitations)
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE compte SET etat = $2, rang = $3, origine = $4, identifiant = $5, email = $6, personne = $7, nom = $8, prenom = $9,
		    contenu = $10, resume = $11, prochaine_echeance = $12, recherche = $13, modifie_le = $14
		WHERE id = $1 AND rang = $3 - 1`,
		c.ID, c.Etat, c.Rang, c.Origine, c.Identifiant, c.Email, c.Personne, c.Nom, c.Prenom, contenu, resume, prochaine, rechercheCompte(c, noms), le)
	if err != nil {
		return fmt.Errorf("projecting account %s: %w", c.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil || n != 1 {
		return ErrTrou
	}
	for _, ecrire := range []func(context.Context, *sqlx.Tx, *opco.Compte) error{ecrirePersonne, ecrireLogin, ecrireHabilitations,
		ecrireRoles, ecrireDelegations, ecrireLiens} {
		if err := ecrire(ctx, tx, c); err != nil {
			return err
		}
	}
	return nil
}

// rechercheCompte is what a person may type to find an account, the names of its
// organisations included: nothing finds one whose data are erased.
func rechercheCompte(c *opco.Compte, noms map[opco.SIREN]string) string {
	if !c.PurgeLe.IsZero() {
		return ""
	}
	mots := []string{c.Identifiant, string(c.Email), c.Prenom + " " + c.Nom}
	vus := map[opco.SIRET]bool{}
	for _, h := range c.Habilitations {
		if !vus[h.SIRET] {
			vus[h.SIRET] = true
			mots = append(mots, string(h.SIRET), noms[h.SIRET.SIREN()])
		}
	}
	return opco.CleRecherche(strings.Join(mots, " "))
}

// ecrirePersonne keeps the name of the person. One whose data were erased has none
// left, unless another account of theirs still does.
func ecrirePersonne(ctx context.Context, tx *sqlx.Tx, c *opco.Compte) error {
	if c.Personne == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO personne (id, nom, prenom) VALUES ($1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET nom = EXCLUDED.nom, prenom = EXCLUDED.prenom
		WHERE (EXCLUDED.nom <> '' OR EXCLUDED.prenom <> ''
		       OR NOT EXISTS (SELECT 1 FROM compte x WHERE x.personne = $1 AND x.id <> $4 AND x.nom <> ''))
		  AND (personne.nom, personne.prenom) <> (EXCLUDED.nom, EXCLUDED.prenom)`, c.Personne, c.Nom, c.Prenom, c.ID)
	if err != nil {
		return fmt.Errorf("writing the person of account %s: %w", c.ID, err)
	}
	return nil
}

// ecrireLogin gives an account that may be logged in to its login, under its
// identifier, and takes it from any other with its keys, factors and sessions.
// A login knows its identifier in lower case: that is how it is looked for.
func ecrireLogin(ctx context.Context, tx *sqlx.Tx, c *opco.Compte) error {
	if !slices.Contains(etatsOuvrables, string(c.Etat)) {
		return fermerLogin(ctx, tx, c.ID)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO utilisateur (identifiant, personne, mot_de_passe, actif, compte) VALUES ($1, $2, '', true, $3)
		ON CONFLICT (compte) DO UPDATE SET identifiant = EXCLUDED.identifiant, personne = EXCLUDED.personne
		WHERE (utilisateur.identifiant, utilisateur.personne) <> (EXCLUDED.identifiant, EXCLUDED.personne)`,
		strings.ToLower(c.Identifiant), c.Personne, c.ID)
	if err != nil {
		return fmt.Errorf("writing the login of account %s: %w", c.ID, err)
	}
	return nil
}

func fermerLogin(ctx context.Context, tx *sqlx.Tx, id string) error {
	for _, q := range []string{`DELETE FROM session WHERE compte = $1`, `DELETE FROM passkey WHERE compte = $1`,
		`DELETE FROM identite_externe WHERE compte = $1`, `DELETE FROM utilisateur WHERE compte = $1`} {
		if _, err := tx.ExecContext(ctx, q, id); err != nil {
			return fmt.Errorf("closing the login of account %s: %w", id, err)
		}
	}
	return nil
}

// ecrireHabilitations writes the rights of an account as it has them. When they
// were last used and whether they are cut are not the journal's and stay.
func ecrireHabilitations(ctx context.Context, tx *sqlx.Tx, c *opco.Compte) error {
	ids := make([]string, 0, len(c.Habilitations))
	for _, h := range c.Habilitations {
		ids = append(ids, h.ID)
		_, err := tx.ExecContext(ctx, `
			INSERT INTO habilitation (compte, id, profil, siret, service, etat, du, au, mandat, motif, demandee_le, ouverte_le, limite,
			    decidee_le, decidee_par, auto, recue)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
			ON CONFLICT (compte, id) DO UPDATE SET etat = EXCLUDED.etat, du = EXCLUDED.du, au = EXCLUDED.au, mandat = EXCLUDED.mandat,
			    motif = EXCLUDED.motif, demandee_le = EXCLUDED.demandee_le, ouverte_le = EXCLUDED.ouverte_le, limite = EXCLUDED.limite,
			    decidee_le = EXCLUDED.decidee_le, decidee_par = EXCLUDED.decidee_par, auto = EXCLUDED.auto,
			    recue = EXCLUDED.recue
			WHERE (habilitation.etat, habilitation.du, habilitation.au, habilitation.mandat, habilitation.motif, habilitation.demandee_le,
			       habilitation.ouverte_le, habilitation.limite, habilitation.decidee_le, habilitation.decidee_par, habilitation.auto, habilitation.recue)
			    IS DISTINCT FROM (EXCLUDED.etat, EXCLUDED.du, EXCLUDED.au, EXCLUDED.mandat, EXCLUDED.motif, EXCLUDED.demandee_le,
			       EXCLUDED.ouverte_le, EXCLUDED.limite, EXCLUDED.decidee_le, EXCLUDED.decidee_par, EXCLUDED.auto, EXCLUDED.recue)`,
			c.ID, h.ID, h.Profil, h.SIRET, h.Service, h.Etat, h.Du, h.Au, h.Mandat, h.Motif, instantOuNul(h.DemandeeLe),
			instantOuNul(h.OuverteLe), h.Limite, instantOuNul(h.DecideeLe), h.DecideePar.Personne, h.Auto, h.Recue)
		if err != nil {
			return fmt.Errorf("writing right %s of account %s: %w", h.ID, c.ID, err)
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM habilitation WHERE compte = $1 AND id <> ALL ($2)`, c.ID, pq.Array(ids)); err != nil {
		return fmt.Errorf("clearing the rights of account %s: %w", c.ID, err)
	}
	return nil
}

func instantOuNul(le time.Time) *time.Time {
	if le.IsZero() {
		return nil
	}
	return &le
}

// rolesPoses are the roles that an account holds or waits for.
func rolesPoses(c *opco.Compte) map[string]bool {
	m := map[string]bool{}
	if c.Etat == opco.CompteClos || c.Etat == opco.CompteExpire {
		return m
	}
	for _, r := range c.Roles {
		if r.RetireLe.IsZero() {
			m[string(r.Role)] = r.Attend
		}
	}
	return m
}

func ecrireRoles(ctx context.Context, tx *sqlx.Tx, c *opco.Compte) error {
	poses := rolesPoses(c)
	noms := make([]string, 0, len(poses))
	for r := range poses {
		noms = append(noms, r)
	}
	slices.Sort(noms)
	if _, err := tx.ExecContext(ctx, `DELETE FROM role_agent WHERE compte = $1 AND role <> ALL ($2)`, c.ID, pq.Array(noms)); err != nil {
		return fmt.Errorf("withdrawing roles of account %s: %w", c.ID, err)
	}
	for _, r := range noms {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO role_agent (compte, personne, role, attend) VALUES ($1, $2, $3, $4)
			ON CONFLICT (compte, role) DO UPDATE SET attend = EXCLUDED.attend WHERE role_agent.attend <> EXCLUDED.attend`,
			c.ID, c.Personne, r, poses[r])
		if err != nil {
			return fmt.Errorf("writing role %s of account %s: %w", r, c.ID, err)
		}
	}
	return nil
}

func ecrireDelegations(ctx context.Context, tx *sqlx.Tx, c *opco.Compte) error {
	for _, d := range c.Delegations {
		res, err := tx.ExecContext(ctx, `
			INSERT INTO delegation (id, compte, personne, delegue, role, du, au, finie, par) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT (id) DO UPDATE SET finie = EXCLUDED.finie WHERE delegation.compte = EXCLUDED.compte`,
			d.ID, c.ID, c.Personne, d.Delegue, d.Role, d.Du, d.Au, !d.FinLe.IsZero(), d.Par.Personne)
		if err != nil {
			return fmt.Errorf("writing delegation %s: %w", d.ID, err)
		}
		if n, err := res.RowsAffected(); err != nil || n != 1 {
			return opco.Errorf(opco.Conflict, "Une autre délégation porte déjà ce nom : donnez-lui-en un autre.").AvecCode("DELEGATION_EXISTE")
		}
	}
	return nil
}

// ecrireLiens keeps the companies that a person declared a link with: those of all
// their accounts together.
func ecrireLiens(ctx context.Context, tx *sqlx.Tx, c *opco.Compte) error {
	for _, l := range c.Liens {
		requete := `INSERT INTO lien_interet (personne, siren) VALUES ($1, $2) ON CONFLICT DO NOTHING`
		if !l.FinLe.IsZero() {
			requete = `
				DELETE FROM lien_interet WHERE personne = $1 AND siren = $2
				  AND NOT EXISTS (SELECT 1 FROM compte x, jsonb_array_elements(COALESCE(x.contenu -> 'liens', '[]')) e
				                  WHERE x.personne = $1 AND e ->> 'siren' = $2 AND e ->> 'fin_le' IS NULL)`
		}
		if _, err := tx.ExecContext(ctx, requete, c.Personne, l.SIREN); err != nil {
			return fmt.Errorf("writing the links of account %s: %w", c.ID, err)
		}
	}
	return nil
}

// refusContrainte is what the constraint that err broke says to who acts; nil when
// it says nothing to anybody.
func refusContrainte(err error) *opco.Error {
	switch contrainte(err) {
	case "compte_identifiant", "utilisateur_pkey":
		e := opco.Champf("identifiant", "Cet identifiant ouvre déjà un autre compte : choisissez-en un autre.").AvecCode("IDENTIFIANT_PRIS")
		e.Kind = opco.Conflict
		return e
	case "role_agent_instruit_ou_paie":
		return opco.Errorf(opco.Conflict, "La même personne ne peut pas instruire et payer : retirez-lui d’abord l’autre rôle, sur tous "+
			"ses comptes.").AvecCode("ROLES_INCOMPATIBLES")
	case "role_agent_controle":
		return opco.Errorf(opco.Conflict, "La même personne ne peut pas contrôler, et instruire ou payer : retirez-lui d’abord l’autre rôle, sur tous "+
			"ses comptes.").AvecCode("ROLES_INCOMPATIBLES")
	case "role_agent_metier_ou_technique":
		return opco.Errorf(opco.Conflict, "Administrer ou exploiter le système exclut tout rôle de gestion : retirez d’abord l’autre rôle "+
			"à cette personne, sur tous ses comptes.").AvecCode("ROLES_INCOMPATIBLES")
	case "role_agent_delegation":
		return opco.Errorf(opco.Conflict, "Cette personne remplace un absent dans un rôle qui exclut celui-ci : mettez d’abord fin à la délégation.").
			AvecCode("ROLES_INCOMPATIBLES")
	case "delegation_incompatible":
		return opco.Errorf(opco.Conflict, "La personne à qui déléguer a, par un autre compte ou par une autre délégation des mêmes jours, un rôle qui "+
			"exclut celui-ci.").AvecCode("ROLES_INCOMPATIBLES")
	case "delegation_sensible":
		return opco.Errorf(opco.Forbidden, "Ce rôle est sensible : seule la personne absente peut le déléguer.").AvecCode("ROLE_SENSIBLE")
	case "role_agent_role":
		return opco.Champf("role", "Ce rôle ne se donne pas à un agent de l’OPCO.")
	case "delegation_delegue_fkey":
		return opco.Champf("delegue", "La personne à qui déléguer n’a pas de compte.")
	case "delegation_autrui":
		return opco.Champf("delegue", "Une délégation se donne à quelqu’un d’autre.")
	case "delegation_periode", "habilitation_periode":
		return opco.Champf("au", "La fin de la période ne peut pas précéder son début.")
	case "habilitation_mandat":
		return opco.Champf("au", "Un mandat a un premier et un dernier jour.")
	case "habilitation_cle":
		return opco.Errorf(opco.Conflict, "Ce droit existe déjà sur ce compte.").AvecCode("DROIT_EXISTE")
	}
	return nil
}
