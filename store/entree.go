package store

import (
	"context"
	"fmt"
	"time"

	"guichet/opco"
)

// LigneEntree is what the bank said once, what was found under its references and
// what became of it.
type LigneEntree struct {
	EntreeQuarantaine
	Empreinte string          `db:"empreinte"` // of the file that told it first
	RecuLe    time.Time       `db:"recu_le"`
	Etat      opco.EtatEntree `db:"etat"`
	Lot       string          `db:"lot"`
	Cause     string          `db:"cause"` // sentence of the reason
	Donneur   string          `db:"donneur"`
	Libelle   string          `db:"libelle"` // of a transfer received
}

// FiltreEntrees says which entries of the bank are looked for; a zero field does not
// filter. Apres is the Suivant of the page before.
type FiltreEntrees struct {
	Retour string // fingerprint of a file
	Lot    string
	Etats  []opco.EtatEntree
	Apres  string
	Limite int
}

// PageEntrees is a page of what the bank said, newest file first. Suivant is "" on
// the last one.
type PageEntrees struct {
	Entrees []LigneEntree
	Suivant string
}

// Entrees lists what the bank said. It is for the staff of the OPCO only.
func (s *Store) Entrees(ctx context.Context, f FiltreEntrees) (PageEntrees, error) {
	var c clause
	c.et(`true`)
	if f.Retour != "" {
		c.et(`e.retour = %s`, f.Retour)
	}
	if f.Lot != "" {
		c.et(`e.lot = %s`, f.Lot)
	}
	c.etatsEntree(f.Etats)
	if f.Apres != "" {
		le, cle, err := lireCurseurTemps(f.Apres)
		if err != nil {
			return PageEntrees{}, err
		}
		c.et(`r.recu_le < %s OR r.recu_le = %s AND e.cle > %s`, le, le, cle)
	}
	p := PageEntrees{Entrees: []LigneEntree{}}
	err := s.DB.SelectContext(ctx, &p.Entrees, `
		SELECT e.cle, r.nom AS retour, r.empreinte, r.recu_le, e.end_to_end_id, e.msg_id, e.statut, e.motif, e.montant, e.jour, e.phrase,
		       e.etat, COALESCE(e.lot, '') AS lot, e.cause, e.donneur, e.libelle
		FROM entree_bancaire e JOIN retour_bancaire r ON r.empreinte = e.retour
		WHERE `+c.where()+fmt.Sprintf(` ORDER BY r.recu_le DESC, e.cle LIMIT %d`, f.Limite+1), c.args...)
	if err != nil {
		return p, fmt.Errorf("listing the entries of the bank: %w", err)
	}
	if len(p.Entrees) > f.Limite {
		p.Entrees = p.Entrees[:f.Limite]
		d := p.Entrees[f.Limite-1]
		p.Suivant = curseur(d.RecuLe.UTC().Format(time.RFC3339Nano), d.Cle)
	}
	return p, nil
}

// etatsEntree keeps the entries in one of es, written out so that the index of the
// quarantine serves.
func (c *clause) etatsEntree(es []opco.EtatEntree) {
	if len(es) == 0 {
		return
	}
	ou := `false`
	for _, e := range es {
		switch e {
		case opco.EntreeQuarantaine:
			ou += ` OR e.etat = 'QUARANTAINE'`
		case opco.EntreeTransmise:
			ou += ` OR e.etat = 'TRANSMISE'`
		case opco.EntreeSansEffet:
			ou += ` OR e.etat = 'SANS_EFFET'`
		case opco.EntreeAffectee:
			ou += ` OR e.etat = 'AFFECTEE'`
		}
	}
	c.et(ou)
}

// Quarantaine lists what waits for a person, newest file first, and counts them
// all. suivant is the apres of the next page, "" on the last one.
func (s *Store) Quarantaine(ctx context.Context, apres string, limite int) (ls []EntreeQuarantaine, nombre int64, suivant string, err error) {
	if err := s.DB.GetContext(ctx, &nombre, `SELECT count(*) FROM entree_bancaire WHERE etat = 'QUARANTAINE'`); err != nil {
		return nil, 0, "", fmt.Errorf("counting the quarantine: %w", err)
	}
	p, err := s.Entrees(ctx, FiltreEntrees{Etats: []opco.EtatEntree{opco.EntreeQuarantaine}, Apres: apres, Limite: limite})
	if err != nil {
		return nil, 0, "", err
	}
	ls = make([]EntreeQuarantaine, len(p.Entrees))
	for i, e := range p.Entrees {
		ls[i] = e.EntreeQuarantaine
	}
	return ls, nombre, p.Suivant, nil
}

// RetourBanque returns one file received from the bank.
func (s *Store) RetourBanque(ctx context.Context, empreinte string) (LigneRetour, error) {
	var l LigneRetour
	if err := s.DB.GetContext(ctx, &l, requeteRetour+`r.empreinte = $1`, empreinte); err != nil {
		return l, introuvable(err, "Ce fichier de la banque n’existe pas.")
	}
	return l, nil
}

const requeteRetour = `
	SELECT r.empreinte, r.nom, r.format, r.entrees, r.nouvelles, r.recu_le, r.par,
	       (SELECT count(*) FROM entree_bancaire e WHERE e.retour = r.empreinte AND e.etat = 'QUARANTAINE') AS quarantaine
	FROM retour_bancaire r WHERE `
