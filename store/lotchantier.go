package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// demandeLot is what an acte construire_lot asks for: règlements by their ids, or all
// those due at a date.
type demandeLot struct {
	ids  []string
	jour string
}

// lireDemande reads it. lisible is false of a charge that the rule itself refuses.
func lireDemande(a opco.Acte) (d demandeLot, lisible bool, err error) {
	var c opco.ChargeConstruireLot
	if err := json.Unmarshal(a.Charge, &c); err != nil {
		return d, false, nil //nolint:nilerr // an unreadable charge is refused by the rule itself
	}
	if d.ids = sansDoubles(c.Reglements); len(d.ids) > 0 {
		return d, true, nil
	}
	d.jour = string(c.EcheanceAu)
	if d.jour == "" {
		d.jour = string(c.Execution)
	}
	if _, err := opco.ParseDate(d.jour); err != nil {
		return d, false, opco.Champf("echeance_au", "La date d’échéance n’est pas valable : écrivez-la comme 2026-04-13.")
	}
	return d, true, nil
}

// lesPremiers is a subquery of the ids of the first n of them, and its argument.
func (d demandeLot) lesPremiers(n int) (string, any) {
	if len(d.ids) > 0 {
		return fmt.Sprintf(`SELECT id FROM reglement WHERE id = ANY ($1) ORDER BY id LIMIT %d`, n), pq.Array(d.ids)
	}
	return fmt.Sprintf(`SELECT id FROM reglement WHERE etat = 'A_PAYER' AND echeance <= $1 ORDER BY echeance, id LIMIT %d`, n), d.jour
}

// demander gives f the règlements that a construire_lot asks for or, when one step is too
// short for them, how many they are.
func demander(ctx context.Context, tx *sqlx.Tx, a opco.Acte, f *opco.FaitsLot) error {
	d, lisible, err := lireDemande(a)
	if err != nil || !lisible {
		return err
	}
	if err := d.connus(ctx, tx); err != nil {
		return err
	}
	var n int
	ids, arg := d.lesPremiers(f.Parametres.LotMax)
	if err := tx.GetContext(ctx, &n, `SELECT count(*) FROM (`+ids+`) x`, arg); err != nil {
		return fmt.Errorf("counting the règlements to pay: %w", err)
	}
	if n > poignee(f) {
		f.AExaminer = n
		return nil
	}
	f.Reglements, err = d.lire(ctx, tx, poignee(f))
	return err
}

// connus refuses a demand of règlements that do not exist.
func (d demandeLot) connus(ctx context.Context, tx *sqlx.Tx) error {
	if len(d.ids) == 0 {
		return nil
	}
	var inconnu []string
	err := tx.SelectContext(ctx, &inconnu, `
		SELECT x.id FROM unnest($1::text[]) WITH ORDINALITY AS x(id, rang)
		WHERE NOT EXISTS (SELECT 1 FROM reglement r WHERE r.id = x.id) ORDER BY x.rang LIMIT 1`, pq.Array(d.ids))
	if err != nil {
		return fmt.Errorf("looking for règlements: %w", err)
	}
	if len(inconnu) > 0 {
		return opco.Errorf(opco.NotFound, "Le règlement %s n’existe pas.", inconnu[0])
	}
	return nil
}

// lire reads the first n règlements of the demand, under lock.
func (d demandeLot) lire(ctx context.Context, tx *sqlx.Tx, n int) ([]opco.ReglementActuel, error) {
	ids, arg := d.lesPremiers(n)
	if len(d.ids) > 0 {
		return reglementsActuels(ctx, tx, `r.id IN (`+ids+`)`, arg)
	}
	return reglementsActuels(ctx, tx, `r.etat = 'A_PAYER' AND r.id IN (`+ids+`)`, arg)
}

// premiersDemandes reads the first handful of what a construire_lot asks for.
func premiersDemandes(ctx context.Context, tx *sqlx.Tx, a opco.Acte, f *opco.FaitsLot) ([]opco.ReglementActuel, error) {
	d, _, err := lireDemande(a)
	if err != nil {
		return nil, err
	}
	return d.lire(ctx, tx, poignee(f))
}

// listerChantier writes the list of what a long lot will examine: in the order of its
// transfers, so that each handful follows the one before.
func listerChantier(ctx context.Context, tx *sqlx.Tx, l *opco.Lot, a opco.Acte) error {
	d, _, err := lireDemande(a)
	if err != nil {
		return err
	}
	ordre := `r.numero COLLATE "C", r.id`
	if l.Groupe {
		ordre = `left(r.beneficiaire, 9), ` + ordre
	}
	ids, arg := d.lesPremiers(l.Chantier.Nombre)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO lot_chantier (lot, n, reglement)
		SELECT $2, row_number() OVER (ORDER BY `+ordre+`), r.id FROM reglement r WHERE r.id IN (`+ids+`)`, arg, l.ID)
	if err != nil {
		return fmt.Errorf("listing what lot %s takes in: %w", l.ID, err)
	}
	return nil
}

// poigneeSuivante gives f the next règlements of the list of l, under lock, in its order.
func poigneeSuivante(ctx context.Context, tx *sqlx.Tx, l *opco.Lot, f *opco.FaitsLot) error {
	f.Examines = poignee(f)
	if l.Chantier.Echec != "" {
		return nil
	}
	var ids []string
	err := tx.SelectContext(ctx, &ids, `SELECT reglement FROM lot_chantier WHERE lot = $1 AND n > $2 ORDER BY n LIMIT $3`, l.ID, l.Chantier.Fait, f.Examines)
	if err != nil {
		return fmt.Errorf("reading what lot %s takes in: %w", l.ID, err)
	}
	rang := make(map[string]int, len(ids))
	for i, id := range ids {
		rang[id] = i
	}
	f.Reglements, err = reglementsActuels(ctx, tx, `r.id = ANY ($1)`, pq.Array(ids))
	slices.SortFunc(f.Reglements, func(a, b opco.ReglementActuel) int { return rang[a.Reglement] - rang[b.Reglement] })
	return err
}

// fermerChantier forgets the list of a lot that is built, or given up.
func fermerChantier(ctx context.Context, tx *sqlx.Tx, lot string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM lot_chantier WHERE lot = $1`, lot); err != nil {
		return fmt.Errorf("closing the building of lot %s: %w", lot, err)
	}
	return nil
}

// poignee is how many règlements a step examines: one at least, or a lot would be built
// for ever.
func poignee(f *opco.FaitsLot) int { return max(1, f.Parametres.LotPoignee) }
