package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// ouvrirIndus writes the debts that a step of a dossier found, each with its number,
// and has its own procedure begin by the inbox.
func ouvrirIndus(ctx context.Context, tx *sqlx.Tx, is []opco.Indu, le time.Time) error {
	for _, i := range is {
		annee := opco.JourDe(le).Annee()
		n, err := suivant(ctx, tx, fmt.Sprintf("indu:%d", annee))
		if err != nil {
			return err
		}
		i.Numero = fmt.Sprintf("I%02d-%06d", annee%100, n)
		if err := ecrireIndu(ctx, tx, &i, le); err != nil {
			return err
		}
		_, err = recevoir(ctx, tx, opco.Acte{ID: acteDerive("indu", i.ID), Objet: opco.ObjetIndu(i.ID), Type: opco.ActeOuvrirIndu,
			Par: opco.ActeurSysteme()})
		if err != nil {
			return fmt.Errorf("opening indu %s: %w", i.ID, err)
		}
	}
	return nil
}

// prevenirIndus puts in the inbox of each debt what a step of a dossier did to it.
func prevenirIndus(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, rang int64, ss []opco.SuiteIndu, le time.Time) error {
	ss = slices.Clone(ss)
	// One order for the locks of the inboxes.
	slices.SortStableFunc(ss, func(a, b opco.SuiteIndu) int { return cmp.Compare(a.Indu, b.Indu) })
	for n, x := range ss {
		charge, err := json.Marshal(x.Charge)
		if err != nil {
			return err
		}
		a := opco.Acte{ID: acteDerive(opco.ObjetDossier(d.ID), fmt.Sprint(rang), fmt.Sprint(n), x.Indu), Objet: opco.ObjetIndu(x.Indu),
			Type: x.Type, Par: opco.ActeurSysteme(), Charge: charge}
		if err := noterSuite(ctx, tx, d, a, x, le); err != nil {
			return err
		}
		if _, err := recevoir(ctx, tx, a); err != nil {
			return fmt.Errorf("telling indu %s: %w", x.Indu, err)
		}
	}
	return nil
}

// noterSuite counts on the debt at once what it is told, for whoever reads it next.
func noterSuite(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, a opco.Acte, x opco.SuiteIndu, le time.Time) error {
	switch c := x.Charge.(type) {
	case opco.ChargeCompensation:
		if x.Type == opco.ActeRestituerIndu {
			c.Montant = -c.Montant
		}
		return noterCompensation(ctx, tx, d, a, x.Indu, c, le)
	case opco.ChargeRepriseIndu:
		_, err := tx.ExecContext(ctx, `INSERT INTO reprise (acte, indu, montant, le) VALUES ($1, $2, $3, $4)`, a.ID, x.Indu, c.Montant, le)
		if err != nil {
			return fmt.Errorf("noting what is claimed no more of %s: %w", x.Indu, err)
		}
	}
	return nil
}

