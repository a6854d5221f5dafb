package opco

import (
	"fmt"
	"slices"
)

// reclamer opens an indu of rendu on an invoice that was paid more than it is now
// worth, and reports whether there is anything to claim. What was accepted stays
// accepted: the money left, and comes back by the indu.
func (p *pas) reclamer(f *Facture, cause CauseIndu, raison string, rendu []PartFonds) bool {
	rendu = sansNuls(slices.Clone(rendu))
	m := Somme(rendu)
	if m == 0 {
		return false
	}
	d, n := p.d, 1
	for _, x := range d.Indus {
		if x.Facture == f.ID {
			n++
		}
	}
	x := InduDossier{ID: fmt.Sprintf("%s-i%d", f.ID, n), Facture: f.ID, Cause: cause, Montant: m, Parts: rendu, Le: p.f.Jour()}
	d.Indus = append(d.Indus, x)
	siret, role := d.Beneficiaire()
	p.e.Indus = append(p.e.Indus, Indu{ID: x.ID, Etat: InduNouveau, Dossier: d.ID, DossierNumero: d.Numero, Facture: f.ID,
		FactureNumero: f.Numero, Cause: cause, Raison: raison, Debiteur: siret, RoleDebiteur: role, Montant: m, Parts: rendu,
		ConstateLe: p.f.Jour(), ConstatePar: p.a.Par})
	return true
}

// reclamerAvance claims what advances paid beyond the hours, from the last one,
// once nothing more will come that it could be imputed on.
func (p *pas) reclamerAvance(cause CauseIndu) {
	reste := p.d.avanceRestante()
	for i := len(p.d.Factures) - 1; i >= 0 && reste > 0; i-- {
		f := &p.d.Factures[i]
		if !f.Avance || !f.Etat.Approuve() {
			continue
		}
		m := min(reste, f.Approuve)
		avant := f.Parts
		*f = p.d.reduire(*f, f.Approuve-m)
		p.reclamer(f, cause, "", moins(avant, f.Parts))
		reste -= m
	}
}

// constaterIndu claims a part of a paid invoice: a contrôle found less than what
// was paid, or the same service was paid twice (I01).
func (p *pas) constaterIndu() error {
	c, err := lire[ChargeConstaterIndu](p)
	if err != nil {
		return err
	}
	f, err := p.facture(c.Facture)
	if err != nil {
		return err
	}
	switch {
	case !slices.Contains([]CauseIndu{CauseControle, CauseDoublePaiement, CauseRupture}, c.Cause):
		return Champf("cause", "Choisissez la cause de l’indu dans la liste.")
	case c.Raison == "":
		return Champf("raison", "Dites ce qui a été trouvé : le débiteur le lira.")
	case !p.d.paye(f.ID):
		return Errorf(Conflict, "La facture %s n’est pas payée : demandez un avoir, ou refusez-la.", f.Numero)
	case c.Montant <= 0 || c.Montant > f.Approuve-f.Impute:
		return Champf("montant", "L’indu est compris entre 0,01 € et ce qui a été payé de la facture et n’est pas déjà réclamé : %s.", f.Approuve-f.Impute)
	}
	avant := f.Parts
	*f = p.d.reduire(*f, f.Approuve-c.Montant)
	p.reclamer(f, c.Cause, c.Raison, moins(avant, f.Parts))
	p.dire("Indu de %s constaté sur la facture %s : %s", c.Montant, f.Numero, phrase(c.Raison))
	return nil
}

// compenser takes a debt of the payee on a règlement that is not in a batch yet
// (I03, S17): the transfer is the difference. One that is wholly taken is settled
// without the bank.
func (p *pas) compenser() error {
	c, err := lire[ChargeCompenser](p)
	if err != nil {
		return err
	}
	k := slices.IndexFunc(p.d.Reglements, func(r Reglement) bool { return r.ID == c.Reglement })
	if k < 0 {
		return Errorf(NotFound, "Ce règlement n’existe pas dans ce dossier.")
	}
	r := &p.d.Reglements[k]
	if r.Etat != ReglementAPayer || slices.Contains(p.f.EnLot, r.ID) {
		return Errorf(Conflict, "Le règlement %s est déjà dans un lot, ou payé : compensez sur un autre paiement.", r.Numero)
	}
	if err := p.f.Suspension.refus("la compensation"); err != nil {
		return err
	}
	i, err := p.compensable(c.Indu, *r)
	if err != nil {
		return err
	}
	m := min(r.Montant, i.Disponible)
	r.Compensations = append(slices.Clone(r.Compensations), Compensation{Indu: i.ID, Numero: i.Numero, Montant: m})
	r.Montant -= m
	p.e.SuitesIndu = append(p.e.SuitesIndu, SuiteIndu{Indu: i.ID, Type: ActeCompenserIndu, Charge: ChargeCompensation{Montant: m, Reglement: r.Numero}})
	p.dire("%s retenus sur le règlement %s pour l’indu %s : il reste %s à virer.", m, r.Numero, i.Numero, r.Montant)
	if r.Montant == 0 {
		p.solderSansBanque(r)
	}
	return nil
}

// compensable returns the debt of the payee of r that may be taken on it.
func (p *pas) compensable(id string, r Reglement) (InduDisponible, error) {
	k := slices.IndexFunc(p.f.Indus, func(i InduDisponible) bool { return i.ID == id && i.Debiteur.SIREN() == r.Beneficiaire.SIREN() })
	if k < 0 {
		return InduDisponible{}, Errorf(NotFound, "Cet indu n’existe pas, ou n’est pas dû par le bénéficiaire de ce règlement.")
	}
	i := p.f.Indus[k]
	switch {
	case i.Etat != InduNotifie && i.Etat != InduContentieux:
		return i, Errorf(Conflict, "L’indu %s est « %s » : il ne se compense pas à cette étape.", i.Numero, i.Etat)
	case i.Etat == InduNotifie && !i.Accepte && p.f.Jour() <= i.ReponseAvant:
		return i, Errorf(Conflict, "Le débiteur peut contester l’indu %s jusqu’au %s : sans son accord, attendez ce jour.", i.Numero, i.ReponseAvant.Longue()).
			AvecCode("DELAI_OUVERT")
	case i.Disponible <= 0:
		return i, Errorf(Conflict, "Il ne reste rien à recouvrer de l’indu %s.", i.Numero)
	}
	return i, nil
}

