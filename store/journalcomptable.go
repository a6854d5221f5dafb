package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// PeriodeComptable is what an accounting journal covers: one fund, from Du to Au, both
// days included, in Paris.
type PeriodeComptable struct {
	Fonds  string
	Du, Au opco.Date
}

func (p PeriodeComptable) valider() error {
	if !slices.Contains(opco.CodesFonds(), p.Fonds) {
		return opco.Champf("fonds", "Ce fonds n’existe pas : choisissez-le dans la liste.")
	}
	return FiltreMesures{Du: p.Du, Au: p.Au}.valider()
}

// numeroterEcritures gives the movements of a fund and a year the numbers that follow the last
// one, in the order in which they happened. One that was committed after younger ones
// were numbered takes the next number, which does not move the others.
const numeroterEcritures = `
	INSERT INTO ecriture_numero (fonds, exercice, numero, mouvement, jour, valide_le)
	SELECT $1, $2, COALESCE((SELECT max(n.numero) FROM ecriture_numero n WHERE n.fonds = $1 AND n.exercice = $2), 0) + row_number() OVER (ORDER BY e.le, e.id),
	       e.mouvement, (e.le AT TIME ZONE 'Europe/Paris')::date, $5
	FROM ecriture e JOIN enveloppe v ON v.id = e.enveloppe
	WHERE v.fonds = $1 AND e.le >= $3 AND e.le < $4 AND e.montant < 0
	  AND NOT EXISTS (SELECT 1 FROM ecriture_numero n WHERE n.mouvement = e.mouvement)`

// Numerotation is the acte by which a comptable numbers the movements of a period.
type Numerotation struct {
	Acte string
	PeriodeComptable
	Par opco.Acteur
}

