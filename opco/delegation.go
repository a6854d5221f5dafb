package opco

import (
	"slices"
	"strings"
)

// deleguer lets another staff member act in one role of this person while away
// (reliability.md 3.1, rule 6).
func (p *pasCompte) deleguer() error {
	ch, err := lireCompte[ChargeDelegation](p)
	if err != nil {
		return err
	}
	if err := p.peutDeleguer(ch.Role); err != nil {
		return err
	}
	raison, err := p.texte("raison", ch.Raison, raisonMax, "Dites pourquoi vous déléguez, par exemple « Congés ».")
	if err != nil {
		return err
	}
	if err := p.periodeDelegation(ch); err != nil {
		return err
	}
	if err := p.peutRecevoir(ch); err != nil {
		return err
	}
	d := Delegation{ID: ch.ID, Delegue: p.f.Delegue.ID, Nom: p.f.Delegue.NomComplet(), Role: ch.Role, Du: ch.Du, Au: ch.Au, Raison: raison, Par: p.a.Par}
	p.c.Delegations = append(p.c.Delegations, d)
	p.armerFin(ActeFinirDelegation, "delegation:"+d.ID, d.Au)
	p.ecrireDelegation(d)
	p.dire("Délégation du rôle « %s » à %s, du %s au %s, par %s : %s", d.Role.Libelle(), d.Nom, d.Du.Longue(), d.Au.Longue(), p.a.Par.Nom, phrase(raison))
	return nil
}

// peutDeleguer says who may declare an absence: the absent person, in their own
// name; a responsable or an administrator too, but for a sensitive role, which would
// else be given without the second administrator that it wants (rules 5 and 6). Who
// acts for somebody absent passes nothing on.
func (p *pasCompte) peutDeleguer(r Role) error {
	switch par := p.a.Par; {
	case par.Pour != "":
		return Errorf(Forbidden, "Vous agissez pour le compte d’une personne absente : une délégation ne se délègue pas. Faites-le en votre nom.").AvecCode("DELEGATION_PAR_DELEGUE")
	case p.estSoi():
		return nil
	case par.Role != RoleResponsable && par.Role != RoleAdmin:
		return p.soi()
	case slices.Contains(p.regles().RolesSensibles, r):
		return Errorf(Forbidden, "Le rôle « %s » est sensible : seule la personne absente peut le déléguer.", r.Libelle()).AvecCode("ROLE_SENSIBLE")
	}
	return nil
}

// ecrireDelegation tells both the absent person and the delegate, and who declared
// the absence when it is somebody else.
func (p *pasCompte) ecrireDelegation(d Delegation) {
	m := CourrierCompte{Evenement: CourrierDelegation, Role: d.Role, Delegation: &d, Par: p.c.NomComplet()}
	if !p.estSoi() {
		m.Phrase = "Cette absence a été déclarée par " + p.a.Par.Nom + "."
	}
	p.ecrire(m)
	if m.A, m.Nom = p.f.Delegue.Email, p.f.Delegue.NomComplet(); m.A != "" {
		p.e.Courriers = append(p.e.Courriers, m)
	}
}

func (p *pasCompte) periodeDelegation(ch ChargeDelegation) error {
	jours := p.regles().DelegationJours
	switch {
	case ch.Du == "" || ch.Au == "" || !dateOuVide(ch.Du) || !dateOuVide(ch.Au):
		return Champf("au", "Donnez le premier et le dernier jour de la délégation.")
	case ch.Du < p.jour():
		return Champf("du", "Le premier jour est déjà passé : choisissez aujourd’hui ou plus tard.")
	case ch.Au < ch.Du:
		return Champf("au", "Le dernier jour vient avant le premier.")
	case ch.Au.Depuis(ch.Du) >= jours:
		return Champf("au", "Une délégation dure %d jours au plus : elle doit finir le %s au plus tard.", jours, ch.Du.Jours(jours-1).Longue())
	}
	return nil
}

// peutRecevoir checks the delegate: an active staff member, somebody else, who may
// hold the role beside their own, and does not name himself.
func (p *pasCompte) peutRecevoir(ch ChargeDelegation) error {
	d := p.f.Delegue
	switch {
	case ch.ID == "" || strings.Contains(ch.ID, ":"):
		return Champf("id", "Cette délégation n’a pas de nom : rechargez la page.")
	case !p.c.tient(ch.Role):
		return Champf("role", "Seul un rôle en vigueur se délègue : choisissez-le dans la liste.")
	case d == nil || !d.Interne() || d.Etat != CompteActif:
		return Champf("delegue", "Choisissez un agent de l’OPCO dont le compte est actif.")
	case d.Personne == p.c.Personne:
		return Champf("delegue", "Choisissez une autre personne que l’absent.")
	case p.a.Par.Engage(d.Personne):
		return Errorf(Forbidden, "Vous ne pouvez pas vous donner une délégation : l’absent ou un autre responsable doit le faire.").AvecCode("MEME_PERSONNE")
	}
	for _, x := range p.c.Delegations {
		if x.ID == ch.ID {
			return Champf("id", "Cette délégation existe déjà.")
		}
		if x.Delegue == d.ID && x.Role == ch.Role && x.FinLe.IsZero() && x.Du <= ch.Au && ch.Du <= x.Au {
			return Errorf(Conflict, "Une délégation de ce rôle à cette personne couvre déjà une partie de ces jours.").AvecCode("DEJA_ACCORDE")
		}
	}
	return d.compatible(ch.Role)
}

// finirDelegation ends a delegation: at the end of its last day, or before, by
// either of the two, a responsable or an administrator.
func (p *pasCompte) finirDelegation() error {
	id := p.suffixe()
	if p.ech == nil {
		ch, err := lireCompte[ChargeFin](p)
		if err != nil {
			return err
		}
		id = ch.ID
	}
	i := slices.IndexFunc(p.c.Delegations, func(d Delegation) bool { return d.ID == id && d.FinLe.IsZero() })
	if i < 0 {
		return Errorf(NotFound, "Cette délégation n’existe pas, ou elle est déjà finie.")
	}
	d := &p.c.Delegations[i]
	if r := p.a.Par.Role; p.ech == nil && r != RoleResponsable && r != RoleAdmin && p.a.Compte != d.Delegue {
		if err := p.soi(); err != nil {
			return err
		}
	}
	d.FinLe = p.f.Le
	if p.ech != nil {
		p.dire("Fin de la délégation du rôle « %s » à %s : dernier jour passé, le %s.", d.Role.Libelle(), d.Nom, p.effet().Longue())
		return nil
	}
	p.dire("Délégation du rôle « %s » à %s finie par %s.", d.Role.Libelle(), d.Nom, p.a.Par.Nom)
	return nil
}
