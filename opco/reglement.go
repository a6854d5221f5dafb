package opco

import (
	"fmt"
	"slices"
)

// mettreEnPaiement creates the règlement of an approved invoice. Its id and
// rank come from the invoice alone, so that a replay makes the same one. One that
// an advance has paid wholly is IMPUTEE, without a règlement. What was taken on a
// règlement that was not paid, for a debt of the payee, stays taken on the next, which
// is settled without the bank when nothing else is left of it. While the contrôle holds
// the dossier nothing of it pays a debt either: what was kept is given back.
func (p *pas) mettreEnPaiement(f *Facture) {
	if f.APayer() == 0 {
		f.Etat, f.EcheanceLe = FactureImputee, ""
		return
	}
	siret, _ := p.d.Beneficiaire()
	n := Reglement{Facture: f.ID, Rang: 1, Beneficiaire: siret, Parts: f.Parts, Echeance: f.EcheanceLe, Etat: ReglementAPayer}
	if r := p.d.dernierReglement(f.ID); r != nil {
		if p.f.Suspension != nil && f.APayer() == r.Garde() {
			p.relacher(r, r.Garde())
		}
		n.Rang, n.Precedent, n.Compensations = r.Rang+1, r.ID, r.Gardees()
	}
	n.ID, n.Montant = fmt.Sprintf("%s-%d", f.ID, n.Rang), f.APayer()-n.Compense()
	p.d.Reglements = append(p.d.Reglements, n)
	if n.Montant == 0 {
		p.solderSansBanque(&p.d.Reglements[len(p.d.Reglements)-1])
	}
}

// reglement returns the règlement that the bank speaks of.
func (p *pas) reglement() (*Reglement, ChargeReglement, error) {
	c, err := lire[ChargeReglement](p)
	if err != nil {
		return nil, c, err
	}
	for i := range p.d.Reglements {
		if r := &p.d.Reglements[i]; r.ID == c.Reglement {
			return r, c, nil
		}
	}
	return nil, c, Errorf(NotFound, "Ce règlement n’existe pas dans ce dossier.")
}

// attend returns a Conflict error when r may not become e: money comes back only
// after it left, and a règlement is executed or rejected once.
func (r *Reglement) attend(e EtatReglement) error {
	bon := r.Etat.Vivant() && r.Etat != ReglementExecute
	if e == ReglementRetourne {
		bon = r.Etat == ReglementExecute
	}
	if !bon {
		return Errorf(Conflict, "Le règlement %s a déjà son issue : ce fait de la banque ne la change plus.", r.Numero)
	}
	return nil
}

// regler notes that the bank has executed a règlement (T27, R05).
func (p *pas) regler() error {
	r, c, err := p.reglement()
	if err != nil {
		return err
	}
	if err := r.attend(ReglementExecute); err != nil {
		return err
	}
	r.Etat, r.ExecuteLe = ReglementExecute, c.Date
	if f, err := p.facture(r.Facture); err == nil {
		f.Etat = FacturePaiementTransmis
	}
	p.ecrire(Courrier{Evenement: CourrierAvisVirement, Reglement: r.ID}, p.d.beneficiaire())
	p.dire("Règlement %s exécuté : %s.", r.Numero, r.Montant)
	if !p.paiementEnCours() {
		p.apresPaiement(c.Date)
	}
	return nil
}

// apresPaiement says what comes once nothing is being paid: the next period, an
// invoice that waits, or thirty quiet days before the clôture (T27, T28).
func (p *pas) apresPaiement(jour Date) {
	p.desarmer()
	if (p.d.Demande.Echelonnement || p.ouverte()) && Somme(p.d.Engagements)+p.d.avanceRestante() > 0 {
		p.d.Etat = EtatRegleePartielle
		p.armerAussitot(ActeAttendreSuite, "suite")
		return
	}
	p.d.Etat, p.d.Complement = EtatReglee, nil
	p.armerFin(ActeCloturer, "cloture", jour.Jours(p.f.Parametres.ClotureJours))
}

// paiementEnCours reports whether an approved invoice is not paid yet.
func (p *pas) paiementEnCours() bool {
	return slices.ContainsFunc(p.d.Factures, func(f Facture) bool {
		return f.Etat == FactureApprouvee || f.Etat == FactureApprouveePartiel
	})
}

// attendreSuite goes back to what is left: pièces asked for, an invoice to
// examine, the training, or the pièces of the next period (T28).
func (p *pas) attendreSuite() error {
	p.attendre()
	switch p.d.Etat {
	case EtatSFNonConforme:
		p.dire("Paiement fait : les pièces demandées le %s sont toujours attendues.", p.d.Complement.LeJour.Longue())
	case EtatSFEnControle:
		p.dire("Période réglée : une facture attend le contrôle du service fait.")
	case EtatEnRealisation:
		p.dire("Période réglée : la formation continue.")
	case EtatAccordee, EtatAccordeePartielle:
		p.dire("Avance réglée : la formation commence le %s.", p.d.Demande.Debut.Longue())
	default:
		p.dire("Période réglée : les pièces de la période suivante sont attendues.")
	}
	return nil
}

