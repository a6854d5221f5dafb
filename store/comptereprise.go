package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// EcrireUtilisateur takes over an account as it stands, already active: its rights
// are granted (a company's or an organisme's act and administer on each SIRET), its
// role is held, and u.MotDePasse, a hash, opens it. It gets the API key cle when it
// is not "". Written again as it is, only the password and the key change; written
// otherwise, the account of before is closed and another takes its identifier.
func (s *Store) EcrireUtilisateur(ctx context.Context, u Utilisateur, cle string) error {
	if !u.Role.Interne() && len(u.SIRETs) == 0 {
		return opco.Champf("sirets", "Un compte d’entreprise ou d’organisme a au moins un SIRET.")
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		id, err := s.reprendre(ctx, tx, chargeReprise(u))
		if err != nil {
			return err
		}
		if err := poserReprise(ctx, tx, id, u.MotDePasse); err != nil || cle == "" {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO cle_api (empreinte, identifiant, libelle)
			SELECT $1, identifiant, 'clé d’essai' FROM utilisateur WHERE compte = $2 ON CONFLICT DO NOTHING`, empreinteCle(cle), id)
		if err != nil {
			return fmt.Errorf("writing the key of %s: %w", u.Identifiant, err)
		}
		return nil
	})
}

func poserReprise(ctx context.Context, tx *sqlx.Tx, id, hache string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE utilisateur SET mot_de_passe = $2, mot_de_passe_le = clock_timestamp() WHERE compte = $1 AND $2 <> ''`, id, hache)
	if err != nil {
		return fmt.Errorf("writing the password of account %s: %w", id, err)
	}
	return nil
}

// chargeReprise is u as an account that the OPCO already has.
func chargeReprise(u Utilisateur) opco.ChargeReprise {
	c := opco.ChargeReprise{Identifiant: u.Identifiant, Personne: u.Personne, Inactif: !u.Actif,
		Identite: opco.Identite{Nom: u.Nom, Prenom: u.Prenom, Email: u.Email}}
	if u.Role.Interne() {
		c.Role = u.Role
		return c
	}
	service := opco.ServiceDossiers
	if u.Role == opco.RoleOrganisme {
		service = opco.ServicePaiements
	}
	for _, x := range u.SIRETs {
		for _, s := range []opco.Service{service, opco.ServiceUtilisateurs} {
			c.Droits = append(c.Droits, opco.DroitDonne{Profil: u.Role, SIRET: opco.SIRET(x), Service: s})
		}
	}
	return c
}

// ReprendreComptes turns the accounts of before this version, each with its rights
// or its role, into accounts with their journal. Taking over again changes nothing.
// One that cannot be taken over stays where it is and is named by the error; the
// others are taken over.
func (s *Store) ReprendreComptes(ctx context.Context) error {
	var ls []struct {
		Identifiant string         `db:"identifiant"`
		Personne    string         `db:"personne"`
		Nom         string         `db:"nom"`
		Prenom      string         `db:"prenom"`
		Role        opco.Role      `db:"role"`
		SIRETs      pq.StringArray `db:"sirets"`
		Actif       bool           `db:"actif"`
	}
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT r.identifiant, r.personne, p.nom, p.prenom, r.role, r.sirets, r.actif
		FROM reprise_compte r JOIN personne p ON p.id = r.personne ORDER BY r.identifiant`)
	if err != nil {
		return fmt.Errorf("listing the accounts to take over: %w", err)
	}
	var fautes []error
	for _, l := range ls {
		u := Utilisateur{Identifiant: l.Identifiant, Personne: l.Personne, Nom: l.Nom, Prenom: l.Prenom, Role: l.Role, SIRETs: l.SIRETs, Actif: l.Actif}
		err := s.transact(ctx, func(tx *sqlx.Tx) error {
			if _, err := s.reprendre(ctx, tx, chargeReprise(u)); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, `DELETE FROM reprise_compte WHERE identifiant = $1`, l.Identifiant)
			return err
		})
		if err != nil {
			fautes = append(fautes, fmt.Errorf("taking over account %s: %w", l.Identifiant, err))
		}
	}
	return errors.Join(fautes...)
}

// reprendre takes over an account, unless it is there already just so, and returns
// its id. No procedure carries it: it is done with its journal line at once.
func (s *Store) reprendre(ctx context.Context, tx *sqlx.Tx, ch opco.ChargeReprise) (string, error) {
	ch.Identifiant = strings.ToLower(ch.Identifiant)
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('reprise/' || $1, 0))`, ch.Identifiant); err != nil {
		return "", fmt.Errorf("locking the identifier of an account: %w", err)
	}
	ancien, err := compteOuvertPar(ctx, tx, ch.Identifiant)
	if err != nil {
		return "", err
	}
	if ancien != nil && memeReprise(ancien, ch) {
		return ancien.ID, nil
	}
	if ancien != nil {
		clos := opco.Acte{Objet: opco.ObjetCompte(ancien.ID), Type: opco.ActeCloreCompte, Par: opco.ActeurSysteme()}
		if err := s.appliquerDirectCompte(ctx, tx, clos, opco.ChargeRaisonCompte{Raison: "Compte repris autrement."}, ""); err != nil {
			return "", err
		}
	}
	par, err := s.parametresDuJour(ctx, tx)
	if err != nil {
		return "", err
	}
	ch.Politique = par.PolitiqueInscription
	id, err := idReprise(ctx, tx, ch.Identifiant)
	if err != nil {
		return "", err
	}
	return id, s.appliquerDirectCompte(ctx, tx, opco.Acte{Objet: opco.ObjetCompte(id), Type: opco.ActeReprendreCompte,
		Par: opco.ActeurSysteme()}, ch, "")
}

