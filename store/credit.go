package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// affecterCredit finds what an incoming transfer just filed reimburses (I03), and puts
// it in the inbox of each debt. What is not certain stays in quarantine, with what was
// found. The entry itself is the only one of its key: it is affected once.
func affecterCredit(ctx context.Context, tx *sqlx.Tx, imp *opco.Importation, f opco.FaitBancaire) (opco.EtatEntree, error) {
	cites, err := tenirIndus(ctx, tx, false, `numero = ANY ($1)`, pq.Array(opco.NumerosIndu(f.Libelle+" "+f.EndToEndID)))
	if err != nil {
		return "", err
	}
	var dus []opco.InduDisponible
	if len(cites) == 0 && f.DonneurIBAN != "" {
		dus, err = tenirIndus(ctx, tx, false, `etat NOT IN ('', 'CONSTATE', 'COMPENSE', 'REMBOURSE', 'ANNULE', 'ABANDONNE') AND left(debiteur, 9) IN (
			SELECT siren FROM entreprise WHERE iban = $1 AND iban <> '' UNION SELECT siren FROM organisme WHERE iban = $1 AND iban <> '')`, f.DonneurIBAN)
		if err != nil {
			return "", err
		}
	}
	as, phrase := f.Affecter(cites, dus)
	etat := opco.EntreeQuarantaine
	if len(as) > 0 {
		etat = opco.EntreeAffectee
	}
	if _, err := tx.ExecContext(ctx, `UPDATE entree_bancaire SET etat = $2, phrase = $3 WHERE cle = $1`, f.Cle, etat, phrase); err != nil {
		return "", fmt.Errorf("filing credit %s: %w", f.Cle, err)
	}
	for _, a := range as {
		charge, err := json.Marshal(opco.ChargeRemboursement{Montant: a.Montant, Entree: f.Cle})
		if err != nil {
			return "", err
		}
		r, err := recevoir(ctx, tx, opco.Acte{ID: acteDerive(f.Cle, a.Indu), Objet: opco.ObjetIndu(a.Indu), Type: opco.ActeRembourserIndu,
			Par: opco.ActeurBanque(), Charge: charge})
		if err != nil {
			return "", fmt.Errorf("telling indu %s: %w", a.Indu, err)
		}
		imp.Actes = append(imp.Actes, r.Acte)
	}
	return etat, nil
}

