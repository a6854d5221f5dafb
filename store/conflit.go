package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"

	"guichet/opco"
)

// dejaFait says of each acte, to who comes after it, what has been done.
var dejaFait = map[opco.TypeActe]string{
	opco.ActeDecider: "a déjà décidé ce dossier", opco.ActeValider: "a déjà décidé ce dossier",
	opco.ActeRenvoyer: "a déjà renvoyé ce dossier à l’instruction", opco.ActeAnnuler: "a déjà annulé ce dossier",
	opco.ActeDeposer: "a déjà envoyé ce dossier", opco.ActeDemanderComplement: "a déjà demandé des pièces",
	opco.ActeJoindre: "a déjà complété ce dossier", opco.ActeInstruire: "a déjà pris ce dossier en instruction",
	opco.ActeConstater: "a déjà validé le service fait", opco.ActeDeclarerNonConforme: "a déjà déclaré les pièces non conformes",
	opco.ActeConfirmerForclusion: "a déjà clos ce dossier", opco.ActeCertifier: "a déjà envoyé des pièces de fin",
	opco.ActeFacturer: "a déjà envoyé une facture", opco.ActeSupprimer: "a déjà supprimé ce brouillon",
}

// nommerGagnant completes the refusal of an acte that comes after the étape it was
// meant for: it says who moved the dossier, when and to what. An organisation does
// not read the names of the staff.
func nommerGagnant(ctx context.Context, tx *sqlx.Tx, d *opco.Dossier, a opco.Acte, refus *opco.Error) error {
	if refus.Code != "ETAPE_INATTENDUE" || a.Par.Personne == "" {
		return nil
	}
	var l lignePassage
	err := tx.GetContext(ctx, &l, `
		SELECT `+colonnesPassage+` FROM passage
		WHERE objet = $1 AND verdict = 'applique' AND de <> vers ORDER BY rang DESC LIMIT 1`, opco.ObjetDossier(d.ID))
	if errors.Is(err, sql.ErrNoRows) || err == nil && l.Personne == a.Par.Personne {
		return nil
	}
	if err != nil {
		return fmt.Errorf("looking for who moved %s: %w", d.ID, err)
	}
	if fait, ok := dejaFait[opco.TypeActe(l.Type)]; ok {
		refus.Message = phraseGagnant(l, fait, d, a.Par.Role)
	}
	return nil
}

func phraseGagnant(l lignePassage, fait string, d *opco.Dossier, lecteur opco.Role) string {
	qui := l.Nom
	if opco.Role(l.Role).Interne() && !lecteur.Interne() {
		qui = "Votre OPCO"
	}
	le := l.Le.In(opco.Paris)
	quoi := l.Phrase
	if dec := d.Decision; dec != nil && (l.Type == string(opco.ActeDecider) || l.Type == string(opco.ActeValider)) {
		quoi = dec.Resume() + "."
	}
	return fmt.Sprintf("%s %s le %s à %s : %s Il est maintenant « %s ».", qui, fait, opco.JourDe(l.Le).Longue(), le.Format("15 h 04"), quoi, d.Etat)
}
