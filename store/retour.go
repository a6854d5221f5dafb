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

// reprises files the facts of a file piece by piece, each piece in one transaction.
type reprises struct {
	s         *Store
	imp       *opco.Importation
	faits     []opco.FaitBancaire
	rang      int // of the piece at hand
	reprise   int // the first piece that is not filed yet
	lots      map[string]bool
	premieres []string // keys of the first piece
}

// filer files the piece at hand, unless it was filed before, by this process or by
// another: the row of the file says how far it is.
func (r *reprises) filer(ctx context.Context, fin bool) error {
	if r.rang == 0 {
		for _, f := range r.faits {
			r.premieres = append(r.premieres, f.Cle)
		}
	}
	err := r.s.transact(ctx, func(tx *sqlx.Tx) error {
		if r.rang < r.reprise && !fin {
			return nil
		}
		var avance int
		if err := tx.GetContext(ctx, &avance, `SELECT tranche FROM retour_bancaire WHERE empreinte = $1 FOR UPDATE`, r.imp.Empreinte); err != nil {
			return fmt.Errorf("reading how far the import is: %w", err)
		}
		if avance == r.rang {
			if err := r.filerTranche(ctx, tx, fin); err != nil {
				return err
			}
		}
		var l struct{ Entrees, Nouvelles, Quarantaine int }
		if err := tx.GetContext(ctx, &l, `SELECT entrees, nouvelles, quarantaine FROM retour_bancaire WHERE empreinte = $1`, r.imp.Empreinte); err != nil {
			return fmt.Errorf("reading what the import changed: %w", err)
		}
		r.imp.Entrees, r.imp.Nouvelles, r.imp.Quarantaine = l.Entrees, l.Nouvelles, l.Quarantaine
		return nil
	})
	r.rang++
	r.faits = r.faits[:0]
	return err
}

