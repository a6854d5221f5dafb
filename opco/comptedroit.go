package opco

import (
	"slices"
)

// promise reports whether the right was given before the account opened: it takes
// effect when the person comes in.
func (h *Habilitation) promise() bool { return h.Etat == HabDemandee && !h.DecideeLe.IsZero() }

// tenirPromesses grants what was given while the account was not open yet.
func (p *pasCompte) tenirPromesses() {
	for i := range p.c.Habilitations {
		if h := &p.c.Habilitations[i]; h.promise() {
			h.Etat, h.DecideeLe = HabAccordee, p.f.Le
		}
	}
}

func codeBloc(id string) string { return "bloc:" + id }

func (p *pasCompte) armerVerification(bloc string) {
	p.armerInstant(ActeVerifierDroits, codeBloc(bloc), p.f.Le)
}

// aVerifier returns the rights of a box that nobody has examined.
func (c *Compte) aVerifier(bloc string) []*Habilitation {
	var hs []*Habilitation
	for i := range c.Habilitations {
		if h := &c.Habilitations[i]; h.Bloc == bloc && h.Etat == HabDemandee && !h.promise() {
			hs = append(hs, h)
		}
	}
	return hs
}

// verifierDroits gathers the evidence of a box (C06), grants what a rule in force
// grants by itself, and opens the advisor's task for the rest (C07).
func (p *pasCompte) verifierDroits() error {
	id := p.suffixe()
	hs := p.c.aVerifier(id)
	if len(hs) == 0 {
		p.dire("Plus aucun droit à examiner.")
		return nil
	}
	for i := range p.c.Demandes {
		b := &p.c.Demandes[i]
		if b.ID != id {
			continue
		}
		b.Ouvert = true
		p.c.Preuves = slices.DeleteFunc(slices.Clone(p.c.Preuves), func(q Preuve) bool { return q.Bloc == id })
		p.c.Preuves = append(p.c.Preuves, p.prouver(*b)...)
	}
	var accordes []Habilitation
	for _, h := range hs {
		if !p.accorderSeul(h) {
			p.ouvrirTache(h)
			continue
		}
		accordes = append(accordes, *h)
	}
	if len(accordes) > 0 {
		p.ecrire(CourrierCompte{Evenement: CourrierDroitsAccordes, Habilitations: accordes})
		p.dire("Vérification : %s accordé automatiquement (%s), %s à valider.", compter(len(accordes), "droit"), droits(accordes), compter(len(hs)-len(accordes), "droit"))
		return nil
	}
	p.dire("Vérification faite ; à valider par un conseiller : %s.", droits(copies(hs)))
	return nil
}

// accorderSeul applies the auto-accept rules in force.
func (p *pasCompte) accorderSeul(h *Habilitation) bool {
	for _, r := range p.f.Auto {
		if r.Accorde(p.c, *h) {
			h.Etat, h.Auto, h.DecideeLe, h.DecideePar = HabAccordee, r.ID, p.f.Le, p.a.Par
			return true
		}
	}
	return false
}

// ouvrirTache puts a right in the advisors' queue and arms their reminders: the
// conseillers, then the responsables, in calendar days whatever the day (5 bis), while
// the answer is promised in jours ouvrés. One pair of reminders serves all the rights
// whose task opened that day.
func (p *pasCompte) ouvrirTache(h *Habilitation) {
	r, j := p.regles(), p.jour()
	h.Etat, h.OuverteLe, h.Limite = HabAValider, p.f.Le, j.JoursOuvres(r.ReponseOuvres, p.f.Calendrier)
	for _, x := range []struct {
		code  string
		jours int
	}{{"conseiller:", r.AlerteJours}, {"responsable:", r.EscaladeJours}} {
		if code := x.code + string(j); !p.arme(ActeAlerterConseiller, code) {
			jour := j.Jours(x.jours)
			p.armer(ActeAlerterConseiller, code, jour.Heure(8, 0), jour)
		}
	}
}

// enRetard returns the rights in the queue since that day.
func (c *Compte) enRetard(ouverte Date) []Habilitation {
	var hs []Habilitation
	for _, h := range c.Habilitations {
		if h.Etat == HabAValider && JourDe(h.OuverteLe) == ouverte {
			hs = append(hs, h)
		}
	}
	return hs
}

