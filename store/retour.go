package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// ErrAutresOctets says that another payment file was already archived for a lot:
// an incident, never an overwrite.
var ErrAutresOctets = errors.New("another payment file is already archived for this lot")

// ErrLotChange says that a lot is no longer the one that a payment file was made of.
var ErrLotChange = errors.New("the lot has changed since its payment file was made")

// ArchiverFichier stores the exact bytes of the payment file of the lot sealed under
// sceau. The first write wins: the same bytes again change nothing. A lot that was
// opened again meanwhile has another seal, and keeps no file of the old one.
func (s *Store) ArchiverFichier(ctx context.Context, lot, sceau string, octets []byte) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		dec, err := decalage(ctx, tx)
		if err != nil {
			return err
		}
		var actuel string
		if err := tx.GetContext(ctx, &actuel, `SELECT COALESCE(contenu ->> 'sceau', '') FROM lot WHERE id = $1 FOR SHARE`, lot); err != nil {
			return introuvable(err, "Ce lot n’existe pas.")
		}
		if actuel != sceau {
			return fmt.Errorf("lot %s: %w", lot, ErrLotChange)
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO fichier_bancaire (lot, empreinte, octets, produit_le) VALUES ($1, $2, $3, $4)
			ON CONFLICT (lot) DO NOTHING`, lot, sha256Hex(octets), octets, time.Now().UTC().Add(dec))
		if err != nil {
			return fmt.Errorf("archiving the payment file of %s: %w", lot, err)
		}
		var archive string
		if err := tx.GetContext(ctx, &archive, `SELECT empreinte FROM fichier_bancaire WHERE lot = $1`, lot); err != nil {
			return fmt.Errorf("reading the payment file of %s: %w", lot, err)
		}
		if archive != sha256Hex(octets) {
			return fmt.Errorf("lot %s: %w", lot, ErrAutresOctets)
		}
		return nil
	})
}

func sha256Hex(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// FichierLot returns the archived payment file of a lot.
func (s *Store) FichierLot(ctx context.Context, lot string) ([]byte, error) {
	var octets []byte
	err := s.DB.GetContext(ctx, &octets, `SELECT octets FROM fichier_bancaire WHERE lot = $1`, lot)
	if err != nil {
		return nil, introuvable(err, "Ce lot n’a pas encore de fichier : il en a un dès qu’il est validé.")
	}
	return octets, nil
}

// ImporterRetour keeps a file of the bank as evidence, files each of its entries
// once, and puts what may be applied in the inbox of the lots. The same file
// again, or the same entries in another file, change nothing and say so.
func (s *Store) ImporterRetour(ctx context.Context, nom string, octets []byte, ret opco.RetourBancaire, par opco.Acteur) (opco.Importation, error) {
	var imp opco.Importation
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		dec, err := decalage(ctx, tx)
		if err != nil {
			return err
		}
		imp = opco.Importation{Empreinte: sha256Hex(octets), Nom: nom, Format: ret.Format, Entrees: len(ret.Faits), Par: par.Nom,
			RecuLe: time.Now().UTC().Add(dec).Truncate(time.Microsecond)}
		nouveau, err := garderRetour(ctx, tx, &imp, octets)
		if err != nil || !nouveau {
			return err
		}
		return filerEntrees(ctx, tx, &imp, ret)
	})
	return imp, err
}

// garderRetour stores the raw file. It answers false, and fills imp from the
// first time, when that very file is already there.
func garderRetour(ctx context.Context, tx *sqlx.Tx, imp *opco.Importation, octets []byte) (bool, error) {
	res, err := tx.ExecContext(ctx, `
		INSERT INTO retour_bancaire (empreinte, nom, format, octets, entrees, nouvelles, recu_le, par)
		VALUES ($1, $2, $3, $4, $5, 0, $6, $7) ON CONFLICT (empreinte) DO NOTHING`,
		imp.Empreinte, imp.Nom, imp.Format, octets, imp.Entrees, imp.RecuLe, imp.Par)
	if err != nil {
		return false, fmt.Errorf("keeping the bank's file %s: %w", imp.Nom, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return n == 1, err
	}
	var l struct {
		Nom    string    `db:"nom"`
		RecuLe time.Time `db:"recu_le"`
	}
	if err := tx.GetContext(ctx, &l, `SELECT nom, recu_le FROM retour_bancaire WHERE empreinte = $1`, imp.Empreinte); err != nil {
		return false, fmt.Errorf("reading the bank's file %s: %w", imp.Nom, err)
	}
	deja(imp, l.Nom, l.RecuLe)
	return false, nil
}

func deja(imp *opco.Importation, nom string, le time.Time) {
	imp.Deja, imp.RecuLe = true, le.UTC()
	imp.Phrase = fmt.Sprintf("Ce fichier a déjà été importé le %s sous le nom « %s » : rien n’a changé.", opco.JourDe(le).Longue(), nom)
}

// filerEntrees files the entries that were never seen before, and says how many
// changed something.
func filerEntrees(ctx context.Context, tx *sqlx.Tx, imp *opco.Importation, ret opco.RetourBancaire) error {
	cibles, err := ciblesDe(ctx, tx, ret.Faits)
	if err != nil {
		return err
	}
	parLot := map[string][]string{}
	for _, f := range ret.Faits {
		c := cibles.de(f)
		etat, phrase := f.Rapprocher(c)
		nouvelle, err := filerEntree(ctx, tx, imp.Empreinte, f, c.Lot, etat, phrase)
		if err != nil {
			return err
		}
		if !nouvelle {
			continue
		}
		imp.Nouvelles++
		switch etat {
		case opco.EntreeQuarantaine:
			imp.Quarantaine++
		case opco.EntreeTransmise:
			parLot[c.Lot] = append(parLot[c.Lot], f.Cle)
		}
	}
	if imp.Nouvelles == 0 && len(ret.Faits) > 0 {
		return dejaParEntrees(ctx, tx, imp, ret)
	}
	if err := transmettreRetour(ctx, tx, imp, parLot); err != nil {
		return err
	}
	imp.Phrase = bilan(*imp, len(parLot))
	_, err = tx.ExecContext(ctx, `UPDATE retour_bancaire SET nouvelles = $2 WHERE empreinte = $1`, imp.Empreinte, imp.Nouvelles)
	return err
}

func bilan(imp opco.Importation, lots int) string {
	switch {
	case imp.Entrees == 0:
		return "Ce fichier ne contient aucune ligne."
	case imp.Quarantaine == 1:
		return fmt.Sprintf("%s sur %d, dont 1 en quarantaine : lisez-la, elle n’a rien changé.", lignesNouvelles(imp), imp.Entrees)
	case imp.Quarantaine > 0:
		return fmt.Sprintf("%s sur %d, dont %d en quarantaine : lisez-les, elles n’ont rien changé.",
			lignesNouvelles(imp), imp.Entrees, imp.Quarantaine)
	case lots < 2:
		return fmt.Sprintf("%s sur %d, pour %d lot.", lignesNouvelles(imp), imp.Entrees, lots)
	}
	return fmt.Sprintf("%s sur %d, pour %d lots.", lignesNouvelles(imp), imp.Entrees, lots)
}

func lignesNouvelles(imp opco.Importation) string {
	if imp.Nouvelles < 2 {
		return fmt.Sprintf("%d ligne nouvelle", imp.Nouvelles)
	}
	return fmt.Sprintf("%d lignes nouvelles", imp.Nouvelles)
}

// dejaParEntrees answers a file whose every entry came in another one before.
func dejaParEntrees(ctx context.Context, tx *sqlx.Tx, imp *opco.Importation, ret opco.RetourBancaire) error {
	cles := make([]string, len(ret.Faits))
	for i, f := range ret.Faits {
		cles[i] = f.Cle
	}
	var l struct {
		Nom    string    `db:"nom"`
		RecuLe time.Time `db:"recu_le"`
	}
	err := tx.GetContext(ctx, &l, `
		SELECT r.nom, r.recu_le FROM entree_bancaire e JOIN retour_bancaire r ON r.empreinte = e.retour
		WHERE e.cle = ANY ($1) ORDER BY r.recu_le LIMIT 1`, pq.Array(cles))
	if err != nil {
		return fmt.Errorf("looking for the first import: %w", err)
	}
	deja(imp, l.Nom, l.RecuLe)
	return nil
}

func filerEntree(ctx context.Context, tx *sqlx.Tx, retour string, f opco.FaitBancaire, lot string, e opco.EtatEntree, phrase string) (bool, error) {
	res, err := tx.ExecContext(ctx, `
		INSERT INTO entree_bancaire (cle, retour, end_to_end_id, msg_id, statut, motif, montant, jour, compte, etat, phrase, lot, cause)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, NULLIF($12, ''), $13)
		ON CONFLICT (cle) DO NOTHING`,
		f.Cle, retour, f.EndToEndID, f.MsgID, f.Statut, f.Motif, f.Montant, f.Date, f.Compte, e, phrase, lot, f.Cause)
	if err != nil {
		return false, fmt.Errorf("filing entry %s: %w", f.Cle, err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// transmettreRetour puts one acte in the inbox of each lot, named by the file and
// the lot, so that it is made once.
func transmettreRetour(ctx context.Context, tx *sqlx.Tx, imp *opco.Importation, parLot map[string][]string) error {
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
		r, err := recevoir(ctx, tx, opco.Acte{ID: acteDerive(imp.Empreinte, l), Objet: opco.ObjetLot(l), Type: opco.ActeAppliquerRetour,
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
