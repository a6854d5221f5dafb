package opco

import (
	"fmt"
	"slices"
	"strings"
)

// demarrer notes that the start date has come (T17).
func (p *pas) demarrer() error {
	fin := p.d.Demande.Fin
	p.d.Etat = EtatEnRealisation
	p.armerFin(ActeTerminer, "fin", fin)
	p.dire("La formation commence.")
	return nil
}

// terminer notes that the last day has passed and asks for the pièces de fin
// (T18). Rappels and the forclusion run from the end of the training.
func (p *pas) terminer() error {
	p.d.Etat = EtatAttenteServiceFait
	p.armerPiecesFin()
	p.dire("La formation est terminée : certificat de réalisation et facture sont attendus.")
	p.ecrire(Courrier{Evenement: CourrierPiecesFin}, p.d.beneficiaire())
	return nil
}

// armerPiecesFin arms the rappels still to come and the forclusion.
func (p *pas) armerPiecesFin() {
	fin := p.d.Demande.Fin
	for i, n := range p.f.Parametres.RappelPieces {
		if jour := fin.Jours(n); jour.Heure(8, 0).After(p.f.Le) {
			p.armerRappel(ActeRelancer, fmt.Sprintf("rappel_%d", i+1), jour)
		}
	}
	p.armerForclusion()
}

// armerForclusion arms the end of the délai to send the pièces de fin.
func (p *pas) armerForclusion() {
	if !p.d.Forclos {
		p.armerFin(ActeForclore, "forclusion", p.finForclusion())
	}
}

// finForclusion is the last day to send the pièces de fin. Pièces that came in
// time and were found wrong may be corrected during the whole délai of T22.
func (p *pas) finForclusion() Date {
	fin := p.d.Demande.Fin.Mois(p.f.Parametres.ForclusionMois)
	if c := p.d.Complement; c != nil {
		fin = max(fin, c.LeJour.Jours(p.f.Parametres.RefusFacture))
	}
	return fin
}

// forclore notes that the délai to send the pièces de fin has ended. A
// gestionnaire must confirm before the money is released (T20).
func (p *pas) forclore() error {
	p.d.Forclos = true
	p.retirer(func(e Echeance) bool { return e.Type == ActeRelancer })
	p.dire("Délai de forclusion atteint le %s : rien n’est arrivé. Un gestionnaire doit confirmer la clôture.", p.jourEffet().Longue())
	return nil
}

// confirmerForclusion closes a dossier whose pièces never came (T20).
func (p *pas) confirmerForclusion() error {
	d := p.d
	if !d.Forclos {
		return Errorf(Conflict, "Le délai de forclusion court encore : jusqu’au %s, l’organisme ou l’entreprise peut envoyer ses pièces.",
			p.finForclusion().Longue())
	}
	p.refuserOuvertes(MotifContratTerm, "Le dossier est clos : les pièces de fin ne sont pas arrivées dans le délai.")
	libere := p.liberer()
	p.reclamerAvance(CauseAvance)
	d.Etat, d.Complement = EtatCloturee, nil
	p.desarmer()
	p.dire("Dossier clos par forclusion : %s rendus à l’enveloppe.", libere)
	p.ecrire(Courrier{Evenement: CourrierForclusion}, RoleEntreprise, RoleOrganisme)
	return nil
}

// liberer gives back what is still engaged, and returns how much.
func (p *pas) liberer() Montant {
	libere := Somme(p.d.Engagements)
	p.mouvoir(MouvementDegagement, p.d.Engagements)
	p.d.Engagements = nil
	return libere
}

// certifier takes certificats de réalisation in (T21, T23). Each replaces the
// one that it names, and any other of the same stagiaire whose days it covers in
// part: the same hours are never counted twice. During the training, or while a
// period is being paid, it is kept for the invoice of its period (T18).
func (p *pas) certifier() error {
	c, err := lire[ChargeCertifier](p)
	if err != nil {
		return err
	}
	if len(c.Certificats) == 0 {
		return Champf("certificats", "Joignez au moins un certificat de réalisation.")
	}
	for _, n := range c.Certificats {
		if err := p.recevoirCertificat(n); err != nil {
			return err
		}
	}
	if k := p.d.Complement; k != nil {
		k.recevoirType(PieceCertificat, c.Certificats[0].ID)
	}
	phrase := "Un certificat de réalisation est arrivé."
	if n := len(c.Certificats); n > 1 {
		phrase = fmt.Sprintf("%d certificats de réalisation sont arrivés.", n)
	}
	p.dire("%s", phrase)
	return p.revoir(phrase)
}

