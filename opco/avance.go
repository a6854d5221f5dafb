package opco

import "slices"

// factureAvance checks an advance (R6332-25, S08): the accord is paid period by
// period to the organisme, no period is approved yet, and all advances together
// stay within the percentage of the agreed price, the grant, and what is engaged.
func factureAvance(d *Dossier, f Facture, fa Faits) (Motif, Precisions) {
	if !f.Avance {
		return "", nil
	}
	refus := func(detail string) (Motif, Precisions) { return MotifNonConforme, Precisions{"detail": detail} }
	switch {
	case !d.Demande.Echelonnement || !d.subroge():
		return refus("l’accord ne prévoit pas d’avance")
	case d.periodeApprouvee():
		return refus("une période est déjà approuvée, l’avance se demande avant")
	case slices.ContainsFunc(f.Lignes, func(l LigneFacture) bool { return l.Ligne != LignePeda }):
		return refus("une avance porte sur les coûts pédagogiques seulement")
	}
	plafond := d.plafondAvance(fa.Parametres) - d.avancesSauf(f)
	if f.TotalHT > plafond {
		return MotifAvanceSup30, Precisions{"recu": f.TotalHT.String(), "plafond": max(0, plafond).String()}
	}
	return "", nil
}

// AvancePossible is the most that may still be asked for in advance (R6332-25), 0
// when the accord allows none or a period is already approved.
func (d *Dossier) AvancePossible(p Parametres) Montant {
	if d.Decision == nil || !d.Demande.Echelonnement || !d.subroge() || d.periodeApprouvee() {
		return 0
	}
	return max(0, min(d.plafondAvance(p)-d.avancesSauf(Facture{}), Somme(d.Engagements)))
}

// plafondAvance is the most that may be advanced in all, without a cent above the
// percentage. The agreed price is that of the training: its pedagogical cost.
func (d *Dossier) plafondAvance(p Parametres) Montant {
	pourcent := d.Demande.Montant(LignePeda) * Montant(p.AvancePourcent) / 100
	return min(pourcent, d.Decision.Accorde)
}

// avancesSauf sums the other advances, asked for or approved.
func (d *Dossier) avancesSauf(f Facture) Montant {
	var t Montant
	for _, x := range d.Factures {
		if x.Avance && x.ID != f.ID && !x.Etat.Final() {
			t += x.TotalHT - x.TotalAvoirs()
		}
	}
	return t
}

// avanceRestante is what advances have paid and no later invoice has taken over.
func (d *Dossier) avanceRestante() Montant {
	var t Montant
	for _, f := range d.Factures {
		switch {
		case !f.Etat.Approuve():
		case f.Avance:
			t += f.Approuve
		default:
			t -= f.Impute
		}
	}
	return t
}

// AvanceAImputer is what advances already paid take on the next invoices (S08).
func (d *Dossier) AvanceAImputer() Montant { return max(0, d.avanceRestante()) }

// periodeApprouvee reports whether hours were already approved on an invoice.
func (d *Dossier) periodeApprouvee() bool {
	return slices.ContainsFunc(d.Factures, func(f Facture) bool { return !f.Avance && f.Etat.Approuve() })
}

// avancer approves an advance: it rests on the accord, not on hours.
func (t *tableau) avancer(f Facture) FactureConstatee {
	net := f.TotalHT - f.TotalAvoirs()
	x := FactureConstatee{Facture: f.ID, Approuve: max(0, min(net, Somme(t.engages)))}
	x.NonApprouve = net - x.Approuve
	if x.NonApprouve > 0 {
		x.expliquer(f, nil)
	}
	x.Parts = t.d.ventiler(x.Approuve, t.deja, t.engages)
	t.deja, t.engages = plus(t.deja, x.Parts), moins(t.engages, x.Parts)
	t.avance += x.Approuve
	return x
}
