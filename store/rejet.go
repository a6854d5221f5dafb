package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// LigneRejet is a règlement that the bank refused or sent back and that nothing has
// replaced. Its IBANs are masked; RIBChange says that the payee has another one on
// file now. Previent is when the payee was written to; Courrier what became of that
// mail.
type LigneRejet struct {
	LigneReglement
	Cause        string    `db:"cause" json:"cause,omitempty"` // sentence of the bank's reason
	LeJour       time.Time `db:"modifie_le" json:"le"`
	IBANActuel   string    `db:"iban_actuel" json:"iban_actuel,omitempty"`
	RIBChange    bool      `db:"-" json:"rib_change"`
	EtatFacture  string    `db:"etat_facture" json:"-"`
	EtatDossier  opco.Etat `db:"etat_dossier" json:"-"`
	Representant bool      `db:"representable" json:"representable"` // its invoice is still approved and its dossier waits for the payment
	// RIB is why the règlement cannot be paid again on the account of its payee now.
	RIB      opco.ObstacleRIB `db:"rib" json:"-"`
	Courrier string           `db:"courrier" json:"courrier,omitempty"`
	Previent *time.Time       `db:"previent" json:"prevenu_le,omitempty"`
}

// PageRejets is a page of rejections to treat, newest first, with their count and
// sum. Suivant is "" on the last one.
type PageRejets struct {
	Rejets []LigneRejet
	Total
	Suivant string
}

// Rejets lists what the bank refused or sent back and that nobody has treated yet.
// It is for the staff of the OPCO only.
func (s *Store) Rejets(ctx context.Context, apres string, limite int) (PageRejets, error) {
	p := PageRejets{Rejets: []LigneRejet{}}
	var c clause
	c.et(sansSuite)
	limite = longueur(ctx, limite)
	err := sqlx.GetContext(ctx, s.base(ctx), &p.Total, `SELECT count(*) AS nombre, COALESCE(sum(r.montant), 0)::bigint AS somme FROM reglement r WHERE `+c.where(), c.args...)
	if err != nil {
		return p, fmt.Errorf("counting the rejections: %w", err)
	}
	if apres != "" {
		le, id, err := lireCurseurTemps(apres)
		if err != nil {
			return p, err
		}
		c.et(`(r.modifie_le, r.id) < (%s, %s)`, le, id)
	}
	err = sqlx.SelectContext(ctx, s.base(ctx), &p.Rejets, requeteRejets+c.where()+fmt.Sprintf(` ORDER BY r.modifie_le DESC, r.id DESC LIMIT %d`, limite+1), c.args...)
	if err != nil {
		return p, fmt.Errorf("listing the rejections: %w", err)
	}
	if len(p.Rejets) > limite {
		p.Rejets = p.Rejets[:limite]
		d := p.Rejets[limite-1]
		p.Suivant = curseur(d.LeJour.UTC().Format(time.RFC3339Nano), d.ID)
	}
	for i := range p.Rejets {
		r := &p.Rejets[i]
		r.RIBChange = r.IBANActuel != "" && r.IBANActuel != r.IBAN
		r.IBAN, r.IBANActuel = opco.IBAN(r.IBAN).Masque(), opco.IBAN(r.IBANActuel).Masque()
	}
	return p, nil
}

const requeteRejets = `
	SELECT r.id, r.numero, r.dossier, d.numero AS dossier_numero, r.facture, f.numero AS facture_numero, r.tentative, r.montant,
	       r.beneficiaire, r.beneficiaire_nom, r.iban, r.echeance, r.etat, COALESCE(r.lot, '') AS lot,
	       COALESCE(r.end_to_end_id, '') AS end_to_end_id, r.motif, r.execute_le, r.modifie_le, f.etat AS etat_facture, d.etat AS etat_dossier,
	       f.etat IN ('APPROUVEE', 'APPROUVEE_PARTIELLEMENT') AND d.etat = 'EN_REGLEMENT' AS representable,
	       ` + obstacleRIB + ` AS rib,
	       COALESCE(CASE WHEN ` + payeOrganisme + ` THEN o.iban ELSE e.iban END, '') AS iban_actuel,
	       COALESCE((SELECT b.cause FROM entree_bancaire b WHERE b.end_to_end_id = r.end_to_end_id AND b.motif = r.motif LIMIT 1), '') AS cause,
	       COALESCE(c.etat, '') AS courrier, c.envoye_le AS previent
	FROM reglement r JOIN dossier d ON d.id = r.dossier JOIN facture f ON f.id = r.facture
	LEFT JOIN organisme o ON o.siren = left(r.beneficiaire, 9)
	LEFT JOIN entreprise e ON e.siren = left(r.beneficiaire, 9)
	LEFT JOIN LATERAL (SELECT c.etat, c.envoye_le FROM courrier c WHERE c.objet = 'dossier/' || r.dossier AND c.evenement = '` + string(opco.CourrierRejetBancaire) + `'
	                   AND c.detail = r.id ORDER BY c.rang DESC LIMIT 1) c ON true
	WHERE `