func (p *pas) recevoirCertificat(n Certificat) error {
	if err := n.valider(); err != nil {
		return err
	}
	d := p.d
	if n.Remplace != "" && !slices.ContainsFunc(d.Certificats, func(o Certificat) bool { return o.ID == n.Remplace }) {
		return Champf("certificats", "Le certificat que remplace celui de %s %s n’est pas dans ce dossier : rechargez la page.", citer(n.Prenom), citer(n.Nom))
	}
	d.Certificats = slices.DeleteFunc(slices.Clone(d.Certificats), func(o Certificat) bool {
		return o.ID == n.Remplace && n.Remplace != "" || d.memeCertifie(o, n) && o.Du <= n.Au && n.Du <= o.Au
	})
	d.Certificats = append(d.Certificats, n)
	return nil
}

// memeCertifie reports whether two certificats are about one person: the same
// stagiaire of the accord, or the same name when the accord has neither.
func (d *Dossier) memeCertifie(a, b Certificat) bool {
	if a.NeLe != "" && b.NeLe != "" && a.NeLe != b.NeLe {
		return false
	}
	x, connu := d.certifie(a)
	y, aussi := d.certifie(b)
	if connu || aussi {
		return connu && aussi && x.ID == y.ID
	}
	return CleNom(a.Nom+" "+a.Prenom) == CleNom(b.Nom+" "+b.Prenom)
}

func (c Certificat) valider() error {
	switch {
	case c.Nom == "" || c.Prenom == "":
		return Champf("certificats", "Chaque certificat nomme son stagiaire : nom et prénom.")
	case c.Heures < 0 || c.Heures > 9999*60:
		return Champf("certificats", "Les heures suivies par %s %s ne sont pas plausibles.", c.Prenom, c.Nom)
	case c.Du == "" || c.Au == "" || c.Au < c.Du:
		return Champf("certificats", "Le certificat de %s %s doit porter une date de début et une date de fin.", c.Prenom, c.Nom)
	}
	return nil
}

// completer looks again at a suspended invoice now that something has come: it is
// COMPLETEE (209) and goes on at once (204), stays suspended for what is still
// missing, or is refused (F05). One that « annule et remplace » takes its place.
func (p *pas) completer(f *Facture) error {
	etat, motif, phrase := ControlerFacture(p.d, *f, p.f)
	switch etat {
	case FacturePriseEnCharge:
		f.Complements = append(f.Complements, p.f.Jour())
		p.completees = append(p.completees, f.Numero)
		f.Etat, f.Motif, f.Phrase, f.SuspendueLe, f.ConformeLe = etat, "", "", "", p.f.Jour()
		if f.Remplace != "" {
			return p.remplacer(f)
		}
	case FactureSuspendue:
		f.Motif, f.Phrase = motif, phrase
	default:
		p.refuser(f, motif, phrase)
	}
	return nil
}

// completerSuspendues looks again at every suspended invoice.
func (p *pas) completerSuspendues() error {
	for i := range p.d.Factures {
		if f := &p.d.Factures[i]; f.Etat == FactureSuspendue {
			if err := p.completer(f); err != nil {
				return err
			}
		}
	}
	return nil
}

