package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// numeroter gives a just deposited dossier and its new règlements their numbers,
// from counters without gap: a refused step has taken none.
func numeroter(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, p *opco.Passage) error {
	if p.Type == opco.ActeDeposer && p.Vers != opco.EtatBrouillon {
		if err := prendreNumero(ctx, tx, codeDossier(p.Le)); err != nil {
			return err
		}
	}
	for i := range d.Reglements {
		r := &d.Reglements[i]
		if r.Numero != "" {
			continue
		}
		n, err := suivant(ctx, tx, fmt.Sprintf("reglement:%d", opco.JourDe(p.Le).Annee()))
		if err != nil {
			return err
		}
		r.Numero = fmt.Sprintf("R%02d-%06d", opco.JourDe(p.Le).Annee()%100, n)
	}
	return nil
}

func codeDossier(le time.Time) string { return fmt.Sprintf("dossier:%d", opco.JourDe(le).Annee()) }

// numeroDossier is the number that the next deposited dossier will have; the row
// of the counter stays locked until the end of the transaction.
func numeroDossier(ctx context.Context, tx *sqlx.Tx, le time.Time) (string, error) {
	var dernier int64
	err := tx.GetContext(ctx, &dernier, `
		INSERT INTO compteur (code, dernier) VALUES ($1, 0)
		ON CONFLICT (code) DO UPDATE SET dernier = compteur.dernier
		RETURNING dernier`, codeDossier(le))
	if err != nil {
		return "", fmt.Errorf("numbering a dossier: %w", err)
	}
	return fmt.Sprintf("AF%02d-%06d", opco.JourDe(le).Annee()%100, dernier+1), nil
}

func prendreNumero(ctx context.Context, tx *sqlx.Tx, code string) error {
	_, err := suivant(ctx, tx, code)
	return err
}

// suivant takes the next number of a counter.
func suivant(ctx context.Context, tx *sqlx.Tx, code string) (int64, error) {
	var n int64
	err := tx.GetContext(ctx, &n, `
		INSERT INTO compteur (code, dernier) VALUES ($1, 1)
		ON CONFLICT (code) DO UPDATE SET dernier = compteur.dernier + 1
		RETURNING dernier`, code)
	if err != nil {
		return 0, fmt.Errorf("taking a number of %s: %w", code, err)
	}
	return n, nil
}

