package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// sorteCompte marks the lines of the outbox that are about an account.
const sorteCompte = "compte"

// posterCourriers puts the mails of a step in the outbox, one line a person. What
// is written to a role goes to each of its holders who has an address.
func (pas *pasCompte) posterCourriers(ctx context.Context, c *opco.Compte, e opco.EffetsCompte) error {
	if len(e.Courriers) == 0 {
		return nil
	}
	par, err := parametres(ctx, pas.tx, opco.JourDe(pas.p.Le))
	if err != nil {
		return err
	}
	n := 0
	for _, m := range e.Courriers {
		ms := []opco.CourrierCompte{m}
		if m.A == "" && m.Role.Interne() {
			if ms, err = adresserRole(ctx, pas.tx, m); err != nil {
				return err
			}
		}
		for _, m := range ms {
			n++
			env := opco.EnvoiCompte{ID: fmt.Sprintf("%s-%d-%s-%d", c.ID, pas.p.Rang, m.Evenement, n), CompteID: c.ID, Courrier: m,
				Le: pas.p.Le, Parametres: par}
			if env.Noms, err = nommer(ctx, pas.tx, m.Habilitations); err != nil {
				return err
			}
			if err := posterCompte(ctx, pas.tx, env, pas.p.Rang, n); err != nil {
				return err
			}
		}
	}
	return notifier(ctx, pas.tx, "courrier", c.ID)
}

// posterCompte inserts one line of the outbox. One without an address is kept
// without its secret, so that people see that it went nowhere.
func posterCompte(ctx context.Context, tx *sqlx.Tx, env opco.EnvoiCompte, rang int64, n int) error {
	etat := "A_ENVOYER"
	if env.Courrier.A == "" {
		etat, env.Courrier.Secret = "SANS_ADRESSE", ""
	}
	donnees, err := json.Marshal(env)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO courrier (id, objet, rang, evenement, pour, detail, adresse, donnees, etat, le, sorte)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		env.ID, opco.ObjetCompte(env.CompteID), rang, env.Courrier.Evenement, sorteCompte, fmt.Sprint(n), env.Courrier.A, donnees, etat,
		env.Le, sorteCompte)
	if err != nil {
		return fmt.Errorf("posting %s: %w", env.Courrier.Evenement, err)
	}
	return nil
}

// adresserRole writes m to each person who holds its role now and has an address.
func adresserRole(ctx context.Context, tx *sqlx.Tx, m opco.CourrierCompte) ([]opco.CourrierCompte, error) {
	var ls []struct {
		Email  opco.Email `db:"email"`
		Nom    string     `db:"nom"`
		Prenom string     `db:"prenom"`
	}
	err := tx.SelectContext(ctx, &ls, `
		SELECT DISTINCT ON (lower(c.email)) c.email, c.nom, c.prenom
		FROM role_agent r JOIN compte c ON c.id = r.compte
		WHERE r.role = $1 AND NOT r.attend AND NOT r.coupee AND c.etat IN ('ACTIF', 'ACTIF_LIMITE') AND c.email <> ''
		ORDER BY lower(c.email), c.id`, m.Role)
	if err != nil {
		return nil, fmt.Errorf("looking for the holders of role %s: %w", m.Role, err)
	}
	ms := make([]opco.CourrierCompte, len(ls))
	for i, l := range ls {
		ms[i] = m
		ms[i].A, ms[i].Nom = l.Email, l.Prenom+" "+l.Nom
	}
	return ms, nil
}

// nommer gives the names of the organisations of rights, as the OPCO knows them.
func nommer(ctx context.Context, tx *sqlx.Tx, hs []opco.Habilitation) (map[opco.SIREN]string, error) {
	m := map[opco.SIREN]string{}
	for _, h := range hs {
		siren := h.SIRET.SIREN()
		if _, deja := m[siren]; deja {
			continue
		}
		table := "entreprise"
		if h.Profil == opco.RoleOrganisme {
			table = "organisme"
		}
		var nom string
		if err := tx.GetContext(ctx, &nom, `SELECT COALESCE((SELECT nom FROM `+table+` WHERE siren = $1), '')`, siren); err != nil {
			return nil, fmt.Errorf("naming %s: %w", siren, err)
		}
		if nom != "" {
			m[siren] = nom
		}
	}
	return m, nil
}
