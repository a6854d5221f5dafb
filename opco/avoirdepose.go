package opco

import "fmt"

// deposerAvoir applies a credit note (F09, S09).
func (p *pas) deposerAvoir() error {
	c, err := lire[ChargeAvoir](p)
	if err != nil {
		return err
	}
	c.Avoir.RecuLe = p.f.Le
	nouvelle, err := AppliquerAvoir(p.d, c.Avoir, p.f)
	if err != nil {
		return err
	}
	f, err := p.facture(nouvelle.ID)
	if err != nil {
		return err
	}
	attendait, rendu := f.AttendAvoir, moins(f.Parts, nouvelle.Parts)
	*f = nouvelle
	p.rendre(f, rendu)
	p.dire("Avoir %s de %s reçu sur la facture %s.", c.Avoir.Numero, c.Avoir.Montant, f.Numero)
	switch {
	case f.Etat == FactureAnnuleeParAvoir:
		p.attendreFacture()
	case attendait && !f.AttendAvoir && !p.d.regle(f.ID):
		p.mettreEnPaiement(f)
	}
	return nil
}

// rendre gives back to the engagement what an avoir, a replacement or a refusal
// takes off f. A règlement that was to pay it and is in no batch yet is cancelled,
// and made again when something stays payable; one that the bank rejected is paid
// again by a comptable only (R07).
func (p *pas) rendre(f *Facture, rendu []PartFonds) {
	if Somme(rendu) == 0 {
		return
	}
	p.mouvoir(MouvementContrePasse, rendu)
	p.d.Acceptes = moins(p.d.Acceptes, rendu)
	p.d.Engagements = plus(p.d.Engagements, rendu)
	if p.annulerReglement(f.ID) && (f.Etat == FactureApprouvee || f.Etat == FactureApprouveePartiel) {
		p.mettreEnPaiement(f)
	}
}

// annulerReglement cancels the règlement of an invoice that is in no batch yet,
// and reports whether there was one.
func (p *pas) annulerReglement(facture string) bool {
	for i := range p.d.Reglements {
		if r := &p.d.Reglements[i]; r.Facture == facture && r.Etat == ReglementAPayer {
			r.Etat = ReglementAnnule
			return true
		}
	}
	return false
}

// remplacer settles « annule et remplace »: f, just found conforming, takes the
// place of the invoice that it names, within what was approved of it (S09).
func (p *pas) remplacer(f *Facture) error {
	ancienne, nouvelle, err := Remplacer(p.d, *f, p.f)
	if err != nil {
		return err
	}
	vieille, err := p.facture(ancienne.ID)
	if err != nil {
		return err
	}
	rendu := moins(vieille.Parts, nouvelle.Parts)
	p.annulerReglement(ancienne.ID)
	*vieille, *f = ancienne, nouvelle
	p.rendre(vieille, rendu)
	if f.Etat.Approuve() {
		p.ecrire(Courrier{Evenement: CourrierFactureApprouvee, Facture: f.ID}, p.emetteur(*f))
		p.mettreEnPaiement(f)
	}
	return nil
}

// deposerRemplacante takes in an invoice that « annule et remplace » another.
func (p *pas) deposerRemplacante(f *Facture) error {
	if err := p.remplacer(f); err != nil {
		return err
	}
	phrase := fmt.Sprintf("Facture %s reçue : elle annule et remplace la facture %s.", f.Numero, f.Remplace)
	p.dire("%s", phrase)
	if !f.Etat.Approuve() {
		p.ecrire(Courrier{Evenement: CourrierFactureRecue, Facture: f.ID}, p.emetteur(*f))
		p.examiner(phrase)
	}
	return nil
}
