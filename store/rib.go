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

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// ribInconnu is told of a RIB that is not there, and of one beyond reach.
const ribInconnu = "Ce RIB n’existe pas, ou vous n’y avez pas accès."

// ligneRIB is a RIB as its table has it.
type ligneRIB struct {
	ID          string       `db:"id"`
	SIREN       opco.SIREN   `db:"siren"`
	Sorte       opco.Role    `db:"sorte"`
	Nom         string       `db:"nom"`
	IBAN        opco.IBAN    `db:"iban"`
	BIC         opco.BIC     `db:"bic"`
	Titulaire   string       `db:"titulaire"`
	Preuve      string       `db:"preuve"`
	PreuveNom   string       `db:"preuve_nom"`
	PreuveType  string       `db:"preuve_format"`
	Ancien      opco.IBAN    `db:"ancien"`
	Contact     string       `db:"contact"`
	Etat        opco.EtatRIB `db:"etat"`
	Motif       string       `db:"motif"`
	Raison      string       `db:"raison"`
	ProposePar  string       `db:"propose_par"`
	ProposePour string       `db:"propose_pour"`
	ProposeNom  string       `db:"propose_nom"`
	ProposeLe   time.Time    `db:"propose_le"`
	VuPar       string       `db:"vu_par"`
	VuPour      string       `db:"vu_pour"`
	VuNom       string       `db:"vu_nom"`
	VuLe        *time.Time   `db:"vu_le"`
	ValidePar   string       `db:"valide_par"`
	ValidePour  string       `db:"valide_pour"`
	ValideNom   string       `db:"valide_nom"`
	ValideLe    *time.Time   `db:"valide_le"`
	ActifLe     *time.Time   `db:"actif_le"`
	LevePar     string       `db:"leve_par"`
	LevePour    string       `db:"leve_pour"`
	LeveNom     string       `db:"leve_nom"`
	LeveLe      *time.Time   `db:"leve_le"`
	RenduPar    string       `db:"rendu_par"`
	RenduPour   string       `db:"rendu_pour"`
	RenduNom    string       `db:"rendu_nom"`
	RenduLe     *time.Time   `db:"rendu_le"`
	ModifieLe   time.Time    `db:"modifie_le"`
}

const colonnesRIB = `b.id, b.siren, b.sorte, b.nom, b.iban, b.bic, b.titulaire, COALESCE(b.preuve, '') AS preuve, b.preuve_nom,
	COALESCE((SELECT f.type FROM fichier f WHERE f.empreinte = b.preuve), '') AS preuve_format, b.ancien, b.contact,
	b.etat, b.motif, b.raison, b.propose_par, b.propose_pour, b.propose_nom, b.propose_le, b.vu_par, b.vu_pour, b.vu_nom, b.vu_le,
	b.valide_par, b.valide_pour, b.valide_nom, b.valide_le, b.actif_le,
	b.leve_par, b.leve_pour, b.leve_nom, b.leve_le, b.rendu_par, b.rendu_pour, b.rendu_nom, b.rendu_le, b.modifie_le`

// colonnesRIBTitulaire are those that the payee may read.
const colonnesRIBTitulaire = `b.id, b.siren, b.sorte, b.nom, b.iban, b.bic, b.titulaire, b.etat, b.raison, b.propose_nom, b.propose_le, b.actif_le, b.modifie_le`

