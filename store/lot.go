package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// ConstruireLot receives and applies the acte that proposes a lot, in one
// transaction: the lot, its number and its règlements are there together, or
// nothing is. One of more than lot_poignee règlements is then under construction:
// its procedure takes them in. The lot has the name that the Objet of the acte says, else the next
// number of the year, which the Objet of the answer tells. The same acte again
// answers the same.
func (s *Store) ConstruireLot(ctx context.Context, a opco.Acte) (Recu, error) {
	var r Recu
	if _, err := s.EchoirRIBs(ctx); err != nil {
		return r, err
	}
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		dec, err := decalage(ctx, tx)
		if err != nil {
			return err
		}
		annee := opco.JourDe(time.Now().Add(dec)).Annee()
		compteur := fmt.Sprintf("lot:%d", annee)
		n, err := suivant(ctx, tx, compteur) // its row lock also serialises two clicks
		if err != nil {
			return err
		}
		deja, err := acteLotDeja(ctx, tx, a)
		if err == nil {
			r = deja
			return rendreNumero(ctx, tx, compteur)
		}
		if !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		if a.Objet == "" {
			a.Objet = opco.ObjetLot(opco.NumeroLot(annee, n))
		} else if err := nomLibre(ctx, tx, a.Objet, compteur); err != nil {
			return err
		}
		l := &opco.Lot{ID: strings.TrimPrefix(a.Objet, "lot/")}
		if r, err = recevoir(ctx, tx, a); err != nil {
			return err
		}
		p, refus, err := s.appliquerLot(ctx, tx, l, r.Acte, nil)
		if err != nil {
			return err
		}
		if refus != nil {
			return refus // nothing is kept of a lot that was never proposed
		}
		if l.Etat == opco.LotEnConstruction {
			err = listerChantier(ctx, tx, l, r.Acte)
		}
		r.Verdict, r.Phrase = p.Verdict, p.Phrase
		return err
	})
	return r, err
}

// nomLibre refuses the name of a lot that exists, and gives back the number that
// a named lot does not need.
func nomLibre(ctx context.Context, tx *sqlx.Tx, objet, compteur string) error {
	var pris bool
	if err := tx.GetContext(ctx, &pris, `SELECT EXISTS (SELECT 1 FROM lot WHERE id = $1)`, strings.TrimPrefix(objet, "lot/")); err != nil {
		return fmt.Errorf("looking for %s: %w", objet, err)
	}
	if pris {
		return opco.Errorf(opco.Conflict, "Un lot porte déjà ce nom : choisissez-en un autre.").AvecCode("LOT_EXISTE")
	}
	return rendreNumero(ctx, tx, compteur)
}

