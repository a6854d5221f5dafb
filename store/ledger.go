package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// ecrireMouvements posts movements in the ledger, each as two lines that sum to
// zero. The database refuses an account that would go below zero.
func ecrireMouvements(ctx context.Context, tx *sqlx.Tx, objet, dossier string, rang int64, le time.Time, ms []opco.Mouvement) error {
	for i, m := range ms {
		cle := fmt.Sprintf("%s/%d/%d", objet, rang, i+1)
		if err := ecrireMouvement(ctx, tx, cle, objet, dossier, rang, le, m); err != nil {
			return err
		}
	}
	return nil
}

func ecrireMouvement(ctx context.Context, tx *sqlx.Tx, cle, objet, dossier string, rang int64, le time.Time, m opco.Mouvement) error {
	de, vers := m.Type.Comptes()
	var dos *string
	if dossier != "" {
		dos = &dossier
	}
	for _, l := range []struct {
		compte  opco.CompteLivre
		montant opco.Montant
	}{{de, -m.Montant}, {vers, m.Montant}} {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO ecriture (mouvement, type, compte, enveloppe, dossier, reglement, montant, objet, rang, le)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			cle, m.Type, l.compte, m.Enveloppe, dos, m.Reglement, l.montant, objet, rang, le)
		if err != nil {
			return fmt.Errorf("posting mouvement %s: %w", cle, err)
		}
	}
	return nil
}

// fonds returns the envelopes that may pay for a dossier, locked in one order so
// that concurrent decisions wait for each other and never over-engage. The
// mutualised envelope of a company and year is opened at its first use with the
// annual ceiling of the barème.
func fonds(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, b *opco.Bareme, le time.Time) ([]opco.Fonds, error) {
	siren, annee := string(d.Demande.Etablissement.SIREN()), d.Demande.Debut.Annee()
	if b != nil && b.Mutualise {
		if err := ouvrirMutualise(ctx, tx, siren, annee, *b, le); err != nil {
			return nil, err
		}
	}
	var ls []struct {
		ID    string `db:"id"`
		Fonds string `db:"fonds"`
	}
	err := tx.SelectContext(ctx, &ls, `
		SELECT id, fonds FROM enveloppe WHERE siren = $1 AND annee IN ($2, 0) ORDER BY ordre, id FOR UPDATE`, siren, annee)
	if err != nil {
		return nil, fmt.Errorf("locking envelopes of %s: %w", siren, err)
	}
	fs := make([]opco.Fonds, 0, len(ls))
	for _, l := range ls {
		f := opco.Fonds{Enveloppe: l.ID, Code: l.Fonds}
		err := tx.GetContext(ctx, &f.Disponible, `
			SELECT COALESCE((SELECT montant FROM solde WHERE enveloppe = $1 AND compte = 'ENVELOPPE' AND dossier = ''), 0)`, l.ID)
		if err != nil {
			return nil, fmt.Errorf("reading envelope %s: %w", l.ID, err)
		}
		fs = append(fs, f)
	}
	return fs, nil
}

// FondsMutualise is the code and the rank of the mutualised plan money.
const (
	FondsMutualise = "MUTUALISE"
	ordreMutualise = 20
)

func ouvrirMutualise(ctx context.Context, tx *sqlx.Tx, siren string, annee int, b opco.Bareme, le time.Time) error {
	dotation := b.Annuel.Montant
	if b.Annuel.Libre {
		dotation = opco.MontantMax
	}
	return ouvrirEnveloppe(ctx, tx, Enveloppe{SIREN: siren, Annee: annee, Fonds: FondsMutualise, Ordre: ordreMutualise,
		Libelle: fmt.Sprintf("Plan mutualisé %d", annee)}, dotation, le)
}

// Enveloppe is a source of money of one company. Annee 0 means that it does not
// end with the year (versement volontaire).
type Enveloppe struct {
	SIREN   string
	Annee   int
	Fonds   string
	Ordre   int
	Libelle string
}

// ID returns the stable name of the envelope.
func (e Enveloppe) ID() string { return fmt.Sprintf("%s/%d/%s", e.SIREN, e.Annee, e.Fonds) }

// OuvrirEnveloppe opens an envelope with its first money; an envelope already
// open is left as it is.
func (s *Store) OuvrirEnveloppe(ctx context.Context, e Enveloppe, dotation opco.Montant) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error { return ouvrirEnveloppe(ctx, tx, e, dotation, le) })
}

func ouvrirEnveloppe(ctx context.Context, tx *sqlx.Tx, e Enveloppe, dotation opco.Montant, le time.Time) error {
	res, err := tx.ExecContext(ctx, `
		INSERT INTO enveloppe (id, siren, annee, fonds, ordre, libelle) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`, e.ID(), e.SIREN, e.Annee, e.Fonds, e.Ordre, e.Libelle)
	if err != nil {
		return fmt.Errorf("opening envelope %s: %w", e.ID(), err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 || dotation == 0 {
		return err
	}
	return ecrireMouvement(ctx, tx, "dotation/"+e.ID(), "enveloppe/"+e.ID(), "", 1, le,
		opco.Mouvement{Type: opco.MouvementDotation, Enveloppe: e.ID(), Montant: dotation})
}
