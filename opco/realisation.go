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
	if !p.d.Forclos {
		p.armerFin(ActeForclore, "forclusion", fin.Mois(p.f.Parametres.ForclusionMois))
	}
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
			d.Demande.Fin.Mois(p.f.Parametres.ForclusionMois).Longue())
	}
	p.refuserOuvertes(MotifContratTerm, "Le dossier est clos : les pièces de fin ne sont pas arrivées dans le délai.")
	libere := p.liberer()
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

// certifier takes certificats de réalisation in (T21, T23). A certificat for a
// stagiaire replaces the one that was there for the same period.
func (p *pas) certifier() error {
	c, err := lire[ChargeCertifier](p)
	if err != nil {
		return err
	}
	if len(c.Certificats) == 0 {
		return Champf("certificats", "Joignez au moins un certificat de réalisation.")
	}
	for _, n := range c.Certificats {
		if err := n.valider(); err != nil {
			return err
		}
		p.d.Certificats = slices.DeleteFunc(p.d.Certificats, func(o Certificat) bool {
			return CleNom(o.Nom+" "+o.Prenom) == CleNom(n.Nom+" "+n.Prenom) && o.Du == n.Du && o.Au == n.Au
		})
		p.d.Certificats = append(p.d.Certificats, n)
	}
	for i := range p.d.Factures {
		if f := &p.d.Factures[i]; f.Etat == FactureSuspendue && f.Motif == MotifJustifAbs {
			p.completer(f)
		}
	}
	p.dire("%d certificat(s) de réalisation reçu(s).", len(c.Certificats))
	if p.d.Complement != nil {
		for i := range p.d.Complement.Pieces {
			if x := &p.d.Complement.Pieces[i]; x.Type == PieceCertificat {
				x.Recue = c.Certificats[0].ID
			}
		}
	}
	p.reprendreControleEnDisant(p.e.Phrase)
	return nil
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

// completer looks again at a suspended invoice now that something has come: it
// goes on, stays suspended for what is still missing, or is refused (F05).
func (p *pas) completer(f *Facture) {
	etat, motif, phrase := ControlerFacture(p.d, *f, p.f)
	switch etat {
	case FacturePriseEnCharge:
		f.Etat, f.Motif, f.Phrase, f.SuspendueLe = etat, "", "", ""
		f.Complements = append(f.Complements, p.f.Jour())
		f.ConformeLe = p.f.Jour()
	case FactureSuspendue:
		f.Motif, f.Phrase = motif, phrase
	default:
		p.refuser(f, motif, phrase)
	}
}

// reprendreControle puts the dossier back on the desk of the service fait.
func (p *pas) reprendreControle() {
	for i := range p.d.Factures {
		if f := &p.d.Factures[i]; f.Etat == FactureSuspendue {
			p.completer(f)
		}
	}
	p.reprendreControleEnDisant("Les pièces attendues sont arrivées : le contrôle du service fait reprend.")
}

func (p *pas) reprendreControleEnDisant(phrase string) {
	p.d.Complement = nil // even when something else is still wrong: all is looked at again (T23)
	p.d.Etat = EtatSFEnControle
	p.armerControle()
	p.dire("%s", phrase)
}

// armerControle keeps the rappels while one of the two pièces de fin is still
// missing, and the end of the délai of the invoices that are still suspended.
func (p *pas) armerControle() {
	complet := len(p.d.Certificats) > 0 && slices.ContainsFunc(p.d.Factures, func(f Facture) bool { return f.Etat.Ouverte() })
	p.retirer(func(e Echeance) bool {
		if e.Type == ActeRelancer && strings.HasPrefix(e.Code, "rappel") {
			return complet
		}
		return !p.finDeSuspension(e)
	})
}
