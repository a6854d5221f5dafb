package opco

import (
	"fmt"
	"strings"
)

// seuilRisque is the score from which a person must look at the dossier.
const seuilRisque = 50

// signal is one sign of risk (domain.md 3.11), with its weight in points.
type signal struct {
	points int
	texte  string
}

// risque is check 18: a score that explains itself and never refuses alone.
func (k *instruction) risque() avis {
	total, textes := 0, []string{}
	for _, s := range k.signaux() {
		total += s.points
		textes = append(textes, fmt.Sprintf("%s (%d)", s.texte, s.points))
	}
	if total == 0 {
		return bon("0 point", "Aucun signal de risque.")
	}
	preuve := fmt.Sprintf("%s : %s", pluriel(total, "point"), strings.Join(textes, ", "))
	if total >= seuilRisque {
		return attention("", preuve, "Plusieurs signaux appellent un second regard avant tout accord.")
	}
	return bon(preuve, "Les signaux relevés restent sous le seuil de %d points.", seuilRisque)
}

// signaux returns the signs of risk of the dossier.
func (k *instruction) signaux() []signal {
	var s []signal
	si := func(vrai bool, points int, texte string) {
		if vrai {
			s = append(s, signal{points, texte})
		}
	}
	si(len(k.f.IBANPartages) > 0, 60, "IBAN partagé avec "+strings.Join(k.f.IBANPartages, ", "))
	si(!k.d.Interne && k.d.Organisme.SIRET.SIREN() != "" && k.d.Organisme.SIRET.SIREN() == k.d.Etablissement.SIREN(), 60,
		"l’organisme et l’entreprise ont le même SIREN")
	if o := k.f.Organisme; o != nil && !k.d.Interne {
		si(o.Suspendu || !o.NDAActive, 50, "organisme suspendu ou non déclaré")
		si(o.IBAN != "" && o.IBAN.Pays() != "FR", 20, "IBAN étranger")
	}
	si(len(k.f.Chevauchements) > 0, 40, "un stagiaire est ailleurs aux mêmes dates")
	_, effectif := k.taille()
	si(len(k.d.Presents()) > effectif, 30, "plus de stagiaires que de salariés")
	j := k.d.jours()
	si(j > 0 && k.heuresMax() > Minutes(j)*heuresParJourMax, 30, "plus de 10 heures par jour")
	si(k.prixEcarte(), 20, "prix horaire de plus de deux fois le plafond")
	if le := k.dossier.DeposeLe; !le.IsZero() {
		si(JourDe(le).Jours(1) == k.d.Debut, 10, "dépôt la veille du début")
		heure := le.In(Paris).Hour()
		si(heure < 6 || heure >= 22, 10, "dépôt de nuit")
	}
	return s
}

// prixEcarte reports whether the price per hour is far above the barème.
func (k *instruction) prixEcarte() bool {
	for _, l := range k.lignesCalculees() {
		if l.Ligne == LignePeda && l.Motif == MotifPlafondHoraire {
			return l.Demande > 2*l.Eligible
		}
	}
	return false
}
