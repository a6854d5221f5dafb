package opco

import (
	"errors"
	"slices"
	"strconv"
)

// administre reports whether who acts administers the établissement for that
// profile: an effective right to manage its users, of their own and not by mandate.
// Whoever administers one établissement has no say on the others of the company.
func (p *pasCompte) administre(profil Role, siret SIRET) bool {
	return p.auteurPeut(func(h Habilitation) bool {
		return h.Profil == profil && h.SIRET == siret && h.Service == ServiceUtilisateurs
	})
}

// auteurPeut reports whether the account through which the acte is done has an
// effective right of its own that cond accepts.
func (p *pasCompte) auteurPeut(cond func(Habilitation) bool) bool {
	a := p.f.Auteur
	return a != nil && CompteOuvert(a.Etat) && slices.ContainsFunc(a.Habilitations, func(h Habilitation) bool {
		return !h.Mandat && h.Effective(p.jour()) && cond(h)
	})
}

// inviter opens the account of a colleague or of an agent whom an administrator of
// the company names (C14, AK-54). The rights take effect when the person comes in.
func (p *pasCompte) inviter() error {
	ch, err := lireCompte[ChargeInviter](p)
	if err != nil {
		return err
	}
	if fautes := ch.Identite.Valider(p.jour()); len(fautes) > 0 {
		return fautes[0]
	}
	if err := p.peutDonner(ch.Droits); err != nil {
		return droitRefuse(err)
	}
	p.naitre(OrigineInvitation, ch.Identite, string(ch.Identite.Email), "")
	p.c.Politique = p.f.Parametres.PolitiqueInscription
	p.promettre(ch.Droits)
	if p.f.EmailPris {
		p.dejaInscrit()
		p.expirerDemande()
		return nil
	}
	p.c.Etat = CompteEmailAConfirmer
	p.envoyerCode(nil)
	p.dire("Invitation envoyée par %s, valable jusqu’au %s : %s.", p.a.Par.Nom,
		p.jour().Jours(p.regles().InvitationJours).Longue(), droits(p.c.Habilitations))
	return nil
}

// promettre writes rights that take effect when the account opens.
func (p *pasCompte) promettre(ds []DroitDonne) {
	for _, d := range ds {
		p.poser(p.donne(d, HabDemandee))
	}
}

func (p *pasCompte) donne(d DroitDonne, e EtatHabilitation) Habilitation {
	h := Habilitation{ID: CleHabilitation(d.Profil, d.SIRET, d.Service), Profil: d.Profil, SIRET: d.SIRET, Service: d.Service, Etat: e,
		Du: d.Du, Au: d.Au, Mandat: d.Mandat, DemandeeLe: p.f.Le, DecideeLe: p.f.Le, DecideePar: p.a.Par}
	if p.f.Auteur != nil {
		h.Mandant = p.f.Auteur.Email
	}
	return h
}

// donnerDroits gives rights to somebody who has an account (C14, mandates, AK-01).
func (p *pasCompte) donnerDroits() error {
	ch, err := lireCompte[ChargeInviter](p)
	if err != nil {
		return err
	}
	if err := p.autrui("vous donner des droits"); err != nil {
		return err
	}
	if p.c.Interne() {
		return Errorf(Conflict, "Ce compte est celui d’un agent de l’OPCO : il ne reçoit pas de droits d’organisation.")
	}
	if err := p.peutDonner(ch.Droits); err != nil {
		return droitRefuse(err)
	}
	var hs []Habilitation
	for _, d := range ch.Droits {
		h := p.donne(d, HabAccordee)
		h.Recue = !p.a.Par.Role.Interne() && p.c.etrangereA(h.Espace())
		if x, ok := p.c.Habilitation(h.ID); ok && x.Etat == HabAccordee {
			if x.Mandat != d.Mandat || x.Du == d.Du && x.Au == d.Au {
				return Errorf(Conflict, "Cette personne a déjà le droit « %s ».", h.nom()).AvecCode("DEJA_ACCORDE")
			}
		}
		p.poser(h)
		hs = append(hs, h)
	}
	p.ecrire(CourrierCompte{Evenement: CourrierDroitsDonnes, Habilitations: hs, Par: p.a.Par.Nom})
	p.dire("Droits donnés par %s : %s.", p.a.Par.Nom, droits(hs))
	return nil
}

