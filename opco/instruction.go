package opco

import "encoding/json"

// instruire takes a complete dossier into instruction (T10).
func (p *pas) instruire() error {
	if m := piecesAbsentes(p.d); len(m) > 0 {
		return Errorf(Conflict, "Ce dossier n’est pas complet : il manque %s. Demandez un complément.", listePieces(m))
	}
	p.d.Etat = EtatEnInstruction
	if p.a.Par.Role != RoleSysteme {
		p.d.InstruitPar = p.a.Par
	}
	p.retirerAlerte(alerteCompletude)
	p.dire("Dossier complet : instruction commencée.")
	return nil
}

// piecesAbsentes is what is required and not here, whether announced or not.
func piecesAbsentes(d *Dossier) []PieceDemandee { return PiecesManquantes(d) }

// decider proposes a décision. When a second person must look at it the dossier
// waits for them (T11); else the décision is taken (T12, T13).
func (p *pas) decider() error {
	c, err := lire[ChargeDecider](p)
	if err != nil {
		return err
	}
	dec, err := Decider(p.d, c, p.f)
	if err == nil {
		err = p.telleQueLue(dec, c.Lue)
	}
	if err != nil {
		return err
	}
	dec.ProposePar, dec.Le = p.a.Par, p.f.Le
	dec.Version = 1
	if p.d.InstruitPar.Personne == "" {
		p.d.InstruitPar = p.a.Par
	}
	if dec.SecondRegard {
		brut, err := json.Marshal(c)
		if err != nil {
			return err
		}
		p.d.Proposition, p.d.PropositionCharge, p.d.Etat = &dec, brut, EtatEnValidation
		p.armerRappel(ActeAlerter, alerteValidation, p.f.Jour().JoursOuvres(p.f.Parametres.ValidationOuvres, p.f.Calendrier))
		p.dire("Proposition : %s. Un second regard est demandé.", phraseDecision(dec))
		return nil
	}
	dec.DecidePar = p.a.Par
	return p.prononcer(dec)
}

// telleQueLue refuses to decide something else than what its author read.
func (p *pas) telleQueLue(dec Decision, lue *PropositionLue) error {
	switch {
	case lue == nil:
		return nil
	case lue.Rang != p.d.Rang:
		return Errorf(Conflict, "Ce dossier a changé pendant que vous le lisiez. Relisez-le avant de décider.").AvecCode("DOSSIER_CHANGE")
	case lue.Sens != dec.Sens || lue.Accorde != dec.Accorde:
		return Errorf(Conflict, "Le calcul a changé depuis que vous l’avez lu : ce serait maintenant %s. Relisez la proposition avant de décider.", phraseSens(dec)).
			AvecCode("PROPOSITION_CHANGEE")
	}
	return nil
}

// valider takes the proposed décision, by someone else than who proposed it
// (T12 to T14). The money is counted again: when the envelope has moved since and
// the outcome with it, what was looked at is not what would be decided.
func (p *pas) valider() error {
	prop := p.d.Proposition
	if prop == nil {
		return Errorf(Conflict, "Aucune décision n’est proposée pour ce dossier.")
	}
	if p.a.Par.Croise(prop.ProposePar) {
		return Errorf(Forbidden, "Vous avez proposé cette décision : le second regard revient à une autre personne.").AvecCode("QUATRE_YEUX")
	}
	var c ChargeDecider
	if err := json.Unmarshal(p.d.PropositionCharge, &c); err != nil {
		return err
	}
	dec, err := Decider(p.d, c, p.f)
	if err != nil {
		return err
	}
	if dec.Sens != prop.Sens || dec.Accorde != prop.Accorde {
		return Errorf(Conflict, "La proposition a changé depuis : c’était %s, ce serait maintenant %s. Renvoyez le dossier au gestionnaire, qui la refera.",
			phraseSens(*prop), phraseSens(dec)).AvecCode("PROPOSITION_CHANGEE")
	}
	dec.ProposePar, dec.DecidePar, dec.Le, dec.Version = prop.ProposePar, p.a.Par, p.f.Le, 1
	return p.prononcer(dec)
}

// renvoyer sends a proposal back to the gestionnaire, with the reason.
func (p *pas) renvoyer() error {
	c, err := lire[ChargeRaison](p)
	if err != nil {
		return err
	}
	if c.Raison == "" {
		return Champf("raison", "Dites au gestionnaire pourquoi vous lui renvoyez ce dossier.")
	}
	p.d.Proposition, p.d.PropositionCharge, p.d.Etat = nil, nil, EtatEnInstruction
	p.retirerAlerte(alerteValidation)
	p.dire("Proposition renvoyée à l’instruction : %s", c.Raison)
	return nil
}

// Resume says the décision in a few words, for a sentence: « accord de 1 200,00 € ».
func (d Decision) Resume() string { return phraseDecision(d) }

// phraseSens names an outcome with its article.
func phraseSens(dec Decision) string {
	if dec.Sens == SensRefus {
		return "un refus"
	}
	return "un " + phraseDecision(dec)
}

func phraseDecision(dec Decision) string {
	switch dec.Sens {
	case SensRefus:
		return "refus"
	case SensPartiel:
		return "accord de " + dec.Accorde.String() + " sur " + dec.Demande.String()
	}
	return "accord de " + dec.Accorde.String()
}

