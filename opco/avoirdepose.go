package opco

import (
	"fmt"
	"slices"
)

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
	attendait, rendu, paye := f.AttendAvoir, moins(f.Parts, nouvelle.Parts), p.d.paye(f.ID)
	*f = nouvelle
	p.dire("Avoir %s de %s reçu sur la facture %s.", c.Avoir.Numero, c.Avoir.Montant, f.Numero)
	if paye {
		if p.reclamer(f, CauseAvoir, "", rendu) {
			p.dire("Avoir %s de %s reçu sur la facture %s, déjà payée : %s sont à reprendre.", c.Avoir.Numero, c.Avoir.Montant, f.Numero, Somme(rendu))
		}
		p.sansSuite()
		return nil
	}
	p.rendre(f, rendu)
	switch {
	case f.Etat == FactureAnnuleeParAvoir && slices.Contains(payees, p.d.Etat):
		p.sansSuite() // an invoice that an advance had paid
	case f.Etat == FactureAnnuleeParAvoir:
		p.attendreFacture()
	case attendait && !f.AttendAvoir && !p.d.regle(f.ID):
		p.mettreEnPaiement(f)
		if !p.paiementEnCours() && p.d.Etat == EtatEnReglement {
			p.apresPaiement(p.f.Jour())
		}
	}
	return nil
}

// sansSuite claims what is left of an advance when no invoice will come any more.
func (p *pas) sansSuite() {
	if p.d.Etat == EtatReglee || p.d.Etat == EtatCloturee {
		p.reclamerAvance(CauseAvance)
	}
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
	annule := p.annulerReglement(f.ID)
	p.rendreRetenues(f)
	if annule && (f.Etat == FactureApprouvee || f.Etat == FactureApprouveePartiel) {
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
