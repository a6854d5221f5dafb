package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// inscrire writes a step: journal, projection, ledger, payments, outbox and
// verdict.
func (s *Store) inscrire(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, p *opco.Passage, e opco.Effets, ech string) error {
	d.Rang = p.Rang
	p.Vers, p.Code, p.Motif, p.Phrase = d.Etat, e.Code, e.Motif, e.Phrase
	if p.Verdict == opco.VerdictApplique {
		if err := numeroter(ctx, tx, d, p); err != nil {
			return err
		}
	}
	p.Resume = d.Resume()
	if err := ecrireDossier(ctx, tx, d, p.Le); err != nil {
		return err
	}
	if err := insererPassage(ctx, tx, opco.ObjetDossier(d.ID), ech, *p); err != nil {
		return err
	}
	if p.Verdict == opco.VerdictApplique {
		if err := s.ecrireEffets(ctx, tx, d, *p, e); err != nil {
			return err
		}
		if err := suivreTravail(ctx, tx, d, *p); err != nil {
			return err
		}
		if err := attendreSignaux(ctx, tx, d.ID, p.Type); err != nil {
			return err
		}
	}
	if p.ActeID != "" {
		if err := rendre(ctx, tx, p.ActeID, p.Verdict, p.Motif, p.Phrase); err != nil {
			return err
		}
	}
	return notifier(ctx, tx, "dossier", d.ID)
}

func (s *Store) ecrireEffets(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, p opco.Passage, e opco.Effets) error {
	objet := opco.ObjetDossier(d.ID)
	dits, err := dernierStatut(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	if err := ecrireFactures(ctx, tx, d); err != nil {
		return err
	}
	if err := ecrireStatuts(ctx, tx, d, dits, p.Le); err != nil {
		return err
	}
	if err := ecrireReglements(ctx, tx, d, p.Le); err != nil {
		return err
	}
	if err := ecrireMouvements(ctx, tx, objet, d.ID, p.Rang, p.Le, e.Mouvements); err != nil {
		return err
	}
	if err := ouvrirIndus(ctx, tx, e.Indus, p.Le); err != nil {
		return err
	}
	if err := prevenirIndus(ctx, tx, d, p.Rang, e.SuitesIndu, p.Le); err != nil {
		return err
	}
	if err := ouvrirEspaceOrganisme(ctx, tx, d, p); err != nil {
		return err
	}
	return posterCourriers(ctx, tx, d, p, e)
}

// insererPassage appends a line to the journal of an object, chained to the
// line before it.
func insererPassage(ctx context.Context, tx *sqlx.Tx, objet, ech string, p opco.Passage) error {
	p.Le = p.Le.Truncate(time.Microsecond) // what PostgreSQL keeps is what is hashed
	precedente, err := empreintePrecedente(ctx, tx, objet, p.Rang)
	if err != nil {
		return err
	}
	resume, err := json.Marshal(p.Resume)
	if err != nil {
		return err
	}
	var acteID *string
	if p.ActeID != "" {
		acteID = &p.ActeID
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO passage (objet, rang, acte_id, type, code, echeance, de, vers, verdict, motif, phrase, personne, pour, nom,
		                     role, le, effet, resume, precedente, empreinte)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		objet, p.Rang, acteID, p.Type, p.Code, ech, string(p.De), p.Vers, p.Verdict, p.Motif, p.Phrase, p.Par.Personne, p.Par.Pour,
		p.Par.Nom, p.Par.Role, p.Le, p.Effet, resume, precedente, Empreinte(objet, precedente, p, resume))
	if err != nil {
		return fmt.Errorf("inscribing passage %s/%d: %w", objet, p.Rang, err)
	}
	return nil
}

// Empreinte is the hash of a journal line and of everything before it. For whom a
// delegate acted is in it when there was one.
func Empreinte(objet, precedente string, p opco.Passage, resume []byte) string {
	par := p.Par.Personne + "/" + p.Par.Nom + "/" + string(p.Par.Role)
	if p.Par.Pour != "" {
		par += "/" + p.Par.Pour
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%d\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n", precedente, objet, p.Rang, p.ActeID, p.Type, p.Code,
		string(p.De), string(p.Vers), p.Verdict, p.Motif, p.Phrase, par,
		p.Le.UTC().Format(time.RFC3339Nano), p.Effet)
	h.Write(canonique(resume))
	return hex.EncodeToString(h.Sum(nil))
}

// canonique writes JSON as PostgreSQL and Go both can give it back: decoded and
// encoded again, keys in order.
func canonique(brut []byte) []byte {
	var v any
	if err := json.Unmarshal(brut, &v); err != nil {
		return brut
	}
	b, err := json.Marshal(v)
	if err != nil {
		return brut
	}
	return b
}

func empreintePrecedente(ctx context.Context, tx *sqlx.Tx, objet string, rang int64) (string, error) {
	if rang == 1 {
		return "", nil
	}
	var e string
	err := tx.GetContext(ctx, &e, `SELECT empreinte FROM passage WHERE objet = $1 AND rang = $2`, objet, rang-1)
	if errors.Is(err, sql.ErrNoRows) {
		return "", ErrTrou
	}
	return e, err
}

// dejaInscrit answers a rang that is already in the journal: the same step gives
// the same issue, another one is a gap between the procedure and its memory.
func dejaInscrit(ctx context.Context, tx *sqlx.Tx, dem opco.Demarche, dec time.Duration) (opco.Issue, error) {
	var l struct {
		ActeID   sql.NullString  `db:"acte_id"`
		Type     string          `db:"type"`
		Echeance string          `db:"echeance"`
		Verdict  string          `db:"verdict"`
		Resume   json.RawMessage `db:"resume"`
	}
	err := tx.GetContext(ctx, &l, `
		SELECT acte_id, type, echeance, verdict, resume FROM passage WHERE objet = $1 AND rang = $2`, dem.Objet, dem.Rang)
	if err != nil {
		return opco.Issue{}, fmt.Errorf("reading passage %s/%d: %w", dem.Objet, dem.Rang, err)
	}
	meme := l.ActeID.String == dem.ActeID
	if e := dem.Echeance; e != nil {
		meme = string(e.Type) == l.Type && e.Code == l.Echeance
	}
	if !meme {
		return opco.Issue{}, fmt.Errorf("rang %d holds another step: %w", dem.Rang, ErrTrou)
	}
	issue := opco.Issue{Rang: dem.Rang, Verdict: opco.Verdict(l.Verdict), Decalage: dec}
	return issue, json.Unmarshal(l.Resume, &issue.Resume)
}
