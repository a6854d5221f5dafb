package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"guichet/opco"
)

// ligneReglement is a règlement with what is known of its payee now.
type ligneReglement struct {
	ID            string          `db:"id"`
	Numero        string          `db:"numero"`
	Dossier       string          `db:"dossier"`
	DossierNumero string          `db:"dossier_numero"`
	Facture       string          `db:"facture"`
	FactureNumero string          `db:"facture_numero"`
	Beneficiaire  string          `db:"beneficiaire"`
	Nom           string          `db:"nom"`
	IBAN          string          `db:"iban"`
	Voie          string          `db:"voie"`
	CodePostal    string          `db:"code_postal"`
	Ville         string          `db:"ville"`
	Montant       opco.Montant    `db:"montant"`
	Parts         json.RawMessage `db:"parts"`
	Etat          string          `db:"etat"`
	Lot           string          `db:"lot"`
	InstruitPar   pq.StringArray  `db:"instruit_par"`
	Payable       bool            `db:"payable"`
	DejaPartie    bool            `db:"deja_partie"`
	Entreprise    string          `db:"etablissement"`
	Organisme     string          `db:"organisme"`
	RIB           string          `db:"rib"`
	RIBPar        pq.StringArray  `db:"rib_par"`
	Depuis        *time.Time      `db:"depuis"`
	RevoirLe      *opco.Date      `db:"revoir_le"`
}

// relireReglements reads again the règlements of a lot, one at a time.
func relireReglements(ctx context.Context, tx *sqlx.Tx, l *opco.Lot) (*opco.Relecture, error) {
	r := l.Relire()
	return r, parcourirActuels(ctx, tx, r.Voir, `r.lot = $1`, l.ID)
}

func reglementsActuels(ctx context.Context, tx *sqlx.Tx, ou string, args ...any) ([]opco.ReglementActuel, error) {
	rs := []opco.ReglementActuel{}
	err := parcourirActuels(ctx, tx, func(r opco.ReglementActuel) { rs = append(rs, r) }, ou, args...)
	return rs, err
}

// parcourirActuels reads règlements under lock, in the order of their ids, with
// the name and the account that their payee has on file now, and whoever has
// judged their dossier by now. One is in memory at a time.
func parcourirActuels(ctx context.Context, tx *sqlx.Tx, voir func(opco.ReglementActuel), ou string, args ...any) error {
	if err := tenirComptes(ctx, tx, ou, args...); err != nil {
		return err
	}
	rs, err := tx.QueryxContext(ctx, `
		SELECT r.id, r.numero, r.dossier, d.numero AS dossier_numero, r.facture, f.numero AS facture_numero, r.beneficiaire,
		       COALESCE(CASE WHEN `+payeOrganisme+` THEN o.nom ELSE e.nom END, r.beneficiaire_nom) AS nom,
		       COALESCE(CASE WHEN `+payeOrganisme+` THEN o.iban ELSE e.iban END, '') AS iban,
		       COALESCE(t.adresse, '') AS voie, COALESCE(t.code_postal, '') AS code_postal, COALESCE(t.ville, '') AS ville,
		       r.montant, r.parts, r.etat, COALESCE(r.lot, '') AS lot, d.etablissement, d.organisme,
		       ARRAY(SELECT unnest(r.instruit_par) UNION `+jugesDe(`r.dossier`)+`
		             UNION `+controleursDe(`r.dossier`)+`) AS instruit_par,
		       f.etat IN ('APPROUVEE', 'APPROUVEE_PARTIELLEMENT') AND f.approuve - f.impute + f.rendu = r.montant + r.compense AS payable,
		       facture_partie(d.numero, f.numero) AS deja_partie,
		       `+obstacleRIB+` AS rib, `+ribPar+` AS rib_par, x.depuis, x.revoir_le
		FROM reglement r
		JOIN dossier d ON d.id = r.dossier
		JOIN facture f ON f.id = r.facture
		LEFT JOIN organisme o ON o.siren = left(r.beneficiaire, 9)
		LEFT JOIN entreprise e ON e.siren = left(r.beneficiaire, 9)
		LEFT JOIN etablissement t ON t.siret = r.beneficiaire
		LEFT JOIN dossier_suspendu x ON x.dossier = r.dossier
		WHERE `+ou+` ORDER BY r.id FOR UPDATE OF r`, args...)
	if err != nil {
		return fmt.Errorf("reading règlements: %w", err)
	}
	defer rs.Close()
	for rs.Next() {
		var l ligneReglement
		if err := rs.StructScan(&l); err != nil {
			return fmt.Errorf("reading règlements: %w", err)
		}
		r, err := l.actuel()
		if err != nil {
			return err
		}
		voir(r)
	}
	if err := rs.Err(); err != nil {
		return fmt.Errorf("reading règlements: %w", err)
	}
	return nil
}

// payeOrganisme says that the payee of r is the organisme of d, not its company.
const payeOrganisme = `r.beneficiaire = d.organisme AND r.beneficiaire <> d.etablissement`

func (l ligneReglement) actuel() (opco.ReglementActuel, error) {
	r := opco.ReglementActuel{Lot: l.Lot, Payable: l.Payable, DejaPartie: l.DejaPartie, RIB: opco.ObstacleRIB(l.RIB), RIBPar: l.RIBPar, LigneLot: opco.LigneLot{
		Reglement: l.ID, Numero: l.Numero, Dossier: l.Dossier, DossierNumero: l.DossierNumero, Facture: l.Facture,
		FactureNumero: l.FactureNumero, Beneficiaire: opco.SIRET(l.Beneficiaire), Nom: l.Nom, IBAN: opco.IBAN(l.IBAN),
		Adresse: opco.StructurerAdresse(l.Voie, l.CodePostal, l.Ville),
		Montant: l.Montant, Etat: opco.EtatReglement(l.Etat), InstruitPar: l.InstruitPar,
	}}
	if l.Depuis != nil {
		r.Suspension = &opco.Suspension{Depuis: *l.Depuis, RevoirLe: *l.RevoirLe}
	}
	if err := json.Unmarshal(l.Parts, &r.Parts); err != nil {
		return r, fmt.Errorf("reading the funds of règlement %s: %w", l.ID, err)
	}
	d := opco.Dossier{Demande: opco.Demande{Etablissement: opco.SIRET(l.Entreprise)}}
	d.Demande.Organisme.SIRET = opco.SIRET(l.Organisme)
	r.Tiers = d.Tiers()
	return r, nil
}
