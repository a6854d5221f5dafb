package opco

import "slices"

// creer opens a brouillon (T01). Nothing is asked of its content yet.
func (p *pas) creer() error {
	p.d.Demande = p.d.Demande.Normalisee()
	if errs := p.d.Demande.ValiderBrouillon(); len(errs) > 0 {
		return errs[0]
	}
	p.d.Etat, p.d.CreeLe = EtatBrouillon, p.f.Le
	if n := p.f.Parametres.BrouillonMois; n > 0 {
		p.armerFin(ActeSupprimer, "purge", p.f.Jour().Mois(n))
	}
	p.dire("Brouillon créé.")
	return nil
}

// supprimer throws a brouillon away, by its author or 12 months later (T03).
func (p *pas) supprimer() error {
	p.d.Etat = EtatSupprime
	p.desarmer()
	p.dire("Brouillon supprimé. Il n’avait jamais été envoyé.")
	return nil
}

// deposer sends a brouillon (T04). The instant of the sending decides alone
// whether it is late (T05, S03): a late one is refused at once, with its letter.
func (p *pas) deposer() error {
	c, err := lire[ChargeDeposer](p)
	if err != nil {
		return err
	}
	if errs := p.d.Demande.Valider(); len(errs) > 0 {
		return errs[0]
	}
	if !c.Certifie {
		return Champf("certifie", "Certifiez l’exactitude de votre demande avant de l’envoyer.")
	}
	d := p.d
	p.desarmer() // a demande that is sent is no longer purged
	d.AVenir = c.AVenir
	for _, m := range PiecesManquantes(d) {
		if !slices.Contains(c.AVenir, m.Type) {
			return Champf("pieces", "Il manque une pièce : %s. Joignez-la, ou cochez « à venir » pour l’envoyer plus tard.", m.Type.Libelle()).
				AvecCode(string(MotifPiecesManquantes))
		}
	}
	d.Numero, d.DeposeLe, d.DeposePar = p.f.NouveauNumero, p.f.Le, p.a.Par
	d.IDCC, d.Effectif = p.f.Entreprise.IDCC, p.f.Entreprise.Effectif
	if DepotTardif(p.f.Le, d.Demande.Debut) {
		return p.refuserDepotTardif()
	}
	d.Etat = EtatTransmise
	p.armerAlerte()
	p.dire("Demande envoyée sous le numéro %s.", d.Numero)
	p.ecrire(Courrier{Evenement: CourrierDepot}, RoleEntreprise, RoleOrganisme)
	return nil
}

// refuserTardif refuses a transmitted demande that came too late (T05). It is
// the one refusal that needs no second look: a date is a fact.
func (p *pas) refuserTardif() error {
	if !DepotTardif(p.d.DeposeLe, p.d.Demande.Debut) {
		return Errorf(Conflict, "Cette demande est arrivée à temps : elle ne peut pas être refusée pour dépôt tardif.")
	}
	return p.refuserDepotTardif()
}

func (p *pas) refuserDepotTardif() error {
	d := p.d
	total := d.Demande.Total()
	d.Decision = &Decision{Version: 1, Sens: SensRefus, Demande: total, ResteACharge: total,
		Motifs: []Motif{MotifDepotTardif}, DecidePar: p.a.Par, ProposePar: p.a.Par, Le: p.f.Le}
	d.Etat = EtatRefusee
	p.desarmer()
	p.e.Motif = string(MotifDepotTardif)
	p.dire("Demande refusée : envoyée le %s, elle devait l’être la veille du début (%s) au plus tard.",
		JourDe(d.DeposeLe).Longue(), d.Demande.Debut.Longue())
	p.ecrire(Courrier{Evenement: CourrierRefus}, RoleEntreprise, RoleOrganisme)
	return nil
}

// Codes of the alerts on the OPCO's own délais. Each goes with its étape.
const (
	alerteCompletude  = "completude"  // T06, T10
	alerteInstruction = "instruction" // T10
	alerteDecision    = "decision"    // T14
	alerteValidation  = "validation"  // T11
)

// armerAlerte arms the warnings of the OPCO's own délais: the look at the pièces
// (T06), the target of the instruction (T10), and J+45 before the legal two months
// (T14, R6332-24).
func (p *pas) armerAlerte() {
	depot, r := JourDe(p.d.DeposeLe), p.f.Parametres
	p.armerRappel(ActeAlerter, alerteCompletude, depot.JoursOuvres(r.CompletudeOuvres, p.f.Calendrier))
	p.armerRappel(ActeAlerter, alerteInstruction, depot.JoursOuvres(r.InstructionOuvres, p.f.Calendrier))
	p.armerRappel(ActeAlerter, alerteDecision, depot.Jours(r.AlerteDecision))
}

func (p *pas) retirerAlerte(code string) {
	p.retirer(func(e Echeance) bool { return e.Type == ActeAlerter && e.Code == code })
}

// alerter tells the team that a délai of the OPCO is near, that an avoir never
// came or that a dispute is to be reviewed. Nothing moves.
func (p *pas) alerter() error {
	if p.ech == nil {
		return Errorf(Conflict, "Une alerte vient d’un délai.")
	}
	switch f, prefixe := p.factureDe(*p.ech); {
	case f == nil:
		p.alerterDelai(p.ech.Code)
	case prefixe == prefixeLitige:
		p.armerRevue(*f)
		p.dire("Facture %s toujours en litige : faites le point avec son émetteur.", f.Numero)
	default:
		p.dire("L’avoir de %s sur la facture %s n’est pas venu : appelez l’émetteur, ou refusez la facture.", f.AvoirAttendu(), f.Numero)
	}
	return nil
}

func (p *pas) alerterDelai(code string) {
	r := p.f.Parametres
	limite := JourDe(p.d.DeposeLe).Mois(r.DelaiDecisionMois).Longue()
	switch code {
	case alerteCompletude:
		p.dire("Reçue depuis %s ouvrés et pas encore examinée : demandez les pièces qui manquent, ou commencez l’instruction.", pluriel(r.CompletudeOuvres, "jour"))
	case alerteInstruction:
		p.dire("Sans décision depuis %s ouvrés. La réponse est due au plus tard le %s.", pluriel(r.InstructionOuvres, "jour"), limite)
	case alerteValidation:
		p.dire("Second regard attendu depuis %s ouvrés. La réponse est due au plus tard le %s.", pluriel(r.ValidationOuvres, "jour"), limite)
	default:
		p.dire("Réponse due au plus tard le %s : une décision motivée doit partir avant.", limite)
	}
}