// etrangereA reports whether the account has rights, or asks for some, and none in
// that espace but those that it was given unasked.
func (c *Compte) etrangereA(espace string) bool {
	ailleurs := false
	for _, h := range c.Habilitations {
		if h.Etat != HabAccordee && h.Etat != HabSuspendue && !h.Etat.Attendue() {
			continue
		}
		switch {
		case h.Espace() != espace:
			ailleurs = true
		case !h.Recue:
			return false
		}
	}
	return ailleurs
}

// peutDonner refuses rights that are not well said, or that who gives them does not
// hold: an administrator gives only what he holds himself, where he administers.
func (p *pasCompte) peutDonner(ds []DroitDonne) error {
	if err := validerDroits(ds); err != nil {
		return err
	}
	conseil := p.a.Par.Role.Interne()
	var hs []*Habilitation
	for i, d := range ds {
		champ := "droits[" + strconv.Itoa(i) + "]"
		if err := p.periode(champ, d); err != nil {
			return err
		}
		hs = append(hs, &Habilitation{SIRET: d.SIRET})
		if !conseil && !p.transmet(d) {
			return &Error{Kind: Forbidden, Champ: champ, Message: "Vous ne pouvez pas donner « " + d.Service.Libelle() + ", " + d.SIRET.Affiche() +
				" » : il faut administrer cet établissement et avoir ce droit vous-même."}
		}
	}
	if conseil {
		return p.impartial(hs)
	}
	return nil
}

// droitRefuse gives a code to the refusal of a right: its sentence quotes nothing
// that somebody typed, so that whoever invites is told it even when no account was
// made.
func droitRefuse(err error) error {
	var e *Error
	if errors.As(err, &e) && e.Code == "" {
		e.Code = "DROIT_REFUSE"
	}
	return err
}

// transmet reports whether the author administers the établissement and holds the
// service there. Who handles dossiers may let somebody read them.
func (p *pasCompte) transmet(d DroitDonne) bool {
	ici := func(h Habilitation) bool { return h.Profil == d.Profil && h.SIRET == d.SIRET }
	return p.administre(d.Profil, d.SIRET) &&
		p.auteurPeut(func(h Habilitation) bool {
			return ici(h) && (h.Service == d.Service || d.Service == ServiceLecture && h.Service.Lit())
		})
}

// periode checks the days of a right: a mandate has both, starts today at the
// earliest and is not longer than the paramètre; it never lets its holder manage
// users, hence never sub-delegate.
func (p *pasCompte) periode(champ string, d DroitDonne) error {
	mois := p.regles().MandatMois
	switch {
	case d.Mandat && d.Service == ServiceUtilisateurs:
		return Champf(champ+".service", "Un mandat ne permet pas de gérer les utilisateurs d’une entreprise.")
	case d.Mandat && (d.Du == "" || d.Au == ""):
		return Champf(champ+".au", "Donnez le premier et le dernier jour du mandat.")
	case d.Du != "" && d.Du < p.jour():
		return Champf(champ+".du", "Le premier jour est déjà passé : choisissez aujourd’hui ou plus tard.")
	case d.Au != "" && d.Au < max(d.Du, p.jour()):
		return Champf(champ+".au", "Le dernier jour vient avant le premier, ou il est déjà passé.")
	case d.Mandat && d.Au >= d.Du.Mois(mois):
		return Champf(champ+".au", "Un mandat dure %d mois au plus : il doit finir le %s au plus tard.", mois, d.Du.Mois(mois).Jours(-1).Longue())
	}
	return nil
}

// finirMandat ends the rights whose last day has passed; who gave them is told too.
func (p *pasCompte) finirMandat() error {
	var hs []Habilitation
	mandants := map[Email][]Habilitation{}
	var ordre []Email
	for i := range p.c.Habilitations {
		h := &p.c.Habilitations[i]
		if h.Etat != HabAccordee || h.Au == "" || h.Au > p.effet() {
			continue
		}
		h.Etat = HabExpiree
		hs = append(hs, *h)
		if h.Mandant != "" && h.Mandant != p.c.Email {
			if mandants[h.Mandant] == nil {
				ordre = append(ordre, h.Mandant)
			}
			mandants[h.Mandant] = append(mandants[h.Mandant], *h)
		}
	}
	p.ecrire(CourrierCompte{Evenement: CourrierMandatFini, Habilitations: hs})
	for _, m := range ordre {
		siens := mandants[m]
		p.e.Courriers = append(p.e.Courriers, CourrierCompte{Evenement: CourrierMandatFini, A: m, Nom: siens[0].DecideePar.Nom, Habilitations: siens, Par: p.c.NomComplet()})
	}
	p.e.CouperSessions = true
	p.dire("Dernier jour passé, le %s : %s.", p.effet().Longue(), droits(hs))
	return nil
}