// alerterConseiller tells the conseillers, then the responsables, that somebody
// still waits for an answer (C07).
func (p *pasCompte) alerterConseiller() error {
	hs := p.c.enRetard(Date(p.suffixe()))
	role := RoleConseiller
	if p.ech != nil && p.ech.Code == "responsable:"+p.suffixe() {
		role = RoleResponsable
	}
	p.e.Courriers = append(p.e.Courriers, CourrierCompte{Evenement: CourrierTacheConseiller, Role: role, Habilitations: hs, Par: p.c.NomComplet()})
	vers := "aux conseillers"
	if role == RoleResponsable {
		vers = "aux responsables"
	}
	p.dire("Sans réponse depuis le %s, rappel %s : %s.", Date(p.suffixe()).Longue(), vers, droits(hs))
	return nil
}

// deciderDroits is the answer to one right or to several (C08, C09). The others do
// not change.
func (p *pasCompte) deciderDroits() error {
	ch, err := lireCompte[ChargeDecision](p)
	if err != nil {
		return err
	}
	ids := make([]string, 0, len(ch.Reponses))
	for _, r := range ch.Reponses {
		ids = append(ids, r.Habilitation)
	}
	hs, err := p.juger(ids)
	if err != nil {
		return err
	}
	var accordes, refuses []Habilitation
	for i, r := range ch.Reponses {
		if err := p.repondre(hs[i], r); err != nil {
			return err
		}
		if r.Accorder {
			accordes = append(accordes, *hs[i])
		} else {
			refuses = append(refuses, *hs[i])
		}
	}
	p.annoncerDecision(accordes, refuses)
	return nil
}

// juger returns the rights that somebody is about to judge, if they may.
func (p *pasCompte) juger(ids []string) ([]*Habilitation, error) {
	if err := p.autrui("décider de vos droits"); err != nil {
		return nil, err
	}
	hs, err := p.choisir(ids)
	if err != nil {
		return nil, err
	}
	if err := p.impartial(hs); err != nil {
		return nil, err
	}
	for _, h := range hs {
		switch {
		case h.Etat != HabAValider && h.Etat != HabPrecision && h.DecideePar.Nom != "" && h.DecideePar.Role.Interne():
			return nil, Errorf(Conflict, "Le droit « %s » a déjà reçu une réponse %s, le %s : rechargez la page.",
				h.nom(), De(h.DecideePar.Nom), p.instant(h.DecideeLe)).AvecCode("DEJA_DECIDE")
		case h.Etat != HabAValider && h.Etat != HabPrecision:
			return nil, Errorf(Conflict, "Le droit « %s » n’est plus à valider, ou pas encore : rechargez la page.", h.nom()).AvecCode("ETAPE_INATTENDUE")
		case p.a.Par.Role == RoleGestionnaire && h.Service == ServiceUtilisateurs:
			return nil, Errorf(Forbidden, "Un conseiller ou un responsable décide de la gestion des utilisateurs.")
		case p.a.Par.Role == RoleGestionnaire && !p.c.concordent(h.Bloc):
			return nil, Errorf(Forbidden, "Une vérification ne concorde pas : un conseiller ou un responsable doit décider de « %s ».", h.nom())
		}
	}
	return hs, nil
}

func (p *pasCompte) repondre(h *Habilitation, r ReponseDroit) error {
	h.DecideeLe, h.DecideePar, h.Motif, h.Phrase = p.f.Le, p.a.Par, "", ""
	if r.Accorder {
		h.Etat = HabAccordee
		return nil
	}
	precision, err := ParseTexte("precision", r.Precision, raisonMax)
	if err != nil {
		return err
	}
	m := Motif(r.Motif)
	switch {
	case r.Motif == "":
		return Champf("motif", "Choisissez le motif du refus de « %s » : le demandeur le lira.", h.nom())
	case !m.Pour(UsageDroit):
		return Champf("motif", "Ce motif ne convient pas au refus d’un droit : choisissez-le dans la liste.")
	case m == MotifDroitAutre && precision == "":
		return Champf("precision", "Précisez le motif : le demandeur le lira.")
	}
	h.Etat, h.Motif, h.Phrase = HabRefusee, r.Motif, PhraseRefusDroit(m, precision)
	return nil
}

