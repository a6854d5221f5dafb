package opco

import (
	"fmt"
	"strings"
)

// ageMin is the age of employment (Code du travail, L4153-1).
const ageMin = 16

// heures is check 10: hours that a day can hold, a group that the company can
// send, days that are worked.
func (k *instruction) heures() avis {
	j, n := k.d.jours(), len(k.d.Presents())
	if j == 0 || n == 0 {
		return avis{resultat: ResultatAttendu, phrase: "Il manque les dates ou les stagiaires."}
	}
	maximum := k.heuresMax()
	_, effectif := k.taille()
	preuve := fmt.Sprintf("%s au plus par stagiaire en %s, %s pour %s",
		maximum, pluriel(j, "jour"), pluriel(n, "stagiaire"), pluriel(effectif, "salarié"))
	var doutes []string
	if maximum > heuresParJour(j) {
		return bloquant(MotifFormatNonEligible, preuve, "%s ne tiennent pas en %s.", maximum, pluriel(j, "jour"))
	}
	if limite := k.f.Parametres.Signaux.HeuresJour; maximum > Minutes(j)*limite {
		doutes = append(doutes, "plus de "+limite.String()+" par jour")
	}
	if n > effectif {
		doutes = append(doutes, "plus de stagiaires que de salariés")
	}
	if c := k.f.Calendrier; c != nil && (!c.Ouvre(k.d.Debut) || !c.Ouvre(k.d.Fin)) {
		doutes = append(doutes, "un premier ou un dernier jour non travaillé")
	}
	if len(doutes) > 0 {
		return attention("", preuve, "À vérifier : %s.", strings.Join(doutes, ", "))
	}
	return bon(preuve, "Les heures et le groupe sont plausibles.")
}

// heuresMax returns the hours of the stagiaire who follows the most.
func (k *instruction) heuresMax() Minutes {
	var m Minutes
	for _, s := range k.d.Presents() {
		m = max(m, s.Heures)
	}
	return m
}

// public is check 11: an AF dossier is for employees.
func (k *instruction) public() avis {
	presents := k.d.Presents()
	for _, s := range presents {
		if s.NeLe != "" && s.NeLe.Mois(12*ageMin) > k.d.Debut {
			return bloquant(MotifPublicNonEligible, "né le "+s.NeLe.Courte(),
				"Un stagiaire a moins de %d ans au début de la formation.", ageMin)
		}
	}
	return bon(pluriel(len(presents), "stagiaire"), "Les stagiaires sont des salariés de l’entreprise, selon sa déclaration.")
}

// doubleFinancement is check 15: one person, two trainings. The very same dates
// block; dates that only cross are flagged, for two trainings may alternate.
func (k *instruction) doubleFinancement() avis {
	if len(k.f.Chevauchements) == 0 {
		return bon(pluriel(len(k.d.Presents()), "stagiaire")+", aucune date commune", "Aucun stagiaire n’est en formation ailleurs aux mêmes dates.")
	}
	var preuves []string
	memes := false
	for _, c := range k.f.Chevauchements {
		preuves = append(preuves, fmt.Sprintf("dossier %s du %s au %s", c.Dossier, c.Du.Courte(), c.Au.Courte()))
		memes = memes || c.Du == k.d.Debut && c.Au == k.d.Fin
	}
	preuve := strings.Join(preuves, " ; ")
	if memes {
		return bloquant(MotifDoubleFinancement, preuve,
			"Un stagiaire au moins est déjà en formation exactement à ces dates : une même heure ne se finance pas deux fois.")
	}
	return attention(MotifDoubleFinancement, preuve,
		"Un stagiaire au moins est en formation ailleurs sur une partie de ces dates : vérifiez que les heures ne se recouvrent pas.")
}

// doublon is check 16.
func (k *instruction) doublon() avis {
	if len(k.f.Doublons) == 0 {
		return bon("aucun dossier semblable", "Aucun autre dossier ne demande la même chose.")
	}
	return bloquant(MotifDossierDoublon, "dossier "+strings.Join(k.f.Doublons, ", "), "Cette demande reprend une demande déjà déposée.")
}
