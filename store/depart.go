package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// FichierParti is a payment file that the folder of the bank holds. Its transfers are empty when it
// cannot be read.
type FichierParti struct {
	Lot, Empreinte string // by its name; SHA-256
	Virements      []opco.Virement
}

// DepartVu is what the base knows of one file of the folder of the bank, or of one that is not there.
type DepartVu struct {
	FichierParti
	Sort opco.SortDepart
	Etat opco.EtatLot // of the lot, "" when the base has none of that number
}

// ComparerDepart says what the base knows of a file of the folder of the bank. What left and is not
// known is written down: payments do not open again before two persons have held it for gone.
func (s *Store) ComparerDepart(ctx context.Context, f FichierParti) (DepartVu, error) {
	v := DepartVu{FichierParti: f, Sort: opco.DepartIllisible}
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		var l struct {
			Etat    opco.EtatLot `db:"etat"`
			Archive string       `db:"archive"`
		}
		err := tx.GetContext(ctx, &l, `SELECT l.etat, COALESCE(b.empreinte, '') AS archive FROM lot l LEFT JOIN fichier_bancaire b ON b.lot = l.id WHERE l.id = $1 FOR SHARE OF l`, f.Lot)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return fmt.Errorf("reading lot %s: %w", f.Lot, err)
		}
		v.Etat = l.Etat
		sort := opco.JugerDepart(l.Etat, l.Archive, f.Empreinte)
		if sort.Echappe() && len(f.Virements) == 0 {
			return nil // its transfers are not known: a person reads it
		}
		if v.Sort = sort; !sort.Echappe() {
			return nil
		}
		if err := noterDepart(ctx, tx, f); err != nil {
			return err
		}
		var libres int
		if err := tx.GetContext(ctx, &libres, `SELECT count(*) FROM depart_inconnu WHERE empreinte = $1 AND tenu_le IS NULL`, f.Empreinte); err != nil {
			return fmt.Errorf("reading what left of lot %s: %w", f.Lot, err)
		}
		if libres == 0 {
			v.Sort = opco.DepartTenu
		}
		return nil
	})
	return v, err
}

// noterDepart writes the transfers of a file that left and that the base does not know, once.
func noterDepart(ctx context.Context, tx *sqlx.Tx, f FichierParti) error {
	for _, x := range f.Virements {
		factures := opco.FacturesRemises(x.EndToEndID, x.Remise)
		_, err := tx.ExecContext(ctx, `
			INSERT INTO depart_inconnu (empreinte, virement, lot, remise, cles, montant)
			VALUES ($1, $2, $3, $4, (SELECT COALESCE(array_agg(depart_cle(c, '')), '{}') FROM unnest($5::text[]) c), $6)
			ON CONFLICT DO NOTHING`, f.Empreinte, x.EndToEndID, f.Lot, x.Remise, pq.Array(append([]string{}, factures...)), x.Montant)
		if err != nil {
			return fmt.Errorf("noting that transfer %s left: %w", x.EndToEndID, err)
		}
	}
	return nil
}

// DepartsManquants lists the lots whose file the base says to have left, or to be about to, and that
// are not among these.
func (s *Store) DepartsManquants(ctx context.Context, presents []string) ([]DepartVu, error) {
	etats := slices.DeleteFunc(opco.EtatsLot(), func(e opco.EtatLot) bool { return !e.Parti() || e == opco.LotSolde })
	var ls []struct {
		ID        string       `db:"id"`
		Etat      opco.EtatLot `db:"etat"`
		Empreinte string       `db:"empreinte"`
	}
	err := s.DB.SelectContext(ctx, &ls, `SELECT l.id, l.etat, p.empreinte FROM lot l JOIN depart_lot p ON p.lot = l.id
		WHERE l.etat = ANY ($1) AND NOT l.id = ANY ($2) ORDER BY l.id`, pq.Array(etats), pq.Array(append([]string{}, presents...)))
	if err != nil {
		return nil, fmt.Errorf("looking for files that are not there: %w", err)
	}
	vs := make([]DepartVu, len(ls))
	for i, l := range ls {
		vs[i] = DepartVu{FichierParti{Lot: l.ID, Empreinte: l.Empreinte}, opco.DepartManquant, l.Etat}
	}
	return vs, nil
}

// inconnuEncore keeps the transfers that the base does not know still: a file may be known again
// when it is sent from here, the same.
const inconnuEncore = `tenu_le IS NULL AND NOT EXISTS (SELECT 1 FROM depart_lot p WHERE p.empreinte = depart_inconnu.empreinte)`

// departsInconnus counts the transfers that left and about which nobody has decided, and sums them.
func departsInconnus(ctx context.Context, tx *sqlx.Tx) (n int, somme opco.Montant, err error) {
	err = tx.QueryRowxContext(ctx, `SELECT count(*), COALESCE(sum(montant), 0)::bigint FROM depart_inconnu WHERE `+inconnuEncore).Scan(&n, &somme)
	if err != nil {
		return 0, 0, fmt.Errorf("counting what left unknown: %w", err)
	}
	return n, somme, nil
}

func refusDeparts(n int, somme opco.Montant) error {
	if n == 0 {
		return nil
	}
	return opco.ErrDepartsInconnus(n, somme)
}

// tenirPartis holds for gone, for ever, what left and is not known, and ends its intervention.
func tenirPartis(ctx context.Context, tx *sqlx.Tx, v InterventionVue, le time.Time) error {
	n, somme, err := departsInconnus(ctx, tx)
	if err != nil {
		return err
	}
	if n == 0 {
		return opco.Errorf(opco.Conflict, "Aucun virement parti n’est inconnu de la base : il n’y a rien à tenir. « guichet verify --banque » les cherche.")
	}
	r, err := tx.ExecContext(ctx, `UPDATE depart_inconnu SET tenu_le = $1, intervention = $2 WHERE `+inconnuEncore, le, v.ID)
	if err != nil {
		return fmt.Errorf("holding transfers for gone: %w", err)
	}
	if faits, err := r.RowsAffected(); err != nil || faits != int64(n) {
		return fmt.Errorf("holding %d transfers for gone, not %d: %w", n, faits, errors.Join(err, opco.Conflict))
	}
	return clorePourMaison(ctx, tx, v, le, opco.DepartsTenus(n, somme))
}
