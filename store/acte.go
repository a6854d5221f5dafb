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
	"github.com/lib/pq"

	"guichet/opco"
)

// Recu is an acte of the inbox and what became of it. Deja says that the same
// acte had been received before: its author asked twice.
// Genre and Champ are those of the refusal, "" unless the verdict is one: what the
// author can do about it, and the field at fault.
type Recu struct {
	Acte    opco.Acte
	Verdict opco.Verdict
	Code    string
	Phrase  string
	Genre   opco.Kind
	Champ   string
	Deja    bool
}

// Refus is the refusal that r ended with, nil when it was not refused.
func (r Recu) Refus() *opco.Error {
	if r.Verdict != opco.VerdictRefuse {
		return nil
	}
	genre := r.Genre
	if genre == "" {
		genre = opco.Conflict // refused before its kind was kept
	}
	return &opco.Error{Kind: genre, Code: r.Code, Champ: r.Champ, Message: r.Phrase}
}

// ligneActe is a row of table acte.
type ligneActe struct {
	ID        string          `db:"id"`
	Objet     string          `db:"objet"`
	Seq       int64           `db:"seq"`
	Type      string          `db:"type"`
	Personne  string          `db:"personne"`
	Nom       string          `db:"nom"`
	Role      string          `db:"role"`
	SIRET     string          `db:"siret"`
	Pour      string          `db:"pour"`
	Compte    string          `db:"compte"`
	Session   string          `db:"session"`
	Charge    json.RawMessage `db:"charge"`
	Empreinte string          `db:"empreinte"`
	Etat      string          `db:"etat"`
	Code      string          `db:"code"`
	Phrase    string          `db:"phrase"`
	Genre     string          `db:"genre"`
	Champ     string          `db:"champ"`
	RecuLe    time.Time       `db:"recu_le"`
}

const colonnesActe = `id, objet, seq, type, personne, nom, role, siret, pour, COALESCE(compte::text, '') AS compte, session, charge, empreinte,
	etat, code, phrase, genre, champ, recu_le`

func (l ligneActe) acte() opco.Acte {
	return opco.Acte{
		ID: l.ID, Objet: l.Objet, Seq: l.Seq, Type: opco.TypeActe(l.Type), Le: l.RecuLe.UTC(), Charge: l.Charge,
		Par:    opco.Acteur{Personne: l.Personne, Pour: l.Pour, Nom: l.Nom, Role: opco.Role(l.Role), SIRET: l.SIRET},
		Compte: l.Compte, Session: l.Session,
	}
}

func (l ligneActe) recu(deja bool) Recu {
	return Recu{Acte: l.acte(), Verdict: opco.Verdict(l.Etat), Code: l.Code, Phrase: l.Phrase, Genre: opco.Kind(l.Genre), Champ: l.Champ, Deja: deja}
}

// empreinteActe is what makes two bodies the same: who, what, on which object.
func empreinteActe(a opco.Acte) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n", a.Objet, a.Type, a.Par.Personne)
	h.Write(a.Charge)
	return hex.EncodeToString(h.Sum(nil))
}

// Recevoir puts a in the inbox of its object, with the next number of that
// object, and commits: from then on the acte is acknowledged. The same id with
// the same body answers the same again; with another body, a Conflict.
func (s *Store) Recevoir(ctx context.Context, a opco.Acte) (Recu, error) {
	var r Recu
	err := s.transact(ctx, func(tx *sqlx.Tx) error {
		var err error
		r, err = recevoir(ctx, tx, a)
		return err
	})
	return r, err
}

