package courrier

import (
	"strconv"

	"guichet/opco"
)

// precisions are the figures that the motifs of a décision quote: the cap of the
// branch and the price asked, in the unit of each line. A figure that the
// dossier does not hold is left out, and its part of the sentence with it.
func precisions(d opco.Dossier) map[opco.Motif]opco.Precisions {
	dec := d.Decision
	ps := map[opco.Motif]opco.Precisions{
		opco.MotifPlafondAnnuel:    {"annee": strconv.Itoa(d.Demande.Debut.Annee()), "disponible": dec.Accorde.String()},
		opco.MotifEnveloppeEpuisee: {"annee": strconv.Itoa(d.Demande.Debut.Annee())},
	}
	unites := unitesDe(d.Demande)
	for _, l := range dec.Lignes {
		p := opco.Precisions{"bareme": dec.Bareme}
		switch l.Motif {
		case opco.MotifPlafondHoraire, opco.MotifPlafondRemuneration, opco.MotifPlafondRepas, opco.MotifPlafondHebergement:
			if u := unites[l.Ligne]; u.nombre > 0 {
				p["plafond"], p["prix"] = l.Eligible.Fraction(u.facteur, u.nombre).String(), l.Demande.Fraction(u.facteur, u.nombre).String()
			}
		case opco.MotifCoutNonEligible:
			p["poste"] = l.Ligne.Libelle()
		default:
			continue
		}
		if _, deja := ps[l.Motif]; !deja {
			ps[l.Motif] = p
		}
	}
	return ps
}

// unite says how many units a line is asked for: an amount × facteur ÷ nombre is
// the price of one.
type unite struct{ facteur, nombre int64 }

func unitesDe(d opco.Demande) map[opco.Ligne]unite {
	var minutes, repas, nuits int64
	for _, s := range d.Presents() {
		minutes += int64(s.Heures)
		repas += int64(s.Repas)
		nuits += int64(s.Nuits)
	}
	return map[opco.Ligne]unite{opco.LignePeda: {60, minutes}, opco.LigneRemuneration: {60, minutes}, opco.LigneRepas: {1, repas},
		opco.LigneHebergement: {1, nuits}}
}
