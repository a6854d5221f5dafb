package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

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
