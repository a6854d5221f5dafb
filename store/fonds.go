package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Dotation is money put in an envelope: a versement volontaire, the part of a Région.
type Dotation struct {
	ID        string       `db:"id" json:"id"` // of the acte of the comptable
	Enveloppe string       `db:"enveloppe" json:"enveloppe"`
	Montant   opco.Montant `db:"montant" json:"montant"`
	Reference string       `db:"reference" json:"reference"`
	Nom       string       `db:"nom" json:"nom"`
	Le        time.Time    `db:"le" json:"le"`
}

// ordres are the ranks in which the funds are used (domain.md 2.4).
var ordres = map[string]int{opco.FondsConventionnel: 10, opco.FondsMutualise: ordreMutualise, opco.FondsVV: 30, opco.FondsRegion: 40, opco.FondsCPF: 50}

// Doter puts money in an envelope, opened if need be, in the rank of its fund. The
// same id again changes nothing; the same reference on the same envelope is refused:
// a payment received counts once. A closed year takes no money.
func (s *Store) Doter(ctx context.Context, e Enveloppe, d Dotation, par opco.Acteur) (Dotation, error) {
	if err := dotable(e, d); err != nil {
		return Dotation{}, err
	}
	le, err := s.Maintenant(ctx)
	if err != nil {
		return Dotation{}, err
	}
	e.Ordre, d.Enveloppe, d.Nom, d.Le = ordres[e.Fonds], e.ID(), par.Nom, le.Truncate(time.Microsecond)
	if e.Libelle == "" {
		e.Libelle = opco.LibelleFonds(e.Fonds)
	}
	err = s.transact(ctx, func(tx *sqlx.Tx) error { return doter(ctx, tx, e, &d, par) })
	return d, err
}

