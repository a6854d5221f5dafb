package opco

import "strings"

// factureLisible refuses what no one could read: it is a mistake of a machine or
// of a form, told as 213 IRR_SYNTAX or REJ_SEMAN (domain.md 5 bis).
func factureLisible(_ *Dossier, f Facture, _ Faits) (Motif, Precisions) {
	illisible := func(detail string) (Motif, Precisions) { return MotifIrrSyntax, Precisions{"detail": detail} }
	switch {
	case strings.TrimSpace(f.Numero) == "":
		return illisible("le numéro de facture manque")
	case dateIllisible(f.Date):
		return illisible("la date de facture manque ou n’existe pas")
	case len(f.Lignes) == 0:
		return illisible("aucune ligne n’est détaillée")
	case f.TotalHT <= 0:
		return illisible("le total hors taxes manque")
	case f.TotalHT > MontantMax || f.TotalTTC > MontantMax:
		return illisible("un montant dépasse " + MontantMax.String())
	case f.TVA < 0 || f.TauxTVA < 0:
		return illisible("la TVA est négative")
	}
	return ligneLisible(f)
}

func dateIllisible(d Date) bool {
	_, err := ParseDate(string(d))
	return err != nil
}

func ligneLisible(f Facture) (Motif, Precisions) {
	for _, l := range f.Lignes {
		switch {
		case l.Ligne.Libelle() == "":
			return MotifIrrSyntax, Precisions{"detail": "une ligne ne dit pas quel coût elle facture"}
		case l.Montant < 0:
			return MotifRejSeman, Precisions{"detail": "une ligne est négative, ce qui est un avoir"}
		case l.Montant > MontantMax:
			return MotifIrrSyntax, Precisions{"detail": "un montant dépasse " + MontantMax.String()}
		case l.Heures < 0 || l.Heures > MinutesMax:
			return MotifIrrSyntax, Precisions{"detail": "une ligne porte un nombre d’heures impossible"}
		}
	}
	if f.Remplace != "" && memeNumero(f.Remplace, f.Numero) {
		return MotifRejSeman, Precisions{"detail": "la facture annonce qu’elle se remplace elle-même"}
	}
	if f.Au != "" && (dateIllisible(f.Au) || f.Au < f.Du) {
		return MotifRejSeman, Precisions{"detail": "la période facturée finit avant de commencer"}
	}
	return "", nil
}
