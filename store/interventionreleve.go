package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// ReleverBase reads what the base says of a target of an intervention.
func (s *Store) ReleverBase(ctx context.Context, c Cible) (opco.ReleveBase, *opco.ReleveCourriel, error) {
	b, err := s.releverObjet(ctx, c.Objet)
	if err != nil || c.Cle == "" {
		return b, nil, err
	}
	var l struct {
		Etat     string     `db:"etat"`
		Essais   int        `db:"essais"`
		EnvoyeLe *time.Time `db:"envoye_le"`
		Secret   bool       `db:"secret"`
		Erreur   string     `db:"erreur"`
	}
	err = s.DB.GetContext(ctx, &l, `SELECT etat, essais, envoye_le, sorte = 'compte' AS secret, erreur FROM courrier WHERE id = $1 AND objet = $2`, c.Cle, c.Objet)
	if errors.Is(err, sql.ErrNoRows) {
		return b, nil, nil
	}
	if err != nil {
		return b, nil, fmt.Errorf("reading mail %s: %w", c.Cle, err)
	}
	p := &opco.ReleveCourriel{Etat: l.Etat, Essais: l.Essais, Secret: l.Secret, Erreur: l.Erreur}
	if l.EnvoyeLe != nil {
		p.EnvoyeLe = l.EnvoyeLe.UTC()
	}
	return b, p, nil
}

// releverObjet reads where an object stands: its row, its inbox, and the échéance of its journal.
func (s *Store) releverObjet(ctx context.Context, objet string) (opco.ReleveBase, error) {
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
		Echeance  *time.Time `db:"echeance"`
		Resume    []byte     `db:"resume"`
	}
	err = s.DB.GetContext(ctx, &l, `
		SELECT o.etat, o.rang, o.prochaine_echeance AS echeance, (SELECT count(*) FROM acte WHERE objet = $1 AND etat = 'recu') AS attendent,
		       COALESCE((SELECT resume FROM passage WHERE objet = $1 ORDER BY rang DESC LIMIT 1), o.resume) AS resume
		FROM `+table+` o WHERE o.id = $2`, objet, id)
	if errors.Is(err, sql.ErrNoRows) {
		return opco.ReleveBase{}, nil
	}
	if err != nil {
		return opco.ReleveBase{}, fmt.Errorf("reading where %s stands: %w", objet, err)
	}
	b := opco.ReleveBase{Existe: true, Etat: l.Etat, Rang: l.Rang, Attendent: l.Attendent}
	if l.Echeance != nil {
		b.Echeance, b.Passee = l.Echeance.UTC(), !l.Echeance.After(le)
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

// agirSurCourriel gives a mail up, or has it sent now, in the transaction that says so.
func agirSurCourriel(ctx context.Context, tx *sqlx.Tx, v InterventionVue, e ElementIntervention) error {
	var err error
	switch {
	case v.Demande.Verbe == opco.VerbePasser:
		return passerCourriel(ctx, tx, v, e)
	case v.Demande.NouvelID:
		_, err = tx.ExecContext(ctx, `
			UPDATE courrier SET etat = 'A_ENVOYER', essais = 0, prochain = clock_timestamp(), erreur = '', envoye_le = NULL,
			    donnees = jsonb_set(donnees, '{renvoi}', to_jsonb(COALESCE((donnees->>'renvoi')::int, 0) + 1)) WHERE id = $1 AND etat <> 'SANS_ADRESSE'`, e.Cle)
	default:
		_, err = tx.ExecContext(ctx, `
			UPDATE courrier SET etat = 'A_ENVOYER', essais = 0, prochain = clock_timestamp(), erreur = '', envoye_le = NULL WHERE id = $1 AND etat <> 'SANS_ADRESSE'`, e.Cle)
	}
	if err != nil {
		return fmt.Errorf("having mail %s sent: %w", e.Cle, err)
	}
	return notifier(ctx, tx, "courrier", e.Objet)
}

// passerCourriel gives a mail up and tells those who instruct its dossier: its letter can be read,
// but nobody wrote to the party.
func passerCourriel(ctx context.Context, tx *sqlx.Tx, v InterventionVue, e ElementIntervention) error {
	var pour string
	err := tx.GetContext(ctx, &pour, `
		UPDATE courrier SET etat = 'ECARTE', erreur = $2, donnees = `+sansSecret+`, adresse = `+sansAdresse+`
		WHERE id = $1 AND etat IN ('A_ENVOYER', 'REFUSE') RETURNING pour`, e.Cle, v.Demande.Motif)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it left meanwhile: the reading says so
	}
	if err != nil {
		return fmt.Errorf("giving mail %s up: %w", e.Cle, err)
	}
	dossier, duDossier := strings.CutPrefix(e.Objet, "dossier/")
	if !duDossier {
		return nil
	}
	le, err := instant(ctx, tx)
	if err != nil {
		return err
	}
	n := Note{ID: uuid.NewSHA1(espaceIntervention, []byte(v.ID+"/"+e.Cle)).String(), Dossier: dossier, Texte: noteRenoncement(pour, v)}
	return ajouterNote(ctx, tx, opco.Acteur{Personne: v.Personne, Nom: v.Nom, Role: v.Role}, n, nil, le)
}

// espaceIntervention names the notes that interventions leave: one per mail.
var espaceIntervention = uuid.MustParse("5f0f3a0e-6a5b-4c0b-9a53-1f2b5c1f9d41")

func noteRenoncement(pour string, v InterventionVue) string {
	return "Le courriel destiné à " + opco.Role(pour).Libelle() + " n’est pas parti : l’exploitation y a renoncé (« " + v.Demande.Motif +
		" »). La lettre se lit au dossier ; prévenez cette partie autrement s’il le faut."
}

// CourrielsDits lists the mails that somebody names: one by its id, or those of an object that have
// not left although they were tried.
func (s *Store) CourrielsDits(ctx context.Context, dit string) ([]Cible, error) {
	var cs []Cible
	err := s.DB.SelectContext(ctx, &cs, `SELECT objet, id AS cle FROM courrier WHERE id = $1`, strings.TrimSpace(dit))
	if err == nil && len(cs) == 0 {
		var objet string
		if objet, err = s.ObjetDit(ctx, dit); err == nil {
			err = s.DB.SelectContext(ctx, &cs, `
				SELECT objet, id AS cle FROM courrier WHERE objet = $1 AND (etat = 'REFUSE' OR etat = 'A_ENVOYER' AND essais > 0) ORDER BY le, id LIMIT $2`, objet, ciblesMax)
		}
	}
	if err == nil && len(cs) == 0 {
		err = opco.Errorf(opco.NotFound, "Aucun courriel en attente pour « %s ».", dit)
	}
	return cs, err
}