// solderSansBanque settles a règlement of which nothing is left to transfer.
func (p *pas) solderSansBanque(r *Reglement) {
	for _, t := range []TypeMouvement{MouvementOrdonnance, MouvementPaiement} {
		for _, x := range r.Parts {
			p.e.Mouvements = append(p.e.Mouvements, Mouvement{Type: t, Enveloppe: x.Enveloppe, Montant: x.Montant, Reglement: r.ID})
		}
	}
	r.Etat, r.ExecuteLe = ReglementExecute, p.f.Jour()
	if f, err := p.facture(r.Facture); err == nil {
		f.Etat = FacturePaiementTransmis
	}
	p.ecrire(Courrier{Evenement: CourrierAvisVirement, Reglement: r.ID}, p.d.beneficiaire())
	if !p.paiementEnCours() {
		p.apresPaiement(p.f.Jour())
	}
}

// repayable puts an invoice whose money came back where it is to be paid again, and
// reports whether there is anything to pay: what is approved of it, and what its payee
// gave back of debts that are claimed no more.
func (p *pas) repayable(f *Facture, reglement string) bool {
	rendu := p.reprendreIndus(f, reglement)
	if p.d.Etat == EtatAnnulee && f.Etat.Approuve() {
		rendu = plus(rendu, moins(f.Parts, f.Rendu))
		*f = f.annulee()
	}
	p.reprendre(rendu)
	p.rendreRetenues(f)
	if f.APayer() == 0 {
		return false
	}
	f.Etat = FactureApprouvee
	if f.NonApprouve > 0 {
		f.Etat = FactureApprouveePartiel
	}
	if f.Approuve == 0 {
		f.EcheanceLe, f.Phrase = p.f.Jour(), "Cette facture est annulée. "+f.APayer().String()+" que vous nous aviez rendus vous sont payés de nouveau."
	}
	return true
}

// reprendreIndus ends the claims on an invoice whose payment the bank gave back, and
// returns by fund what is paid no more. What of them was recovered, or was found not to
// be due, is the payee's: it is paid again with the invoice.
func (p *pas) reprendreIndus(f *Facture, reglement string) (rendu []PartFonds) {
	for k := range p.d.Indus {
		x := &p.d.Indus[k]
		if x.Facture != f.ID || x.Annule {
			continue
		}
		x.Annule = true
		reste := p.resteIndu(*x)
		garde := moins(x.Parts, reste)
		rendu = plus(rendu, reste)
		f.Rendu, f.Parts = plus(f.Rendu, garde), plus(f.Parts, garde)
		if m := Somme(reste); m > 0 {
			p.e.SuitesIndu = append(p.e.SuitesIndu, SuiteIndu{Indu: x.ID, Type: ActeReprendreIndu, Charge: ChargeRepriseIndu{Montant: m, Reglement: reglement}})
		}
	}
	return rendu
}

// resteIndu is what of a debt of the dossier has not come back, by fund: still due, or
// given up. What payments are taking on it and its own journal has not yet is counted.
func (p *pas) resteIndu(x InduDossier) []PartFonds {
	k := slices.IndexFunc(p.f.Indus, func(i InduDisponible) bool { return i.ID == x.ID })
	if k < 0 {
		return x.Parts
	}
	i := p.f.Indus[k]
	reste := i.ResteParts()
	if pris := i.Reste() - i.Disponible; pris > 0 {
		reste = moins(reste, i.partsRecouvrees(pris))
	} else if pris < 0 && !i.NonDu {
		reste = plus(reste, i.partsRestituees(-pris))
	}
	return plus(reste, i.abandonnes())
}

// rendreRetenues gives back to the debts of the payee what the last règlement of f,
// which paid nothing, kept for them beyond what is left to pay of f.
func (p *pas) rendreRetenues(f *Facture) {
	r := p.d.dernierReglement(f.ID)
	if r == nil || r.Etat.Vivant() {
		return
	}
	p.relacher(r, r.Garde()-f.APayer())
}

// relacher gives trop of what r keeps back to the debts it was kept for, the last first.
func (p *pas) relacher(r *Reglement, trop Montant) {
	gardees := r.Gardees()
	for k := len(gardees) - 1; k >= 0 && trop > 0; k-- {
		c := gardees[k]
		c.Montant = min(c.Montant, trop)
		trop -= c.Montant
		r.Rendues = append(slices.Clone(r.Rendues), c)
		p.e.SuitesIndu = append(p.e.SuitesIndu, SuiteIndu{Indu: c.Indu, Type: ActeRestituerIndu, Charge: ChargeCompensation{Montant: c.Montant, Reglement: r.Numero}})
	}
}

// reprendre gives accepted money back to the engagement, and to the envelope when
// the dossier is over.
func (p *pas) reprendre(rendu []PartFonds) {
	if len(rendu) == 0 {
		return
	}
	p.mouvoir(MouvementContrePasse, rendu)
	p.d.Acceptes = moins(p.d.Acceptes, rendu)
	if p.d.Etat.Final() {
		p.mouvoir(MouvementDegagement, rendu)
		return
	}
	p.d.Engagements = plus(p.d.Engagements, rendu)
}
