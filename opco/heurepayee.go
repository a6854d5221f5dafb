package opco

// HeurePayee is one stagiaire of an invoice, the hours that it was approved for and
// the period that the certificats give.
type HeurePayee struct {
	Stagiaire Stagiaire
	Heures    Minutes
	Du, Au    Date
}

// HeuresPayees returns whose hours an invoice was approved for, in the order of the
// constat (AT-13). An hour is counted once, though it may pay the training and the
// wage. Without a certificat the period is that of the training.
func (d *Dossier) HeuresPayees(f Facture) []HeurePayee {
	var hs []HeurePayee
	vus := map[string]bool{"": true}
	for _, p := range f.Constatees {
		if vus[p.Stagiaire] {
			continue
		}
		vus[p.Stagiaire] = true
		h := HeurePayee{Heures: min(p.Certifie, p.Prevu), Du: d.Demande.Debut, Au: d.Demande.Fin}
		for _, s := range d.Demande.Stagiaires {
			if s.ID == p.Stagiaire {
				h.Stagiaire = s
			}
		}
		if du, au := d.PeriodeCertifiee(f, p.Stagiaire); du != "" {
			h.Du, h.Au = du, au
		}
		hs = append(hs, h)
	}
	return hs
}