// ecrireFactures projects the invoices of a dossier.
func ecrireFactures(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) error {
	for _, f := range d.Factures {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO facture (id, dossier, numero, emetteur, etat, motif, phrase, total_ht, approuve, impute, non_approuve, recue_le, echeance_le, rendu)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
			ON CONFLICT (id) DO UPDATE SET etat = EXCLUDED.etat, motif = EXCLUDED.motif, phrase = EXCLUDED.phrase, rendu = EXCLUDED.rendu,
			    approuve = EXCLUDED.approuve, impute = EXCLUDED.impute, non_approuve = EXCLUDED.non_approuve, echeance_le = EXCLUDED.echeance_le
			WHERE facture.dossier = EXCLUDED.dossier`,
			f.ID, d.ID, f.Numero, f.Emetteur, f.Etat, f.Motif, f.Phrase, f.TotalHT, f.Approuve, f.Impute, f.NonApprouve, f.RecueLe, f.EcheanceLe,
			opco.Somme(f.Rendu))
		if err != nil {
			return fmt.Errorf("projecting invoice %s: %w", f.ID, err)
		}
	}
	return nil
}

// ecrireReglements creates the règlements that a step decided, with the bank
// account of that day, and follows those that the dossier cancelled. Once in a
// lot a règlement belongs to the lot.
func ecrireReglements(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, le time.Time) error {
	for _, r := range d.Reglements {
		if r.Etat == opco.ReglementAnnule {
			if _, err := tx.ExecContext(ctx, `
				UPDATE reglement SET etat = 'ANNULE', modifie_le = $2 WHERE id = $1 AND etat = 'A_PAYER'`, r.ID, le); err != nil {
				return fmt.Errorf("cancelling règlement %s: %w", r.ID, err)
			}
		}
		if r.Etat != opco.ReglementAPayer && (r.Etat != opco.ReglementExecute || r.Montant > 0) {
			continue
		}
		if err := creerReglement(ctx, tx, d, r, le); err != nil {
			return err
		}
		if len(r.Compensations) > 0 {
			if err := reduireReglement(ctx, tx, r, le); err != nil {
				return err
			}
		}
	}
	return nil
}

// reduireReglement writes what a debt of the payee took on a règlement that is in no
// lot; one that is wholly taken is settled on that day. A règlement written as it is
// already stays; one that a lot holds is never changed: the dossier was told so.
func reduireReglement(ctx context.Context, tx *sqlx.Tx, r opco.Reglement, le time.Time) error {
	var ecrit bool
	err := tx.GetContext(ctx, &ecrit, `SELECT montant = $2 AND compense = $3 FROM reglement WHERE id = $1`, r.ID, r.Montant, r.Compense())
	if err != nil || ecrit {
		return err
	}
	res, err := tx.ExecContext(ctx, `
		UPDATE reglement SET montant = $2, compense = $3, etat = $4, execute_le = NULLIF($5, '')::date, modifie_le = $6
		WHERE id = $1 AND etat = 'A_PAYER' AND lot IS NULL`, r.ID, r.Montant, r.Compense(), r.Etat, string(r.ExecuteLe), le)
	if err != nil {
		return fmt.Errorf("reducing règlement %s: %w", r.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return fmt.Errorf("règlement %s is in a batch: %s may not be taken on it", r.ID, r.Compense())
}

func creerReglement(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, r opco.Reglement, le time.Time) error {
	parts, err := json.Marshal(r.Parts)
	if err != nil {
		return err
	}
	table := "entreprise"
	if _, role := d.Beneficiaire(); role == opco.RoleOrganisme {
		table = "organisme"
	}
	var b struct {
		Nom  string `db:"nom"`
		IBAN string `db:"iban"`
	}
	if err := tx.GetContext(ctx, &b, `SELECT nom, iban FROM `+table+` WHERE siren = $1`, r.Beneficiaire.SIREN()); err != nil {
		return introuvable(err, "Le bénéficiaire %s n’est pas connu : ses coordonnées bancaires manquent.", r.Beneficiaire)
	}
	juges, err := ontJuge(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO reglement (id, numero, dossier, facture, tentative, precedent, montant, parts, beneficiaire, beneficiaire_nom,
		                       iban, echeance, etat, end_to_end_id, instruit_par, modifie_le, compense, execute_le)
		VALUES ($1, $2, $3, $4, $5, NULLIF($6, ''), $7, $8, $9, $10, $11, $12, $16, $2, $13, $14, $15, NULLIF($17, '')::date)
		ON CONFLICT (id) DO NOTHING`,
		r.ID, r.Numero, d.ID, r.Facture, r.Rang, r.Precedent, r.Montant, parts, r.Beneficiaire, b.Nom, b.IBAN, r.Echeance,
		pq.Array(juges), le, r.Compense(), r.Etat, string(r.ExecuteLe))
	if err != nil {
		return fmt.Errorf("creating règlement %s: %w", r.ID, err)
	}
	return nil
}

// jugesDe is a query of the persons who judged the dossier of a règlement, as its
// journal tells: whoever did to it, in a role that judges, something that was
// applied, and the absent persons in whose name.
func jugesDe(dossier string) string {
	return `SELECT DISTINCT x FROM passage p, unnest(ARRAY [p.personne, p.pour]) AS x
		WHERE p.objet = 'dossier/' || ` + dossier + ` AND p.verdict = 'applique' AND p.role IN (` + rolesJuges + `) AND x <> ''`
}

// controleursDe is a query of the persons who did something to the signalement of the
// dossier of a règlement: who checks does not pay (domain.md 2.6).
func controleursDe(dossier string) string {
	return `SELECT DISTINCT x FROM signalement_passage g, unnest(ARRAY [g.personne, g.pour]) AS x WHERE g.dossier = ` + dossier + ` AND x <> ''`
}

// rolesJuges are those of opco.Role.Juge, for a query.
var rolesJuges = func() string {
	var rs []string
	for _, r := range opco.Roles() {
		if r.Juge() {
			rs = append(rs, pq.QuoteLiteral(string(r)))
		}
	}
	return strings.Join(rs, ", ")
}()

// ontJuge lists the persons who judged a dossier: they may neither build nor
// validate the lot that pays it (reliability.md 3.1, rule 2).
func ontJuge(ctx context.Context, q sqlx.QueryerContext, dossier string) ([]string, error) {
	var ps []string
	if err := sqlx.SelectContext(ctx, q, &ps, jugesDe(`$1`)+` ORDER BY x`, dossier); err != nil {
		return nil, fmt.Errorf("reading who judged %s: %w", dossier, err)
	}
	return ps, nil
}
