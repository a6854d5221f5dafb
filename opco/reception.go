package opco

import (
	"fmt"
	"slices"
	"strings"
)

// facturer takes an invoice in (T21, F01 to F04). What it becomes is decided at
// once by the conformity checks; none of them touches money.
func (p *pas) facturer() error {
	c, err := lire[ChargeFacturer](p)
	if err != nil {
		return err
	}
	d, fac := p.d, c.Facture.completee().deposee(p.f.Jour())
	if _, err := p.facture(fac.ID); err == nil || fac.ID == "" {
		return Errorf(Conflict, "Cette facture est déjà dans le dossier : donnez un autre identifiant à la nouvelle.")
	}
	fac.Etat, fac.Motif, fac.Phrase = ControlerFacture(d, fac, p.f)
	if fac.Electronique != nil {
		fac.Electronique.IBAN = "" // compared: the invoice holds it, and shows it masked
	}
	if !fac.Etat.Final() && !p.attendFacture(fac) {
		fac.Etat = FactureRefusee
		fac.Motif, fac.Phrase = d.horsDelai(fac)
	}
	p.e.Motif = string(fac.Motif)
	d.Factures = append(d.Factures, fac)
	depot := &d.Factures[len(d.Factures)-1]
	switch fac.Etat {
	case FactureRefusee, FactureRejetee:
		p.dire("Facture %s %s : %s", fac.Numero, minuscule(fac.Etat), fac.Phrase)
		p.ecrire(Courrier{Evenement: CourrierFactureRefusee, Facture: fac.ID}, p.emetteur(fac))
		return nil
	case FactureSuspendue:
		return p.suspendre(depot)
	}
	depot.ConformeLe = p.f.Jour()
	if fac.Remplace != "" {
		return p.deposerRemplacante(depot)
	}
	p.ecrire(Courrier{Evenement: CourrierFactureRecue, Facture: fac.ID}, p.emetteur(fac))
	p.examiner(fmt.Sprintf("Facture %s reçue : %s.", fac.Numero, fac.TotalHT))
	return nil
}

// examiner puts the dossier on the desk of the service fait for an invoice that
// has come. While another is being paid, it waits for the end of the payment.
func (p *pas) examiner(phrase string) {
	if slices.Contains(enPaiement, p.d.Etat) {
		p.dire("%s", phrase)
		return
	}
	p.reprendreControleEnDisant(phrase)
}

// attendFacture reports whether the dossier is at the étape of the pièces de fin,
// or is paid period by period and its training has begun, or fac is an advance, or
// replaces an invoice approved before (S09): any other has come too early or too late.
func (p *pas) attendFacture(fac Facture) bool {
	if ancienne, ok := p.d.factureNumero(fac.Remplace); ok && ancienne.Etat.Approuve() {
		return fac.Etat == FacturePriseEnCharge
	}
	if fac.Avance && slices.Contains(accordees, p.d.Etat) {
		return true
	}
	return slices.Contains(piecesFin, p.d.Etat) || p.d.Demande.Echelonnement && slices.Contains(parPeriode, p.d.Etat)
}

// horsDelai says why the dossier does not take an invoice that is right in itself:
// the training is not over, and its number stays free; or nothing is awaited.
func (d *Dossier) horsDelai(f Facture) (Motif, string) {
	if d.Etat != EtatAccordee && d.Etat != EtatAccordeePartielle && d.Etat != EtatEnRealisation {
		return MotifContratTerm, "Ce dossier n’attend pas de facture : il est « " + d.Etat.String() + " »."
	}
	fin := d.Demande.Fin
	if d.Demande.Echelonnement && f.Au != "" {
		fin = f.Au
	}
	return MotifLivrIncomp, "Cette facture est arrivée avant la fin de la formation : renvoyez-la après le " + fin.Longue() +
		", sous le même numéro si vous voulez."
}

// deposee returns f as its issuer may write it: what the OPCO decides of an
// invoice is never taken from the envoi.
func (f Facture) deposee(jour Date) Facture {
	f.RecueLe, f.ConformeLe, f.EcheanceLe, f.SuspendueLe = jour, "", "", ""
	f.Etat, f.Motif, f.Phrase = FactureDeposee, "", ""
	f.Approuve, f.Impute, f.NonApprouve, f.AttendAvoir, f.ApprouvePar = 0, 0, 0, false, Acteur{}
	f.Avoirs, f.Parts, f.Constatees, f.Complements, f.Rendu = nil, nil, nil, nil, nil
	return f
}

func minuscule(e EtatFacture) string {
	if e == FactureRejetee {
		return "rejetée"
	}
	return "refusée"
}

