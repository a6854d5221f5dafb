package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// naissances are the first actes of an account, and where it comes from.
var naissances = map[opco.TypeActe]opco.Origine{
	opco.ActeInscrire:        opco.OrigineInscription,
	opco.ActeInviter:         opco.OrigineInvitation,
	opco.ActeOuvrirCompte:    opco.OrigineOPCO,
	opco.ActeCreerAgent:      opco.OrigineInterne,
	opco.ActeReprendreCompte: opco.OrigineReprise,
}

// RecevoirAvecSecret is Recevoir for an acte with which a password is chosen:
// hache, its hash, waits beside the acte for its verdict. It is in no charge and
// never reaches the engine. The same acte received again keeps the first hash:
// HacheDeLActe tells whether it came with the same password.
func (s *Store) RecevoirAvecSecret(ctx context.Context, a opco.Acte, hache string) (Recu, error) {
	var r Recu
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		var err error
		if r, err = recevoir(ctx, tx, a); err != nil || r.Deja {
			return err
		}
		return garderSecret(ctx, tx, a.ID, hache)
	})
	return r, err
}

// HacheDeLActe is the hash of the password that an acte received earlier chose: the
// one that waits beside it, else the one it put in place; "" when it was refused.
func (s *Store) HacheDeLActe(ctx context.Context, acte string) (string, error) {
	var hache string
	err := s.DB.GetContext(ctx, &hache, `
		SELECT COALESCE((SELECT x.hache FROM secret_acte x WHERE x.acte = a.id),
		                (SELECT u.mot_de_passe FROM utilisateur u WHERE 'compte/' || u.compte = a.objet AND a.etat = 'applique'), '')
		FROM acte a WHERE a.id = $1`, acte)
	if err != nil {
		return "", introuvable(err, "Cet acte n’existe pas.")
	}
	return hache, nil
}

func garderSecret(ctx context.Context, tx *sqlx.Tx, acte, hache string) error {
	if _, err := tx.ExecContext(ctx, `INSERT INTO secret_acte (acte, hache) VALUES ($1, $2)`, acte, hache); err != nil {
		return fmt.Errorf("keeping the secret of acte %s: %w", acte, err)
	}
	return nil
}

// RecevoirRetrait is Recevoir for an acte that takes away: retirer_droits,
// retirer_role or clore_compte. In the same transaction what it names opens
// nothing any more and the sessions of the account end, so that a withdrawal
// holds within the second even if the engine is away (reliability.md 3.1, rule 9).
// One that the rule refuses as the account stands cuts nothing: its author may not
// withdraw. The verdict settles it: withdrawn for good, or given back.
func (s *Store) RecevoirRetrait(ctx context.Context, a opco.Acte) (Recu, error) {
	var r Recu
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		var err error
		if r, err = recevoir(ctx, tx, a); err != nil || r.Verdict != opco.VerdictRecu {
			return err
		}
		e, admis, err := s.admetRetrait(ctx, tx, r.Acte)
		if err != nil || !admis {
			return err
		}
		id := compteDe(a.Objet)
		if _, err := tx.ExecContext(ctx, `UPDATE acte SET coupe = true WHERE id = $1`, a.ID); err != nil {
			return fmt.Errorf("noting withdrawal %s: %w", a.ID, err)
		}
		if err := couper(ctx, tx, id, ""); err != nil {
			return err
		}
		if err := couperSessionsDe(ctx, tx, id, a.Session, e.Espaces); err != nil {
			return err
		}
		return notifier(ctx, tx, "compte", id)
	})
	return r, err
}

// admetRetrait reports whether the rule allows a withdrawal as the account stands,
// and what it does: its author, their declared links, the last administrator. It
// takes the same locks as a step, so that what is cut is not given back meanwhile.
func (s *Store) admetRetrait(ctx context.Context, tx *sqlx.Tx, a opco.Acte) (opco.EffetsCompte, bool, error) {
	c, err := verrouillerCompte(ctx, tx, opco.Demarche{Objet: a.Objet, ActeID: a.ID})
	if err != nil {
		return opco.EffetsCompte{}, false, err
	}
	f, err := s.faitsCompte(ctx, tx, c, a)
	if err != nil {
		return opco.EffetsCompte{}, false, err
	}
	e, err := c.Appliquer(a, nil, f)
	var refus *opco.Error
	if errors.As(err, &refus) {
		return opco.EffetsCompte{}, false, nil
	}
	return e, err == nil && e.Refus == nil, err
}

// compteDe is the id of the account that an object is, "" for any other object.
func compteDe(objet string) string {
	id, ok := strings.CutPrefix(objet, "compte/")
	if !ok {
		return ""
	}
	return id
}

// recevoirCompte checks that a suits its account, and makes the account when a is
// its first acte: the procedure finds it there.
func recevoirCompte(ctx context.Context, tx *sqlx.Tx, a opco.Acte) error {
	id := compteDe(a.Objet)
	if id == "" {
		return nil
	}
	if !uuidTexte(id) {
		return opco.Errorf(opco.NotFound, "Ce compte n’existe pas.")
	}
	origine, naissance := naissances[a.Type]
	if !naissance {
		return existerCompte(ctx, tx, id)
	}
	nee, err := naitre(ctx, tx, id, origine, a.Le)
	if err != nil || nee || a.Type == opco.ActeReprendreCompte {
		return err
	}
	return opco.Errorf(opco.Conflict, "Ce compte existe déjà.").AvecCode("COMPTE_EXISTE")
}

