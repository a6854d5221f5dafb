package opco

import (
	"fmt"
	"slices"
)

// constater accepts the service fait (T25, T26, F07): each open invoice is
// approved for what the comparison allows, the rest of the engagement is given
// back. Above the threshold it takes someone else than who decided the accord.
func (p *pas) constater() error {
	c, err := lire[ChargeConstater](p)
	if err != nil {
		return err
	}
	if err := p.f.Suspension.refus("la validation du service fait"); err != nil {
		return err
	}
	d := p.d
	solde := c.Solde || !d.Demande.Echelonnement
	k, err := Constater(d, solde, p.f)
	if err != nil {
		return err
	}
	if k.Payable >= p.f.Parametres.SecondRegard && d.aDecide(p.a.Par) {
		return Errorf(Forbidden, "À partir de %s, le service fait est validé par une autre personne que celle qui a accordé.",
			p.f.Parametres.SecondRegard).AvecCode("QUATRE_YEUX")
	}
	p.desarmer()
	for _, x := range k.Factures {
		if err := p.approuver(x); err != nil {
			return err
		}
	}
	d.Engagements = moins(d.Engagements, k.Liberes)
	p.mouvoir(MouvementDegagement, k.Liberes)
	if k.Payable == 0 {
		return p.cloreSansReglement(k)
	}
	p.dire("Service fait validé : %s à payer%s%s.", k.aPayer(), impute(k.Payable-k.aPayer()), rendus(Somme(k.Liberes)))
	if solde {
		p.reclamerAvance(CauseAvance)
	}
	if p.paiementEnCours() {
		d.Etat = EtatEnReglement
		return nil
	}
	p.apresPaiement(p.f.Jour()) // an advance had paid it all
	return nil
}

// aPayer is what the funds pay of the constat, once the advances are imputed.
func (k Constat) aPayer() Montant {
	var t Montant
	for _, f := range k.Factures {
		t += f.Approuve - f.Impute
	}
	return t
}

func impute(m Montant) string {
	if m == 0 {
		return ""
	}
	return ", " + m.String() + " imputés sur l’avance"
}

// aDecide reports whether a, or who a acts for, took the décision in force or one
// that an avenant replaced.
func (d *Dossier) aDecide(a Acteur) bool {
	par := func(x Decision) bool { return a.Croise(x.DecidePar) }
	return par(*d.Decision) || slices.ContainsFunc(d.Anciennes, par)
}

// cloreSansReglement ends a dossier in which nobody came (T26, S10).
func (p *pas) cloreSansReglement(k Constat) error {
	d := p.d
	p.refuserOuvertes(MotifQteErr, "Aucune heure n’a été suivie : rien n’est à payer.")
	libere := Somme(k.Liberes) + p.liberer()
	p.reclamerAvance(CauseAvance)
	d.Etat, d.Complement = EtatCloturee, nil
	p.desarmer()
	if Somme(d.Acceptes) > 0 { // the last period of a dossier already paid in part
		p.dire("Rien de plus n’a été suivi : dossier clos, %s rendus à l’enveloppe.", libere)
		p.ecrire(Courrier{Evenement: CourrierCloture}, RoleEntreprise, RoleOrganisme)
		return nil
	}
	p.e.Motif = string(MotifSFAucunePresence)
	p.dire("Personne n’a suivi la formation : dossier clos, %s rendus à l’enveloppe.", libere)
	p.ecrire(Courrier{Evenement: CourrierCloture}, RoleEntreprise, RoleOrganisme)
	return nil
}

// approuver gives an invoice what the constat allows and, when nothing more is
// awaited, creates its règlement.
func (p *pas) approuver(x FactureConstatee) error {
	f, err := p.facture(x.Facture)
	if err != nil {
		return err
	}
	f.Approuve, f.NonApprouve, f.Motif, f.Phrase = x.Approuve, x.NonApprouve, x.Motif, x.Phrase
	f.AttendAvoir, f.Parts, f.ApprouvePar, f.Impute = x.AttendAvoir, x.Parts, p.a.Par, x.Impute
	f.Constatees = x.Lignes
	if x.Approuve == 0 {
		p.refuser(f, x.Motif, x.Phrase)
		return nil
	}
	f.Etat = FactureApprouvee
	if x.NonApprouve > 0 {
		f.Etat = FactureApprouveePartiel
	}
	f.EcheanceLe = f.ConformeLe.Jours(p.f.Parametres.PaiementJours)
	p.d.Acceptes = plus(p.d.Acceptes, x.Parts)
	p.d.Engagements = moins(p.d.Engagements, x.Parts)
	p.mouvoir(MouvementServiceFait, x.Parts)
	p.ecrire(Courrier{Evenement: CourrierFactureApprouvee, Facture: f.ID}, p.emetteur(*f))
	if !f.AttendAvoir {
		p.mettreEnPaiement(f)
		return nil
	}
	p.armerFacture(prefixeAvoir, *f, p.f.Jour())
	p.armerRappel(ActeAlerter, prefixeSansAvoir+f.ID, p.f.Jour().Jours(p.f.Parametres.RefusFacture))
	return nil
}

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
// approved; the payee is asked for a new RIB.
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
	p.dire("Règlement %s rejeté par la banque (%s) : un nouveau RIB est demandé au bénéficiaire.", r.Numero, c.Motif)
	p.ecrire(Courrier{Evenement: CourrierRejetBancaire, Reglement: r.ID}, p.d.beneficiaire())
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

// parts adds and takes away shares, envelope by envelope; null shares vanish.
func plus(a, b []PartFonds) []PartFonds  { return combiner(a, b, 1) }
func moins(a, b []PartFonds) []PartFonds { return combiner(a, b, -1) }

func combiner(a, b []PartFonds, signe Montant) []PartFonds {
	somme := slices.Clone(a)
	for _, x := range b {
		i := slices.IndexFunc(somme, func(y PartFonds) bool { return y.Enveloppe == x.Enveloppe })
		if i < 0 {
			somme = append(somme, PartFonds{Enveloppe: x.Enveloppe, Code: x.Code})
			i = len(somme) - 1
		}
		somme[i].Montant += signe * x.Montant
	}
	return slices.DeleteFunc(somme, func(y PartFonds) bool { return y.Montant == 0 })
}

func rendus(m Montant) string {
	if m == 0 {
		return ""
	}
	return ", " + m.String() + " rendus à l’enveloppe"
}
