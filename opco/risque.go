package opco

import (
	"fmt"
	"strings"
)

// seuilRisque is the score from which a person must look at the dossier.
const seuilRisque = 50

// signe is one sign of risk (domain.md 3.11) that the demande itself shows: court goes
// with the others in the proof of check 18, Texte says it alone to the contrôleur.
type signe struct {
	Signal
	court string
}

// risque is check 18: a score that explains itself and never refuses alone.
func (k *instruction) risque() avis {
	total, textes := 0, []string{}
	for _, s := range k.signaux() {
		total += s.Points
		textes = append(textes, fmt.Sprintf("%s (%d)", s.court, s.Points))
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

// signaux returns the signs of risk of the demande, those of the strangest first.
func (k *instruction) signaux() []signe {
	var s []signe
	si := func(vrai bool, code string, points int, court, texte string, args ...any) {
		if vrai {
			s = append(s, signe{Signal{code, points, fmt.Sprintf(texte, args...)}, court})
		}
	}
	partages := strings.Join(k.f.IBANPartages, ", ")
	si(partages != "", SignalIBANPartage, 60, "IBAN partagé avec "+partages, "Le compte qui serait payé est aussi celui de %s.", partages)
	si(!k.d.Interne && k.d.Organisme.SIRET.SIREN() != "" && k.d.Organisme.SIRET.SIREN() == k.d.Etablissement.SIREN(), SignalMemeSIREN, 60,
		"l’organisme et l’entreprise ont le même SIREN", "L’organisme et l’entreprise ont le même SIREN, %s.", k.d.Etablissement.SIREN().Affiche())
	if o := k.f.Organisme; o != nil && !k.d.Interne {
		si(o.Suspendu || !o.NDAActive, SignalOrganisme, 50, "organisme suspendu ou non déclaré", "%s est aujourd’hui suspendu, ou n’a plus de déclaration d’activité.", o.Nom)
		si(o.IBAN != "" && o.IBAN.Pays() != "FR", SignalIBANEtrange, 20, "IBAN étranger", "Le compte de %s est tenu hors de France (%s).", o.Nom, o.IBAN.Pays())
	}
	n := len(k.f.Chevauchements)
	if n > 0 {
		c := k.f.Chevauchements[0]
		si(true, SignalDeuxLieux, 40, "un stagiaire est ailleurs aux mêmes dates", "%s : un stagiaire est aussi en formation du %s au %s dans le dossier %s.",
			pluriel(n, "chevauchement"), c.Du.Longue(), c.Au.Longue(), c.Dossier)
	}
	_, effectif := k.taille()
	si(len(k.d.Presents()) > effectif, SignalEffectif, 30, "plus de stagiaires que de salariés", "%s pour une entreprise de %s.",
		pluriel(len(k.d.Presents()), "stagiaire"), pluriel(effectif, "salarié"))
	if j := k.d.jours(); j > 0 {
		limite := k.f.Parametres.Signaux.HeuresJour
		si(k.heuresMax() > Minutes(j)*limite, SignalHeuresJour, 30, "plus de "+limite.String()+" par jour", "%s en %s pour un stagiaire : plus de %s par jour.",
			k.heuresMax(), pluriel(j, "jour"), limite)
	}
	si(k.prixEcarte(), SignalPrixPlafond, 20, "prix horaire de plus de deux fois le plafond", "Le prix horaire demandé dépasse deux fois le plafond de la branche.")
	return append(s, k.signauxDepot()...)
}

// signauxDepot are the signs that the moment of the dépôt shows.
func (k *instruction) signauxDepot() []signe {
	le := k.dossier.DeposeLe
	if le.IsZero() {
		return nil
	}
	var s []signe
	if JourDe(le).Jours(1) == k.d.Debut {
		s = append(s, signe{Signal{SignalDepotVeille, 10, "La demande est arrivée la veille du début, le " + JourDe(le).Longue() + "."}, "dépôt la veille du début"})
	}
	if h := le.In(Paris).Hour(); h < 6 || h >= 22 {
		s = append(s, signe{Signal{SignalDepotNuit, 10, fmt.Sprintf("La demande est arrivée la nuit, à %s.", le.In(Paris).Format("15 h 04"))}, "dépôt de nuit"})
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
