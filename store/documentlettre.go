package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// lettreRangee is a letter of the outbox that its organisme finds among its
// documents.
type lettreRangee struct {
	Dossier   string    `db:"dossier"`
	Numero    string    `db:"numero"`
	Organisme string    `db:"organisme"`
	Evenement string    `db:"evenement"`
	Detail    string    `db:"detail"`
	Sujet     string    `db:"sujet"`
	Le        time.Time `db:"le"`
}

// rangerLettre puts a letter that was just written among the documents of its
// organisme: under its dossier, or with those of none for an avis de virement, which
// may pay several (AT-16). A letter to a company is not one.
func rangerLettre(ctx context.Context, tx *sqlx.Tx, courrier string) error {
	var l lettreRangee
	err := tx.GetContext(ctx, &l, `
		SELECT d.id AS dossier, d.numero, d.organisme, c.evenement, c.detail, c.sujet, c.le
		FROM courrier c JOIN dossier d ON c.objet = 'dossier/' || d.id
		WHERE c.id = $1 AND c.pour = 'organisme' AND c.lettre_pdf IS NOT NULL AND d.organisme <> ''`, courrier)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading letter %s: %w", courrier, err)
	}
	categorie, dossier, libelle, numeros := opco.CategorieCourrier, l.Dossier, l.Sujet, []string{l.Numero}
	if l.Evenement == string(opco.CourrierAvisVirement) {
		categorie, dossier = opco.CategorieAvisVirement, ""
		if libelle, numeros, err = libellerAvis(ctx, tx, l); err != nil {
			return err
		}
	}
	cles := []string{opco.CleRecherche(libelle + " " + categorie)}
	for _, n := range numeros {
		cles = append(cles, opco.CleNumero(n))
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO document (id, organisme, dossier, categorie, libelle, nom, courrier, depose_par, depose_nom, depose_role, depose_le, recherche)
		VALUES (gen_random_uuid(), $1, NULLIF($2, '')::uuid, $3, $4, 'lettre.pdf', $5, '', 'Guichet', 'systeme', $6, $7)
		ON CONFLICT (courrier) DO NOTHING`, l.Organisme, dossier, categorie, libelle, courrier, l.Le, strings.Join(cles, " "))
	if err != nil {
		return fmt.Errorf("keeping letter %s among documents: %w", courrier, err)
	}
	return nil
}

// libellerAvis writes the label of an avis de virement: its number, its day, its
// period, and the dossiers that it pays, each as many times as it is paid (AT-16).
func libellerAvis(ctx context.Context, tx *sqlx.Tx, l lettreRangee) (libelle string, dossiers []string, err error) {
	var ls []struct {
		ID        string    `db:"id"`
		Numero    string    `db:"numero"`
		Dossier   string    `db:"dossier"`
		FactureID string    `db:"facture"`
		E2E       string    `db:"e2e"`
		ExecuteLe opco.Date `db:"execute_le"`
		Contenu   []byte    `db:"contenu"`
	}
	err = tx.SelectContext(ctx, &ls, `
		SELECT r.id, r.numero, d.numero AS dossier, r.facture, COALESCE(r.end_to_end_id, '') AS e2e, r.execute_le, d.contenu
		FROM reglement v JOIN reglement r ON r.id = v.id OR r.end_to_end_id = v.end_to_end_id JOIN dossier d ON d.id = r.dossier
		WHERE v.id = $1 ORDER BY r.numero`, l.Detail)
	if err != nil {
		return "", nil, fmt.Errorf("reading the payments of letter of %s: %w", l.Dossier, err)
	}
	if len(ls) == 0 {
		return l.Sujet, []string{l.Numero}, nil
	}
	var du, au opco.Date
	for _, r := range ls {
		dossiers = append(dossiers, r.Dossier)
		d, err := lireContenu(r.Contenu)
		if err != nil {
			return "", nil, err
		}
		for _, f := range d.Factures {
			for _, h := range d.HeuresPayees(f) {
				if f.ID == r.FactureID && (du == "" || h.Du < du) {
					du = h.Du
				}
				if f.ID == r.FactureID {
					au = max(au, h.Au)
				}
			}
		}
	}
	numero := ls[0].Numero
	if len(ls) > 1 && ls[0].E2E != "" {
		numero = ls[0].E2E
	}
	libelle = "Avis de virement n° " + numero + " du " + ls[0].ExecuteLe.Courte()
	if du != "" {
		libelle += ", période du " + du.Courte() + " au " + au.Courte()
	}
	libelle += ". Dossier(s) : " + strings.Join(dossiers, " ; ")
	return libelle, append(slices.Clone(dossiers), numero), nil
}
