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

// errEnMain says that a facteur is sending a mail: what becomes of it is not known yet.
var errEnMain = errors.New("a facteur has this mail in hand")

// releverCourriel reads a line of the outbox, nil when there is none; verrou may hold it.
func releverCourriel(ctx context.Context, db sqlx.QueryerContext, c Cible, verrou string) (*opco.ReleveCourriel, error) {
	var l struct {
		Etat     string     `db:"etat"`
		Essais   int        `db:"essais"`
		EnvoyeLe *time.Time `db:"envoye_le"`
		EnMain   bool       `db:"en_main"`
		Secret   bool       `db:"secret"`
		Erreur   string     `db:"erreur"`
	}
	err := sqlx.GetContext(ctx, db, &l, `
		SELECT etat, essais, envoye_le, COALESCE(etat = 'A_ENVOYER' AND bail_le > clock_timestamp(), false) AS en_main, sorte = 'compte' AS secret, erreur
		FROM courrier WHERE id = $1 AND objet = $2`+verrou, c.Cle, c.Objet)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading mail %s: %w", c.Cle, err)
	}
	p := &opco.ReleveCourriel{Etat: l.Etat, Essais: l.Essais, EnMain: l.EnMain, Secret: l.Secret, Erreur: opco.Epurer(l.Erreur)}
	if l.EnvoyeLe != nil {
		p.EnvoyeLe = l.EnvoyeLe.UTC()
	}
	return p, nil
}

// agirSurCourriel gives a mail up, or has it sent now, in the transaction that says so. Under its lock,
// one that moved since it was tried is left alone, and so are one that a facteur has in hand and one
// that the server accepted, but for who wants it to come twice.
func agirSurCourriel(ctx context.Context, tx *sqlx.Tx, v InterventionVue, e ElementIntervention) error {
	p, err := releverCourriel(ctx, tx, Cible{Objet: e.Objet, Cle: e.Cle}, " FOR UPDATE")
	if err == nil {
		err = opco.InchangeDepuisEssai(e.Avant.Pli, p)
	}
	if err != nil {
		return err
	}
	if p.EnMain {
		return errEnMain
	}
	if _, err := v.Demande.Essayer(opco.Releve{Pli: p}); err != nil {
		return err // what it was tried by may have had other rules
	}
	if v.Demande.Verbe == opco.VerbePasser {
		return passerCourriel(ctx, tx, v, e)
	}
	if err := readresser(ctx, tx, e.Cle); err != nil {
		return err
	}
	// whoever had it in hand too long has it no more: it would send what was just corrected, or once more
	const partir = `UPDATE courrier SET etat = 'A_ENVOYER', essais = 0, prochain = clock_timestamp(), bail_le = NULL, erreur = '', envoye_le = NULL`
	sous := ""
	if v.Demande.NouvelID {
		sous = `, donnees = jsonb_set(donnees, '{renvoi}', to_jsonb(COALESCE((donnees->>'renvoi')::int, 0) + 1))`
	}
	if _, err = tx.ExecContext(ctx, partir+sous+` WHERE id = $1`, e.Cle); err != nil {
		return fmt.Errorf("having mail %s sent: %w", e.Cle, err)
	}
	return notifier(ctx, tx, "courrier", e.Objet)
}

// readresser has a mail about a dossier go to the address that the OPCO has now on file for its
// party: what was refused may have been corrected since. The others go where they were written to.
func readresser(ctx context.Context, tx *sqlx.Tx, id string) error {
	var donnees []byte
	err := tx.GetContext(ctx, &donnees, `SELECT donnees FROM courrier WHERE id = $1 AND sorte = 'dossier' AND objet LIKE 'dossier/%'`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading mail %s: %w", id, err)
	}
	var env opco.Envoi
	if err := json.Unmarshal(donnees, &env); err != nil {
		return nil //nolint:nilerr // the facteur says what cannot be read
	}
	if r := env.Courrier.Pour; r != opco.RoleEntreprise && r != opco.RoleOrganisme {
		return nil
	}
	p, err := partie(ctx, tx, &env.Dossier, env.Courrier.Pour)
	if err != nil || p.Email == "" || p.Email == string(env.Courriel) {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE courrier SET adresse = $2, donnees = jsonb_set(donnees, '{courriel}', to_jsonb($2::text)) WHERE id = $1`, id, p.Email)
	if err != nil {
		return fmt.Errorf("correcting the address of mail %s: %w", id, err)
	}
	return nil
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
