package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// ImporterRetour keeps a file of the bank as evidence, files each of its entries
// once, and puts what may be applied in the inbox of the lots. The same file
// again, or the same entries in another file, change nothing and say so. A long
// file is filed piece by piece: stopped in the middle and given again, it goes on
// where it was, and no entry is filed twice.
func (s *Store) ImporterRetour(ctx context.Context, nom string, contenu io.ReadSeeker, ret opco.RetourBancaire, par opco.Acteur) (opco.Importation, error) {
	imp := opco.Importation{Nom: nom, Format: ret.Format, Par: par.Nom}
	var err error
	if imp.Empreinte, err = empreinteFlux(contenu); err != nil {
		return imp, fmt.Errorf("reading the bank's file %s: %w", nom, err)
	}
	reprise, err := s.garderRetour(ctx, &imp, contenu)
	if err != nil || imp.Deja {
		return imp, err
	}
	r := reprises{s: s, imp: &imp, reprise: reprise, lots: map[string]bool{}}
	err = ret.Parcourir(func(f opco.FaitBancaire) error {
		if r.faits = append(r.faits, f); len(r.faits) < parEcriture {
			return nil
		}
		return r.filer(ctx, false)
	})
	if err == nil {
		err = r.filer(ctx, true)
	}
	if err != nil {
		return imp, fmt.Errorf("importing %s: %w", nom, err)
	}
	if imp.Nouvelles == 0 && imp.Entrees > 0 {
		return imp, s.dejaParEntrees(ctx, &imp, r.premieres)
	}
	imp.Phrase = bilan(imp, len(r.lots))
	return imp, nil
}

// garderRetour stores the raw file, or finds it. It answers from which piece of its
// entries to go on, and fills imp from the first time when nothing is left to file.
func (s *Store) garderRetour(ctx context.Context, imp *opco.Importation, contenu io.ReadSeeker) (reprise int, err error) {
	var l struct {
		Nom     string    `db:"nom"`
		RecuLe  time.Time `db:"recu_le"`
		Fini    bool      `db:"fini"`
		Tranche int       `db:"tranche"`
	}
	err = s.transact(ctx, func(tx *sqlx.Tx) error {
		dec, err := decalage(ctx, tx)
		if err != nil {
			return err
		}
		imp.RecuLe = time.Now().UTC().Add(dec).Truncate(time.Microsecond)
		err = garderMorceaux(contenu, func(rang int, octets []byte) (bool, error) {
			if rang > 0 {
				_, err := tx.ExecContext(ctx, `INSERT INTO retour_bancaire_suite (retour, rang, octets) VALUES ($1, $2, $3)`, imp.Empreinte, rang, octets)
				return err == nil, err
			}
			return inserer(tx.ExecContext(ctx, `
				INSERT INTO retour_bancaire (empreinte, nom, format, octets, entrees, nouvelles, recu_le, par, fini)
				VALUES ($1, $2, $3, $4, 0, 0, $5, $6, false) ON CONFLICT (empreinte) DO NOTHING`,
				imp.Empreinte, imp.Nom, imp.Format, octets, imp.RecuLe, imp.Par))
		})
		if err != nil {
			return fmt.Errorf("keeping the bank's file %s: %w", imp.Nom, err)
		}
		return tx.GetContext(ctx, &l, `SELECT nom, recu_le, fini, tranche FROM retour_bancaire WHERE empreinte = $1`, imp.Empreinte)
	})
	if err != nil {
		return 0, err
	}
	if imp.RecuLe = l.RecuLe.UTC(); l.Fini {
		deja(imp, l.Nom, l.RecuLe)
	}
	return l.Tranche, nil
}

func inserer(res sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

func deja(imp *opco.Importation, nom string, le time.Time) {
	imp.Deja, imp.RecuLe = true, le.UTC()
	imp.Phrase = fmt.Sprintf("Ce fichier a déjà été importé le %s sous le nom « %s » : rien n’a changé.", opco.JourDe(le).Longue(), nom)
}

// transmettreRetour puts one acte in the inbox of each lot, named by the file, its
// piece and the lot, so that it is made once.
func transmettreRetour(ctx context.Context, tx *sqlx.Tx, imp *opco.Importation, rang int, parLot map[string][]string) error {
	lots := make([]string, 0, len(parLot))
	for l := range parLot {
		lots = append(lots, l)
	}
	slices.Sort(lots)
	for _, l := range lots {
		charge, err := json.Marshal(opco.ChargeAppliquerRetour{Entrees: parLot[l]})
		if err != nil {
			return err
		}
		id := acteDerive(imp.Empreinte, l)
		if rang > 0 {
			id = acteDerive(imp.Empreinte, l, strconv.Itoa(rang))
		}
		r, err := recevoir(ctx, tx, opco.Acte{ID: id, Objet: opco.ObjetLot(l), Type: opco.ActeAppliquerRetour,
			Par: opco.ActeurBanque(), Charge: charge})
		if err != nil {
			return fmt.Errorf("telling lot %s: %w", l, err)
		}
		imp.Actes = append(imp.Actes, r.Acte)
	}
	return nil
}

// cibles are what the references of a file lead to: a transfer by its
// EndToEndId, a whole lot by its id.
type cibles struct {
	virements map[string]opco.CibleBancaire
	lots      map[string]opco.CibleBancaire
	compte    opco.IBAN
}

func (c cibles) de(f opco.FaitBancaire) opco.CibleBancaire {
	x := c.virements[f.EndToEndID]
	if f.Entier {
		x = c.lots[cmp.Or(f.MsgID, f.Lot)]
	}
	x.Compte = c.compte
	return x
}

func ciblesDe(ctx context.Context, tx *sqlx.Tx, fs []opco.FaitBancaire) (cibles, error) {
	c := cibles{virements: map[string]opco.CibleBancaire{}, lots: map[string]opco.CibleBancaire{}}
	err := tx.GetContext(ctx, &c.compte, `SELECT iban FROM opco`)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return c, fmt.Errorf("reading the account of the OPCO: %w", err)
	}
	var refs, lots []string
	for _, f := range fs {
		refs = append(refs, f.EndToEndID)
		lots = append(lots, cmp.Or(f.MsgID, f.Lot))
	}
	if err := chercher(ctx, tx, c.virements, `r.end_to_end_id`, refs); err != nil {
		return c, err
	}
	return c, chercher(ctx, tx, c.lots, `r.lot`, lots)
}

// chercher sums the règlements that are in a lot, by one of their references.
func chercher(ctx context.Context, tx *sqlx.Tx, dans map[string]opco.CibleBancaire, colonne string, refs []string) error {
	var ls []struct {
		Ref    string       `db:"ref"`
		Lot    string       `db:"lot"`
		Etat   string       `db:"etat"`
		Somme  opco.Montant `db:"somme"`
		Nombre int          `db:"nombre"`
	}
	err := tx.SelectContext(ctx, &ls, `
		SELECT `+colonne+` AS ref, l.id AS lot, l.etat, sum(r.montant)::bigint AS somme, count(*) AS nombre
		FROM reglement r JOIN lot l ON l.id = r.lot
		WHERE `+colonne+` = ANY ($1) GROUP BY 1, 2, 3`, pq.Array(refs))
	if err != nil {
		return fmt.Errorf("matching the bank's references: %w", err)
	}
	for _, l := range ls {
		dans[l.Ref] = opco.CibleBancaire{Lot: l.Lot, Etat: opco.EtatLot(l.Etat), Somme: l.Somme, Nombre: l.Nombre}
	}
	return nil
}
