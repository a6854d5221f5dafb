package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// espaceComptes is the name space of the accounts that the house makes from what
// it already had.
var espaceComptes = uuid.NewSHA1(uuid.NameSpaceURL, []byte("urn:guichet:compte"))

// ouvrirEspaceOrganisme puts in the inbox the opening of the account of the
// organisme that an accord names, when it has none (C16), in the transaction of
// the decision. A second accord, at once or later, opens nothing. The credentials go
// to the address that the OPCO has on file, never to one that a demande gives: who
// wrote it would take the account. Without one, or when it opens the account of
// somebody already, an incident says who must act.
func ouvrirEspaceOrganisme(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, p opco.Passage) error {
	accord := []opco.Etat{opco.EtatAccordee, opco.EtatAccordeePartielle}
	decide := []opco.TypeActe{opco.ActeDecider, opco.ActeValider}
	siret := d.Demande.Organisme.SIRET
	if d.Demande.Interne || siret.SIREN() == "" || !slices.Contains(decide, p.Type) || !slices.Contains(accord, p.Vers) {
		return nil
	}
	if connu, err := organismeAUnCompte(ctx, tx, siret.SIREN()); err != nil || connu {
		return err
	}
	of, err := partie(ctx, tx, d, opco.RoleOrganisme)
	if err != nil {
		return err
	}
	var prise bool
	of.Email = ""
	err = tx.QueryRowxContext(ctx, `
		SELECT o.email, EXISTS (SELECT 1 FROM compte c WHERE o.email <> '' AND lower(c.email) = lower(o.email) AND c.etat IN ('ACTIF_LIMITE', 'ACTIF'))
		FROM organisme o WHERE o.siren = $1`, siret.SIREN()).Scan(&of.Email, &prise)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("reading the address of organisme %s: %w", siret.SIREN(), err)
	}
	nommer := fmt.Sprintf("L’accord du dossier %s nomme %s (%s), qui n’a ", d.Numero, of.Nom, siret.Affiche())
	switch {
	case of.Email == "":
		return signalerSansCompte(ctx, tx, siret, nommer+"ni compte ni adresse e-mail à notre fichier : le gestionnaire du dossier "+
			"doit demander cette adresse à l’organisme lui-même, puis ouvrir le compte.", p.Le)
	case prise:
		return signalerSansCompte(ctx, tx, siret, nommer+"pas de compte, mais dont l’adresse e-mail ouvre déjà celui de quelqu’un : "+
			"un conseiller doit lui attribuer les droits sur cet organisme, ou demander une autre adresse.", p.Le)
	}
	return recevoirOuverture(ctx, tx, d, of, p.Le)
}

// organismeAUnCompte reports whether somebody already acts for an organisme, or has
// received an account for it from the OPCO: a mere request, which anybody may make,
// keeps the organisme from nothing.
func organismeAUnCompte(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN) (bool, error) {
	var oui bool
	err := tx.GetContext(ctx, &oui, `
		SELECT EXISTS (SELECT 1 FROM habilitation h JOIN compte c ON c.id = h.compte
		               WHERE h.siren = $1 AND h.profil = 'organisme' AND c.etat = ANY ($2)
		                 AND (h.etat IN ('ACCORDEE', 'SUSPENDUE')
		                      OR c.origine = 'OPCO' AND h.etat = 'DEMANDEE' AND c.etat IN ('PROVISOIRE', 'IDENTIFIANT_MODIFIE', 'MOT_DE_PASSE_CONFIRME')))`, siren, etatsOuvrables)
	if err != nil {
		return false, fmt.Errorf("looking for an account of organisme %s: %w", siren, err)
	}
	return oui, nil
}