// recevoir inserts a in the inbox. Its instant is the business time of the
// transaction, read under the lock of the counter, so that numbers and instants
// go together.
func recevoir(ctx context.Context, tx *sqlx.Tx, a opco.Acte) (Recu, error) {
	if len(a.Charge) == 0 {
		a.Charge = []byte("{}")
	}
	var seq int64
	err := tx.GetContext(ctx, &seq, `
		INSERT INTO compteur (code, dernier) VALUES ($1, 1)
		ON CONFLICT (code) DO UPDATE SET dernier = compteur.dernier + 1
		RETURNING dernier`, "acte:"+a.Objet)
	if err != nil {
		return Recu{}, fmt.Errorf("numbering acte %s: %w", a.ID, err)
	}
	deja, err := acteDeja(ctx, tx, a)
	if err == nil {
		// Give the number back: the counter row is locked by this transaction.
		if _, err := tx.ExecContext(ctx, `UPDATE compteur SET dernier = dernier - 1 WHERE code = $1`, "acte:"+a.Objet); err != nil {
			return Recu{}, fmt.Errorf("returning a number: %w", err)
		}
		return deja, nil
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return Recu{}, err
	}
	d, err := decalage(ctx, tx)
	if err != nil {
		return Recu{}, err
	}
	a.Seq, a.Le = seq, time.Now().UTC().Add(d).Truncate(time.Microsecond)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO acte (id, objet, seq, type, personne, nom, role, siret, pour, compte, session, charge, empreinte, recu_le, traceparent)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULLIF($10, '')::uuid, $11, $12, $13, $14, $15)`,
		a.ID, a.Objet, a.Seq, a.Type, a.Par.Personne, a.Par.Nom, a.Par.Role, a.Par.SIRET, a.Par.Pour, a.Compte, a.Session,
		[]byte(a.Charge), empreinteActe(a), a.Le, traceparent(ctx))
	if contrainte(err) == "acte_pkey" {
		return Recu{}, opco.Errorf(opco.Conflict, "Cet identifiant d’acte a déjà servi pour un autre dossier : utilisez-en un nouveau.")
	}
	if err != nil {
		return Recu{}, fmt.Errorf("receiving acte %s: %w", a.ID, err)
	}
	if err := recevoirCompte(ctx, tx, a); err != nil {
		return Recu{}, err
	}
	return Recu{Acte: a, Verdict: opco.VerdictRecu}, notifier(ctx, tx, "acte", a.Objet)
}

// acteDeja returns the acte of that id when it is already here with that body.
func acteDeja(ctx context.Context, tx *sqlx.Tx, a opco.Acte) (Recu, error) {
	var l ligneActe
	if err := tx.GetContext(ctx, &l, `SELECT `+colonnesActe+` FROM acte WHERE id = $1`, a.ID); err != nil {
		return Recu{}, err
	}
	if l.Empreinte != empreinteActe(a) {
		return Recu{}, (&opco.Error{Kind: opco.Conflict, Message: "Cet identifiant d’acte a déjà servi avec un autre contenu : " +
			"le premier envoi est conservé, celui-ci est refusé. Utilisez un nouvel identifiant."}).AvecCode("ACTE_REUTILISE")
	}
	return l.recu(true), nil
}

// acteLu are the columns of an acte that its readers may see: not what it carries.
const acteLu = `id, objet, seq, type, personne, nom, role, siret, etat, code, phrase, recu_le`

// ActeEnPortee returns an acte within reach of p, without its charge: any for the
// staff, those of the reader and of the dossiers that the reader sees for an
// organisation.
func (s *Store) ActeEnPortee(ctx context.Context, p opco.Portee, id string) (Recu, error) {
	var c clause
	c.identifie(`a.id`, id)
	if !p.Interne {
		d := clause{args: c.args}
		d.dansPortee(p)
		c.args = d.args
		c.et(`a.personne = NULLIF(%s, '') OR EXISTS (SELECT 1 FROM dossier d WHERE d.id = dossier_de(a.objet) AND `+d.where()+`)`, p.Personne)
	}
	var l ligneActe
	err := s.lire(ctx, p, func(q sqlx.QueryerContext) error {
		return sqlx.GetContext(ctx, q, &l, `SELECT `+acteLu+` FROM acte a WHERE `+c.where(), c.args...)
	})
	if err != nil {
		return Recu{}, introuvable(err, "Cet acte n’existe pas, ou vous n’y avez pas accès.")
	}
	return l.recu(true), nil
}

// Acte returns an acte of the inbox by its id, for who is about to send it again
// and for the procedures.
func (s *Store) Acte(ctx context.Context, id string) (Recu, error) {
	var l ligneActe
	err := s.DB.GetContext(ctx, &l, `SELECT `+colonnesActe+` FROM acte WHERE id = $1`, id)
	if err != nil {
		return Recu{}, introuvable(err, "Cet acte n’existe pas.")
	}
	return l.recu(true), nil
}

// AttendreVerdict waits at most delai for the verdict of an acte. The Recu it
// returns still says VerdictRecu when none came: the outcome is unknown, not
// failed.
func (s *Store) AttendreVerdict(ctx context.Context, id string, delai time.Duration) (Recu, error) {
	nouvelles, stop := s.Ecouter()
	defer stop()
	fin := time.After(delai)
	sonde := time.NewTicker(200 * time.Millisecond)
	defer sonde.Stop()
	for {
		r, err := s.Acte(ctx, id)
		if err != nil || r.Verdict != opco.VerdictRecu {
			return r, err
		}
		if !attendreNouvelle(ctx, nouvelles, sonde.C, fin, "verdict", id) {
			return s.Acte(ctx, id)
		}
	}
}

// attendreNouvelle waits for news of the object, a tick or the end of the wait;
// it returns false at the end.
func attendreNouvelle(ctx context.Context, ns <-chan Nouvelle, sonde, fin <-chan time.Time, sujet, id string) bool {
	for {
		select {
		case n := <-ns:
			if n.Sujet == "" || n.Sujet == sujet && n.ID == id {
				return true
			}
		case <-sonde:
			return true
		case <-fin:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// EnAttente lists at most limite actes received at least age ago (real time) that
// still wait for a verdict, oldest first: what the relay sends again. Those of the
// bank and of the system, which nobody else sends, do not wait to be that old. Those
// whose id is in sauf are left out: they were sent lately, and must not hide the others.
func (s *Store) EnAttente(ctx context.Context, age time.Duration, limite int, sauf ...string) ([]opco.Acte, error) {
	var ls []ligneActe
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT `+colonnesActe+`
		FROM acte
		WHERE etat = 'recu' AND (role IN ('banque', 'systeme') OR cree_le <= clock_timestamp() - make_interval(secs => $1))
		    AND NOT id = ANY ($3::uuid[])
		ORDER BY cree_le, seq
		LIMIT $2`, age.Seconds(), limite, pq.Array(append([]string{}, sauf...)))
	if err != nil {
		return nil, fmt.Errorf("listing actes without verdict: %w", err)
	}
	actes := make([]opco.Acte, len(ls))
	for i, l := range ls {
		actes[i] = l.acte()
	}
	return actes, nil
}

