package opco

import (
	"fmt"
	"strings"
)

// lignesCalculees returns what the barème makes of each line asked.
func (k *instruction) lignesCalculees() []LigneDecidee {
	var lignes []LigneDecidee
	for _, l := range Lignes() {
		if m := k.d.Montant(l); m > 0 && k.f.Bareme != nil {
			lignes = append(lignes, k.f.Bareme.plafonner(k.d, l, m))
		}
	}
	return lignes
}

// plafondHoraire is check 12. A price above the ceiling reduces the grant.
func (k *instruction) plafondHoraire() avis {
	for _, l := range k.lignesCalculees() {
		if l.Ligne != LignePeda || l.Motif == MotifCoutNonEligible {
			continue
		}
		preuve := fmt.Sprintf("demandé %s, admis %s", l.Demande, l.Eligible)
		if l.Eligible < l.Demande {
			return attention(l.Motif, preuve, "Le prix horaire dépasse le barème. %s", l.Regle)
		}
		return bon(preuve, "%s", l.Regle)
	}
	return sansObjet("Aucun coût pédagogique soumis à un plafond.")
}

// enveloppe is check 13: what is left for the year of the start.
func (k *instruction) enveloppe() avis {
	if k.f.Bareme == nil {
		return sansObjet("Aucun barème ne s’applique.")
	}
	disponible := Somme(k.f.Bareme.disponibles(k.f.Fonds))
	var admis Montant
	for _, l := range k.lignesCalculees() {
		admis += l.Eligible
	}
	preuve := fmt.Sprintf("disponible %s pour %d, admis %s", disponible, k.d.Debut.Annee(), admis)
	switch {
	case admis > 0 && disponible == 0:
		return bloquant(MotifEnveloppeEpuisee, preuve, "L’enveloppe %d est entièrement utilisée.", k.d.Debut.Annee())
	case admis > disponible:
		return attention(MotifPlafondAnnuel, preuve, "L’enveloppe %d ne couvre qu’une partie de la demande.", k.d.Debut.Annee())
	}
	return bon(preuve, "L’enveloppe %d couvre la demande.", k.d.Debut.Annee())
}

// couts is check 14: the lines that the barème finances.
func (k *instruction) couts() avis {
	lignes := k.lignesCalculees()
	if len(lignes) == 0 {
		return sansObjet("Aucun barème ne s’applique, ou rien n’est demandé.")
	}
	var exclus []string
	var montant Montant
	for _, l := range lignes {
		if l.Motif == MotifCoutNonEligible {
			exclus = append(exclus, l.Ligne.Libelle())
			montant += l.Demande
		}
	}
	switch {
	case len(exclus) == 0:
		return bon(k.d.Total().String()+" demandés", "Le barème finance tous les postes demandés.")
	case len(exclus) == len(lignes):
		return bloquant(MotifCoutNonEligible, montant.String(), "Le barème ne finance aucun des postes demandés : %s.", strings.Join(exclus, ", "))
	}
	return attention(MotifCoutNonEligible, montant.String(), "Le barème ne finance pas : %s.", strings.Join(exclus, ", "))
}