func existerCompte(ctx context.Context, tx *sqlx.Tx, id string) error {
	var la bool
	if err := tx.GetContext(ctx, &la, `SELECT EXISTS (SELECT 1 FROM compte WHERE id = $1)`, id); err != nil {
		return fmt.Errorf("looking for account %s: %w", id, err)
	}
	if !la {
		return opco.Errorf(opco.NotFound, "Ce compte n’existe pas.")
	}
	return nil
}

// naitre makes the row of an account at rang 0, without an état, and answers
// false when there is one already.
func naitre(ctx context.Context, tx *sqlx.Tx, id string, origine opco.Origine, le time.Time) (bool, error) {
	c := &opco.Compte{ID: id, Origine: origine, CreeLe: le}
	contenu, err := json.Marshal(c)
	if err != nil {
		return false, err
	}
	resume, err := json.Marshal(c.Resume())
	if err != nil {
		return false, err
	}
	res, err := tx.ExecContext(ctx, `
		INSERT INTO compte (id, etat, rang, origine, identifiant, email, personne, nom, prenom, contenu, resume, cree_le, modifie_le)
		VALUES ($1, '', 0, $2, '', '', '', '', '', $3, $4, $5, $5)
		ON CONFLICT (id) DO NOTHING`, id, origine, contenu, resume, le)
	if err != nil {
		return false, fmt.Errorf("making account %s: %w", id, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// couper marks what the withdrawals admitted and not yet settled take away from
// an account, and gives back what none of them names. sauf is the acte that is
// being settled, "" for none.
func couper(ctx context.Context, tx *sqlx.Tx, id, sauf string) error {
	var actes []struct {
		Type   string `db:"type"`
		Charge []byte `db:"charge"`
	}
	err := tx.SelectContext(ctx, &actes, `
		SELECT type, charge FROM acte
		WHERE objet = $1 AND etat = 'recu' AND coupe AND id <> COALESCE(NULLIF($2, '')::uuid, '00000000-0000-0000-0000-000000000000')
		  AND type = ANY ($3)`,
		opco.ObjetCompte(id), sauf, pq.Array([]string{string(opco.ActeRetirerDroits), string(opco.ActeRetirerRole), string(opco.ActeCloreCompte)}))
	if err != nil {
		return fmt.Errorf("looking for withdrawals of account %s: %w", id, err)
	}
	var droits, roles []string
	clos := false
	for _, a := range actes {
		switch opco.TypeActe(a.Type) {
		case opco.ActeRetirerDroits:
			var c opco.ChargeDroits
			if json.Unmarshal(a.Charge, &c) == nil { // one that cannot be read withdraws nothing: the rule refuses it
				droits = append(droits, c.Habilitations...)
			}
		case opco.ActeRetirerRole:
			var c opco.ChargeRole
			if json.Unmarshal(a.Charge, &c) == nil {
				roles = append(roles, string(c.Role))
			}
		default:
			clos = true
		}
	}
	return marquerCoupes(ctx, tx, id, droits, roles, clos)
}

func marquerCoupes(ctx context.Context, tx *sqlx.Tx, id string, droits, roles []string, clos bool) error {
	for _, q := range []struct {
		requete string
		args    []any
	}{
		{`UPDATE habilitation SET coupee = $2 OR id = ANY ($3) WHERE compte = $1 AND coupee <> ($2 OR id = ANY ($3))`,
			[]any{id, clos, pq.Array(triees(droits))}},
		{`UPDATE role_agent SET coupee = $2 OR role = ANY ($3) WHERE compte = $1 AND coupee <> ($2 OR role = ANY ($3))`,
			[]any{id, clos, pq.Array(triees(roles))}},
		{`UPDATE utilisateur SET actif = NOT $2 WHERE compte = $1 AND actif = $2`, []any{id, clos}},
	} {
		if _, err := tx.ExecContext(ctx, q.requete, q.args...); err != nil {
			return fmt.Errorf("cutting the rights of account %s: %w", id, err)
		}
	}
	return nil
}

// triees copies xs, never nil: PostgreSQL reads a nil slice as NULL.
func triees(xs []string) []string {
	ys := append([]string{}, xs...)
	slices.Sort(ys)
	return ys
}

// couperSessions ends the sessions of an account, but the one named sauf.
func couperSessions(ctx context.Context, tx *sqlx.Tx, id, sauf string) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM session WHERE compte = $1 AND ($2 = '' OR id IS DISTINCT FROM $2)`, id, sauf)
	if err != nil {
		return fmt.Errorf("ending the sessions of account %s: %w", id, err)
	}
	return nil
}

// couperSessionsDe is couperSessions for the sessions that are in one of these
// espaces, all of them when none is named.
func couperSessionsDe(ctx context.Context, tx *sqlx.Tx, id, sauf string, espaces []string) error {
	if len(espaces) == 0 {
		return couperSessions(ctx, tx, id, sauf)
	}
	var ls []struct {
		Token string `db:"token"`
		Data  []byte `db:"data"`
	}
	if err := tx.SelectContext(ctx, &ls, `SELECT token, data FROM session WHERE compte = $1 AND id IS DISTINCT FROM $2`, id, sauf); err != nil {
		return fmt.Errorf("reading the sessions of account %s: %w", id, err)
	}
	jetons := []string{}
	for _, l := range ls {
		_, valeurs, err := scs.GobCodec{}.Decode(l.Data)
		if e, _ := valeurs[ValeurEspace].(string); err != nil || slices.Contains(espaces, e) {
			jetons = append(jetons, l.Token) // one that cannot be read is not left open
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM session WHERE token = ANY ($1)`, pq.Array(jetons)); err != nil {
		return fmt.Errorf("ending the sessions of account %s: %w", id, err)
	}
	return nil
}