// rejeterReglement notes that the bank refused to pay (R04). The invoice stays
// approved; the payee is asked for a new RIB. One whose file the bank never had is to pay
// again at once, and nobody is written to: nothing is wrong with the account.
func (p *pas) rejeterReglement() error {
	r, c, err := p.reglement()
	if err != nil {
		return err
	}
	if err := r.attend(ReglementRejete); err != nil {
		return err
	}
	r.Etat, r.Motif, r.Cause = ReglementRejete, c.Motif, c.Cause
	p.e.Motif = c.Motif
	if c.Motif == string(IssueJamaisParti) {
		return p.repayer(*r)
	}
	p.dire("Règlement %s rejeté par la banque (%s) : un nouveau RIB est demandé au bénéficiaire.", r.Numero, c.Motif)
	p.ecrire(Courrier{Evenement: CourrierRejetBancaire, Reglement: r.ID}, p.d.beneficiaire())
	return nil
}

// repayer puts what never left to pay again, under a new EndToEndId. What the contrôle
// holds, or what waits for an avoir, is put back by a person later (R07).
func (p *pas) repayer(r Reglement) error {
	f, err := p.facture(r.Facture)
	if err != nil {
		return err
	}
	if p.f.Suspension != nil || !f.Etat.Approuve() || f.AttendAvoir || p.d.regle(f.ID) {
		p.dire("Règlement %s jamais arrivé à la banque : il n’est pas payé, et n’est pas à payer maintenant.", r.Numero)
		return nil
	}
	p.mettreEnPaiement(f)
	p.dire("Règlement %s jamais arrivé à la banque : il est de nouveau à payer.", r.Numero)
	return nil
}

// retournerReglement notes that the money came back (R06).
func (p *pas) retournerReglement() error {
	r, c, err := p.reglement()
	if err != nil {
		return err
	}
	if err := r.attend(ReglementRetourne); err != nil {
		return err
	}
	r.Etat, r.Motif, r.Cause = ReglementRetourne, c.Motif, c.Cause
	p.e.Motif = c.Motif
	f, err := p.facture(r.Facture)
	if err != nil {
		return err
	}
	if !p.repayable(f, r.Numero) {
		p.dire("Règlement %s revenu de la banque (%s) : rien n’est plus à payer sur sa facture.", r.Numero, c.Motif)
		return nil
	}
	p.desarmer()
	p.d.Etat = EtatEnReglement
	p.dire("Règlement %s revenu de la banque (%s) : un nouveau RIB est demandé au bénéficiaire.", r.Numero, c.Motif)
	p.ecrire(Courrier{Evenement: CourrierRejetBancaire, Reglement: r.ID}, p.d.beneficiaire())
	return nil
}

// representer asks for a rejected or returned règlement to be paid again (R07),
// as a new one with a new EndToEndId.
func (p *pas) representer() error {
	c, err := lire[ChargeReglement](p)
	if err != nil {
		return err
	}
	for _, r := range p.d.Reglements {
		if r.ID != c.Reglement {
			continue
		}
		f, err := p.facture(r.Facture)
		if err != nil {
			return err
		}
		if p.d.regle(f.ID) {
			return Errorf(Conflict, "Cette facture a déjà un règlement en cours ou exécuté.")
		}
		if r.Etat == ReglementAnnule || !f.Etat.Approuve() || f.AttendAvoir {
			return Errorf(Conflict, "Rien n’est à payer sur la facture %s : elle est « %s ».", f.Numero, f.Etat)
		}
		if f.APayer() == 0 { // all of it was claimed back before the bank gave it back
			return Errorf(Conflict, "Rien n’est plus à payer sur la facture %s : tout ce qui en a été approuvé n’est plus dû.", f.Numero)
		}
		if refus := p.f.RIBPaye.refus("ce bénéficiaire"); refus != nil {
			return refus
		}
		if err := p.f.Suspension.refus("la remise en paiement"); err != nil {
			return err
		}
		p.mettreEnPaiement(f)
		p.dire("Règlement %s remis en paiement.", r.Numero)
		if f.Etat == FacturePaiementTransmis {
			p.dire("Règlement %s soldé sans virement : tout en est retenu sur des sommes dues.", r.Numero)
		}
		return nil
	}
	return Errorf(NotFound, "Ce règlement n’existe pas dans ce dossier.")
}

// regle reports whether invoice id has a living règlement.
func (d *Dossier) regle(id string) bool {
	return slices.ContainsFunc(d.Reglements, func(r Reglement) bool { return r.Facture == id && r.Etat.Vivant() })
}

// cloturer ends a dossier that has been quiet since it was paid (T29).
func (p *pas) cloturer() error {
	if p.f.InduOuvert { // the dossier stays at hand while its debt is (T29)
		jour := p.jourEffet().Jours(p.f.Parametres.ClotureJours)
		p.armerFin(ActeCloturer, "cloture", jour)
		p.dire("Un indu de ce dossier n’est pas soldé : la clôture est revue le %s.", jour.Longue())
		return nil
	}
	p.reclamerAvance(CauseAvance)
	p.d.Etat = EtatCloturee
	p.refuserOuvertes(MotifContratTerm, "Le dossier est clos : cette facture est restée sans sa pièce manquante.")
	p.desarmer()
	libere := p.liberer()
	p.dire("Dossier clos le %s.", p.jourEffet().Longue())
	p.ecrire(Courrier{Evenement: CourrierCloture}, RoleEntreprise, RoleOrganisme)
	if libere > 0 {
		p.dire("Dossier clos le %s ; %s rendus à l’enveloppe.", p.jourEffet().Longue(), libere)
	}
	return nil
}
