package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// Faits returns what the rules need to show checks and previews of d at the
// present business instant. It locks nothing for long and changes nothing.
func (s *Store) Faits(ctx context.Context, d *opco.Dossier) (opco.Faits, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return opco.Faits{}, err
	}
	var f opco.Faits
	err = s.tenter(ctx, func(tx *sqlx.Tx) error {
		if f, err = s.faits(ctx, tx, d, opco.Acte{Type: opco.ActeDecider, Le: le}); err != nil {
			return err
		}
		return errApercu
	})
	if errors.Is(err, errApercu) {
		err = nil
	}
	return f, err
}

// errApercu rolls a preview back.
var errApercu = errors.New("preview only")

// faits reads, in the transaction of the step, what opco needs to decide it.
func (s *Store) faits(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, a opco.Acte) (opco.Faits, error) {
	f := opco.Faits{Le: a.Le}
	var err error
	if f.Liens, err = liensDe(ctx, tx, a.Par); err != nil {
		return f, err
	}
	if f.Parametres, err = parametres(ctx, tx, opco.JourDe(a.Le)); err != nil {
		return f, err
	}
	if f.Entreprise, err = entreprise(ctx, tx, d.Demande.Etablissement.SIREN()); err != nil {
		return f, err
	}
	f.Calendrier = s.Calendrier(f.Entreprise.AlsaceMoselle)
	if err := tx.GetContext(ctx, &f.OPCO, `SELECT COALESCE((SELECT siret FROM opco), '')`); err != nil {
		return f, fmt.Errorf("reading the OPCO: %w", err)
	}
	if f.Organisme, err = organisme(ctx, tx, d.Demande.Organisme.SIRET.SIREN()); err != nil {
		return f, err
	}
	if f.Suspension, err = suspensionDe(ctx, tx, d.ID); err != nil {
		return f, err
	}
	switch a.Type {
	case opco.ActeDeposer:
		f.NouveauNumero, err = numeroDossier(ctx, tx, a.Le)
	case opco.ActeDecider, opco.ActeValider, opco.ActeRetirerStagiaire:
		err = s.faitsDecision(ctx, tx, d, &f)
	case opco.ActeFacturer:
		if f.NumerosPris, err = numerosPris(ctx, tx, d, a); err == nil {
			f.EnLot, err = enLot(ctx, tx, d)
		}
	case opco.ActeDeposerAvoir:
		if f.EnLot, err = enLot(ctx, tx, d); err == nil {
			f.Indus, err = indusTouches(ctx, tx, d)
		}
	case opco.ActeRetournerReglement:
		f.Indus, err = indusTouches(ctx, tx, d)
	case opco.ActeCompenser:
		if f.EnLot, err = enLot(ctx, tx, d); err == nil {
			f.Indus, err = indusDus(ctx, tx, d)
		}
	case opco.ActeRepresenter:
		f.RIBPaye, err = obstacleDuDossier(ctx, tx, d)
	case opco.ActeCloturer:
		f.InduOuvert, err = induOuvert(ctx, tx, d.ID)
	case opco.ActeConstater, opco.ActeCertifier:
		if f.Chevauchements, err = chevauchements(ctx, tx, d); err == nil {
			f.CertificatsConnus, err = certificatsConnus(ctx, tx, d)
		}
	}
	return f, err
}

func (s *Store) faitsDecision(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, f *opco.Faits) error {
	idcc, effectif := d.IDCC, d.Effectif
	if idcc == "" {
		idcc, effectif = f.Entreprise.IDCC, f.Entreprise.Effectif
	}
	bs, err := baremes(ctx, tx, idcc)
	if err != nil {
		return err
	}
	f.Bareme, _ = opco.ChoisirBareme(bs, idcc, effectif, d.Demande.Debut)
	if f.Fonds, err = fonds(ctx, tx, d, f.Bareme, f.Le); err != nil {
		return err
	}
	if f.Chevauchements, err = chevauchements(ctx, tx, d); err != nil {
		return err
	}
	if f.Doublons, err = doublons(ctx, tx, d); err != nil {
		return err
	}
	f.IBANPartages, err = ibanPartages(ctx, tx, d)
	return err
}