// rendreNumero gives a number back; its counter is locked by the transaction.
func rendreNumero(ctx context.Context, tx *sqlx.Tx, compteur string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE compteur SET dernier = dernier - 1 WHERE code = $1`, compteur); err != nil {
		return fmt.Errorf("returning a number: %w", err)
	}
	return nil
}

// acteLotDeja returns the acte of that id when it already made a lot.
func acteLotDeja(ctx context.Context, tx *sqlx.Tx, a opco.Acte) (Recu, error) {
	var objet string
	if err := tx.GetContext(ctx, &objet, `SELECT objet FROM acte WHERE id = $1`, a.ID); err != nil {
		return Recu{}, err
	}
	if a.Objet == "" {
		a.Objet = objet
	}
	return acteDeja(ctx, tx, a)
}

// Lot returns a whole lot, with its lines. Lots are for the staff of the OPCO only.
func (s *Store) Lot(ctx context.Context, id string) (*opco.Lot, error) {
	l, err := s.EnTeteLot(ctx, id)
	if err != nil {
		return nil, err
	}
	return l, lireLignes(ctx, s.DB, l, `true`)
}

// EnTeteLot returns a lot without its lines, which it counts: a lot may have more
// than a page or a procedure can hold.
func (s *Store) EnTeteLot(ctx context.Context, id string) (*opco.Lot, error) {
	return enTeteLot(ctx, s.DB, `WHERE id = $1`, id)
}

func enTeteLot(ctx context.Context, q sqlx.QueryerContext, ou, id string) (*opco.Lot, error) {
	var brut []byte
	if err := sqlx.GetContext(ctx, q, &brut, `SELECT contenu FROM lot `+ou, id); err != nil {
		return nil, introuvable(err, "Ce lot n’existe pas.")
	}
	return lireLot(brut)
}

func lireLot(brut []byte) (*opco.Lot, error) {
	var l opco.Lot
	if err := json.Unmarshal(brut, &l); err != nil {
		return nil, fmt.Errorf("reading a lot: %w", err)
	}
	return &l, nil
}

// verrouillerLot reads a lot under its row lock, without its lines: charger takes
// those that its step needs.
func verrouillerLot(ctx context.Context, tx *sqlx.Tx, objet string) (*opco.Lot, error) {
	return enTeteLot(ctx, tx, `WHERE id = $1 FOR UPDATE`, strings.TrimPrefix(objet, "lot/"))
}

// appliquerLot decides with opco and writes everything that follows. A refusal
// is recorded too, as a journal line that moves nothing, and returned.
func (s *Store) appliquerLot(ctx context.Context, tx *sqlx.Tx, l *opco.Lot, a opco.Acte, ech *opco.Echeance) (opco.Passage, *opco.Error, error) {
	f, err := s.faitsLot(ctx, tx, l, a)
	if err != nil {
		return opco.Passage{}, nil, err
	}
	p := opco.Passage{Dossier: l.ID, Rang: l.Rang + 1, ActeID: a.ID, Type: a.Type, De: opco.Etat(l.Etat), Par: a.Par, Le: a.Le,
		Effet: opco.JourDe(a.Le), Verdict: opco.VerdictApplique}
	code := ""
	if ech != nil {
		p.Effet, code = ech.Effet, ech.Code
	}
	e, err := l.Appliquer(a, ech, f)
	var refus *opco.Error
	if errors.As(err, &refus) {
		if l.Rang == 0 {
			return p, refus, nil // there is no lot to write the refusal in
		}
		if l, err = enTeteLot(ctx, tx, `WHERE id = $1`, l.ID); err != nil { // as it was: the rule may have changed half of it
			return p, nil, err
		}
		l.Echeances = sansEcheance(l.Echeances, ech)
		p.Verdict, e = opco.VerdictRefuse, opco.EffetsLot{Motif: refus.Code, Phrase: refus.Message}
	}
	if err != nil {
		return p, nil, err
	}
	l.Rang = p.Rang
	p.Vers, p.Code, p.Motif, p.Phrase, p.Resume = opco.Etat(l.Etat), e.Code, e.Motif, e.Phrase, l.Resume()
	return p, refus, s.inscrireLot(ctx, tx, l, p, e, code)
}

// sansEcheance drops an échéance that was refused: it must not come for ever.
func sansEcheance(es []opco.Echeance, ech *opco.Echeance) []opco.Echeance {
	var gardees []opco.Echeance
	for _, e := range es {
		if ech == nil || e.Type != ech.Type || e.Code != ech.Code {
			gardees = append(gardees, e)
		}
	}
	return gardees
}

// faitsLot reads, in the transaction of the step, what opco needs to decide it, and
// the lines of the lot that the step needs.
func (s *Store) faitsLot(ctx context.Context, tx *sqlx.Tx, l *opco.Lot, a opco.Acte) (opco.FaitsLot, error) {
	f := opco.FaitsLot{Le: a.Le, Calendrier: s.Calendrier(false)}
	var err error
	if f.Instant, err = maintenant(ctx, tx); err != nil {
		return f, err
	}
	if f.Parametres, err = parametres(ctx, tx, opco.JourDe(a.Le)); err != nil {
		return f, err
	}
	par := a.Par
	if a.Type == opco.ActePoursuivreLot && len(l.Createurs) > 0 {
		par = l.Createurs[0] // in whose name it is built
	}
	if f.Liens, err = liensDe(ctx, tx, par); err != nil {
		return f, err
	}
	if a.Type == opco.ActeAppliquerRetour {
		if f.Entrees, err = entreesDe(ctx, tx, a); err != nil {
			return f, err
		}
	}
	if err := charger(ctx, tx, l, a, f.Entrees); err != nil {
		return f, err
	}
	switch a.Type {
	case opco.ActeConstruireLot:
		err = demander(ctx, tx, a, &f)
	case opco.ActePoursuivreLot:
		err = poigneeSuivante(ctx, tx, l, &f)
	case opco.ActeValiderLot:
		if f.Donneur, err = donneur(ctx, tx); err == nil {
			f.Relecture, err = relireReglements(ctx, tx, l)
		}
	case opco.ActeEjecterLigne, opco.ActeRelireLot, opco.ActeRappelerLot:
		if l.Etat == opco.LotEnConstruction {
			return f, nil // it is read again once it is whole
		}
		f.Relecture, err = relireReglements(ctx, tx, l)
	case opco.ActeEmettreLot:
		if f.Relecture, err = relireReglements(ctx, tx, l); err != nil {
			return f, err
		}
		err = tx.GetContext(ctx, &f.Fichier, `SELECT COALESCE((SELECT empreinte FROM fichier_bancaire WHERE lot = $1), '')`, l.ID)
	}
	return f, err
}

// donneur is the account of the OPCO, which pays.
func donneur(ctx context.Context, q sqlx.QueryerContext) (opco.CompteBancaire, error) {
	var l struct {
		Nom  string    `db:"nom"`
		IBAN opco.IBAN `db:"iban"`
		BIC  string    `db:"bic"`
	}
	err := sqlx.GetContext(ctx, q, &l, `SELECT nom, iban, bic FROM opco`)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return opco.CompteBancaire{}, fmt.Errorf("reading the account of the OPCO: %w", err)
	}
	return opco.CompteBancaire{Nom: l.Nom, IBAN: l.IBAN, BIC: l.BIC}, nil
}