// emetteur is the party to answer about an invoice.
func (p *pas) emetteur(f Facture) Role {
	if f.Emetteur == p.d.Demande.Organisme.SIRET {
		return RoleOrganisme
	}
	return RoleEntreprise
}

// suspendre keeps an invoice that waits for a justificatif (F04). Its délais and
// its relances run from this day; what is missing makes the dossier non conforme
// when it is the invoice itself that is wrong (S02 a).
func (p *pas) suspendre(fac *Facture) error {
	fac.SuspendueLe = p.f.Jour()
	p.ecrire(Courrier{Evenement: CourrierFactureSuspendue, Facture: fac.ID}, p.emetteur(*fac))
	phrase := fmt.Sprintf("Facture %s suspendue : %s", fac.Numero, fac.Phrase)
	p.dire("%s", phrase)
	if fac.Motif != MotifJustifAbs && slices.Contains(piecesFin, p.d.Etat) {
		p.reprendreControleEnDisant(phrase)
		p.armerAussitot(ActeDeclarerNonConforme, prefixeFacture+fac.ID)
		return nil
	}
	p.armerSuspension(*fac, prefixeJustificatif)
	return nil
}

// armerSuspension arms what follows a suspended invoice: its relances, unless
// those of the dossier speak for it, and the end of its délai.
func (p *pas) armerSuspension(f Facture, relances string) {
	if relances != "" {
		p.armerFacture(relances, f, f.SuspendueLe)
	}
	p.armerFin(ActeRefuserFacture, prefixeFacture+f.ID, f.SuspendueLe.Jours(p.f.Parametres.RefusFacture))
}

// refuser ends an invoice (F08) and tells who sent it.
func (p *pas) refuser(f *Facture, m Motif, phrase string) {
	f.Etat, f.Motif, f.Phrase, f.AttendAvoir = FactureRefusee, m, phrase, false
	p.ecrire(Courrier{Evenement: CourrierFactureRefusee, Facture: f.ID}, p.emetteur(*f))
}

// refuserOuvertes ends every invoice that still waits for a decision: the dossier
// ends and none of them can be paid any more.
func (p *pas) refuserOuvertes(m Motif, phrase string) {
	for i := range p.d.Factures {
		if f := &p.d.Factures[i]; f.Etat.Ouverte() {
			p.refuser(f, m, phrase)
		}
	}
}

// facture returns the invoice of the given id, for change.
func (p *pas) facture(id string) (*Facture, error) {
	for i := range p.d.Factures {
		if p.d.Factures[i].ID == id {
			return &p.d.Factures[i], nil
		}
	}
	return nil, Errorf(NotFound, "Cette facture n’existe pas dans ce dossier.")
}

// refuserFacture refuses one open invoice: a gestionnaire with a reason, or the
// system when the missing justificatif never came (F08, F04 at J+30). A gestionnaire
// may also refuse one whose avoir never came (206 QTE_ERR): what was approved of it
// goes back to the engagement, and the dossier waits for its pièces.
func (p *pas) refuserFacture() error {
	id, motif, phrase, err := p.lireRefus()
	if err != nil {
		return err
	}
	f, err := p.facture(id)
	if err != nil {
		return err
	}
	sansAvoir := f.AttendAvoir && f.Etat.Approuve() && p.ech == nil
	if !f.Etat.Ouverte() && !sansAvoir {
		return Errorf(Conflict, "La facture %s est « %s » : elle ne peut plus être refusée.", f.Numero, f.Etat)
	}
	if sansAvoir {
		rendu := f.Parts
		*f = f.annulee()
		p.rendre(f, rendu)
	}
	p.refuser(f, motif, phrase)
	p.e.Motif = string(motif)
	p.dire("Facture %s refusée : %s", f.Numero, phrase)
	if !p.ouverte() {
		p.d.Complement = nil // what was asked for this invoice is asked no more
	}
	if sansAvoir || slices.Contains(piecesFin, p.d.Etat) {
		p.attendreFacture()
	}
	return nil
}

// lireRefus returns the invoice to refuse and why, from the délai that ended or
// from what the gestionnaire wrote.
func (p *pas) lireRefus() (facture string, m Motif, phrase string, err error) {
	if p.ech != nil {
		return strings.TrimPrefix(p.ech.Code, prefixeFacture), MotifJustifAbs,
			"Le justificatif demandé n’est pas arrivé dans le délai : la facture est refusée. Envoyez-la de nouveau avec lui.", nil
	}
	c, err := lire[ChargeRaison](p)
	if err != nil {
		return "", "", "", err
	}
	if c.Motif == "" || c.Raison == "" {
		return "", "", "", Champf("motif", "Choisissez un motif et écrivez une phrase : l’émetteur la lira telle quelle.")
	}
	return c.Facture, c.Motif, c.Raison, citable(c.Motif, "motif", "un refus de facture", Usage210)
}