// prononcer makes dec the décision of the dossier and engages its money.
func (p *pas) prononcer(dec Decision) error {
	d := p.d
	d.Decision, d.Proposition, d.PropositionCharge = &dec, nil, nil
	p.desarmer()
	if len(dec.Motifs) > 0 {
		p.e.Motif = string(dec.Motifs[0])
	}
	if dec.Sens == SensRefus {
		d.Etat = EtatRefusee
		p.dire("Demande refusée : %s", phraseMotifs(dec.Motifs))
		p.ecrire(Courrier{Evenement: CourrierRefus}, RoleEntreprise, RoleOrganisme)
		return nil
	}
	d.Etat = EtatAccordee
	evt := CourrierAccord
	if dec.Sens == SensPartiel {
		d.Etat, evt = EtatAccordeePartielle, CourrierAccordPartiel
	}
	if err := p.f.Suspension.refus("l’accord"); err != nil {
		return err
	}
	d.Engagements = append([]PartFonds(nil), dec.Fonds...)
	p.mouvoir(MouvementEngagement, dec.Fonds)
	p.armerDemarrage()
	p.dire("Décision : %s.", phraseDecision(dec))
	p.ecrire(Courrier{Evenement: evt}, RoleEntreprise, RoleOrganisme)
	return nil
}

func phraseMotifs(ms []Motif) string {
	s := ""
	for i, m := range ms {
		if i > 0 {
			s += " ; "
		}
		s += m.Libelle()
	}
	return s + "."
}

// armerDemarrage arms the start of the training: 00:00 in Paris of its day.
func (p *pas) armerDemarrage() {
	debut := p.d.Demande.Debut
	p.armer(ActeDemarrer, "debut", debut.Minuit(), debut)
}

// annuler ends a dossier at the company's wish, or on information once it is
// accorded (T15, T16). What was engaged is given back.
func (p *pas) annuler() error {
	c, err := lire[ChargeRaison](p)
	if err != nil {
		return err
	}
	d := p.d
	if d.periodeApprouvee() || Somme(d.Acceptes) > 0 && d.avanceRestante() == 0 {
		return Errorf(Conflict, "Le service fait de ce dossier est validé : il ne peut plus être annulé. Contactez le service comptable.")
	}
	if p.a.Par.Role != RoleEntreprise && c.Raison == "" {
		return Champf("raison", "Dites pourquoi ce dossier est annulé : l’entreprise et l’organisme le liront.")
	}
	accorde := d.Etat.Accorde()
	p.mouvoir(MouvementDegagement, d.Engagements)
	libere := Somme(d.Engagements)
	d.Engagements, d.Complement, d.Proposition, d.PropositionCharge = nil, nil, nil, nil
	p.refuserOuvertes(MotifContratTerm, "Le dossier a été annulé : cette facture ne peut pas être payée.")
	p.reclamerAvance(CauseAnnulation)
	d.Etat = EtatAnnulee
	p.desarmer()
	p.dire("Dossier annulé%s.", siNonVide(c.Raison, " : "+c.Raison))
	if libere > 0 {
		p.dire("Dossier annulé%s. %s sont rendus à l’enveloppe.", siNonVide(c.Raison, " : "+c.Raison), libere)
	}
	p.ecrire(Courrier{Evenement: CourrierAnnulation}, RoleEntreprise)
	if accorde {
		p.ecrire(Courrier{Evenement: CourrierAnnulation}, RoleOrganisme)
	}
	return nil
}

func siNonVide(s, alors string) string {
	if s == "" {
		return ""
	}
	return alors
}

// retirerStagiaire withdraws one stagiaire before the start: the décision is
// taken again for the others and the difference is released (S12).
func (p *pas) retirerStagiaire() error {
	c, err := lire[ChargeRetirer](p)
	if err != nil {
		return err
	}
	d := p.d
	dec, err := RetirerStagiaire(d, c.Stagiaire, p.f)
	if err != nil {
		return err
	}
	dec.ProposePar, dec.DecidePar, dec.Le, dec.Version = p.a.Par, p.a.Par, p.f.Le, d.Decision.Version+1
	var liberes []PartFonds
	for _, e := range d.Engagements {
		for _, n := range dec.Fonds {
			if n.Enveloppe == e.Enveloppe {
				e.Montant -= n.Montant
			}
		}
		liberes = append(liberes, e)
	}
	p.mouvoir(MouvementDegagement, liberes)
	d.Anciennes = append(d.Anciennes, *d.Decision)
	d.Decision, d.Engagements = &dec, append([]PartFonds(nil), dec.Fonds...)
	for i := range d.Demande.Stagiaires {
		if d.Demande.Stagiaires[i].ID == c.Stagiaire {
			d.Demande.Stagiaires[i].Retire = true
		}
	}
	evt := CourrierAccord
	d.Etat = EtatAccordee
	if dec.Sens == SensPartiel {
		d.Etat, evt = EtatAccordeePartielle, CourrierAccordPartiel
	}
	p.dire("Avenant n° %d : un stagiaire est retiré. Accordé %s, %s rendus à l’enveloppe.", dec.Version-1, dec.Accorde, Somme(liberes))
	p.ecrire(Courrier{Evenement: evt}, RoleEntreprise, RoleOrganisme)
	return nil
}