func doter(ctx context.Context, tx *sqlx.Tx, e Enveloppe, d *Dotation, par opco.Acteur) error {
	var connue bool
	if err := tx.GetContext(ctx, &connue, `SELECT EXISTS (SELECT 1 FROM entreprise WHERE siren = $1)`, e.SIREN); err != nil {
		return fmt.Errorf("looking for company %s: %w", e.SIREN, err)
	}
	if !connue {
		return opco.Champf("siren", "Cette entreprise n’est pas connue.")
	}
	if err := ouvrirEnveloppe(ctx, tx, e, 0, d.Le); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `SELECT 1 FROM enveloppe WHERE id = $1 FOR UPDATE`, e.ID()); err != nil {
		return fmt.Errorf("locking envelope %s: %w", e.ID(), err)
	}
	if err := anneeOuverte(ctx, tx, e.Annee); err != nil {
		return err
	}
	h := sha256.Sum256(fmt.Appendf(nil, "%s\n%d\n%s\n%s", e.ID(), d.Montant, d.Reference, par.Personne))
	res, err := tx.ExecContext(ctx, `
		INSERT INTO dotation (id, enveloppe, montant, reference, personne, nom, empreinte, le) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (id) DO NOTHING`, d.ID, e.ID(), d.Montant, d.Reference, par.Personne, par.Nom, hex.EncodeToString(h[:]), d.Le)
	if contrainte(err) == "dotation_reference" {
		return opco.Errorf(opco.Conflict, "La référence « %s » a déjà été créditée sur cette enveloppe : un versement compte une fois.", d.Reference).
			AvecCode("DEJA_CREDITE")
	}
	if err != nil {
		return fmt.Errorf("noting dotation %s: %w", d.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil {
		return err
	} else if n == 0 {
		return dotationDeja(ctx, tx, d, hex.EncodeToString(h[:]))
	}
	return ecrireMouvement(ctx, tx, "dotation/"+d.ID, "enveloppe/"+e.ID(), "", 1, d.Le,
		opco.Mouvement{Type: opco.MouvementDotation, Enveloppe: e.ID(), Montant: d.Montant})
}

// dotationDeja answers the same acte sent again, and refuses another under its id.
func dotationDeja(ctx context.Context, tx *sqlx.Tx, d *Dotation, empreinte string) error {
	var l struct {
		Empreinte string    `db:"empreinte"`
		Le        time.Time `db:"le"`
	}
	if err := tx.GetContext(ctx, &l, `SELECT empreinte, le FROM dotation WHERE id = $1`, d.ID); err != nil {
		return fmt.Errorf("reading dotation %s: %w", d.ID, err)
	}
	if l.Empreinte != empreinte {
		return opco.Errorf(opco.Conflict, "Cet identifiant d’acte a déjà servi à un autre crédit : utilisez-en un nouveau.")
	}
	d.Le = l.Le
	return nil
}

func anneeOuverte(ctx context.Context, tx *sqlx.Tx, annee int) error {
	var close bool
	if err := tx.GetContext(ctx, &close, `SELECT EXISTS (SELECT 1 FROM exercice WHERE annee = $1)`, annee); err != nil {
		return fmt.Errorf("looking for year %d: %w", annee, err)
	}
	if close {
		return opco.Errorf(opco.Conflict, "L’exercice %d est clos : aucune enveloppe de cette année n’est plus créditée.", annee).AvecCode("EXERCICE_CLOS")
	}
	return nil
}

// dotable says what is wrong in a dotation. Only a versement volontaire has no year.
func dotable(e Enveloppe, d Dotation) error {
	switch {
	case ordres[e.Fonds] == 0:
		return opco.Champf("fonds", "Ce fonds n’existe pas : choisissez-le dans la liste.")
	case e.Fonds == opco.FondsVV && e.Annee != 0:
		return opco.Champf("annee", "Un versement volontaire n’a pas d’année : laissez-la vide.")
	case e.Fonds != opco.FondsVV && (e.Annee < 2000 || e.Annee > 2100):
		return opco.Champf("annee", "Indiquez l’année de l’enveloppe.")
	case d.Montant <= 0 || d.Montant > opco.MontantMax:
		return opco.Champf("montant", "Le montant est compris entre 0,01 € et %s.", opco.MontantMax)
	case d.Reference == "" || utf8.RuneCountInString(d.Reference) > 140:
		return opco.Champf("reference", "Indiquez la référence du versement reçu ou de la décision du fonds, en 140 caractères au plus.")
	}
	return nil
}

// Dotations lists the credits of one envelope, the last first, at most 100.
func (s *Store) Dotations(ctx context.Context, enveloppe string) ([]Dotation, error) {
	ds := []Dotation{}
	err := s.DB.SelectContext(ctx, &ds, `
		SELECT id, enveloppe, montant, reference, nom, le FROM dotation WHERE enveloppe = $1 ORDER BY le DESC, id LIMIT 100`, enveloppe)
	if err != nil {
		return nil, fmt.Errorf("listing dotations of %s: %w", enveloppe, err)
	}
	return ds, nil
}

// Exercice is a closed year.
type Exercice struct {
	Annee  int       `db:"annee" json:"annee"`
	ClosLe time.Time `db:"clos_le" json:"clos_le"`
	Nom    string    `db:"nom" json:"nom"`
}

// CloreExercice closes a year that is over: what comes back for it goes to the funds
// (domain.md 5 bis). A year already closed stays as it was.
func (s *Store) CloreExercice(ctx context.Context, annee int, par opco.Acteur) error {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return err
	}
	if annee < 2000 || annee > 2100 {
		return opco.Champf("annee", "Indiquez l’année à clore.")
	}
	if annee >= opco.JourDe(le).Annee() {
		return opco.Errorf(opco.Conflict, "L’exercice %d n’est pas terminé : il se clôt à partir du 1er janvier %d.", annee, annee+1)
	}
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		if _, err := tx.ExecContext(ctx, `SELECT 1 FROM enveloppe WHERE annee = $1 ORDER BY id FOR UPDATE`, annee); err != nil {
			return fmt.Errorf("locking the envelopes of %d: %w", annee, err)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO exercice (annee, clos_le, personne, nom) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
			annee, le, par.Personne, par.Nom)
		if err != nil {
			return fmt.Errorf("closing year %d: %w", annee, err)
		}
		return nil
	})
}

// Exercices lists the closed years, the last first.
func (s *Store) Exercices(ctx context.Context) ([]Exercice, error) {
	es := []Exercice{}
	if err := s.DB.SelectContext(ctx, &es, `SELECT annee, clos_le, nom FROM exercice ORDER BY annee DESC LIMIT 100`); err != nil {
		return nil, fmt.Errorf("listing closed years: %w", err)
	}
	return es, nil
}
