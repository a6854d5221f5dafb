package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// posterCourriers puts in the outbox what a step tells to the parties. The
// dossier is copied as it is now: the letter will say the same whenever it is
// written.
func posterCourriers(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, p opco.Passage, e opco.Effets) error {
	if len(e.Courriers) == 0 {
		return nil
	}
	modele, err := modeleEnvoi(ctx, tx, d, p, e)
	if err != nil {
		return err
	}
	for _, c := range e.Courriers {
		if err := posterCourrier(ctx, tx, modele, c, p.Rang); err != nil {
			return err
		}
	}
	return notifier(ctx, tx, "courrier", d.ID)
}

// modeleEnvoi is what all the letters of one step share.
func modeleEnvoi(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, p opco.Passage, e opco.Effets) (opco.Envoi, error) {
	par, err := parametres(ctx, tx, opco.JourDe(p.Le))
	if err != nil {
		return opco.Envoi{}, err
	}
	modele := opco.Envoi{Dossier: *d, Par: p.Par, Le: p.Le, Effet: p.Effet, Parametres: par}
	for _, m := range e.Mouvements {
		if m.Type == opco.MouvementDegagement {
			modele.Libere += m.Montant
		}
	}
	ent, err := partie(ctx, tx, d, opco.RoleEntreprise)
	modele.Entreprise = ent.Nom
	return modele, err
}

func posterCourrier(ctx context.Context, tx *sqlx.Tx, env opco.Envoi, c opco.Courrier, rang int64) error {
	detail := c.Facture + c.Reglement
	if err := adresser(ctx, tx, &env, c, rang); err != nil {
		return err
	}
	seul, err := viser(ctx, tx, &env)
	if err != nil || !seul {
		return err
	}
	if err := poster(ctx, tx, opco.ObjetDossier(env.Dossier.ID), rang, detail, env); err != nil {
		return err
	}
	return classerAvis(ctx, tx, env)
}

// adresser makes env the letter c, to the party that it is for.
func adresser(ctx context.Context, tx *sqlx.Tx, env *opco.Envoi, c opco.Courrier, rang int64) error {
	a, err := partie(ctx, tx, &env.Dossier, c.Pour)
	if err != nil {
		return err
	}
	env.ID = fmt.Sprintf("%s-%d-%s-%s", env.Dossier.ID, rang, c.Evenement, c.Pour)
	if detail := c.Facture + c.Reglement; detail != "" {
		env.ID += "-" + detail
	}
	env.Courrier, env.Destinataire, env.Adresse, env.Courriel, env.IBAN = c, a.Nom, a.adresse(), opco.Email(a.Email), opco.IBAN(a.IBAN)
	return nil
}