func instantOuZero(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func (l ligneRIB) rib() opco.RIB {
	return opco.RIB{ID: l.ID, SIREN: l.SIREN, Sorte: l.Sorte, Nom: l.Nom, IBAN: l.IBAN, BIC: l.BIC, Titulaire: l.Titulaire, Etat: l.Etat,
		Motif: l.Motif, Raison: l.Raison,
		ProposePar: opco.Acteur{Personne: l.ProposePar, Pour: l.ProposePour, Nom: l.ProposeNom, Role: l.Sorte}, ProposeLe: l.ProposeLe,
		VuPar: opco.Acteur{Personne: l.VuPar, Pour: l.VuPour, Nom: l.VuNom}, VuLe: instantOuZero(l.VuLe),
		ValidePar: opco.Acteur{Personne: l.ValidePar, Pour: l.ValidePour, Nom: l.ValideNom}, ValideLe: instantOuZero(l.ValideLe), ActifLe: instantOuZero(l.ActifLe),
		LevePar: opco.Acteur{Personne: l.LevePar, Pour: l.LevePour, Nom: l.LeveNom}, LeveLe: instantOuZero(l.LeveLe),
		RenduPar: opco.Acteur{Personne: l.RenduPar, Pour: l.RenduPour, Nom: l.RenduNom}, RenduLe: instantOuZero(l.RenduLe)}
}

// sorteDuPaye says under which table the payee of règlement r of dossier d is known.
const sorteDuPaye = `CASE WHEN ` + payeOrganisme + ` THEN 'organisme' ELSE 'entreprise' END`

// obstacleRIB says why nothing may be paid on the account of the payee of r now; a
// new RIB is told rather than the gel that it mends.
const obstacleRIB = `COALESCE((SELECT CASE WHEN b.etat = 'GELE' THEN 'GELE' ELSE 'CHANGE' END FROM rib b
	WHERE b.siren = left(r.beneficiaire, 9) AND b.sorte = ` + sorteDuPaye + ` AND b.etat IN ('GELE', 'PROPOSE', 'VU', 'VALIDE')
	ORDER BY b.etat = 'GELE' LIMIT 1), '')`

// ribPar are the persons who looked at the RIB in service of the payee of r, or
// cleared it.
const ribPar = `ARRAY(SELECT DISTINCT p FROM rib b,
		unnest(ARRAY[b.vu_par, b.vu_pour, b.valide_par, b.valide_pour, b.leve_par, b.leve_pour, b.rendu_par, b.rendu_pour]) p
	WHERE b.siren = left(r.beneficiaire, 9) AND b.sorte = ` + sorteDuPaye + ` AND b.etat = 'ACTIF' AND p <> '')`

// ibanGarde is the account that a new record of a payee leaves: that of its RIB in
// service, once it has one.
func ibanGarde(table string) string {
	return `COALESCE((SELECT b.iban FROM rib b WHERE b.siren = EXCLUDED.siren AND b.sorte = '` + table + `' AND b.etat IN ('ACTIF', 'GELE')), EXCLUDED.iban)`
}

// tenirComptes locks règlements in the order of their ids, then keeps the accounts of
// their payees as they are until the transaction ends: who changes or freezes a RIB
// waits. Companies come before organismes, each in the order of their SIREN.
func tenirComptes(ctx context.Context, tx *sqlx.Tx, ou string, args ...any) error {
	var sirens []string
	err := tx.SelectContext(ctx, &sirens, `SELECT left(r.beneficiaire, 9) FROM reglement r WHERE `+ou+` ORDER BY r.id FOR UPDATE`, args...)
	if err != nil {
		return fmt.Errorf("locking règlements: %w", err)
	}
	for _, table := range []string{"entreprise", "organisme"} {
		_, err := tx.ExecContext(ctx, `SELECT 1 FROM `+table+` WHERE siren = ANY ($1) ORDER BY siren FOR SHARE`, tableau(sirens))
		if err != nil {
			return fmt.Errorf("holding the accounts of the payees: %w", err)
		}
	}
	return nil
}

// obstacleDuDossier says why the payee of d may not be paid now.
func obstacleDuDossier(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier) (opco.ObstacleRIB, error) {
	siret, role := d.Beneficiaire()
	le, err := maintenant(ctx, tx)
	if err != nil {
		return "", err
	}
	if err := servirLePaye(ctx, tx, siret.SIREN(), role, le); err != nil {
		return "", err
	}
	var o opco.ObstacleRIB
	err = tx.GetContext(ctx, &o, `
		SELECT COALESCE((SELECT CASE WHEN etat = 'GELE' THEN 'GELE' ELSE 'CHANGE' END FROM rib
		                 WHERE siren = $1 AND sorte = $2 AND etat IN ('GELE', 'PROPOSE', 'VU', 'VALIDE') ORDER BY etat = 'GELE' LIMIT 1), '')`,
		siret.SIREN(), role)
	if err != nil {
		return "", fmt.Errorf("reading the RIB of %s: %w", siret, err)
	}
	return o, nil
}

// tenirTitulaire locks the record of a payee: one at a time proposes, looks at,
// freezes or pays. It returns its name, its account and its address.
func tenirTitulaire(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN, sorte opco.Role) (lignePartie, error) {
	table := "entreprise"
	if sorte == opco.RoleOrganisme {
		table = "organisme"
	}
	var l lignePartie
	err := tx.GetContext(ctx, &l, `SELECT nom, email, iban FROM `+table+` WHERE siren = $1 FOR UPDATE`, siren)
	if errors.Is(err, sql.ErrNoRows) {
		return l, opco.Errorf(opco.NotFound, "L’OPCO ne vous connaît pas encore : écrivez-lui, il ouvrira votre fiche, puis déposez votre RIB.")
	}
	if err != nil {
		return l, fmt.Errorf("locking the record of %s: %w", siren, err)
	}
	return l, nil
}

// reprendreRIB makes a RIB of the account that a payee had before this procedure, so
// that it can be frozen or replaced. It does nothing when there is one in service.
func reprendreRIB(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN, sorte opco.Role, l lignePartie, le time.Time) error {
	if l.IBAN == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO rib (id, siren, sorte, nom, iban, etat, propose_le, modifie_le) VALUES ($1, $2, $3, $4, $5, 'ACTIF', $6, $6)
		ON CONFLICT (siren, sorte) WHERE etat IN ('ACTIF', 'GELE') DO NOTHING`, uuid.NewString(), siren, sorte, l.Nom, l.IBAN, le)
	if err != nil {
		return fmt.Errorf("taking up the account of %s: %w", siren, err)
	}
	return nil
}

// verrouillerRIB locks the record of the holder of a RIB, then reads it.
func verrouillerRIB(ctx context.Context, tx *sqlx.Tx, id string) (ligneRIB, error) {
	var l ligneRIB
	if !uuidTexte(id) {
		return l, opco.Errorf(opco.NotFound, ribInconnu)
	}
	if err := tx.GetContext(ctx, &l, `SELECT `+colonnesRIB+` FROM rib b WHERE b.id = $1`, id); err != nil {
		return l, introuvable(err, ribInconnu)
	}
	if _, err := tenirTitulaire(ctx, tx, l.SIREN, l.Sorte); err != nil {
		return l, err
	}
	err := tx.GetContext(ctx, &l, `SELECT `+colonnesRIB+` FROM rib b WHERE b.id = $1 FOR UPDATE`, id)
	if err != nil {
		return l, fmt.Errorf("locking RIB %s: %w", id, err)
	}
	return l, nil
}

// acteReutilise refuses an acte whose id did something else.
func acteReutilise() error {
	return opco.Errorf(opco.Conflict, "Cet envoi a déjà servi à autre chose : rechargez la page, puis recommencez.").AvecCode("ACTE_REUTILISE")
}

// acteRIB is one line of the journal of a RIB. Empreinte is the hash of what the acte
// said; Acte and Empreinte are "" when nobody of the house did it.
type acteRIB struct {
	Rib, Acte, Fait, Empreinte string
	Par                        opco.Acteur
}

// passerRIB writes one line of the journal of a RIB and returns its rank.
func passerRIB(ctx context.Context, tx *sqlx.Tx, a acteRIB, detail string, le time.Time) (int64, error) {
	var rang int64
	err := tx.GetContext(ctx, &rang, `
		INSERT INTO rib_passage (rib, rang, acte, fait, empreinte, detail, personne, nom, role, le)
		SELECT $1, count(*) + 1, NULLIF($2, '')::uuid, $3, $4, $5, $6, $7, $8, $9 FROM rib_passage WHERE rib = $1
		RETURNING rang`, a.Rib, a.Acte, a.Fait, a.Empreinte, detail, a.Par.Personne, a.Par.Nom, a.Par.Role, le)
	if contrainte(err) == "rib_passage_acte_key" {
		return 0, acteReutilise()
	}
	if err != nil {
		return 0, fmt.Errorf("journalling RIB %s: %w", a.Rib, err)
	}
	if err := attendreSignauxDuRIB(ctx, tx, a.Rib); err != nil {
		return 0, err
	}
	return rang, notifier(ctx, tx, "rib", a.Rib)
}

// ribDeja reports whether an acte was done before: the same thing to the same RIB by
// the same person, in the same words. Anything else under its id is a Conflict. It is
// read once the holder is locked: of two clicks, the second sees what the first did.
func ribDeja(ctx context.Context, tx *sqlx.Tx, a acteRIB) (bool, error) {
	var l struct{ Rib, Fait, Personne, Empreinte string }
	err := tx.GetContext(ctx, &l, `SELECT rib, fait, personne, empreinte FROM rib_passage WHERE acte = $1`, a.Acte)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("looking for acte %s: %w", a.Acte, err)
	}
	if l.Rib != a.Rib || l.Fait != a.Fait || l.Personne != a.Par.Personne || l.Empreinte != "" && l.Empreinte != a.Empreinte {
		return false, acteReutilise()
	}
	return true, nil
}

// empreinteMots is the hash of the words of an acte.
func empreinteMots(mots ...string) string {
	h := sha256.New()
	for _, m := range mots {
		fmt.Fprintf(h, "%d:%s;", len(m), m)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// relireLots asks the lots that have not left, and that pay this payee, to look at
// their lines again. Each is told once for one cause.
func relireLots(ctx context.Context, tx *sqlx.Tx, siren opco.SIREN, sorte opco.Role, cause string) ([]opco.Acte, error) {
	var lots []string
	err := tx.SelectContext(ctx, &lots, `
		SELECT DISTINCT r.lot FROM reglement r JOIN dossier d ON d.id = r.dossier
		WHERE left(r.beneficiaire, 9) = $1 AND r.etat IN ('PROPOSE', 'VALIDE') AND r.lot IS NOT NULL AND `+sorteDuPaye+` = $2 ORDER BY 1`,
		siren, sorte)
	if err != nil {
		return nil, fmt.Errorf("looking for the lots that pay %s: %w", siren, err)
	}
	return relireCesLots(ctx, tx, lots, cause)
}

// relireCesLots asks lots to look at their lines again, each once for one cause.
func relireCesLots(ctx context.Context, tx *sqlx.Tx, lots []string, cause string) ([]opco.Acte, error) {
	var as []opco.Acte
	for _, lot := range lots {
		r, err := recevoir(ctx, tx, opco.Acte{ID: acteDerive("rib", cause, lot), Objet: opco.ObjetLot(lot), Type: opco.ActeRelireLot,
			Par: opco.ActeurSysteme(), Charge: json.RawMessage(`{}`)})
		if err != nil {
			return nil, fmt.Errorf("having lot %s read again: %w", lot, err)
		}
		as = append(as, r.Acte)
	}
	return as, nil
}