// filerTranche files the entries of one piece that were never seen before, and
// tells the lots.
func (r *reprises) filerTranche(ctx context.Context, tx *sqlx.Tx, fin bool) error {
	cibles, err := ciblesDe(ctx, tx, r.faits)
	if err != nil {
		return err
	}
	var es []entreeFilee
	for _, f := range r.faits {
		c := cibles.de(f)
		etat, phrase := f.Rapprocher(c)
		if f.Statut == opco.BanqueCredit {
			c.Lot = "" // a lot pays, nothing comes in by it
		}
		es = append(es, entreeFilee{f, c.Lot, etat, phrase})
	}
	nouvelles, err := filerEntrees(ctx, tx, r.imp.Empreinte, es)
	if err != nil {
		return err
	}
	for i := range es {
		if e := &es[i]; e.etat == opco.EntreeAffectee && nouvelles[e.f.Cle] {
			if e.etat, err = affecterCredit(ctx, tx, r.imp, e.f); err != nil {
				return err
			}
		}
	}
	parLot, quarantaine := map[string][]string{}, 0
	for _, e := range es {
		switch {
		case !nouvelles[e.f.Cle]:
		case e.etat == opco.EntreeQuarantaine:
			quarantaine++
		case e.etat == opco.EntreeTransmise:
			parLot[e.lot] = append(parLot[e.lot], e.f.Cle)
			r.lots[e.lot] = true
		}
	}
	if err := transmettreRetour(ctx, tx, r.imp, r.rang, parLot); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		UPDATE retour_bancaire SET entrees = entrees + $2, nouvelles = nouvelles + $3, quarantaine = quarantaine + $4, tranche = $5, fini = $6
		WHERE empreinte = $1`, r.imp.Empreinte, len(r.faits), len(nouvelles), quarantaine, r.rang+1, fin)
	if err != nil {
		return fmt.Errorf("noting how far the import is: %w", err)
	}
	return nil
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
func (s *Store) dejaParEntrees(ctx context.Context, imp *opco.Importation, cles []string) error {
	var l struct {
		Nom    string    `db:"nom"`
		RecuLe time.Time `db:"recu_le"`
	}
	err := s.DB.GetContext(ctx, &l, `
		SELECT r.nom, r.recu_le FROM entree_bancaire e JOIN retour_bancaire r ON r.empreinte = e.retour
		WHERE e.cle = ANY ($1) ORDER BY r.recu_le LIMIT 1`, pq.Array(cles))
	if err != nil {
		return fmt.Errorf("looking for the first import: %w", err)
	}
	deja(imp, l.Nom, l.RecuLe)
	return nil
}

// entreeFilee is an entry with what becomes of it.
type entreeFilee struct {
	f      opco.FaitBancaire
	lot    string
	etat   opco.EtatEntree
	phrase string
}

// filerEntrees writes entries and says which were never seen before.
func filerEntrees(ctx context.Context, tx *sqlx.Tx, retour string, es []entreeFilee) (nouvelles map[string]bool, err error) {
	nouvelles = map[string]bool{}
	if len(es) == 0 {
		return nouvelles, nil
	}
	var c colonnes
	for _, e := range es {
		refCle, affectable := "", e.f.Statut == opco.BanqueCredit && e.etat == opco.EntreeAffectee
		if e.f.Statut == opco.BanqueCredit {
			refCle = opco.CleReference(cmp.Or(e.f.RefBanque, e.f.EndToEndID))
		}
		c.ajouter(e.f.Cle, e.f.EndToEndID, e.f.MsgID, string(e.f.Statut), e.f.Motif, fmt.Sprint(int64(e.f.Montant)), string(e.f.Date), e.f.Compte,
			string(e.etat), e.phrase, e.lot, e.f.Cause, e.f.Donneur, e.f.DonneurIBAN, e.f.Libelle, e.f.RefBanque, refCle, strconv.FormatBool(affectable))
	}
	var cles []string
	err = tx.SelectContext(ctx, &cles, `
		INSERT INTO entree_bancaire (cle, retour, end_to_end_id, msg_id, statut, motif, montant, jour, compte, etat, phrase, lot, cause,
		                             donneur, donneur_iban, libelle, ref_banque, ref_cle, affectable)
		SELECT x.cle, $1, x.e2e, x.msg_id, x.statut, x.motif, x.montant::bigint, NULLIF(x.jour, '')::date, x.compte, x.etat, x.phrase, NULLIF(x.lot, ''), x.cause,
		       x.donneur, x.donneur_iban, x.libelle, x.ref_banque, x.ref_cle, x.affectable::boolean
		FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[],
		            $14::text[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[])
		     AS x(cle, e2e, msg_id, statut, motif, montant, jour, compte, etat, phrase, lot, cause, donneur, donneur_iban, libelle, ref_banque, ref_cle, affectable)
		ORDER BY x.cle ON CONFLICT (cle) DO NOTHING RETURNING cle`, c.args(retour)...)
	if err != nil {
		return nil, fmt.Errorf("filing the entries of a bank file: %w", err)
	}
	for _, cle := range cles {
		nouvelles[cle] = true
	}
	return nouvelles, nil
}

// filerConstats files what two persons read on a statement as entries of the
// account, with the evidence, and tells the lot as a file of the bank does.
func filerConstats(ctx context.Context, tx *sqlx.Tx, lot string, p opco.Passage, e opco.EffetsLot) error {
	preuve, err := json.Marshal(e.Constats)
	if err != nil {
		return err
	}
	imp := opco.Importation{Empreinte: sha256Hex(preuve), Nom: e.Constat, Format: "RELEVE"}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO retour_bancaire (empreinte, nom, format, octets, entrees, nouvelles, recu_le, par) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)`,
		imp.Empreinte, imp.Nom, imp.Format, preuve, len(e.Constats), p.Le, p.Par.Nom)
	if err != nil {
		return fmt.Errorf("keeping what was read on a statement: %w", err)
	}
	es, cles := make([]entreeFilee, len(e.Constats)), make([]string, len(e.Constats))
	for i, f := range e.Constats {
		es[i], cles[i] = entreeFilee{f: f, lot: lot, etat: opco.EntreeTransmise}, f.Cle
	}
	if _, err := filerEntrees(ctx, tx, imp.Empreinte, es); err != nil {
		return err
	}
	return transmettreRetour(ctx, tx, &imp, 0, map[string][]string{lot: cles})
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