// poster inserts one line of the outbox. The same event told twice is one line.
func poster(ctx context.Context, tx *sqlx.Tx, objet string, rang int64, detail string, env opco.Envoi) error {
	etat := "A_ENVOYER"
	if env.Courriel == "" {
		etat = "SANS_ADRESSE"
	}
	donnees, err := json.Marshal(env)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO courrier (id, objet, rang, evenement, pour, detail, adresse, donnees, etat, le)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT DO NOTHING`,
		env.ID, objet, rang, env.Courrier.Evenement, env.Courrier.Pour, detail, env.Courriel, donnees, etat, env.Le)
	if err != nil {
		return fmt.Errorf("posting %s: %w", env.Courrier.Evenement, err)
	}
	return nil
}

// lignePartie is a party of a dossier as the OPCO has it on file.
type lignePartie struct {
	Nom        string `db:"nom"`
	Email      string `db:"email"`
	IBAN       string `db:"iban"`
	Voie       string `db:"adresse"`
	CodePostal string `db:"code_postal"`
	Ville      string `db:"ville"`
}

func (l lignePartie) adresse() []string {
	if l.Voie == "" && l.Ville == "" {
		return nil
	}
	return []string{l.Voie, l.CodePostal + " " + l.Ville}
}

// partie reads a party of d. What the OPCO has on file wins over what the
// demande says of the organisme; one whose postal address it does not have is
// written to at that of the demande.
func partie(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, r opco.Role) (lignePartie, error) {
	table, siret := "entreprise", d.Demande.Etablissement
	if r == opco.RoleOrganisme {
		table, siret = "organisme", d.Demande.Organisme.SIRET
	}
	var l lignePartie
	err := tx.GetContext(ctx, &l, `
		SELECT o.nom, o.email, o.iban, COALESCE(e.adresse, '') AS adresse, COALESCE(e.code_postal, '') AS code_postal,
		       COALESCE(e.ville, '') AS ville
		FROM `+table+` o LEFT JOIN etablissement e ON e.siret = $2
		WHERE o.siren = $1`, siret.SIREN(), siret)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	if err != nil {
		return l, fmt.Errorf("reading the party %s: %w", siret, err)
	}
	if org := d.Demande.Organisme; r == opco.RoleOrganisme {
		l.Nom = cmp.Or(l.Nom, org.Nom)
		if l.Voie == "" && l.Ville == "" {
			l.Voie, l.CodePostal, l.Ville = org.Adresse, org.CodePostal, org.Ville
		}
		if l.Email == "" {
			l.Email = string(org.Email)
		}
	}
	return l, nil
}

// Pli is what was written for one line of the outbox. PDF and HTML are the
// hashes of the stored letter, "" when the event has none.
type Pli struct{ Sujet, MessageID, PDF, HTML string }

// NoterLettre keeps the letter of a line of the outbox before its mail leaves:
// it is readable on the dossier whatever becomes of the mail.
func (s *Store) NoterLettre(ctx context.Context, id string, p Pli) error {
	return s.transact(ctx, func(tx *sqlx.Tx) error {
		_, err := tx.ExecContext(ctx, `
			UPDATE courrier SET sujet = $2, message_id = $3, lettre_pdf = NULLIF($4, ''), lettre_html = NULLIF($5, '')
			WHERE id = $1`, id, p.Sujet, p.MessageID, p.PDF, p.HTML)
		if err != nil {
			return fmt.Errorf("keeping letter %s: %w", id, err)
		}
		return rangerLettre(ctx, tx, id)
	})
}

// LettresSansAdresse lists lines of the outbox whose letter must still be
// written although there is no address to mail it to. Accounts have no letters.
func (s *Store) LettresSansAdresse(ctx context.Context, n int) ([]EnvoiDu, error) {
	var ls []ligneEnvoi
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT id, objet, sorte, donnees, essais FROM courrier
		WHERE etat = 'SANS_ADRESSE' AND sujet = '' AND sorte = 'dossier' ORDER BY le LIMIT $1`, n)
	if err != nil {
		return nil, fmt.Errorf("listing letters without address: %w", err)
	}
	return s.lireEnvois(ctx, ls)
}

// NoterFichier keeps the row of a stored file of our own making: it was never
// in anyone's hands and needs no examination.
func (s *Store) NoterFichier(ctx context.Context, empreinte string, taille int64, genre string) error {
	_, err := s.DB.ExecContext(ctx, `
		INSERT INTO fichier (empreinte, taille, type, examen) VALUES ($1, $2, $3, 'SAIN') ON CONFLICT DO NOTHING`, empreinte, taille, genre)
	if err != nil {
		return fmt.Errorf("noting file %s: %w", empreinte, err)
	}
	return nil
}

// OPCO is the body that runs this guichet: it pays and is invoiced.
type OPCO struct {
	Nom   string     `db:"nom"`
	SIRET opco.SIRET `db:"siret"`
	IBAN  opco.IBAN  `db:"iban"`
	BIC   string     `db:"bic"`
}

// OPCO reads who we are. Before it is set the name is « OPCO ».
func (s *Store) OPCO(ctx context.Context) (OPCO, error) {
	var o OPCO
	err := s.DB.GetContext(ctx, &o, `SELECT nom, siret, iban, bic FROM opco`)
	if errors.Is(err, sql.ErrNoRows) {
		return OPCO{Nom: "OPCO"}, nil
	}
	if err != nil {
		return o, fmt.Errorf("reading the OPCO: %w", err)
	}
	return o, nil
}
