package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// gelPaye is a freeze, and under which table its payee is known.
type gelPaye struct {
	opco.Gel
	sorte opco.Role
}

// gelerRIBs freezes the accounts that the bank told not to pay again, when they are
// still those in service, and has the other lots that pay them look again (S11).
// Payees are locked in the order of tenirComptes, so that neither waits for the other.
func gelerRIBs(ctx context.Context, tx *sqlx.Tx, gels []opco.Gel, le time.Time) error {
	payes := make([]gelPaye, len(gels))
	for i, g := range gels {
		payes[i].Gel = g
		err := tx.GetContext(ctx, &payes[i].sorte, `SELECT `+sorteDuPaye+` FROM reglement r JOIN dossier d ON d.id = r.dossier WHERE r.numero = $1`, g.Reglement)
		if err != nil {
			return fmt.Errorf("looking for the payee of %s: %w", g.Reglement, err)
		}
	}
	slices.SortStableFunc(payes, func(a, b gelPaye) int {
		return cmp.Or(cmp.Compare(a.sorte, b.sorte), cmp.Compare(a.Beneficiaire, b.Beneficiaire))
	})
	for _, g := range payes {
		if err := gelerRIB(ctx, tx, g, le); err != nil {
			return err
		}
	}
	return nil
}

// gelerRIB freezes one account. What a person had frozen is the bank's from now on,
// and a lifting that was asked for is forgotten: the bank has spoken since.
func gelerRIB(ctx context.Context, tx *sqlx.Tx, g gelPaye, le time.Time) error {
	siren := g.Beneficiaire.SIREN()
	t, err := tenirTitulaire(ctx, tx, siren, g.sorte)
	if opco.KindOf(err) == opco.NotFound || err == nil && opco.IBAN(t.IBAN) != g.IBAN {
		return nil // it was paid on the account of its invoice, or changed since
	}
	if err != nil {
		return err
	}
	if err := reprendreRIB(ctx, tx, siren, g.sorte, t, le); err != nil {
		return err
	}
	var id string
	err = tx.GetContext(ctx, &id, `
		UPDATE rib SET etat = 'GELE', motif = $4, raison = $5, modifie_le = $6,
		    leve_par = '', leve_pour = '', leve_nom = '', leve_le = NULL, rendu_par = '', rendu_pour = '', rendu_nom = '', rendu_le = NULL
		WHERE siren = $1 AND sorte = $2 AND iban = $3 AND (etat = 'ACTIF' OR etat = 'GELE' AND (motif = '' OR leve_par <> '')) RETURNING id`,
		siren, g.sorte, g.IBAN, g.Motif, g.Cause, le)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // frozen by the bank already
	}
	if err != nil {
		return fmt.Errorf("freezing the RIB of %s: %w", siren, err)
	}
	a := acteRIB{Rib: id, Fait: "geler", Par: opco.ActeurBanque()}
	if _, err := passerRIB(ctx, tx, a, "Règlement "+g.Reglement+" : "+g.Motif, le); err != nil {
		return err
	}
	_, err = relireLots(ctx, tx, siren, g.sorte, id+"/"+g.Reglement)
	return err
}
