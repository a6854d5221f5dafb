package opco

import "slices"

// restituer undoes what a payment took on the indu (I03): the bank did not execute it,
// and what is left to pay of its invoice is smaller than what it kept. The debt is due
// again, even when it was settled; one that a responsable found not to be due is not.
func (p *pasIndu) restituer() error {
	c, err := lireIndu[ChargeCompensation](p)
	if err != nil {
		return err
	}
	i := p.i
	i.Abandons, i.Annules = i.abandonnes(), i.annules()
	parts := i.partsRestituees(c.Montant)
	for _, x := range parts {
		p.reverser(x)
	}
	i.Recouvrements = append(i.Recouvrements, Recouvrement{Type: RecouvrementCompensation, Montant: -c.Montant, Date: p.f.Jour(),
		Reference: c.Reglement, Parts: moins(nil, parts)})
	if i.NonDu {
		p.mouvoir(MouvementInduAnnule, parts)
		i.Annules = plus(i.Annules, parts)
		p.dire("Le règlement %s n’a pas été payé : %s n’y sont plus retenus. L’indu est annulé, ils ne sont pas réclamés.", c.Reglement, c.Montant)
		return nil
	}
	if i.Etat.Final() {
		i.Etat = InduNotifie
		p.armerRelances(p.f.Jour())
	}
	p.dire("Le règlement %s n’a pas été payé : %s qui y étaient retenus restent dus ; il reste %s.", c.Reglement, c.Montant, i.Reste())
	p.ecrire(CourrierInduRelance, 0)
	return nil
}

// annules is what is not due, by fund. A debt cancelled before the parts were kept was
// cancelled for all that had not come back.
func (i *Indu) annules() []PartFonds {
	if i.Etat == InduAnnule && len(i.Annules) == 0 {
		return moins(i.nonRecouvre(), i.Abandons)
	}
	return i.Annules
}

// reverser makes x due again to its fund: taken from its envelope as far as it has
// something left, else from the fund itself, which will have it back first.
func (p *pasIndu) reverser(x PartFonds) {
	if slices.Contains(p.f.Clos, x.Enveloppe) {
		p.mouvoir(MouvementRestitutionClos, []PartFonds{x})
		return
	}
	la := PartFonds{Enveloppe: x.Enveloppe, Code: x.Code, Montant: min(x.Montant, p.f.Disponible[x.Enveloppe])}
	avance := PartFonds{Enveloppe: x.Enveloppe, Code: x.Code, Montant: x.Montant - la.Montant}
	p.mouvoir(MouvementRestitution, []PartFonds{la})
	p.mouvoir(MouvementRestitutionClos, []PartFonds{avance})
	p.i.Avances = plus(p.i.Avances, []PartFonds{avance})
}

// partsRestituees shares m, taken back from what had come back, among the funds: each
// keeps its share of what is left of it.
func (i *Indu) partsRestituees(m Montant) []PartFonds {
	cumul, reste, rendus := i.Recouvre()-m, m, moins(i.Parts, i.nonRecouvre())
	parts := make([]PartFonds, len(i.Parts))
	for k, x := range i.Parts {
		rendu := surFonds(rendus, x.Enveloppe)
		parts[k] = PartFonds{Enveloppe: x.Enveloppe, Code: x.Code}
		parts[k].Montant = max(0, min(rendu-cumul.Fraction(int64(x.Montant), int64(i.Montant)), rendu, reste))
		reste -= parts[k].Montant
	}
	for k := len(parts) - 1; k >= 0 && reste > 0; k-- {
		ajout := min(reste, surFonds(rendus, parts[k].Enveloppe)-parts[k].Montant)
		parts[k].Montant += ajout
		reste -= ajout
	}
	return sansNuls(parts)
}

// reprendre ends the claim because the payment itself came back from the bank (R06):
// in whatever état the debt is, what is not recovered is asked for no more, and what
// was given up is not lost any more. What the debtor has already given back is paid to
// it again with the invoice.
func (p *pasIndu) reprendre() error {
	c, err := lireIndu[ChargeRepriseIndu](p)
	if err != nil {
		return err
	}
	i := p.i
	abandons, reste := i.abandonnes(), i.ResteParts()
	p.mouvoir(MouvementInduAnnule, reste)
	i.Annules, i.Abandons = plus(plus(i.annules(), reste), abandons), nil
	i.Etat = InduAnnule
	i.Reponse = "La banque nous a rendu le virement " + c.Reglement + " : ce qui restait à rendre de cette facture n’est plus réclamé."
	if rendu := i.Recouvre(); rendu > 0 {
		i.Reponse += " " + rendu.String() + " déjà rendus ou retenus vous sont payés de nouveau avec elle."
	}
	p.dire("Virement %s revenu de la banque : %s ne sont plus réclamés%s.", c.Reglement, c.Montant, i.rendusDits())
	if i.NotifieLe != "" {
		p.ecrire(CourrierInduReponse, 0)
	}
	return nil
}

// rendusDits says what becomes of what the debtor had already given back.
func (i *Indu) rendusDits() string {
	if i.Recouvre() == 0 {
		return ""
	}
	return " ; " + i.Recouvre().String() + " déjà recouvrés sont à payer de nouveau avec la facture " + i.FactureNumero
}