// citable refuses a motif that the catalogue does not have for this usage.
func citable(m Motif, champ, quoi string, usages ...UsageMotif) error {
	if slices.ContainsFunc(usages, m.Pour) {
		return nil
	}
	return Champf(champ, "« %s » ne peut pas motiver %s : choisissez un motif de la liste.", citer(m.Libelle()), quoi)
}

// attendreFacture sends the dossier back to wait when no invoice is open. While
// another one is to be paid the dossier stays where it is: what the bank answers
// must find it there.
func (p *pas) attendreFacture() {
	if p.paiementEnCours() || p.ouverte() && slices.Contains(piecesFin, p.d.Etat) {
		return
	}
	if !p.ouverte() {
		p.d.Complement = nil
	}
	p.attendre()
}

// ouverte reports whether an invoice still waits for a decision.
func (p *pas) ouverte() bool {
	return slices.ContainsFunc(p.d.Factures, func(f Facture) bool { return f.Etat.Ouverte() })
}

// mettreEnLitige puts an invoice under discussion (F06).
func (p *pas) mettreEnLitige() error {
	c, err := lire[ChargeRaison](p)
	if err != nil {
		return err
	}
	if c.Raison == "" || c.Motif == "" {
		return Champf("raison", "Dites ce qui est en discussion : l’émetteur le lira.")
	}
	if err := citable(c.Motif, "motif", "une mise en litige", Usage207); err != nil {
		return err
	}
	f, err := p.facture(c.Facture)
	if err != nil {
		return err
	}
	if f.Etat != FacturePriseEnCharge {
		return Errorf(Conflict, "La facture %s est « %s » : seule une facture prise en charge peut être mise en litige.", f.Numero, f.Etat)
	}
	f.Etat, f.Motif, f.Phrase = FactureEnLitige, c.Motif, c.Raison
	p.e.Motif = string(c.Motif)
	p.armerRevue(*f)
	p.dire("Facture %s en litige : %s", f.Numero, c.Raison)
	p.ecrire(Courrier{Evenement: CourrierFactureSuspendue, Facture: f.ID}, p.emetteur(*f))
	return nil
}

// armerRevue arms the next review of an invoice in dispute (F06).
func (p *pas) armerRevue(f Facture) {
	if n := p.f.Parametres.RevueLitige; n > 0 {
		p.armerRappel(ActeAlerter, prefixeLitige+f.ID, p.jourEffet().Jours(n))
	}
}

// declarerNonConforme says what is wrong in the pièces de fin (T22). The open
// invoices are suspended, with relances and an end like a complément's.
func (p *pas) declarerNonConforme() error {
	c, err := lire[ChargeNonConforme](p)
	if err != nil {
		return err
	}
	if p.ech != nil {
		f, err := p.facture(strings.TrimPrefix(p.ech.Code, prefixeFacture))
		if err != nil {
			return err
		}
		if f.Etat != FactureSuspendue {
			p.dire("Facture %s : rien à demander, elle est « %s ».", f.Numero, f.Etat)
			return nil
		}
		c.Defauts = p.d.defauts(*f)
	}
	if err := p.exigerPieces("defauts", c.Defauts, UsageServiceFait, UsagePiece, Usage208); err != nil {
		return err
	}
	p.d.Complement = &Complement{LeJour: p.f.Jour(), Pieces: c.Defauts}
	p.d.Etat = EtatSFNonConforme
	p.d.Echeances = nil
	for i := range p.d.Factures {
		if f := &p.d.Factures[i]; f.Etat.Ouverte() {
			f.Etat, f.Motif, f.Phrase, f.SuspendueLe = FactureSuspendue, c.Defauts[0].Motif, c.Defauts[0].Precision, p.f.Jour()
			p.armerSuspension(*f, "")
		}
	}
	p.armerNonConforme()
	p.e.Motif = string(c.Defauts[0].Motif)
	p.dire("Service fait non conforme : %s.", listePieces(c.Defauts))
	p.ecrire(Courrier{Evenement: CourrierNonConforme}, p.d.beneficiaire())
	return nil
}

// armerNonConforme arms the relances of what was declared non conforme that are
// still to come, and the forclusion, never before the end of their délai.
func (p *pas) armerNonConforme() {
	for i, n := range p.f.Parametres.RelanceFacture {
		if jour := p.d.Complement.LeJour.Jours(n); jour.Heure(8, 0).After(p.f.Le) {
			p.armerRappel(ActeRelancer, fmt.Sprintf("relance_%d", i+1), jour)
		}
	}
	p.armerForclusion()
}
