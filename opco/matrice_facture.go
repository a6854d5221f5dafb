package opco

import "fmt"

// parFacture runs one check on each invoice not settled yet.
func (d *Dossier) parFacture(code, nom string, comparer func(Facture) []Controle) []Controle {
	var cs []Controle
	for _, f := range d.Factures {
		if f.Etat.Ouverte() {
			cs = append(cs, comparer(f)...)
		}
	}
	if cs == nil {
		return []Controle{controle(code, nom, ResultatAttendu, MotifSFFactureAbsente, nil, "", "Aucune facture à examiner")}
	}
	return cs
}

// sfTarif compares the price of the hour invoiced with the one granted: the lower
// is paid. An invoice that does not say hours is compared on its amount.
func sfTarif(d *Dossier, _ Faits) []Controle {
	const nom = "Tarif"
	t := tableau{d: d, droits: d.droits()}
	return d.parFacture("SF5", nom, func(f Facture) []Controle {
		for _, p := range t.postes(f) {
			if !p.ligne.horaire() || !p.prixEnTrop() {
				continue
			}
			preuve := fmt.Sprintf("%s facturés, %s accordés pour %s", p.demande, p.accorde, p.prevu)
			figures := Precisions{}
			if p.heures > 0 {
				figures["prix"] = p.demande.Fraction(60, int64(p.heures)).String()
				figures["plafond"] = p.accorde.Fraction(60, int64(p.prevu)).String()
			}
			return []Controle{controle("SF5", nom, ResultatWarn, MotifSFTarif, figures, f.Numero, preuve)}
		}
		return []Controle{controle("SF5", nom, ResultatOK, "", nil, f.Numero, "Prix facturé au plus égal au prix accordé")}
	})
}

// sfParticipants compares the people invoiced with those of the accord: only the
// matched are paid.
func sfParticipants(d *Dossier, _ Faits) []Controle {
	const nom = "Participants"
	return d.parFacture("SF6", nom, func(f Facture) []Controle {
		presents := len(d.Demande.Presents())
		if _, p := factureParticipants(d, f, Faits{}); p != nil {
			return []Controle{controle("SF6", nom, ResultatWarn, MotifSFParticipants, p, f.Numero, p["detail"])}
		}
		n := len(d.factures(f))
		preuve := fmt.Sprintf("%d facturé(s), %d dans l’accord", n, presents)
		if n < presents && !d.Demande.Echelonnement {
			return []Controle{controle("SF6", nom, ResultatWarn, MotifSFParticipants,
				Precisions{"detail": fmt.Sprintf("%d sur %d", n, presents)}, f.Numero, preuve)}
		}
		return []Controle{controle("SF6", nom, ResultatOK, "", nil, f.Numero, preuve)}
	})
}

// sfCalcul checks that the lines make the total, and HT and TVA the TTC.
func sfCalcul(d *Dossier, fa Faits) []Controle {
	const nom = "Calculs"
	return d.parFacture("SF10", nom, func(f Facture) []Controle {
		preuve := fmt.Sprintf("Total %s HT, %s TTC", f.TotalHT, f.TotalTTC)
		if recu, attendu := d.calculFaux(f, fa); recu != attendu {
			return []Controle{controle("SF10", nom, ResultatBlock, MotifSFTotal,
				Precisions{"recu": recu.String(), "attendu": attendu.String()}, f.Numero, preuve)}
		}
		return []Controle{controle("SF10", nom, ResultatOK, "", nil, f.Numero, preuve)}
	})
}
