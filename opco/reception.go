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
	d, fac := p.d, c.Facture.deposee(p.f.Jour())
	if _, err := p.facture(fac.ID); err == nil || fac.ID == "" {
		return Errorf(Conflict, "Cette facture est déjà dans le dossier : donnez un autre identifiant à la nouvelle.")
	}
	fac.Etat, fac.Motif, fac.Phrase = ControlerFacture(d, fac, p.f)
	if !fac.Etat.Final() && !p.attendFacture(fac) {
		fac.Etat, fac.Motif = FactureRefusee, MotifContratTerm
		fac.Phrase = "Ce dossier n’attend pas de facture : il est « " + d.Etat.String() + " »."
	}
	p.e.Motif = string(fac.Motif)
	if fac.Remplace != "" && fac.Etat == FacturePriseEnCharge {
		return p.remplacer(fac)
	}
	switch fac.Etat {
	case FactureRefusee, FactureRejetee:
		d.Factures = append(d.Factures, fac)
		p.dire("Facture %s %s : %s", fac.Numero, minuscule(fac.Etat), fac.Phrase)
		p.ecrire(Courrier{Evenement: CourrierFactureRefusee, Facture: fac.ID}, p.emetteur(fac))
		return nil
	case FactureSuspendue:
		return p.suspendre(fac)
	}
	fac.ConformeLe = p.f.Jour()
	d.Factures = append(d.Factures, fac)
	p.ecrire(Courrier{Evenement: CourrierFactureRecue, Facture: fac.ID}, p.emetteur(fac))
	p.reprendreControleEnDisant(fmt.Sprintf("Facture %s reçue : %s.", fac.Numero, fac.TotalHT))
	return nil
}

// attendFacture reports whether the dossier is at the étape of the pièces de fin,
// or fac replaces an invoice approved before (S09): any other has come too early
// or too late.
func (p *pas) attendFacture(fac Facture) bool {
	if ancienne, ok := p.d.factureNumero(fac.Remplace); ok && ancienne.Etat.Approuve() {
		return fac.Etat == FacturePriseEnCharge
	}
	return slices.Contains(piecesFin, p.d.Etat)
}