// annoncerDecision sends one mail for what is granted, one for what is refused.
func (p *pasCompte) annoncerDecision(accordes, refuses []Habilitation) {
	if len(accordes) > 0 {
		p.ecrire(CourrierCompte{Evenement: CourrierDroitsAccordes, Habilitations: accordes})
		p.e.Phrase = "Accordé par " + p.a.Par.Nom + " : " + droits(accordes) + "."
	}
	if len(refuses) > 0 {
		p.ecrire(CourrierCompte{Evenement: CourrierDroitsRefuses, Habilitations: refuses})
		p.e.Motif = refuses[0].Motif
		if p.e.Phrase != "" {
			p.e.Phrase += " "
		}
		p.e.Phrase += "Refusé par " + p.a.Par.Nom + " : " + droits(refuses) + "."
	}
}

// demanderPrecision asks the applicant something, who has fifteen days (C10).
func (p *pasCompte) demanderPrecision() error {
	ch, err := lireCompte[ChargePrecision](p)
	if err != nil {
		return err
	}
	hs, err := p.juger(ch.Habilitations)
	if err != nil {
		return err
	}
	question, err := p.texte("question", ch.Question, questionMax, "Écrivez ce que vous demandez au demandeur.")
	if err != nil {
		return err
	}
	limite := p.jour().Jours(p.regles().PrecisionJours)
	for _, h := range hs {
		h.Etat, h.Phrase, h.Reponse, h.Limite = HabPrecision, question, "", limite
	}
	if code := "precision:" + string(limite); !p.arme(ActeAbandonnerPrecision, code) {
		p.armerFin(ActeAbandonnerPrecision, code, limite)
	}
	p.ecrire(CourrierCompte{Evenement: CourrierPrecision, Habilitations: copies(hs), Phrase: question, Par: p.a.Par.Nom, Expire: limite.FinDuJour()})
	p.dire("Précision demandée par %s, jusqu’au %s inclus : %s.", p.a.Par.Nom, limite.Longue(), droits(copies(hs)))
	return nil
}

// repondrePrecision gives the rights back to the advisors (C10).
func (p *pasCompte) repondrePrecision() error {
	if err := p.soi(); err != nil {
		return err
	}
	ch, err := lireCompte[ChargeReponse](p)
	if err != nil {
		return err
	}
	hs, err := p.choisir(ch.Habilitations)
	if err != nil {
		return err
	}
	reponse, err := p.texte("reponse", ch.Reponse, reponseMax, "Écrivez votre réponse.")
	if err != nil {
		return err
	}
	for _, h := range hs {
		if h.Etat != HabPrecision {
			return Errorf(Conflict, "Aucune précision n’est attendue pour « %s ».", h.nom()).AvecCode("ETAPE_INATTENDUE")
		}
		p.ouvrirTache(h)
		h.Reponse = reponse
	}
	p.dire("Réponse du demandeur reçue : %s de nouveau à valider.", droits(copies(hs)))
	return nil
}

// abandonnerPrecision refuses what nobody answered for in time (C10).
func (p *pasCompte) abandonnerPrecision() error {
	limite := Date(p.suffixe())
	var hs []Habilitation
	for i := range p.c.Habilitations {
		if h := &p.c.Habilitations[i]; h.Etat == HabPrecision && h.Limite == limite {
			h.Etat, h.Motif, h.DecideeLe, h.DecideePar = HabRefusee, string(MotifSansReponse), p.f.Le, p.a.Par
			h.Phrase = PhraseRefusDroit(MotifSansReponse, h.Phrase)
			hs = append(hs, *h)
		}
	}
	p.ecrire(CourrierCompte{Evenement: CourrierDroitsRefuses, Habilitations: hs})
	p.e.Motif = string(MotifSansReponse)
	p.dire("Sans réponse du demandeur au %s, refusé : %s.", limite.Longue(), droits(hs))
	return nil
}