// retirerDroits withdraws rights (C13): by the OPCO, or by an administrator of the
// établissement, who cannot leave it without any.
func (p *pasCompte) retirerDroits() error {
	ch, err := lireCompte[ChargeDroits](p)
	if err != nil {
		return err
	}
	hs, err := p.choisir(ch.Habilitations)
	if err != nil {
		return err
	}
	raison, err := p.texte("raison", ch.Raison, raisonMax, "Dites pourquoi ces droits sont retirés : la personne le lira.")
	if err != nil {
		return err
	}
	if err := p.peutRetirer(hs); err != nil {
		return err
	}
	for _, h := range hs {
		h.Etat, h.Phrase, h.Motif, h.DecideeLe, h.DecideePar = HabRetiree, raison, "", p.f.Le, p.a.Par
		if !p.a.Par.Role.Interne() && !slices.Contains(p.e.Espaces, h.Espace()) {
			p.e.Espaces = append(p.e.Espaces, h.Espace())
		}
	}
	p.e.CouperSessions = true
	p.ecrire(CourrierCompte{Evenement: CourrierDroitsRetires, Habilitations: copies(hs), Phrase: raison, Par: p.a.Par.Nom})
	p.dire("Retiré par %s : %s. %s", p.a.Par.Nom, droits(copies(hs)), phrase(raison))
	return nil
}

func (p *pasCompte) peutRetirer(hs []*Habilitation) error {
	for _, h := range hs {
		if h.Etat != HabAccordee && h.Etat != HabSuspendue && !h.promise() {
			return Errorf(Conflict, "Le droit « %s » n’est pas ouvert : il n’y a rien à retirer.", h.nom()).AvecCode("ETAPE_INATTENDUE")
		}
	}
	if p.a.Par.Role.Interne() {
		if err := p.autrui("retirer vos droits"); err != nil {
			return err
		}
		return p.impartial(hs)
	}
	for _, h := range hs {
		switch {
		case !p.administre(h.Profil, h.SIRET):
			return Errorf(Forbidden, "Vous n’administrez pas les comptes de l’établissement %s.", h.SIRET.Affiche())
		case h.Service == ServiceUtilisateurs && h.Effective(p.jour()) && p.f.AutresResponsables[CleEtablissement(h.Profil, h.SIRET)] == 0:
			return Errorf(Conflict, "C’est le dernier administrateur de cet établissement : nommez-en un autre avant de lui retirer ce droit.").AvecCode("DERNIER_ADMINISTRATEUR")
		}
	}
	return nil
}

// validerDroits checks the words of rights given, each once.
func validerDroits(ds []DroitDonne) error {
	if len(ds) == 0 {
		return Champf("droits", "Choisissez au moins un droit.")
	}
	for i, d := range ds {
		champ := "droits[" + strconv.Itoa(i) + "]"
		siret, err := ParseSIRET(string(d.SIRET))
		switch {
		case err != nil || siret != d.SIRET:
			return Champf(champ+".siret", "Ce SIRET n’existe pas : vérifiez ses 14 chiffres.")
		case !slices.Contains(Services(d.Profil), d.Service):
			return Champf(champ+".service", "Ce service n’existe pas pour ce profil.")
		case !dateOuVide(d.Du), !dateOuVide(d.Au):
			return Champf(champ+".du", "Écrivez les dates AAAA-MM-JJ, par exemple 2026-04-13.")
		case slices.ContainsFunc(ds[:i], func(x DroitDonne) bool {
			return x.Profil == d.Profil && x.SIRET == d.SIRET && x.Service == d.Service
		}):
			return Champf(champ, "Ce droit est cité deux fois.")
		}
	}
	return nil
}

func dateOuVide(d Date) bool {
	if d == "" {
		return true
	}
	_, err := ParseDate(string(d))
	return err == nil
}