// appliquerDirectCompte receives and applies an acte on an account in one
// transaction, without a procedure, with the hash of a password chosen with it or
// "". A refusal is returned: nothing is kept of it.
func (s *Store) appliquerDirectCompte(ctx context.Context, tx *sqlx.Tx, a opco.Acte, charge any, hache string) error {
	brut, err := chargeDe(charge)
	if err != nil {
		return err
	}
	a.ID, a.Charge = uuid.NewString(), brut
	r, err := recevoir(ctx, tx, a)
	if err != nil {
		return err
	}
	if hache != "" {
		if err := garderSecret(ctx, tx, a.ID, hache); err != nil {
			return err
		}
	}
	c, err := verrouillerCompte(ctx, tx, opco.Demarche{Objet: a.Objet, ActeID: a.ID})
	if err != nil {
		return err
	}
	if a.Type == opco.ActeReprendreCompte {
		if err := adopterLogin(ctx, tx, c.ID, charge); err != nil {
			return err
		}
	}
	_, refus, err := s.appliquerCompte(ctx, tx, c, r.Acte, nil)
	if err == nil && refus != nil {
		return refus
	}
	return err
}

// adopterLogin gives the account being taken over the login that was there before
// it, with its password and its keys.
func adopterLogin(ctx context.Context, tx *sqlx.Tx, id string, charge any) error {
	ch, ok := charge.(opco.ChargeReprise)
	if !ok {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE utilisateur SET compte = $1 WHERE identifiant = $2 AND compte IS NULL`, id, ch.Identifiant)
	if err != nil {
		return fmt.Errorf("adopting the login of %s: %w", ch.Identifiant, err)
	}
	return nil
}

func (s *Store) parametresDuJour(ctx context.Context, tx *sqlx.Tx) (opco.Parametres, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return opco.Parametres{}, err
	}
	return parametres(ctx, tx, opco.JourDe(le))
}

// compteOuvertPar is the account that an identifier opens, nil when none.
func compteOuvertPar(ctx context.Context, tx *sqlx.Tx, identifiant string) (*opco.Compte, error) {
	var ids []string
	err := tx.SelectContext(ctx, &ids, `SELECT id FROM compte WHERE lower(identifiant) = $1 AND etat = ANY ($2)`, identifiant, etatsOuvrables)
	if err != nil {
		return nil, fmt.Errorf("looking for the account of %s: %w", identifiant, err)
	}
	if len(ids) == 0 {
		return nil, nil //nolint:nilnil // nobody is a fact, not an error
	}
	return compteParID(ctx, tx, ids[0])
}

// idReprise names the next account taken over under an identifier.
func idReprise(ctx context.Context, tx *sqlx.Tx, identifiant string) (string, error) {
	for n := 1; ; n++ {
		id := uuid.NewSHA1(espaceComptes, fmt.Appendf(nil, "reprise/%s/%d", identifiant, n)).String()
		var pris bool
		if err := tx.GetContext(ctx, &pris, `SELECT EXISTS (SELECT 1 FROM compte WHERE id = $1)`, id); err != nil || !pris {
			return id, err
		}
	}
}

// memeReprise reports whether c is what ch would take over: the same person, the
// same role or the same rights.
func memeReprise(c *opco.Compte, ch opco.ChargeReprise) bool {
	if ch.Inactif || c.Personne != ch.Personne || c.Nom != ch.Identite.Nom || c.Prenom != ch.Identite.Prenom || c.Email != ch.Identite.Email {
		return false
	}
	var a, b []string
	for _, h := range c.Habilitations {
		if h.Etat == opco.HabAccordee {
			a = append(a, h.ID)
		}
	}
	for _, r := range c.Roles {
		if r.RetireLe.IsZero() {
			a = append(a, string(r.Role))
		}
	}
	for _, d := range ch.Droits {
		b = append(b, opco.CleHabilitation(d.Profil, d.SIRET, d.Service))
	}
	if ch.Role != "" {
		b = append(b, string(ch.Role))
	}
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, slices.Compact(b))
}