// NumeroterEcritures numbers the movements of a period that have no number yet, and
// those of its years before it, without a gap, and returns how many it numbered. It
// changes nothing of what is numbered. The same acte again answers the same.
func (s *Store) NumeroterEcritures(ctx context.Context, n Numerotation) (nombre int64, err error) {
	if err := n.valider(); err != nil {
		return 0, err
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return 0, err
	}
	err = s.transact(ctx, func(tx *sqlx.Tx) error {
		nombre = 0
		// One at a time for each fund: two at once must not give one number twice.
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('journal/' || $1, 0))`, n.Fonds); err != nil {
			return fmt.Errorf("locking the journal of %s: %w", n.Fonds, err)
		}
		var deja bool
		if nombre, deja, err = n.deja(ctx, tx); deja || err != nil {
			return err
		}
		if nombre, err = numeroterAnnees(ctx, tx, n.PeriodeComptable, le); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO numerotation (acte, fonds, du, au, nombre, personne, nom, role, le) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			n.Acte, n.Fonds, n.Du, n.Au, nombre, n.Par.Personne, n.Par.Nom, n.Par.Role, le)
		if contrainte(err) == "numerotation_pkey" {
			return acteReutilise() // of another fund, at the same instant
		}
		if err != nil {
			return fmt.Errorf("journalling the numbering of %s: %w", n.Fonds, err)
		}
		return nil
	})
	return nombre, err
}

// deja reports whether the acte was done before, and how many it numbered.
func (n Numerotation) deja(ctx context.Context, tx *sqlx.Tx) (nombre int64, deja bool, err error) {
	var l struct {
		Fonds    string    `db:"fonds"`
		Du       opco.Date `db:"du"`
		Au       opco.Date `db:"au"`
		Personne string    `db:"personne"`
		Nombre   int64     `db:"nombre"`
	}
	err = tx.GetContext(ctx, &l, `SELECT fonds, du, au, personne, nombre FROM numerotation WHERE acte = $1`, n.Acte)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, false, nil
	case err != nil:
		return 0, false, fmt.Errorf("looking for acte %s: %w", n.Acte, err)
	case l.Fonds != n.Fonds || l.Du != n.Du || l.Au != n.Au || l.Personne != n.Par.Personne:
		return 0, false, acteReutilise()
	}
	return l.Nombre, true, nil
}

// numeroterAnnees numbers the movements of the years of p up to its end.
func numeroterAnnees(ctx context.Context, tx *sqlx.Tx, p PeriodeComptable, le time.Time) (nombre int64, err error) {
	for annee := p.Du.Annee(); annee <= p.Au.Annee(); annee++ {
		debut := opco.Date(fmt.Sprintf("%d-01-01", annee))
		fin := min(p.Au, opco.Date(fmt.Sprintf("%d-12-31", annee)))
		r, err := tx.ExecContext(ctx, numeroterEcritures, p.Fonds, annee, debut.Minuit(), fin.FinDuJour(), le)
		if err != nil {
			return 0, fmt.Errorf("numbering the entries of %s, %d: %w", p.Fonds, annee, err)
		}
		n, err := r.RowsAffected()
		if err != nil {
			return 0, err
		}
		nombre += n
	}
	return nombre, nil
}

// EcrituresSansNumero counts the movements of a period that no comptable has numbered:
// the journal does not hold them yet.
func (s *Store) EcrituresSansNumero(ctx context.Context, p PeriodeComptable) (n int64, err error) {
	if err := p.valider(); err != nil {
		return 0, err
	}
	err = sqlx.GetContext(ctx, s.base(ctx), &n, `
		SELECT count(*) FROM ecriture e JOIN enveloppe v ON v.id = e.enveloppe
		WHERE v.fonds = $1 AND e.le >= $2 AND e.le < $3 AND e.montant < 0
		  AND NOT EXISTS (SELECT 1 FROM ecriture_numero n WHERE n.mouvement = e.mouvement)`, p.Fonds, p.Du.Minuit(), p.Au.FinDuJour())
	if err != nil {
		return 0, fmt.Errorf("counting what has no number in %s: %w", p.Fonds, err)
	}
	return n, nil
}

// ligneJournal is a line of an entry as the base gives it.
type ligneJournal struct {
	Exercice   int                `db:"exercice"`
	Numero     int64              `db:"numero"`
	Jour       opco.Date          `db:"jour"`
	ValideLe   time.Time          `db:"valide_le"`
	Mouvement  string             `db:"mouvement"`
	Type       opco.TypeMouvement `db:"type"`
	Compte     opco.CompteLivre   `db:"compte"`
	Montant    opco.Montant       `db:"montant"`
	Enveloppe  string             `db:"enveloppe"`
	Entreprise string             `db:"entreprise"`
	Dossier    string             `db:"dossier"`
	Reglement  string             `db:"reglement"`
}

// ParcourirJournal gives the numbered entries of a period one after another, by year
// and number. Money is for the comptables: no organisation reads it here.
func (s *Store) ParcourirJournal(ctx context.Context, p PeriodeComptable, voir func(opco.EcritureComptable) error) error {
	if err := p.valider(); err != nil {
		return err
	}
	rows, err := s.base(ctx).QueryxContext(ctx, `
		SELECT n.exercice, n.numero, n.jour, n.valide_le, n.mouvement, e.type, e.compte, e.montant, e.enveloppe, COALESCE(t.nom, '') AS entreprise,
		       COALESCE(d.numero, '') AS dossier, COALESCE(r.numero, e.reglement) AS reglement
		FROM ecriture_numero n JOIN ecriture e ON e.mouvement = n.mouvement JOIN enveloppe v ON v.id = e.enveloppe
		LEFT JOIN entreprise t ON t.siren = v.siren LEFT JOIN dossier d ON d.id = e.dossier LEFT JOIN reglement r ON r.id = NULLIF(e.reglement, '')
		WHERE n.fonds = $1 AND n.exercice BETWEEN $2 AND $3 AND n.jour BETWEEN $4 AND $5
		ORDER BY n.fonds, n.exercice, n.numero, e.id`, p.Fonds, p.Du.Annee(), p.Au.Annee(), p.Du, p.Au)
	if err != nil {
		return fmt.Errorf("reading the journal of %s: %w", p.Fonds, err)
	}
	defer rows.Close()
	var e opco.EcritureComptable
	rendre := func() error {
		if len(e.Lignes) == 0 {
			return nil
		}
		return voir(e)
	}
	for rows.Next() {
		var l ligneJournal
		if err := rows.StructScan(&l); err != nil {
			return fmt.Errorf("reading the journal of %s: %w", p.Fonds, err)
		}
		if l.Mouvement != e.Mouvement {
			if err := rendre(); err != nil {
				return err
			}
			e = opco.EcritureComptable{Numero: l.Numero, Jour: l.Jour, Valide: opco.JourDe(l.ValideLe), Mouvement: l.Mouvement, Type: l.Type,
				Enveloppe: l.Enveloppe, Entreprise: l.Entreprise, Dossier: l.Dossier, Reglement: l.Reglement}
		}
		e.Lignes = append(e.Lignes, opco.LigneComptable{Compte: l.Compte, Montant: l.Montant})
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading the journal of %s: %w", p.Fonds, err)
	}
	return rendre()
}

// SoldeComptable is what moved on an account in a period.
type SoldeComptable struct {
	Compte  opco.CompteLivre `db:"compte" json:"compte"`
	Lignes  int64            `db:"lignes" json:"lignes"`
	Debit   opco.Montant     `db:"debit" json:"debit"`
	Credit  opco.Montant     `db:"credit" json:"credit"`
	Numero  string           `db:"-" json:"numero"` // in the chart of accounts
	Libelle string           `db:"-" json:"libelle"`
}

// BalanceComptable sums a period by account, in the order in which money goes; an
// account that did not move is left out. Debits equal credits.
func (s *Store) BalanceComptable(ctx context.Context, p PeriodeComptable) ([]SoldeComptable, error) {
	ss := []SoldeComptable{}
	if err := p.valider(); err != nil {
		return ss, err
	}
	err := sqlx.SelectContext(ctx, s.base(ctx), &ss, `
		SELECT e.compte, count(*) AS lignes, COALESCE(sum(e.montant) FILTER (WHERE e.montant > 0), 0)::bigint AS debit,
		       -COALESCE(sum(e.montant) FILTER (WHERE e.montant < 0), 0)::bigint AS credit
		FROM ecriture e JOIN enveloppe v ON v.id = e.enveloppe
		WHERE v.fonds = $1 AND e.le >= $2 AND e.le < $3 GROUP BY e.compte`, p.Fonds, p.Du.Minuit(), p.Au.FinDuJour())
	if err != nil {
		return nil, fmt.Errorf("summing the journal of %s: %w", p.Fonds, err)
	}
	for i := range ss {
		ss[i].Numero, ss[i].Libelle = opco.CompteComptable(ss[i].Compte)
	}
	ordre := opco.ComptesLivre()
	slices.SortFunc(ss, func(a, b SoldeComptable) int { return slices.Index(ordre, a.Compte) - slices.Index(ordre, b.Compte) })
	return ss, nil
}
