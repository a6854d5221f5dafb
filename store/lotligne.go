package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// parEcriture is how many rows one statement writes: what it carries stays small
// whatever the lot.
const parEcriture = 1000

// lireLignes gives l the lines of its lot that a condition keeps (on g), in the
// order of the file.
func lireLignes(ctx context.Context, q sqlx.QueryerContext, l *opco.Lot, ou string, args ...any) error {
	rs, err := q.QueryxContext(ctx, fmt.Sprintf(`
		SELECT g.contenu FROM lot_ligne g WHERE g.lot = $%d AND (`, len(args)+1)+ou+`) ORDER BY g.virement, g.numero`, append(args, l.ID)...)
	if err != nil {
		return fmt.Errorf("reading the lines of lot %s: %w", l.ID, err)
	}
	defer rs.Close()
	var lignes []opco.LigneLot
	for rs.Next() {
		var brut []byte
		var x opco.LigneLot
		if err := rs.Scan(&brut); err != nil {
			return fmt.Errorf("reading the lines of lot %s: %w", l.ID, err)
		}
		if err := json.Unmarshal(brut, &x); err != nil {
			return fmt.Errorf("reading a line of lot %s: %w", l.ID, err)
		}
		lignes = append(lignes, x)
	}
	if err := rs.Err(); err != nil {
		return fmt.Errorf("reading the lines of lot %s: %w", l.ID, err)
	}
	l.Prendre(lignes)
	return nil
}

// charger locks the règlements of a lot that the step a may move, in the order of
// their ids, the only one in which the house locks them, and reads their lines. A
// step that moves a few reads those; one that judges the lot reads it whole.
func charger(ctx context.Context, tx *sqlx.Tx, l *opco.Lot, a opco.Acte, faits []opco.FaitBancaire) error {
	switch a.Type {
	case opco.ActeConstruireLot, opco.ActeTransmettreLot, opco.ActeAlerterLot:
		return nil
	case opco.ActePoursuivreLot, opco.ActeRelireLot:
		if l.Etat == opco.LotEnConstruction && l.Chantier.Echec == "" {
			return nil
		}
	case opco.ActeAppliquerRetour:
		faits = append(slices.Clone(l.EnAttente), faits...)
		if !slices.ContainsFunc(faits, func(f opco.FaitBancaire) bool { return f.Entier }) {
			refs := make([]string, len(faits))
			for i, f := range faits {
				refs[i] = f.EndToEndID
			}
			return chargerLignes(ctx, tx, l, `g.end_to_end_id = ANY ($1)`, pq.Array(refs))
		}
	case opco.ActeProposerIssue, opco.ActeConfirmerIssue:
		return chargerLignes(ctx, tx, l, `g.end_to_end_id = ANY ($1)`, pq.Array(virementsNommes(l, a)))
	}
	return chargerLignes(ctx, tx, l, `true`)
}

// virementsNommes are the transfers that an outcome is about, none when it is about
// all.
func virementsNommes(l *opco.Lot, a opco.Acte) []string {
	var c opco.ChargeProposerIssue
	if err := json.Unmarshal(a.Charge, &c); err == nil && len(c.Virements) > 0 {
		return c.Virements
	}
	if l.Issue != nil {
		return l.Issue.Virements
	}
	return nil
}

func chargerLignes(ctx context.Context, tx *sqlx.Tx, l *opco.Lot, ou string, args ...any) error {
	_, err := tx.ExecContext(ctx, fmt.Sprintf(`
		SELECT 1 FROM reglement r WHERE r.lot = $%d AND EXISTS (SELECT 1 FROM lot_ligne g WHERE g.lot = r.lot AND g.reglement = r.id AND (`, len(args)+1)+
		ou+`)) ORDER BY r.id FOR UPDATE`, append(args, l.ID)...)
	if err != nil {
		return fmt.Errorf("locking the règlements of lot %s: %w", l.ID, err)
	}
	return lireLignes(ctx, tx, l, ou, args...)
}