// enLot lists the règlements of d that are in a batch, and locks them all: none
// enters one before the step is done.
func enLot(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) ([]string, error) {
	var ls []struct {
		ID   string `db:"id"`
		Etat string `db:"etat"`
	}
	if err := tx.SelectContext(ctx, &ls, `SELECT id, etat FROM reglement WHERE dossier = $1 ORDER BY id FOR UPDATE`, d.ID); err != nil {
		return nil, fmt.Errorf("locking the règlements of %s: %w", d.ID, err)
	}
	var ids []string
	for _, l := range ls {
		if l.Etat != string(opco.ReglementAPayer) {
			ids = append(ids, l.ID)
		}
	}
	return ids, nil
}

// ibanPartages names the other organisations that hold the payee's IBAN.
func ibanPartages(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) ([]string, error) {
	siret, role := d.Beneficiaire()
	table := "entreprise"
	if role == opco.RoleOrganisme {
		table = "organisme"
	}
	var noms []string
	err := tx.SelectContext(ctx, &noms, `
		SELECT o.nom FROM (SELECT siren, nom, iban FROM entreprise UNION ALL SELECT siren, nom, iban FROM organisme) o
		WHERE o.siren <> $1 AND o.iban <> '' AND o.iban = (SELECT iban FROM `+table+` WHERE siren = $1)
		ORDER BY o.nom`, siret.SIREN())
	if err != nil {
		return nil, fmt.Errorf("looking for a shared IBAN: %w", err)
	}
	return noms, nil
}

// parametres reads the figures of the rules in force on a day, over the
// defaults of the specification.
func parametres(ctx context.Context, q sqlx.QueryerContext, jour opco.Date) (opco.Parametres, error) {
	p := opco.ParametresDefaut()
	var valeurs []json.RawMessage
	err := sqlx.SelectContext(ctx, q, &valeurs, `
		SELECT valeur FROM parametre WHERE code = 'REGLES' AND du <= $1 AND (au IS NULL OR au >= $1) ORDER BY du`, jour)
	if err != nil {
		return p, fmt.Errorf("reading paramètres: %w", err)
	}
	for _, v := range valeurs {
		if err := json.Unmarshal(v, &p); err != nil {
			return p, fmt.Errorf("reading paramètres: %w", err)
		}
	}
	return p, nil
}

// Parametres returns the figures of the rules in force on a day.
func (s *Store) Parametres(ctx context.Context, jour opco.Date) (opco.Parametres, error) {
	return parametres(ctx, s.DB, jour)
}

func baremes(ctx context.Context, q sqlx.QueryerContext, idcc string) ([]opco.Bareme, error) {
	var ls []json.RawMessage
	if err := sqlx.SelectContext(ctx, q, &ls, `SELECT regle FROM bareme WHERE idcc = $1 ORDER BY du, effectif_min`, idcc); err != nil {
		return nil, fmt.Errorf("reading barèmes of %s: %w", idcc, err)
	}
	bs := make([]opco.Bareme, len(ls))
	for i, l := range ls {
		if err := json.Unmarshal(l, &bs[i]); err != nil {
			return nil, fmt.Errorf("reading barème %d of %s: %w", i, idcc, err)
		}
	}
	return bs, nil
}

