package opco

import (
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
	libere := Somme(k.Liberes)
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

func rendus(m Montant) string {
	if m == 0 {
		return ""
	}
	return ", " + m.String() + " rendus à l’enveloppe"
}