// noterCompensation takes the sum on the debt, or gives it back below zero.
func noterCompensation(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, a opco.Acte, indu string, c opco.ChargeCompensation, le time.Time) error {
	for _, r := range d.Reglements {
		if r.Numero != c.Reglement {
			continue
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO compensation (acte, indu, reglement, montant, le) VALUES ($1, $2, $3, $4, $5)`,
			a.ID, indu, r.ID, c.Montant, le)
		if err != nil {
			return fmt.Errorf("noting a compensation on %s: %w", indu, err)
		}
		return nil
	}
	return fmt.Errorf("no règlement %s in dossier %s", c.Reglement, d.ID)
}

// suivreRecouvrement marks what the step recovered: a compensation told, an entry of
// the bank used.
func suivreRecouvrement(ctx context.Context, tx *sqlx.Tx, i *opco.Indu, a opco.Acte) error {
	var err error
	switch a.Type {
	case opco.ActeCompenserIndu, opco.ActeRestituerIndu:
		_, err = tx.ExecContext(ctx, `UPDATE compensation SET appliquee = true WHERE acte = $1`, a.ID)
	case opco.ActeReprendreIndu:
		_, err = tx.ExecContext(ctx, `UPDATE reprise SET appliquee = true WHERE acte = $1`, a.ID)
	case opco.ActeRembourserIndu:
		return noterRemboursement(ctx, tx, i, a)
	}
	if err != nil {
		return fmt.Errorf("following the recovery of indu %s: %w", i.ID, err)
	}
	return nil
}

// posterIndu puts in the outbox what the debtor is told, with the dossier of the debt.
func posterIndu(ctx context.Context, tx *sqlx.Tx, i *opco.Indu, p opco.Passage, e opco.EffetsIndu) error {
	if len(e.Courriers) == 0 {
		return nil
	}
	d, err := lireDossier(ctx, tx, i.Dossier)
	if err != nil {
		return err
	}
	modele, err := modeleEnvoi(ctx, tx, d, p, opco.Effets{})
	if err != nil {
		return err
	}
	modele.Indu = i
	for _, c := range e.Courriers {
		env := modele
		if err := adresser(ctx, tx, &env, c, p.Rang); err != nil {
			return err
		}
		env.ID = fmt.Sprintf("%s-%d-%s", i.ID, p.Rang, c.Evenement)
		if err := poster(ctx, tx, opco.ObjetDossier(d.ID), d.Rang, fmt.Sprintf("%s/%d", i.ID, p.Rang), env); err != nil {
			return err
		}
	}
	return notifier(ctx, tx, "courrier", d.ID)
}

func lireDossier(ctx context.Context, tx *sqlx.Tx, id string) (*opco.Dossier, error) {
	var brut []byte
	if err := tx.GetContext(ctx, &brut, `SELECT contenu FROM dossier WHERE id = $1`, id); err != nil {
		return nil, introuvable(err, "Ce dossier n’existe pas.")
	}
	var d opco.Dossier
	if err := json.Unmarshal(brut, &d); err != nil {
		return nil, fmt.Errorf("reading dossier %s: %w", id, err)
	}
	return &d, nil
}

// faitsIndu reads, in the transaction of the step, what opco needs to decide it.
func faitsIndu(ctx context.Context, tx *sqlx.Tx, i *opco.Indu, a opco.Acte) (opco.FaitsIndu, error) {
	f := opco.FaitsIndu{Le: a.Le}
	var err error
	if f.Parametres, err = parametres(ctx, tx, opco.JourDe(a.Le)); err != nil {
		return f, err
	}
	if f.Liens, err = liensDe(ctx, tx, a.Par); err != nil {
		return f, err
	}
	d, err := lireDossier(ctx, tx, i.Dossier)
	if err != nil {
		return f, err
	}
	f.Tiers = d.Tiers()
	if f.EnCours, _, err = induEnCours(ctx, tx, i.ID); err != nil {
		return f, err
	}
	var ids []string
	for _, x := range i.Parts {
		ids = append(ids, x.Enveloppe)
	}
	// Whoever closes a year takes its envelopes: it is not closed while money goes back.
	if _, err := tx.ExecContext(ctx, `SELECT 1 FROM enveloppe WHERE id = ANY ($1) ORDER BY id FOR SHARE`, pq.Array(ids)); err != nil {
		return f, fmt.Errorf("locking the envelopes of indu %s: %w", i.ID, err)
	}
	err = tx.SelectContext(ctx, &f.Clos, `
		SELECT e.id FROM enveloppe e JOIN exercice x ON x.annee = e.annee WHERE e.id = ANY ($1)`, pq.Array(ids))
	if err != nil {
		return f, fmt.Errorf("looking for closed years: %w", err)
	}
	switch a.Type {
	case opco.ActeRembourserIndu:
		f.Ecriture, err = ecritureDe(ctx, tx, i.ID, a)
	case opco.ActeRestituerIndu:
		f.Disponible, err = disponibles(ctx, tx, ids)
	}
	return f, err
}

// disponibles is what each envelope has left; the caller has locked them.
func disponibles(ctx context.Context, tx *sqlx.Tx, ids []string) (map[string]opco.Montant, error) {
	var ls []struct {
		Enveloppe string       `db:"enveloppe"`
		Montant   opco.Montant `db:"montant"`
	}
	err := tx.SelectContext(ctx, &ls, `SELECT enveloppe, montant FROM solde WHERE enveloppe = ANY ($1) AND compte = 'ENVELOPPE' AND dossier = '' FOR UPDATE`, pq.Array(ids))
	if err != nil {
		return nil, fmt.Errorf("reading what envelopes have left: %w", err)
	}
	m := map[string]opco.Montant{}
	for _, l := range ls {
		m[l.Enveloppe] = l.Montant
	}
	return m, nil
}

// induEnCours is what a debt was told and its journal does not have yet: taken on it
// or cancelled of it, and given back to it.
func induEnCours(ctx context.Context, tx *sqlx.Tx, indu string) (pris, rendu opco.Montant, err error) {
	var m struct {
		Pris  opco.Montant `db:"pris"`
		Rendu opco.Montant `db:"rendu"`
	}
	err = tx.GetContext(ctx, &m, `
		SELECT COALESCE(sum(montant) FILTER (WHERE montant > 0), 0)::bigint + (SELECT COALESCE(sum(montant), 0) FROM reprise WHERE indu = $1 AND NOT appliquee)::bigint AS pris,
		       COALESCE(-sum(montant) FILTER (WHERE montant < 0), 0)::bigint AS rendu
		FROM compensation WHERE indu = $1 AND NOT appliquee`, indu)
	if err != nil {
		return 0, 0, fmt.Errorf("summing what was taken on %s: %w", indu, err)
	}
	return m.Pris, m.Rendu, nil
}

// indusDus reads under lock the debts of the payee of d, with what may still be
// taken on each.
func indusDus(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) ([]opco.InduDisponible, error) {
	siret, _ := d.Beneficiaire()
	return tenirIndus(ctx, tx, false, `left(debiteur, 9) = $1 AND etat NOT IN ('', 'COMPENSE', 'REMBOURSE', 'ANNULE', 'ABANDONNE')`, siret.SIREN())
}

// indusTouches reads under lock the debts found in d, in whatever état, and those of
// which its payments keep something: what d is about to change.
func indusTouches(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) ([]opco.InduDisponible, error) {
	return tenirIndus(ctx, tx, true, `dossier = $1 OR id IN (SELECT c.indu FROM compensation c JOIN reglement r ON r.id = c.reglement WHERE r.dossier = $1)`, d.ID)
}

// tenirIndus locks debts in the order of their ids and reads what is left of each once
// it has heard what waits for it; attendus says that what is given back to it counts.
func tenirIndus(ctx context.Context, tx *sqlx.Tx, attendus bool, ou string, args ...any) ([]opco.InduDisponible, error) {
	var bruts [][]byte
	if err := tx.SelectContext(ctx, &bruts, `SELECT contenu FROM indu WHERE `+ou+` ORDER BY id FOR UPDATE`, args...); err != nil {
		return nil, fmt.Errorf("locking debts: %w", err)
	}
	var is []opco.InduDisponible
	for _, b := range bruts {
		i, err := lireIndu(b)
		if err != nil {
			return nil, err
		}
		pris, rendu, err := induEnCours(ctx, tx, i.ID)
		if err != nil {
			return nil, err
		}
		if !attendus {
			rendu = 0
		}
		is = append(is, opco.InduDisponible{Indu: *i, Disponible: i.Reste() - pris + rendu})
	}
	return is, nil
}

// induOuvert reports whether a debt of the dossier is not settled.
func induOuvert(ctx context.Context, tx *sqlx.Tx, dossier string) (bool, error) {
	var oui bool
	err := tx.GetContext(ctx, &oui, `
		SELECT EXISTS (SELECT 1 FROM indu WHERE dossier = $1 AND etat NOT IN ('COMPENSE', 'REMBOURSE', 'ANNULE', 'ABANDONNE'))`, dossier)
	if err != nil {
		return false, fmt.Errorf("looking for the debts of %s: %w", dossier, err)
	}
	return oui, nil
}
