package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// recordCompte is Record for an account.
func (s *Store) recordCompte(ctx context.Context, tx *sqlx.Tx, dem opco.Demarche) (opco.Issue, error) {
	c, err := verrouillerCompte(ctx, tx, dem)
	if err != nil {
		return opco.Issue{}, err
	}
	return suivre(ctx, tx, dem, c.Rang, c.Resume(), func(a opco.Acte) (opco.Passage, error) {
		p, refus, err := s.appliquerCompte(ctx, tx, c, a, dem.Echeance)
		if err == nil && refus != nil {
			err = noterRefus(ctx, tx, a.ID, refus)
		}
		return p, err
	})
}

// verrouillerCompte reads an account under its row lock, with those that its
// decision reads (who acts, the delegate) under a shared one, all in the order of
// their ids: two accounts that decide of each other at once wait, one by one.
func verrouillerCompte(ctx context.Context, tx *sqlx.Tx, dem opco.Demarche) (*opco.Compte, error) {
	id := compteDe(dem.Objet)
	ids := []string{id}
	if dem.ActeID != "" {
		var autres []string
		err := tx.SelectContext(ctx, &autres, `
			SELECT x FROM acte, unnest(ARRAY [compte::text, charge ->> 'delegue']) AS x
			WHERE acte.id = $1 AND objet = $2 AND x <> '' AND x <> $3`, dem.ActeID, dem.Objet, id)
		if err != nil {
			return nil, fmt.Errorf("reading who does acte %s: %w", dem.ActeID, err)
		}
		ids = append(ids, slices.DeleteFunc(autres, func(x string) bool { return !uuidTexte(x) })...)
	}
	slices.Sort(ids)
	var brut []byte
	for _, x := range slices.Compact(ids) {
		if x == id {
			err := tx.GetContext(ctx, &brut, `SELECT contenu FROM compte WHERE id = $1 FOR NO KEY UPDATE`, id)
			if err != nil {
				return nil, introuvable(err, "Ce compte n’existe pas.")
			}
			continue
		}
		if _, err := tx.ExecContext(ctx, `SELECT 1 FROM compte WHERE id = $1 FOR SHARE`, x); err != nil {
			return nil, fmt.Errorf("locking account %s: %w", x, err)
		}
	}
	return lireCompte(brut)
}

func lireCompte(brut []byte) (*opco.Compte, error) {
	var c opco.Compte
	if err := json.Unmarshal(brut, &c); err != nil {
		return nil, fmt.Errorf("reading an account: %w", err)
	}
	return &c, nil
}

// compteParID returns an account, nil when there is none.
func compteParID(ctx context.Context, q sqlx.QueryerContext, id string) (*opco.Compte, error) {
	if !uuidTexte(id) {
		return nil, nil //nolint:nilnil // what is not an id names no account
	}
	var bruts [][]byte
	if err := sqlx.SelectContext(ctx, q, &bruts, `SELECT contenu FROM compte WHERE id = $1`, id); err != nil {
		return nil, fmt.Errorf("reading account %s: %w", id, err)
	}
	if len(bruts) == 0 {
		return nil, nil //nolint:nilnil // nobody is a fact, not an error
	}
	return lireCompte(bruts[0])
}

// pasCompte is one step of an account being written.
type pasCompte struct {
	s   *Store
	tx  *sqlx.Tx
	a   opco.Acte
	p   opco.Passage
	ech string // code of the échéance, "" for an acte
}

// appliquerCompte decides with opco and writes everything that follows. A refusal
// is recorded too, as a journal line that does not move the état, and returned.
// What a refusal changed is kept when the rule says so: a wrong code is a try.
func (s *Store) appliquerCompte(ctx context.Context, tx *sqlx.Tx, c *opco.Compte, a opco.Acte, ech *opco.Echeance) (opco.Passage, *opco.Error, error) {
	avant, err := json.Marshal(c)
	if err != nil {
		return opco.Passage{}, nil, fmt.Errorf("copying an account: %w", err)
	}
	f, err := s.faitsCompte(ctx, tx, c, a)
	if err != nil {
		return opco.Passage{}, nil, err
	}
	pas := &pasCompte{s: s, tx: tx, a: a, p: opco.Passage{Dossier: c.ID, Rang: c.Rang + 1, ActeID: a.ID, Type: a.Type, De: c.Etat, Par: a.Par,
		Le: a.Le, Effet: opco.JourDe(a.Le), Verdict: opco.VerdictApplique}}
	if ech != nil {
		pas.p.Effet, pas.ech = ech.Effet, ech.Code
	}
	e, err := c.Appliquer(a, ech, f)
	if err == nil && e.Refus != nil {
		pas.p.Verdict = opco.VerdictRefuse
	}
	if err == nil {
		err = pas.essayer(ctx, c, e)
	}
	var refus *opco.Error
	if err == nil || !errors.As(err, &refus) {
		return pas.p, e.Refus, err
	}
	if c, err = lireCompte(avant); err != nil {
		return pas.p, nil, err
	}
	if ech != nil {
		c.Echeances = sansEcheance(c.Echeances, ech)
	}
	pas.p.Verdict = opco.VerdictRefuse
	return pas.p, refus, pas.inscrire(ctx, c, opco.EffetsCompte{Refus: refus})
}