func entreprise(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN) (opco.Entreprise, error) {
	var l struct {
		SIREN         string `db:"siren"`
		Nom           string `db:"nom"`
		IDCC          string `db:"idcc"`
		Effectif      int    `db:"effectif"`
		Adherente     bool   `db:"adherente"`
		AJour         bool   `db:"a_jour"`
		AlsaceMoselle bool   `db:"alsace_moselle"`
		IBAN          string `db:"iban"`
	}
	err := tx.GetContext(ctx, &l, `
		SELECT siren, nom, idcc, effectif, adherente, a_jour, alsace_moselle, iban FROM entreprise WHERE siren = $1`, siren)
	if errors.Is(err, sql.ErrNoRows) {
		return opco.Entreprise{SIREN: siren}, nil
	}
	if err != nil {
		return opco.Entreprise{}, fmt.Errorf("reading company %s: %w", siren, err)
	}
	return opco.Entreprise{SIREN: siren, Nom: l.Nom, IDCC: l.IDCC, Effectif: l.Effectif, Adherente: l.Adherente, AJour: l.AJour,
		AlsaceMoselle: l.AlsaceMoselle, IBAN: opco.IBAN(l.IBAN)}, nil
}

func organisme(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN) (*opco.Organisme, error) {
	if siren == "" {
		return nil, nil //nolint:nilnil // formation interne has no organisme
	}
	var l struct {
		Nom      string `db:"nom"`
		NDA      string `db:"nda"`
		Active   bool   `db:"nda_active"`
		TVA      bool   `db:"tva"`
		Suspendu bool   `db:"suspendu"`
		Subro    bool   `db:"subrogation_autorisee"`
		IBAN     string `db:"iban"`
	}
	err := tx.GetContext(ctx, &l, `
		SELECT nom, nda, nda_active, tva, suspendu, subrogation_autorisee, iban FROM organisme WHERE siren = $1`, siren)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil //nolint:nilnil // an organisme unknown to the OPCO is a fact, not an error
	}
	if err != nil {
		return nil, fmt.Errorf("reading organisme %s: %w", siren, err)
	}
	o := &opco.Organisme{SIREN: siren, Nom: l.Nom, NDA: opco.NDA(l.NDA), NDAActive: l.Active, TVA: l.TVA, Suspendu: l.Suspendu,
		SubrogationAutorisee: l.Subro, IBAN: opco.IBAN(l.IBAN)}
	var qs []struct {
		Nature string    `db:"nature"`
		Du     opco.Date `db:"du"`
		Au     opco.Date `db:"au"`
	}
	if err := tx.SelectContext(ctx, &qs, `SELECT nature, du, au FROM qualiopi WHERE siren = $1 ORDER BY nature, du`, siren); err != nil {
		return nil, fmt.Errorf("reading Qualiopi of %s: %w", siren, err)
	}
	for _, q := range qs {
		o.Qualiopi = append(o.Qualiopi, opco.Qualiopi{Nature: opco.Nature(q.Nature), Du: q.Du, Au: q.Au})
	}
	return o, nil
}

// chevauchements finds the stagiaires of d who are trained elsewhere on
// overlapping dates, in a dossier that is still alive.
func chevauchements(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) ([]opco.Chevauchement, error) {
	var ls []struct {
		ID     string    `db:"id"`
		Numero string    `db:"numero"`
		Du     opco.Date `db:"du"`
		Au     opco.Date `db:"au"`
	}
	err := tx.SelectContext(ctx, &ls, `
		SELECT x.id, o.numero, y.du, y.au
		FROM stagiaire x
		JOIN stagiaire y ON y.cle = x.cle AND y.dossier <> x.dossier AND y.du <= x.au AND x.du <= y.au
		     AND (x.ne_le IS NULL OR y.ne_le IS NULL OR x.ne_le = y.ne_le)
		JOIN dossier o ON o.id = y.dossier
		WHERE x.dossier = $1 AND o.siren = $2 AND o.etat NOT IN ('BROUILLON', 'SUPPRIME', 'REFUSEE', 'SANS_SUITE', 'ANNULEE')
		ORDER BY x.id, o.numero`, d.ID, d.Demande.Etablissement.SIREN())
	if err != nil {
		return nil, fmt.Errorf("looking for overlapping trainings: %w", err)
	}
	cs := make([]opco.Chevauchement, len(ls))
	for i, l := range ls {
		cs[i] = opco.Chevauchement{Stagiaire: l.ID, Dossier: l.Numero, Du: l.Du, Au: l.Au}
	}
	return cs, nil
}