// ecrireLignes writes the règlements that the step moved, as the lot has them, and
// their lines; those that left the lot are its lines no more.
func ecrireLignes(ctx context.Context, tx *sqlx.Tx, l *opco.Lot, touches []string, liberes []opco.Liberation, le time.Time) error {
	touche, libere := make(map[string]bool, len(touches)), make(map[string]bool, len(liberes))
	for _, id := range touches {
		touche[id] = true
	}
	for _, x := range liberes {
		libere[x.Reglement] = true
	}
	var bougees, gardees []*opco.LigneLot // by the step; written in the lot
	for i := range l.Lignes {
		x := &l.Lignes[i]
		if touche[x.Reglement] {
			bougees = append(bougees, x)
		}
		if touche[x.Reglement] || libere[x.Reglement] {
			gardees = append(gardees, x)
		}
		delete(libere, x.Reglement)
	}
	for t := range slices.Chunk(gardees, parEcriture) {
		if err := garderLignes(ctx, tx, l.ID, t); err != nil {
			return err
		}
	}
	for t := range slices.Chunk(bougees, parEcriture) {
		if err := suivreLignes(ctx, tx, l.ID, t, le); err != nil {
			return err
		}
	}
	return oterLignes(ctx, tx, l.ID, libere)
}

func oterLignes(ctx context.Context, tx *sqlx.Tx, lot string, parties map[string]bool) error {
	ids := make([]string, 0, len(parties))
	for id := range parties {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM lot_ligne WHERE lot = $1 AND reglement = ANY ($2)`, lot, pq.Array(ids)); err != nil {
		return fmt.Errorf("taking lines out of lot %s: %w", lot, err)
	}
	return nil
}

// colonnes is a table of values, column by column, as unnest reads it.
type colonnes [][]string

func (c *colonnes) ajouter(valeurs ...string) {
	if *c == nil {
		*c = make(colonnes, len(valeurs))
	}
	for i, v := range valeurs {
		(*c)[i] = append((*c)[i], v)
	}
}

// args are the columns after premiers.
func (c colonnes) args(premiers ...any) []any {
	for _, x := range c {
		premiers = append(premiers, pq.Array(x))
	}
	return premiers
}

// garderLignes writes lines of a lot.
func garderLignes(ctx context.Context, tx *sqlx.Tx, lot string, ls []*opco.LigneLot) error {
	var c colonnes
	for _, x := range ls {
		contenu, err := json.Marshal(x)
		if err != nil {
			return fmt.Errorf("writing a line of lot %s: %w", lot, err)
		}
		c.ajouter(x.Reglement, x.Numero, fmt.Sprint(x.Virement), x.EndToEndID, string(x.Etat), fmt.Sprint(int64(x.Montant)), string(contenu))
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO lot_ligne (lot, reglement, numero, virement, end_to_end_id, etat, montant, contenu)
		SELECT $1, x.reglement, x.numero, x.virement::integer, x.e2e, x.etat, x.montant::bigint, x.contenu::jsonb
		FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) AS x(reglement, numero, virement, e2e, etat, montant, contenu)
		ON CONFLICT (lot, reglement) DO UPDATE SET virement = EXCLUDED.virement, end_to_end_id = EXCLUDED.end_to_end_id, etat = EXCLUDED.etat,
		    contenu = EXCLUDED.contenu`, c.args(lot)...)
	if err != nil {
		return fmt.Errorf("writing the lines of lot %s: %w", lot, err)
	}
	return nil
}

// suivreLignes writes règlements as their lot has them.
func suivreLignes(ctx context.Context, tx *sqlx.Tx, lot string, ls []*opco.LigneLot, le time.Time) error {
	var c colonnes
	for _, x := range ls {
		c.ajouter(x.Reglement, string(x.Etat), x.EndToEndID, string(x.IBAN), x.Nom, x.Motif, string(x.ExecuteLe))
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE reglement r SET etat = x.etat, lot = $1, end_to_end_id = x.e2e, iban = x.iban, beneficiaire_nom = x.nom, motif = x.motif,
		       execute_le = NULLIF(x.execute_le, '')::date, modifie_le = $2
		FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[]) AS x(id, etat, e2e, iban, nom, motif, execute_le)
		WHERE r.id = x.id`, c.args(lot, le)...)
	if err != nil {
		return fmt.Errorf("writing the règlements of lot %s: %w", lot, err)
	}
	return nil
}

// liberer gives règlements back: they are in no lot any more.
func liberer(ctx context.Context, tx *sqlx.Tx, ls []opco.Liberation, le time.Time) error {
	for t := range slices.Chunk(ls, parEcriture) {
		var c colonnes
		for _, x := range t {
			c.ajouter(x.Reglement, string(x.Etat))
		}
		_, err := tx.ExecContext(ctx, `
			UPDATE reglement r SET etat = x.etat, lot = NULL, end_to_end_id = r.numero, modifie_le = $1
			FROM unnest($2::text[], $3::text[]) AS x(id, etat) WHERE r.id = x.id`, c.args(le)...)
		if err != nil {
			return fmt.Errorf("freeing règlements: %w", err)
		}
	}
	return nil
}