// recevoirOuverture puts the first acte of the account in its inbox; whoever comes
// second waits, finds the organisme noted and leaves. The ids are drawn: nobody
// outside can compute which account will be that of an organisme.
func recevoirOuverture(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, of lignePartie, le time.Time) error {
	siret := d.Demande.Organisme.SIRET
	id := uuid.NewString()
	res, err := tx.ExecContext(ctx, `INSERT INTO organisme_ouvert (siren, compte) VALUES ($1, $2) ON CONFLICT DO NOTHING`, siret.SIREN(), id)
	if err != nil {
		return fmt.Errorf("noting the account of organisme %s: %w", siret.SIREN(), err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	par, err := parametres(ctx, tx, opco.JourDe(le))
	if err != nil {
		return err
	}
	identifiant, err := identifiantProvisoire(ctx, tx, siret.SIREN())
	if err != nil {
		return err
	}
	charge, err := json.Marshal(opco.ChargeOuvrirCompte{
		Identite:    opco.Identite{Nom: of.Nom, Email: opco.Email(of.Email)},
		Identifiant: identifiant, Politique: par.PolitiqueProvisoire, Dossier: d.Numero,
		Droits: []opco.DroitDonne{
			{Profil: opco.RoleOrganisme, SIRET: siret, Service: opco.ServicePaiements},
			{Profil: opco.RoleOrganisme, SIRET: siret, Service: opco.ServiceUtilisateurs},
		},
	})
	if err != nil {
		return err
	}
	_, err = recevoir(ctx, tx, opco.Acte{ID: uuid.NewString(), Objet: opco.ObjetCompte(id),
		Type: opco.ActeOuvrirCompte, Par: opco.ActeurSysteme(), Charge: charge})
	if err != nil {
		return fmt.Errorf("opening the account of organisme %s: %w", siret.SIREN(), err)
	}
	return nil
}

// identifiantProvisoire is the first free identifier that begins with the short
// name that the OPCO gives to an organisme, else with its SIREN: « OF3-0001 ».
func identifiantProvisoire(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN) (string, error) {
	var identifiant string
	err := tx.GetContext(ctx, &identifiant, `
		SELECT i FROM (SELECT COALESCE((SELECT NULLIF(code, '') FROM organisme WHERE siren = $1), 'OF' || $1) || '-' || to_char(n, 'FM0000') AS i, n
		               FROM generate_series(1, 9999) n) x
		WHERE NOT EXISTS (SELECT 1 FROM compte c WHERE lower(c.identifiant) = lower(i))
		ORDER BY n LIMIT 1`, siren)
	if err != nil {
		return "", fmt.Errorf("naming the account of organisme %s: %w", siren, err)
	}
	return identifiant, nil
}

// objetOrganisme names an organisme in the incidents.
func objetOrganisme(siren opco.SIREN) string { return "organisme/" + string(siren) }

// signalerSansCompte opens the incident of an organisme whose account somebody must
// open by hand.
func signalerSansCompte(ctx context.Context, tx *sqlx.Tx, siret opco.SIRET, phrase string, le time.Time) error {
	objet := objetOrganisme(siret.SIREN())
	_, err := tx.ExecContext(ctx, `
		INSERT INTO incident (id, objet, activite, essais, erreur, ouvert_le) VALUES ($1 || '/compte', $1, 'compte', 1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET essais = incident.essais + 1, erreur = EXCLUDED.erreur, clos_le = NULL`, objet, phrase, le)
	if err != nil {
		return fmt.Errorf("opening the incident of organisme %s: %w", siret.SIREN(), err)
	}
	return nil
}

// cloreSansCompte closes the incidents of the organismes that an account acts for.
func cloreSansCompte(ctx context.Context, tx *sqlx.Tx, c *opco.Compte, le time.Time) error {
	for _, h := range c.Habilitations {
		if h.Profil != opco.RoleOrganisme {
			continue
		}
		_, err := tx.ExecContext(ctx, `UPDATE incident SET clos_le = $2 WHERE objet = $1 AND activite = 'compte' AND clos_le IS NULL`,
			objetOrganisme(h.SIRET.SIREN()), le)
		if err != nil {
			return fmt.Errorf("closing the incident of organisme %s: %w", h.SIRET.SIREN(), err)
		}
	}
	return nil
}