// doublons finds dossiers that ask for the same action: same company, organisme,
// title and dates, still alive.
func doublons(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) ([]string, error) {
	var ns []string
	err := tx.SelectContext(ctx, &ns, `
		SELECT o.numero FROM dossier o
		WHERE o.siren = $1 AND o.organisme = $2 AND o.intitule = $3 AND o.debut = $4 AND o.fin = $5 AND o.id <> $6::uuid
		  AND o.etat NOT IN ('BROUILLON', 'SUPPRIME', 'REFUSEE', 'SANS_SUITE', 'ANNULEE')
		  AND EXISTS (SELECT 1 FROM stagiaire x JOIN stagiaire y ON x.cle = y.cle WHERE x.dossier = o.id AND y.dossier = $6::uuid)
		ORDER BY o.numero`,
		d.Demande.Etablissement.SIREN(), d.Demande.Organisme.SIRET, d.Demande.Intitule, d.Demande.Debut, d.Demande.Fin, d.ID)
	if err != nil {
		return nil, fmt.Errorf("looking for duplicates: %w", err)
	}
	return ns, nil
}

// numerosPris lists, among the numbers that the charge of a invoices carries,
// those that its issuer already used on an invoice that was not refused.
func numerosPris(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, a opco.Acte) ([]string, error) {
	var c opco.ChargeFacturer
	if err := json.Unmarshal(a.Charge, &c); err != nil {
		return nil, nil //nolint:nilerr // an unreadable charge is refused by the rule itself
	}
	// Two invoices of the same number deposited at once: the second waits, then sees the first.
	cle := string(c.Facture.Emetteur.SIREN()) + " " + strings.ToUpper(strings.ReplaceAll(c.Facture.Numero, " ", ""))
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, cle); err != nil {
		return nil, fmt.Errorf("locking invoice number %s: %w", c.Facture.Numero, err)
	}
	var ns []string
	err := tx.SelectContext(ctx, &ns, `
		SELECT DISTINCT numero FROM facture
		WHERE left(emetteur, 9) = left($1, 9) AND upper(replace(numero, ' ', '')) = upper(replace($2, ' ', '')) AND id <> $3
		  AND etat NOT IN ('REFUSEE', 'REJETEE_TECHNIQUE')`,
		c.Facture.Emetteur, c.Facture.Numero, c.Facture.ID)
	if err != nil {
		return nil, fmt.Errorf("looking for invoice %s: %w", c.Facture.Numero, err)
	}
	return ns, nil
}

// certificatsConnus lists, among the files of the certificats of d, those that
// another dossier already holds as a certificat (SF11). It first gives each
// certificat the hash of its file.
func certificatsConnus(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) ([]string, error) {
	var connus []string
	for i := range d.Certificats {
		c := &d.Certificats[i]
		if c.PieceID == "" {
			continue
		}
		err := tx.GetContext(ctx, &c.Empreinte, `SELECT COALESCE((SELECT empreinte FROM piece WHERE id = $1), (SELECT empreinte FROM mise_de_cote WHERE id = $1 AND dossier = $2), '')`, c.PieceID, d.ID)
		if err != nil {
			return nil, fmt.Errorf("reading the file of a certificat: %w", err)
		}
		var ailleurs bool
		err = tx.GetContext(ctx, &ailleurs, `
			SELECT EXISTS (SELECT 1 FROM piece WHERE empreinte = $1 AND type = $2 AND dossier <> $3)`,
			c.Empreinte, opco.PieceCertificat, d.ID)
		if err != nil {
			return nil, fmt.Errorf("looking for a certificat: %w", err)
		}
		if ailleurs {
			connus = append(connus, c.Empreinte)
		}
	}
	return connus, nil
}