// ecritureDe reads the entry of the bank that a reimbursement of indu names, under a
// lock that two debts of one entry share.
func ecritureDe(ctx context.Context, tx *sqlx.Tx, indu string, a opco.Acte) (opco.EcritureCredit, error) {
	var c opco.ChargeRemboursement
	if err := json.Unmarshal(a.Charge, &c); err != nil {
		return opco.EcritureCredit{}, nil //nolint:nilerr // an unreadable charge is refused by the rule itself
	}
	if c.Entree != "" {
		return ecritureLue(ctx, tx, indu, c.Entree)
	}
	cle := opco.CleReference(c.Reference)
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended('remboursement ' || $1, 0))`, cle); err != nil {
		return opco.EcritureCredit{}, fmt.Errorf("locking reference %s: %w", cle, err)
	}
	if refus, err := refusDeRecopier(ctx, tx, cle); refus != "" || err != nil {
		return opco.EcritureCredit{Refus: refus}, err
	}
	var l struct {
		N       int          `db:"n"`
		Total   opco.Montant `db:"total"`
		Affecte opco.Montant `db:"affecte"`
		Ici     bool         `db:"ici"`
		Jour    opco.Date    `db:"jour"`
	}
	err := tx.GetContext(ctx, &l, `
		SELECT count(*) AS n, COALESCE(max(total), 0) AS total, COALESCE(sum(montant), 0)::bigint AS affecte, COALESCE(bool_or(indu = $2), false) AS ici, max(jour) AS jour
		FROM remboursement WHERE cle = $1`, cle, indu)
	if err != nil {
		return opco.EcritureCredit{}, fmt.Errorf("looking for a remboursement: %w", err)
	}
	return opco.EcritureCredit{Connue: l.N > 0, Montant: l.Total, Affecte: l.Affecte, Ici: l.Ici, Date: l.Jour, Reference: c.Reference}, nil
}

// refusDeRecopier says why the transfer of a reference is not to be copied by hand: a file
// of the bank told it. It is "" when none did.
func refusDeRecopier(ctx context.Context, tx *sqlx.Tx, cle string) (string, error) {
	var l struct {
		Etat    opco.EtatEntree `db:"etat"`
		Permise bool            `db:"affectable"`
		Phrase  string          `db:"phrase"`
	}
	err := tx.GetContext(ctx, &l, `
		SELECT etat, affectable, phrase FROM entree_bancaire WHERE ref_cle = NULLIF($1, '')
		ORDER BY affectable AND etat = 'QUARANTAINE' DESC, affectable DESC LIMIT 1`, cle)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", nil
	case err != nil:
		return "", fmt.Errorf("looking for the entry of reference %s: %w", cle, err)
	case !l.Permise:
		return opco.RefusCredit(l.Phrase), nil
	case l.Etat != opco.EntreeQuarantaine:
		return "Cette écriture est déjà dans un fichier de la banque, et tout son montant est affecté : elle ne rembourse rien de plus.", nil
	}
	return "Cette écriture est déjà dans un fichier de la banque : choisissez-la dans la liste des virements reçus.", nil
}

// ecritureLue reads an entry that a file of the bank told.
func ecritureLue(ctx context.Context, tx *sqlx.Tx, indu, cle string) (opco.EcritureCredit, error) {
	var l struct {
		Montant opco.Montant `db:"montant"`
		Jour    opco.Date    `db:"jour"`
		Ref     string       `db:"ref"`
		Statut  string       `db:"statut"`
		Permise bool         `db:"affectable"`
		Phrase  string       `db:"phrase"`
		Copiee  bool         `db:"copiee"`
	}
	err := tx.GetContext(ctx, &l, `
		SELECT montant, jour, COALESCE(NULLIF(ref_banque, ''), NULLIF(end_to_end_id, ''), 'camt ' || left(cle, 12)) AS ref, statut, affectable, phrase,
		       EXISTS (SELECT 1 FROM remboursement r WHERE r.cle = NULLIF(e.ref_cle, '') AND r.entree IS NULL) AS copiee
		FROM entree_bancaire e WHERE cle = $1 FOR UPDATE`, cle)
	if errors.Is(err, sql.ErrNoRows) {
		return opco.EcritureCredit{}, nil
	}
	if err != nil {
		return opco.EcritureCredit{}, fmt.Errorf("reading entry %s: %w", cle, err)
	}
	e := opco.EcritureCredit{Connue: true, Montant: l.Montant, Date: l.Jour, Reference: l.Ref}
	switch {
	case l.Statut != string(opco.BanqueCredit):
		e.Refus = "Cette écriture de la banque n’est pas un virement reçu."
	case !l.Permise:
		e.Refus = opco.RefusCredit(l.Phrase)
	case l.Copiee:
		e.Refus = fmt.Sprintf("Un remboursement porte déjà la référence %s, recopiée d’un relevé : si c’est le même virement, n’en comptez rien de plus ; sinon, demandez à l’administration.", l.Ref)
	}
	err = tx.QueryRowxContext(ctx, `SELECT COALESCE(sum(montant), 0)::bigint, COALESCE(bool_or(indu = $2), false) FROM remboursement WHERE entree = $1`,
		cle, indu).Scan(&e.Affecte, &e.Ici)
	if err != nil {
		return e, fmt.Errorf("looking for what entry %s reimburses: %w", cle, err)
	}
	return e, nil
}

// noterRemboursement keeps what an entry of the bank reimbursed, and says what is left
// of it for other debts.
func noterRemboursement(ctx context.Context, tx *sqlx.Tx, i *opco.Indu, a opco.Acte) error {
	var c opco.ChargeRemboursement
	if err := json.Unmarshal(a.Charge, &c); err != nil {
		return fmt.Errorf("reading the remboursement of indu %s: %w", i.ID, err)
	}
	r, total := i.Recouvrements[len(i.Recouvrements)-1], max(c.Total, c.Montant)
	cle := opco.CleReference(r.Reference)
	if c.Entree != "" {
		cle = "camt " + c.Entree // a number that a bank gives twice is two entries all the same
	}
	if err := tx.GetContext(ctx, &total, `
		SELECT COALESCE((SELECT montant FROM entree_bancaire WHERE cle = NULLIF($1, '')), (SELECT max(total) FROM remboursement WHERE cle = $2), $3)`,
		c.Entree, cle, total); err != nil {
		return fmt.Errorf("reading the whole of entry %s: %w", r.Reference, err)
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO remboursement (reference, indu, montant, jour, cle, total, entree) VALUES ($1, $2, $3, $4, $5, $6, NULLIF($7, ''))`,
		r.Reference, i.ID, r.Montant, r.Date, cle, total, c.Entree)
	if err != nil {
		return fmt.Errorf("noting the remboursement of indu %s: %w", i.ID, err)
	}
	if c.Entree == "" {
		return nil
	}
	return situerEcriture(ctx, tx, c.Entree, "")
}

