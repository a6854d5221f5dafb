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

// ReleverBase reads what the base says of a target of an intervention.
func (s *Store) ReleverBase(ctx context.Context, c Cible) (opco.ReleveBase, *opco.ReleveCourriel, error) {
	b, err := s.releverObjet(ctx, c.Objet)
	if err != nil || c.Cle == "" {
		return b, nil, err
	}
	p, err := releverCourriel(ctx, s.DB, c, "")
	return b, p, err
}

// releverObjet reads where an object stands: its row, its inbox, and the échéance of its journal.
func (s *Store) releverObjet(ctx context.Context, objet string) (opco.ReleveBase, error) {
	if strings.HasPrefix(objet, objetCompteur) {
		discorde, err := s.compteurDiscorde(ctx, objet)
		return opco.ReleveBase{Existe: true, Genre: opco.GenreCompteur, Discorde: discorde}, err
	}
	table, id := tableDe(objet)
	if table != "lot" && table != "indu" && !uuidTexte(id) {
		return opco.ReleveBase{}, nil
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return opco.ReleveBase{}, err
	}
	var l struct {
		Etat      string     `db:"etat"`
		Rang      int64      `db:"rang"`
		Attendent int        `db:"attendent"`
		EnFaute   bool       `db:"en_faute"`
		Echeance  *time.Time `db:"echeance"`
		Resume    []byte     `db:"resume"`
	}
	err = s.DB.GetContext(ctx, &l, `
		SELECT o.etat, o.rang, o.prochaine_echeance AS echeance, (SELECT count(*) FROM acte WHERE objet = $1 AND etat = 'recu') AS attendent,
		       EXISTS (SELECT 1 FROM incident WHERE id = $1 || '/`+opco.ActiviteInscription+`' AND clos_le IS NULL) AS en_faute,
		       COALESCE((SELECT resume FROM passage WHERE objet = $1 ORDER BY rang DESC LIMIT 1), o.resume) AS resume
		FROM `+table+` o WHERE o.id = $2`, objet, id)
	if errors.Is(err, sql.ErrNoRows) {
		return opco.ReleveBase{}, nil
	}
	if err != nil {
		return opco.ReleveBase{}, fmt.Errorf("reading where %s stands: %w", objet, err)
	}
	b := opco.ReleveBase{Existe: true, Genre: table, Etat: l.Etat, Rang: l.Rang, Attendent: l.Attendent, EnFaute: l.EnFaute}
	if l.Echeance != nil {
		b.Echeance, b.Passee = l.Echeance.UTC(), !l.Echeance.After(le)
	}
	if table == "dossier" {
		if b.Discorde, b.Contredit, err = s.discorde(ctx, id); err != nil {
			return b, err
		}
	}
	b.Due, err = dueDe(l.Resume)
	b.Final = finalDe(table, l.Etat) && (table != "compte" || b.Due.IsZero()) // a closed account waits for its erasure
	return b, err
}

// dueDe is the first échéance of what a line of the journal left, zero when it has none.
func dueDe(resume []byte) (time.Time, error) {
	var r opco.Resume
	if err := json.Unmarshal(resume, &r); err != nil {
		return time.Time{}, fmt.Errorf("reading the échéances of the journal: %w", err)
	}
	if len(r.Echeances) == 0 {
		return time.Time{}, nil
	}
	return r.Echeances[0].Le.UTC(), nil
}

// finalDe reports whether the procedure of an object of a table has ended in this état.
func finalDe(table, etat string) bool {
	switch table {
	case "lot":
		return opco.EtatLot(etat).Final()
	case "compte":
		return opco.CompteFini(opco.Etat(etat))
	case "indu":
		return opco.EtatIndu(etat).Final()
	}
	return opco.Etat(etat).Final()
}

// Rearmer writes on the row of an object the échéance of its journal, by which those that are late
// are found. The date itself is the journal's.
func (s *Store) Rearmer(ctx context.Context, objet string) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		table, id := tableDe(objet)
		var resume []byte
		err := tx.GetContext(ctx, &resume, `SELECT p.resume FROM passage p, `+table+` o WHERE p.objet = $1 AND o.id = $2 AND p.rang = o.rang FOR UPDATE OF o`, objet, id)
		if err != nil {
			return fmt.Errorf("reading the journal of %s: %w", objet, err)
		}
		due, err := dueDe(resume)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE `+table+` SET prochaine_echeance = $2 WHERE id = $1 AND prochaine_echeance IS DISTINCT FROM $2`, id, instantOuNul(due))
		if err != nil {
			return fmt.Errorf("setting the échéance of %s: %w", objet, err)
		}
		return nil
	})
}

// ActesDe lists the actes of an object that wait for a verdict, in order; and, when depuis is not
// zero, those from that number on whatever became of them: a procedure that lives again asks for them.
func (s *Store) ActesDe(ctx context.Context, objet string, depuis int64) ([]opco.Acte, error) {
	var ls []ligneActe
	err := s.DB.SelectContext(ctx, &ls, `SELECT `+colonnesActe+` FROM acte WHERE objet = $1 AND (etat = 'recu' OR $2 > 0 AND seq >= $2) ORDER BY seq LIMIT 1000`, objet, depuis)
	if err != nil {
		return nil, fmt.Errorf("listing the actes of %s: %w", objet, err)
	}
	as := make([]opco.Acte, len(ls))
	for i, l := range ls {
		as[i] = l.acte()
	}
	return as, nil
}