// acteEnAttente reports whether an acte of the object has no verdict yet.
func acteEnAttente(ctx context.Context, tx *sqlx.Tx, objet string) (bool, error) {
	var attend bool
	err := tx.GetContext(ctx, &attend, `SELECT EXISTS (SELECT 1 FROM acte WHERE objet = $1 AND etat = 'recu')`, objet)
	if err != nil {
		return false, fmt.Errorf("looking for actes of %s: %w", objet, err)
	}
	return attend, nil
}

// rendre writes the verdict of an acte, once.
func rendre(ctx context.Context, tx *sqlx.Tx, id string, v opco.Verdict, code, phrase string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE acte SET etat = $2, code = $3, phrase = $4, verdict_le = clock_timestamp()
		WHERE id = $1 AND etat = 'recu'`, id, v, code, phrase)
	if err != nil {
		return fmt.Errorf("giving the verdict of acte %s: %w", id, err)
	}
	return notifier(ctx, tx, "verdict", id)
}

// noterRefus keeps with the verdict of an acte what its author can do about it.
func noterRefus(ctx context.Context, tx *sqlx.Tx, id string, refus *opco.Error) error {
	if id == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `UPDATE acte SET genre = $2, champ = $3 WHERE id = $1`, id, refus.Kind, refus.Champ)
	if err != nil {
		return fmt.Errorf("keeping the refusal of acte %s: %w", id, err)
	}
	return nil
}

// EnRetard lists the objects whose next échéance passed at least retard ago, on
// the business clock.
func (s *Store) EnRetard(ctx context.Context, retard time.Duration, limite int) ([]string, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return nil, err
	}
	var os []string
	err = s.DB.SelectContext(ctx, &os, `
		SELECT objet FROM (
		    SELECT 'dossier/' || id AS objet, prochaine_echeance AS le FROM dossier WHERE prochaine_echeance <= $1
		    UNION ALL
		    SELECT 'lot/' || id, prochaine_echeance FROM lot WHERE prochaine_echeance <= $1
		    UNION ALL
		    SELECT 'compte/' || id, prochaine_echeance FROM compte WHERE prochaine_echeance <= $1
		    UNION ALL
		    SELECT 'indu/' || id, prochaine_echeance FROM indu WHERE prochaine_echeance <= $1) o
		ORDER BY le LIMIT $2`, le.Add(-retard), limite)
	if err != nil {
		return nil, fmt.Errorf("listing late objects: %w", err)
	}
	return os, nil
}