// essayer writes a step that the rules allow; what the memory itself refuses (an
// identifier that another account took meanwhile) undoes it.
func (pas *pasCompte) essayer(ctx context.Context, c *opco.Compte, e opco.EffetsCompte) error {
	if _, err := pas.tx.ExecContext(ctx, `SAVEPOINT pas`); err != nil {
		return fmt.Errorf("setting a savepoint: %w", err)
	}
	err := pas.inscrire(ctx, c, e)
	refus := refusContrainte(err)
	if refus == nil && !errors.As(err, &refus) {
		return err
	}
	if _, annule := pas.tx.ExecContext(ctx, `ROLLBACK TO SAVEPOINT pas`); annule != nil {
		return fmt.Errorf("undoing a step: %w", annule)
	}
	return refus
}

// inscrire writes a step: journal, projection, secrets, outbox and verdict.
func (pas *pasCompte) inscrire(ctx context.Context, c *opco.Compte, e opco.EffetsCompte) error {
	p := &pas.p
	if e.Purger {
		if err := oublierAuteur(ctx, pas.tx, c.ID); err != nil {
			return err
		}
	}
	c.Rang = p.Rang
	p.Vers, p.Code, p.Motif, p.Phrase, p.Resume = c.Etat, e.Code, e.Motif, e.Phrase, c.Resume()
	rendue := p.Phrase
	if e.Refus != nil {
		p.Motif, p.Phrase, rendue = e.Refus.Code, refusInscrit(e.Refus), e.Refus.Message
		if c.Etat == opco.EtatNouveau {
			rendue = p.Phrase // nothing that was typed is kept of an account that was never made
		}
	}
	p.Par = auteurInscrit(c, pas.a.Par)
	if nom := pas.a.Par.Nom; nom != "" && nom != p.Par.Nom {
		p.Phrase = strings.ReplaceAll(p.Phrase, nom, p.Par.Nom)
	}
	if err := projeterCompte(ctx, pas.tx, c, p.Le); err != nil {
		return err
	}
	if err := insererPassage(ctx, pas.tx, opco.ObjetCompte(c.ID), pas.ech, *p); err != nil {
		return err
	}
	if err := pas.ecrireEffets(ctx, c, e); err != nil {
		return err
	}
	if err := couper(ctx, pas.tx, c.ID, p.ActeID); err != nil {
		return err
	}
	if p.ActeID != "" {
		if err := rendre(ctx, pas.tx, p.ActeID, p.Verdict, p.Motif, rendue); err != nil {
			return err
		}
	}
	return notifier(ctx, pas.tx, "compte", c.ID)
}

// refusInscrit is what the journal of an account says of a refusal. A sentence about
// a field may quote what was typed there: it is for its author alone.
func refusInscrit(refus *opco.Error) string {
	if refus.Champ == "" || refus.Code != "" {
		return refus.Message
	}
	return "Refusé : une réponse ne convient pas (" + refus.Champ + ")."
}

// auteurInscrit is who the journal of an account names: its lines are chained and
// outlive the personal data, so that people of organisations are there by their
// id alone. Who they are is read from their own account while it lasts.
func auteurInscrit(c *opco.Compte, par opco.Acteur) opco.Acteur {
	par.SIRET = ""
	switch {
	case par.Role.Interne():
	case par.Role == opco.RoleDemandeur:
		par.Nom = "Le demandeur"
	case par.Personne == c.Personne:
		par.Nom = "Le titulaire du compte"
	default:
		par.Nom = "Un administrateur de l’organisation"
	}
	return par
}
