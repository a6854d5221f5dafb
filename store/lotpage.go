package store

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"guichet/opco"
)

// ActeQuiAttend is the acte of a person that waits for its verdict on an object, the
// oldest; ok is false when none does.
func (s *Store) ActeQuiAttend(ctx context.Context, objet string) (a opco.Acte, ok bool, err error) {
	var ls []ligneActe
	err = s.DB.SelectContext(ctx, &ls, `SELECT `+colonnesActe+` FROM acte
		WHERE objet = $1 AND etat = 'recu' AND role NOT IN ('systeme', 'banque') ORDER BY seq LIMIT 1`, objet)
	if err != nil {
		return a, false, fmt.Errorf("looking for what %s waits for: %w", objet, err)
	}
	if len(ls) == 0 {
		return a, false, nil
	}
	return ls[0].acte(), true, nil
}

// lignesMontrees bounds the lines that a page shows of one transfer.
const lignesMontrees = 50

// VirementLot is one transfer of a lot with the first of its lines. Nombre counts
// them all; Etat and Motif are those of each.
type VirementLot struct {
	opco.Virement
	Rang   int
	Nombre int
	Lignes []opco.LigneLot
	Etat   opco.EtatReglement
	Motif  string
}

// PageVirements is a page of the transfers of a lot. Recompte is the sum of the
// lines of the whole lot, added up again. Suivant is the apres of the next page, 0 on
// the last one.
type PageVirements struct {
	Virements []VirementLot
	Recompte  opco.Montant
	Suivant   int
}

// VirementsLot lists the transfers of a lot after the rank apres, in the order of its
// file, at most limite.
func (s *Store) VirementsLot(ctx context.Context, lot string, apres, limite int) (PageVirements, error) {
	p := PageVirements{Virements: []VirementLot{}}
	if err := s.DB.GetContext(ctx, &p.Recompte, `SELECT COALESCE(sum(montant), 0)::bigint FROM lot_ligne WHERE lot = $1`, lot); err != nil {
		return p, fmt.Errorf("adding up lot %s: %w", lot, err)
	}
	var ls []struct {
		Rang    int          `db:"virement"`
		Montant opco.Montant `db:"montant"`
		Nombre  int          `db:"nombre"`
		Lignes  []byte       `db:"lignes"`
	}
	err := s.DB.SelectContext(ctx, &ls, `
		SELECT v.virement, v.montant, v.nombre, (
		    SELECT jsonb_agg(g.contenu ORDER BY g.numero) FROM (
		        SELECT contenu, numero FROM lot_ligne WHERE lot = $1 AND virement = v.virement ORDER BY numero LIMIT $4) g) AS lignes
		FROM (SELECT virement, sum(montant)::bigint AS montant, count(*) AS nombre FROM lot_ligne
		      WHERE lot = $1 AND virement > $2 GROUP BY virement ORDER BY virement LIMIT $3) v
		ORDER BY v.virement`, lot, apres, limite+1, lignesMontrees)
	if err != nil {
		return p, fmt.Errorf("listing the transfers of lot %s: %w", lot, err)
	}
	if len(ls) > limite {
		ls = ls[:limite]
		p.Suivant = ls[limite-1].Rang
	}
	for _, l := range ls {
		v := VirementLot{Rang: l.Rang, Nombre: l.Nombre}
		if err := json.Unmarshal(l.Lignes, &v.Lignes); err != nil {
			return p, fmt.Errorf("reading the lines of lot %s: %w", lot, err)
		}
		v.dire(l.Montant)
		p.Virements = append(p.Virements, v)
	}
	return p, nil
}

// dire fills what the transfer says from its first lines; those that are not shown
// count in what the statement reads.
func (v *VirementLot) dire(m opco.Montant) {
	x := v.Lignes[0]
	paires := make([]opco.PaireRemise, v.Nombre)
	for i, l := range v.Lignes {
		paires[i] = opco.PaireRemise{Dossier: l.DossierNumero, Facture: l.FactureNumero}
	}
	v.Virement = opco.Virement{EndToEndID: x.EndToEndID, Montant: m, Nom: x.Nom, IBAN: x.IBAN, Remise: opco.Remise(x.EndToEndID, paires)}
	v.Etat, v.Motif = x.Etat, x.Motif
}

// LignesLot lists the lines of a lot in the order of its file, at most limite. suivant
// is the apres of the next page, "" on the last one.
func (s *Store) LignesLot(ctx context.Context, lot, apres string, limite int) (ls []opco.LigneLot, suivant string, err error) {
	virement, numero := 0, ""
	if apres != "" {
		rang, n, err := lireCurseur(apres)
		if err != nil {
			return nil, "", err
		}
		if virement, err = strconv.Atoi(rang); err != nil || virement < 0 || virement > math.MaxInt32 {
			return nil, "", pageInconnue()
		}
		numero = n
	}
	var bruts [][]byte
	err = s.DB.SelectContext(ctx, &bruts, `
		SELECT contenu FROM lot_ligne WHERE lot = $1 AND (virement, numero) > ($2, $3) ORDER BY virement, numero LIMIT $4`, lot, virement, numero, limite+1)
	if err != nil {
		return nil, "", fmt.Errorf("listing the lines of lot %s: %w", lot, err)
	}
	ls = make([]opco.LigneLot, len(bruts))
	for i, b := range bruts {
		if err := json.Unmarshal(b, &ls[i]); err != nil {
			return nil, "", fmt.Errorf("reading the lines of lot %s: %w", lot, err)
		}
	}
	if len(ls) > limite {
		ls = ls[:limite]
		suivant = curseur(strconv.Itoa(ls[limite-1].Virement), ls[limite-1].Numero)
	}
	return ls, suivant, nil
}
