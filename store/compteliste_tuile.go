package store

import (
	"context"
	"fmt"
	"time"

	"guichet/opco"
)

// activiteTuile names the incident of a tile that is late (MA-74).
const activiteTuile = "tuile"

// AlerterTuiles opens an incident for each entity added to an account whose tile is
// not visible TuileAlarmeMinutes after it was asked for, before the TuileMinutes
// that are promised (C12, MA-74); it closes the incident once the acte has its
// verdict. It returns how many are late.
func (s *Store) AlerterTuiles(ctx context.Context) (int, error) {
	le, err := s.Maintenant(ctx)
	if err != nil {
		return 0, err
	}
	p, err := parametres(ctx, s.DB, opco.JourDe(le))
	if err != nil {
		return 0, err
	}
	limite := le.Add(-time.Duration(p.Comptes.TuileAlarmeMinutes) * time.Minute)
	var tard []struct {
		Objet  string    `db:"objet"`
		RecuLe time.Time `db:"recu_le"`
	}
	err = s.DB.SelectContext(ctx, &tard, `
		SELECT objet, min(recu_le) AS recu_le FROM acte WHERE type = 'ajouter_entite' AND etat = 'recu' AND recu_le <= $1
		GROUP BY objet ORDER BY 2 LIMIT 500`, limite)
	if err != nil {
		return 0, fmt.Errorf("looking for late tiles: %w", err)
	}
	for _, x := range tard {
		depuis := int(le.Sub(x.RecuLe).Minutes())
		phrase := fmt.Sprintf("Un service demandé il y a %d minutes n’apparaît pas encore sur le compte : il est promis en %d minutes. La demande est enregistrée, sa procédure ne répond pas.",
			depuis, p.Comptes.TuileMinutes)
		if err := s.Signaler(ctx, x.Objet, activiteTuile, depuis, phrase); err != nil {
			return len(tard), err
		}
	}
	_, err = s.DB.ExecContext(ctx, `
		UPDATE incident i SET clos_le = clock_timestamp() WHERE i.activite = $1 AND i.clos_le IS NULL
		  AND NOT EXISTS (SELECT 1 FROM acte a WHERE a.objet = i.objet AND a.type = 'ajouter_entite' AND a.etat = 'recu')`, activiteTuile)
	if err != nil {
		return len(tard), fmt.Errorf("closing the incidents of tiles: %w", err)
	}
	return len(tard), nil
}