// revoir looks again at the service fait after something has come (T21, T23, F05).
// What was declared non conforme stays so until everything asked for is here and
// no invoice waits for a proof; a period of an échelonnement that is not invoiced
// yet, or comes while another is being paid, waits where the dossier is.
func (p *pas) revoir(phrase string) error {
	d := p.d
	if d.Complement != nil && !d.Complement.Satisfait() {
		p.dire("%s%s Il manque encore : %s.", phrase, p.phraseCompletees(), listePieces(d.Complement.manquantes()))
		return nil
	}
	if err := p.completerSuspendues(); err != nil {
		return err
	}
	phrase += p.phraseCompletees()
	p.dire("%s", phrase)
	switch {
	case d.Complement != nil && p.redemander():
		p.dire("%s Il manque encore : %s.", phrase, listePieces(d.Complement.manquantes()))
	case d.Etat == EtatEnReglement, d.Etat == EtatRegleePartielle:
		d.Complement = nil
	case d.Etat == EtatEnRealisation && !slices.ContainsFunc(d.Factures, Facture.aConstater):
	default:
		p.reprendreControleEnDisant(phrase)
		p.armerDefauts()
	}
	return nil
}

// redemander asks again for what the suspended invoices still lack, and reports
// whether there is anything: a pièce came, and did not prove what it had to.
func (p *pas) redemander() bool {
	encore := false
	for _, f := range p.d.Factures {
		if f.Etat == FactureSuspendue {
			encore = true
			for _, x := range p.d.defauts(f) {
				p.d.Complement.redemander(x)
			}
		}
	}
	return encore
}

// armerDefauts has the invoices that wait for a proof of the company declared non
// conforme at once (S02 a). One that passes the checks was suspended by a person,
// who looks at it.
func (p *pas) armerDefauts() {
	for _, f := range p.d.Factures {
		etat, m, _ := ControlerFacture(p.d, f, p.f)
		if f.Etat == FactureSuspendue && etat == FactureSuspendue && m.Famille() == FamilleServiceFait {
			p.armerAussitot(ActeDeclarerNonConforme, prefixeFacture+f.ID)
			return
		}
	}
}

// phraseCompletees tells which invoices this step completed: they passed by 209.
func (p *pas) phraseCompletees() string {
	switch n := p.completees; len(n) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf(" La facture %s est complétée (%d) et de nouveau prise en charge (%d).", n[0], FactureCompletee.Code(), FacturePriseEnCharge.Code())
	default:
		return fmt.Sprintf(" Les factures %s sont complétées (%d) et de nouveau prises en charge (%d).",
			strings.Join(n, ", "), FactureCompletee.Code(), FacturePriseEnCharge.Code())
	}
}

func (p *pas) reprendreControleEnDisant(phrase string) {
	p.d.Complement = nil // the gestionnaire looks at everything again (T23)
	p.d.Etat = EtatSFEnControle
	p.armerControle()
	p.dire("%s", phrase)
}

// armerControle keeps the rappels while one of the two pièces de fin is still
// missing, and the délais of the invoices.
func (p *pas) armerControle() {
	complet := len(p.d.PiecesFinManquantes()) == 0
	p.retirer(func(e Echeance) bool {
		if e.Type == ActeRelancer && strings.HasPrefix(e.Code, "rappel") {
			return complet
		}
		return !p.suitUneFacture(e)
	})
}

// attendre puts a dossier where what is left of it is to be done, once nothing is
// being paid: the pièces asked for, an invoice to examine, the training that goes
// on (échelonnement), else the pièces de fin (T28, F04, F09).
func (p *pas) attendre() {
	d := p.d
	p.desarmer()
	switch {
	case d.Complement != nil:
		d.Etat = EtatSFNonConforme
		p.armerNonConforme()
	case slices.ContainsFunc(d.Factures, Facture.aConstater):
		d.Etat = EtatSFEnControle
	case d.Demande.Echelonnement && p.f.Le.Before(d.Demande.Debut.Minuit()): // an advance came before the start
		d.Etat = EtatAccordee
		if d.Decision.Sens == SensPartiel {
			d.Etat = EtatAccordeePartielle
		}
		p.armer(ActeDemarrer, "debut", d.Demande.Debut.Minuit(), d.Demande.Debut)
	case d.Demande.Echelonnement && p.f.Le.Before(d.Demande.Fin.FinDuJour()):
		d.Etat = EtatEnRealisation
		p.armerFin(ActeTerminer, "fin", d.Demande.Fin)
	default:
		d.Etat = EtatAttenteServiceFait
		p.armerPiecesFin()
	}
}