// deposee returns f as its issuer may write it: what the OPCO decides of an
// invoice is never taken from the envoi.
func (f Facture) deposee(jour Date) Facture {
	f.RecueLe, f.ConformeLe, f.EcheanceLe, f.SuspendueLe = jour, "", "", ""
	f.Etat, f.Motif, f.Phrase = FactureDeposee, "", ""
	f.Approuve, f.NonApprouve, f.AttendAvoir, f.ApprouvePar = 0, 0, false, Acteur{}
	f.Avoirs, f.Parts, f.Constatees, f.Complements = nil, nil, nil, nil
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

// suspendre keeps an invoice that waits for a justificatif (F04). Its délais
// run from this day; what is missing makes the dossier non conforme when it is
// the invoice itself that is wrong (S02 a).
func (p *pas) suspendre(fac Facture) error {
	d := p.d
	fac.SuspendueLe = p.f.Jour()
	d.Factures = append(d.Factures, fac)
	p.ecrire(Courrier{Evenement: CourrierFactureSuspendue, Facture: fac.ID}, p.emetteur(fac))
	if fac.Motif != MotifJustifAbs {
		p.reprendreControleEnDisant(fmt.Sprintf("Facture %s suspendue : %s", fac.Numero, fac.Phrase))
		p.armerAussitot(ActeDeclarerNonConforme, prefixeFacture+fac.ID)
		return nil
	}
	p.dire("Facture %s suspendue : %s", fac.Numero, fac.Phrase)
	p.armerFin(ActeRefuserFacture, prefixeFacture+fac.ID, fac.SuspendueLe.Jours(p.f.Parametres.RefusFacture))
	return nil
}

// refuser ends an invoice (F08) and tells who sent it.
func (p *pas) refuser(f *Facture, m Motif, phrase string) {
	f.Etat, f.Motif, f.Phrase = FactureRefusee, m, phrase
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
// system when the missing justificatif never came (F08, F04 at J+30).
func (p *pas) refuserFacture() error {
	id, motif, phrase := "", MotifJustifAbs, "Le justificatif demandé n’est pas arrivé dans le délai : la facture est refusée. Envoyez-la de nouveau avec lui."
	if p.ech != nil {
		id = strings.TrimPrefix(p.ech.Code, prefixeFacture)
	} else {
		c, err := lire[ChargeRaison](p)
		if err != nil {
			return err
		}
		if c.Motif == "" || c.Raison == "" {
			return Champf("motif", "Choisissez un motif et écrivez une phrase : l’émetteur la lira telle quelle.")
		}
		id, motif, phrase = c.Facture, c.Motif, c.Raison
	}
	f, err := p.facture(id)
	if err != nil {
		return err
	}
	if !f.Etat.Ouverte() {
		if p.ech != nil {
			p.dire("Facture %s : rien à faire, elle est « %s ».", f.Numero, f.Etat)
			return nil
		}
		return Errorf(Conflict, "La facture %s est « %s » : elle ne peut plus être refusée.", f.Numero, f.Etat)
	}
	p.refuser(f, motif, phrase)
	p.e.Motif = string(motif)
	p.dire("Facture %s refusée : %s", f.Numero, phrase)
	if slices.Contains(piecesFin, p.d.Etat) {
		p.attendreFacture()
	}
	return nil
}

// attendreFacture sends the dossier back to wait when no invoice is open. While
// another one is to be paid the dossier stays where it is: what the bank answers
// must find it there.
func (p *pas) attendreFacture() {
	ouverte := slices.ContainsFunc(p.d.Factures, func(f Facture) bool { return f.Etat.Ouverte() })
	if ouverte || p.paiementEnCours() {
		return
	}
	p.d.Etat, p.d.Complement = EtatAttenteServiceFait, nil
	p.desarmer()
	p.armerPiecesFin()
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
	f, err := p.facture(c.Facture)
	if err != nil {
		return err
	}
	if f.Etat != FacturePriseEnCharge {
		return Errorf(Conflict, "La facture %s est « %s » : seule une facture prise en charge peut être mise en litige.", f.Numero, f.Etat)
	}
	f.Etat, f.Motif, f.Phrase = FactureEnLitige, c.Motif, c.Raison
	p.e.Motif = string(c.Motif)
	p.dire("Facture %s en litige : %s", f.Numero, c.Raison)
	p.ecrire(Courrier{Evenement: CourrierFactureSuspendue, Facture: f.ID}, p.emetteur(*f))
	return nil
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
		c.Defauts = []PieceDemandee{{Type: PieceFactureOF, Motif: f.Motif, Precision: f.Phrase}}
	}
	if err := p.exigerPieces(c.Defauts); err != nil {
		return err
	}
	jour := p.f.Jour()
	p.d.Complement = &Complement{LeJour: jour, Pieces: c.Defauts}
	p.d.Etat = EtatSFNonConforme
	p.d.Echeances = nil
	for i, n := range p.f.Parametres.RelanceFacture {
		p.armerRappel(ActeRelancer, fmt.Sprintf("relance_%d", i+1), jour.Jours(n))
	}
	for i := range p.d.Factures {
		if f := &p.d.Factures[i]; f.Etat.Ouverte() {
			f.Etat, f.Motif, f.Phrase, f.SuspendueLe = FactureSuspendue, c.Defauts[0].Motif, c.Defauts[0].Precision, jour
			p.armerFin(ActeRefuserFacture, prefixeFacture+f.ID, jour.Jours(p.f.Parametres.RefusFacture))
		}
	}
	if !p.d.Forclos {
		p.armerFin(ActeForclore, "forclusion", p.d.Demande.Fin.Mois(p.f.Parametres.ForclusionMois))
	}
	p.e.Motif = string(c.Defauts[0].Motif)
	p.dire("Service fait non conforme : %s.", listePieces(c.Defauts))
	p.ecrire(Courrier{Evenement: CourrierNonConforme}, p.d.beneficiaire())
	return nil
}
