package opco

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// reprendre loads an account as it stands with the data of the OPCO: already
// active, its rights and its role in force.
func (p *pasCompte) reprendre() error {
	ch, err := lireCompte[ChargeReprise](p)
	if err != nil {
		return err
	}
	if ch.Identifiant == "" {
		return Champf("identifiant", "Donnez un identifiant.")
	}
	p.naitre(OrigineReprise, ch.Identite, ch.Identifiant, ch.Personne)
	p.c.Politique, p.c.ConfirmeLe, p.c.Etat = ch.Politique, p.f.Le, CompteActifLimite
	if ch.Role != "" {
		if err := p.ajouterRole(ch.Role); err != nil {
			return err
		}
		p.c.Roles[0].Attend = false // it was held before
	}
	if len(ch.Droits) > 0 {
		if err := validerDroits(ch.Droits); err != nil {
			return err
		}
	}
	for _, d := range ch.Droits {
		p.poser(p.donne(d, HabAccordee))
	}
	p.e.PoserMotDePasse = p.f.MotDePasse
	if ch.Inactif {
		p.c.Etat = CompteClos
		for i := range p.c.Habilitations {
			p.c.Habilitations[i].Etat = HabRetiree
		}
		p.finirRoles(func(RoleAccorde) bool { return true })
	}
	p.dire("Compte repris des données de l’OPCO.")
	return nil
}

// suivre keeps the échéances in step with what they are about: those of rights that
// are no more waited for go, the end of each dated right and the next annual review
// are armed.
func (p *pasCompte) suivre() {
	p.desarmer(func(e Echeance) bool { return p.perimee(e) })
	if !CompteOuvert(p.c.Etat) {
		return
	}
	for _, h := range p.c.Habilitations {
		if h.Etat != HabAccordee || h.Au == "" {
			continue
		}
		if code := "mandat:" + string(h.Au); !p.arme(ActeFinirMandat, code) {
			p.armerFin(ActeFinirMandat, code, h.Au)
		}
	}
	p.armerRevue()
}

// perimee reports whether nothing waits for the échéance any more.
func (p *pasCompte) perimee(e Echeance) bool {
	_, suffixe, _ := strings.Cut(e.Code, ":")
	tient := func(cond func(Habilitation) bool) bool { return slices.ContainsFunc(p.c.Habilitations, cond) }
	switch e.Type {
	case ActeAlerterConseiller:
		return len(p.c.enRetard(Date(suffixe))) == 0
	case ActeAbandonnerPrecision:
		return !tient(func(h Habilitation) bool { return h.Etat == HabPrecision && h.Limite == Date(suffixe) })
	case ActeFinirMandat:
		return !tient(func(h Habilitation) bool { return h.Etat == HabAccordee && h.Au == Date(suffixe) })
	case ActeVerifierDroits:
		return len(p.c.aVerifier(suffixe)) == 0
	case ActeFinirDelegation:
		return !slices.ContainsFunc(p.c.Delegations, func(d Delegation) bool { return d.ID == suffixe && d.FinLe.IsZero() })
	}
	return e.Type == ActeRevoirDroits // armed afresh at each step
}

// revue is what the annual review does next to one right: warn its holder, then
// suspend it, on those days (C15).
type revue struct {
	averti bool // the warning was sent, and the right has not been used since
	jour   Date // of the warning, else of the suspension
}

// revoir says where h stands before the review: the délai runs from its last use,
// from its decision, or from its first day.
func (p *pasCompte) revoir(h Habilitation) revue {
	r, dernier := p.regles(), max(JourDe(h.DecideeLe), h.Du)
	if u, ok := p.f.Usages[h.ID]; ok {
		dernier = max(dernier, JourDe(u))
	}
	fin := dernier.Mois(r.RevueMois)
	if h.AvertieLe != "" && h.AvertieLe > dernier {
		return revue{averti: true, jour: max(fin, h.AvertieLe.Jours(r.RevuePreavisJours))}
	}
	return revue{jour: fin.Jours(-r.RevuePreavisJours)}
}

// instant is when the review acts: warnings leave at 08:00, suspensions take effect
// at the end of their day (5 bis).
func (r revue) instant() time.Time {
	if r.averti {
		return r.jour.FinDuJour()
	}
	return r.jour.Heure(8, 0)
}

// armerRevue arms the next review of the account: one échéance for all its rights.
func (p *pasCompte) armerRevue() {
	var prochaine revue
	for _, h := range p.c.Habilitations {
		if h.Etat != HabAccordee {
			continue
		}
		if r := p.revoir(h); prochaine.jour == "" || r.instant().Before(prochaine.instant()) {
			prochaine = r
		}
	}
	if prochaine.jour != "" {
		p.armer(ActeRevoirDroits, "revue", prochaine.instant(), prochaine.jour)
	}
}

// revoirDroits warns who has not used a right for nearly a year, and suspends the
// rights warned of thirty days before and still unused. A use in between cancels.
func (p *pasCompte) revoirDroits() error {
	var avertis, suspendus []Habilitation
	fin := time.Time{}
	for i := range p.c.Habilitations {
		h := &p.c.Habilitations[i]
		if h.Etat != HabAccordee {
			continue
		}
		r := p.revoir(*h)
		switch {
		case r.instant().After(p.f.Le):
		case r.averti:
			h.Etat = HabSuspendue
			suspendus = append(suspendus, *h)
		default:
			h.AvertieLe = p.jour()
			avertis = append(avertis, *h)
			if f := p.revoir(*h).instant(); fin.IsZero() || f.Before(fin) {
				fin = f
			}
		}
	}
	p.direRevue(avertis, suspendus, fin)
	return nil
}

func (p *pasCompte) direRevue(avertis, suspendus []Habilitation, fin time.Time) {
	p.dire("Revue annuelle : tous les droits ont servi.")
	if len(avertis) > 0 {
		p.ecrire(CourrierCompte{Evenement: CourrierRevue, Habilitations: avertis, Expire: fin})
		p.dire("Revue annuelle : sans usage, ces droits seront suspendus le %s : %s.", JourDe(fin.Add(-time.Second)).Longue(), droits(avertis))
	}
	if len(suspendus) > 0 {
		p.ecrire(CourrierCompte{Evenement: CourrierDroitsSuspendus, Habilitations: suspendus})
		p.e.CouperSessions = true
		avant := ""
		if len(avertis) > 0 {
			avant = p.e.Phrase + " "
		}
		p.e.Phrase = avant + "Sans usage depuis " + strconv.Itoa(p.regles().RevueMois) + " mois, suspendu : " + droits(suspendus) + "."
	}
}