// rendreEcriture puts an entry of the bank back in quarantine when the debt that it was
// to reimburse refused it: it was settled meanwhile. A person reads why.
func rendreEcriture(ctx context.Context, tx *sqlx.Tx, a opco.Acte, refus *opco.Error) error {
	var c opco.ChargeRemboursement
	if a.Type != opco.ActeRembourserIndu || a.Par.Role != opco.RoleBanque || json.Unmarshal(a.Charge, &c) != nil || c.Entree == "" {
		return nil
	}
	return situerEcriture(ctx, tx, c.Entree, refus.Message)
}

// situerEcriture says where an entry stands: all of it reimburses debts, or will once
// they have heard of it; else it waits for a person, who reads raison and what is left.
func situerEcriture(ctx context.Context, tx *sqlx.Tx, cle, raison string) error {
	var l struct {
		Etat  opco.EtatEntree `db:"etat"`
		Reste opco.Montant    `db:"reste"`
		Indus string          `db:"indus"`
	}
	err := tx.GetContext(ctx, &l, `
		SELECT e.etat, e.montant - COALESCE(sum(r.montant), 0)::bigint AS reste, COALESCE(string_agg(i.numero, ', ' ORDER BY i.numero), '') AS indus
		FROM entree_bancaire e LEFT JOIN remboursement r ON r.entree = e.cle LEFT JOIN indu i ON i.id = r.indu
		WHERE e.cle = $1 GROUP BY e.cle`, cle)
	if err != nil {
		return fmt.Errorf("reading where entry %s stands: %w", cle, err)
	}
	etat, phrase := opco.EntreeAffectee, "Virement reçu, affecté : "+l.Indus+"."
	switch {
	case l.Reste == 0:
	case raison == "" && l.Etat == opco.EntreeAffectee:
		return nil // the other debts that it names have not heard of it yet
	default:
		etat, phrase = opco.EntreeQuarantaine, strings.TrimSpace("De ce virement reçu, il reste "+l.Reste.String()+" à affecter. "+raison)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE entree_bancaire SET etat = $2, phrase = $3 WHERE cle = $1`, cle, etat, phrase); err != nil {
		return fmt.Errorf("saying where entry %s stands: %w", cle, err)
	}
	return nil
}

// CreditAAffecter is an incoming transfer of which something is left to affect.
type CreditAAffecter struct {
	Cle     string       `db:"cle"`
	Donneur string       `db:"donneur"`
	Libelle string       `db:"libelle"`
	Jour    opco.Date    `db:"jour"`
	Montant opco.Montant `db:"montant"`
	Reste   opco.Montant `db:"reste"`
}

// CreditsAAffecter lists the latest incoming transfers of which something is left, at
// most 100. It is for the staff of the OPCO only.
func (s *Store) CreditsAAffecter(ctx context.Context) ([]CreditAAffecter, error) {
	cs := []CreditAAffecter{}
	err := s.DB.SelectContext(ctx, &cs, `
		SELECT e.cle, e.donneur, e.libelle, e.jour, e.montant,
		       e.montant - (SELECT COALESCE(sum(r.montant), 0) FROM remboursement r WHERE r.entree = e.cle)::bigint AS reste
		FROM entree_bancaire e WHERE e.statut = 'CREDIT' AND e.etat = 'QUARANTAINE' AND e.affectable ORDER BY e.jour DESC, e.cle LIMIT 100`)
	if err != nil {
		return nil, fmt.Errorf("listing the credits to affect: %w", err)
	}
	return cs, nil
}
