package store

import (
	"context"
	"fmt"

	"github.com/lib/pq"

	"guichet/opco"
)

// Total is how many there are, and for how much.
type Total struct {
	Nombre int64        `db:"nombre" json:"nombre"`
	Somme  opco.Montant `db:"somme" json:"somme"`
}

// CompteursComptabilite are the figures of the desk of the comptable.
type CompteursComptabilite struct {
	APayer      Total `json:"a_payer"`   // règlements that no lot holds
	EnRetard    Total `json:"en_retard"` // of them, those whose due day has passed
	AValider    Total `json:"a_valider"` // lots
	Attendus    Total `json:"attendus"`  // lots gone to the bank, with what it has not settled yet
	Rejets      Total `json:"rejets"`    // règlements that the bank refused or sent back, not paid again yet
	Quarantaine Total `json:"quarantaine"`
	// Muets are the lots of Attendus for which an alert has said that the bank is
	// silent (R04, R05).
	Muets int64 `json:"muets"`
}

// sansSuite keeps the règlements that the bank refused or sent back and that nothing
// has replaced.
const sansSuite = `r.etat IN ('REJETE_BANQUE', 'RETOURNE') AND NOT EXISTS (SELECT 1 FROM reglement x WHERE x.precedent = r.id)`

// caisse adds up the counters of the comptable whose code is so (schema/0026_vitesse.sql).
func caisse(code string) string {
	return `COALESCE((SELECT sum(n) FROM dossier_compte WHERE portee = 'caisse' AND code ` + code + `), 0)::bigint`
}

// CompterComptabilite reads the figures of the desk of the comptable: of the règlements
// by counters that every change keeps.
func (s *Store) CompterComptabilite(ctx context.Context) (CompteursComptabilite, error) {
	var n CompteursComptabilite
	le, err := s.Maintenant(ctx)
	if err != nil {
		return n, err
	}
	var ls []struct {
		Quoi string `db:"quoi"`
		Total
	}
	err = s.DB.SelectContext(ctx, &ls, `
		SELECT 'a_payer' AS quoi, `+caisse(`LIKE 'a_payer:%'`)+` AS nombre, `+caisse(`LIKE 'a_payer_centimes:%'`)+` AS somme
		UNION ALL SELECT 'en_retard', `+caisse(`LIKE 'a_payer:%' AND right(code, 10) < $1::text`)+`, `+caisse(`LIKE 'a_payer_centimes:%' AND right(code, 10) < $1::text`)+`
		UNION ALL SELECT 'a_valider', count(*), COALESCE(sum(somme), 0)::bigint FROM lot WHERE etat = 'PROPOSE'
		UNION ALL SELECT 'attendus', count(*), COALESCE(sum(somme - `+issue+`), 0)::bigint FROM lot WHERE etat = ANY ($2)
		UNION ALL SELECT 'rejets', `+caisse(`= 'rejets'`)+`, `+caisse(`= 'rejets_centimes'`)+`
		UNION ALL SELECT 'quarantaine', count(*), COALESCE(sum(montant), 0)::bigint FROM entree_bancaire WHERE etat = 'QUARANTAINE'
		UNION ALL SELECT 'muets', count(*), 0 FROM lot l WHERE l.etat = ANY ($2) AND EXISTS (
			SELECT 1 FROM passage p WHERE p.objet = 'lot/' || l.id AND p.motif = 'BANQUE_MUETTE')`, opco.JourDe(le), pq.Array(lotsPartis))
	if err != nil {
		return n, fmt.Errorf("counting the desk of the comptable: %w", err)
	}
	for _, l := range ls {
		switch l.Quoi {
		case "a_payer":
			n.APayer = l.Total
		case "en_retard":
			n.EnRetard = l.Total
		case "a_valider":
			n.AValider = l.Total
		case "attendus":
			n.Attendus = l.Total
		case "rejets":
			n.Rejets = l.Total
		case "quarantaine":
			n.Quarantaine = l.Total
		case "muets":
			n.Muets = l.Nombre
		}
	}
	return n, nil
}

// issue is what the bank has settled of a lot: paid, refused or sent back.
const issue = `(COALESCE((resume->>'paye')::bigint, 0) + COALESCE((resume->>'rejete')::bigint, 0) + COALESCE((resume->>'retourne')::bigint, 0))`

// lotsPartis are the lots that wait for the bank.
var lotsPartis = []opco.EtatLot{opco.LotValide, opco.LotEmis, opco.LotTransmis, opco.LotInconnu}
