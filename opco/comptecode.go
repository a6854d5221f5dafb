package opco

import (
	"slices"
	"time"
)

// verifierInscription answers an inscription (C02): a code by mail, or, to whom
// already has an account, a mail that says so. The screen is the same.
func (p *pasCompte) verifierInscription() error {
	if p.f.EmailPris {
		p.dejaInscrit()
		p.expirerDemande()
		return nil
	}
	p.c.Etat = CompteEmailAConfirmer
	p.envoyerCode(nil)
	p.dire("Code d’activation envoyé par courriel, valable jusqu’au %s.", p.instant(p.c.Code.Expire))
	return nil
}

// dejaInscrit reminds the owner of the mailbox of the account that it opens.
func (p *pasCompte) dejaInscrit() {
	p.e.Motif = "DEJA_INSCRIT"
	p.ecrire(CourrierCompte{Evenement: CourrierDejaInscrit})
	p.dire("Cette adresse ouvre déjà un compte : un courriel le rappelle à son titulaire.")
}

// envoyerCode sends a fresh code, which alone is valid, and arms what follows it.
// An invitation lasts longer than the code of somebody who has just signed up.
func (p *pasCompte) envoyerCode(renvois []time.Time) {
	r, code := p.regles(), nouveauCode(p.f.Alea)
	p.desarmerTypes(ActeRelancerCode, ActeExpirerCompte, ActePurgerCompte)
	expire := p.f.Le.Add(time.Duration(r.CodeHeures) * time.Hour)
	if p.c.Origine == OrigineInscription {
		p.armerInstant(ActeRelancerCode, "relance", p.f.Le.Add(time.Duration(r.CodeRelanceHeures)*time.Hour))
		p.armerInstant(ActeExpirerCompte, "expiration", expire)
	} else {
		expire = p.jour().Jours(r.InvitationJours).FinDuJour()
		p.armerFin(ActeExpirerCompte, "expiration", p.jour().Jours(r.InvitationJours))
	}
	p.c.Code = &CodeEnvoye{Empreinte: EmpreinteCode(code), Le: p.f.Le, Expire: expire, Renvois: renvois}
	p.ecrire(p.courrierCode(code))
}

func (p *pasCompte) courrierCode(code string) CourrierCompte {
	m := CourrierCompte{Evenement: CourrierCode, Secret: code, Expire: p.c.Code.Expire}
	if p.c.Origine == OrigineInscription {
		return m
	}
	m.Evenement, m.Identifiant = CourrierInvitation, p.c.Identifiant
	for _, h := range p.c.Habilitations {
		if h.promise() {
			m.Par, m.Habilitations = h.DecideePar.Nom, append(m.Habilitations, h)
		}
	}
	for _, r := range p.c.Roles {
		if r.RetireLe.IsZero() {
			m.Par, m.Role = r.AccordePar.Nom, r.Role
		}
	}
	return m
}

// instant writes an instant for a reader of the journal: « 4 juin 2026 à 10:00 ».
func (p *pasCompte) instant(t time.Time) string {
	return JourDe(t).Longue() + " à " + t.In(Paris).Format("15:04")
}

// renvoyerCode sends another code, at most three times an hour (C03); the former
// one dies. A request that expired starts again, unless its data were erased.
func (p *pasCompte) renvoyerCode() error {
	if err := p.peutRenvoyer(); err != nil {
		return err
	}
	var renvois []time.Time
	if p.c.Code != nil {
		renvois = slices.DeleteFunc(slices.Clone(p.c.Code.Renvois), func(t time.Time) bool { return !t.After(p.f.Le.Add(-time.Hour)) })
	}
	if len(renvois) >= p.regles().RenvoisParHeure {
		return Errorf(Conflict, "Nous vous avons déjà envoyé %d codes en une heure. Cherchez le dernier dans vos courriels, ou demandez-en un autre après %s.",
			len(renvois), renvois[0].Add(time.Hour).In(Paris).Format("15:04")).AvecCode("TROP_DE_RENVOIS")
	}
	renvois = append(renvois, p.f.Le)
	if p.f.EmailPris {
		p.c.Code = &CodeEnvoye{Mort: true, Le: p.f.Le, Expire: p.f.Le, Renvois: renvois}
		p.dejaInscrit()
		return nil
	}
	p.c.Etat = CompteEmailAConfirmer
	p.envoyerCode(renvois)
	p.dire("Nouveau code envoyé par courriel, valable jusqu’au %s ; le précédent ne sert plus.", p.instant(p.c.Code.Expire))
	return nil
}

// peutRenvoyer wants the applicant, or who invited the person: an administrator of
// the company, an administrator of the OPCO for its own staff.
func (p *pasCompte) peutRenvoyer() error {
	switch {
	case p.c.Origine == OrigineOPCO || p.c.Origine == OrigineReprise:
		return Errorf(Conflict, "Ce compte a été ouvert par l’OPCO : votre conseiller peut envoyer de nouveaux identifiants provisoires.").AvecCode("ETAPE_INATTENDUE")
	case p.a.Par.Role == RoleDemandeur, p.a.Par.Role == RoleAdmin && p.c.Interne():
		return nil
	}
	for i := range p.c.Habilitations {
		if h := &p.c.Habilitations[i]; h.promise() && p.administre(h.Profil, h.SIRET) {
			return nil
		}
	}
	return Errorf(Forbidden, "Vous n’avez pas invité cette personne.")
}

// relancerCode reminds the applicant once (C04). The code itself left in the first
// mail and is kept nowhere: this one says where to type it, or to ask for another.
func (p *pasCompte) relancerCode() error {
	p.ecrire(CourrierCompte{Evenement: CourrierRelanceCode, Expire: p.c.Code.Expire})
	p.dire("Rappel envoyé : le code n’a pas encore servi.")
	return nil
}

// expirer ends what was not used in time: a code (C04), provisional credentials
// (C19), which the OPCO may issue again.
func (p *pasCompte) expirer() error {
	if p.c.Etat == CompteEmailAConfirmer {
		p.c.Code.Mort = true
		p.expirerDemande()
		p.dire("Le code n’a pas servi à temps : la demande a expiré. Ses données seront effacées le %s.", p.c.Echeances[len(p.c.Echeances)-1].Effet.Longue())
		return nil
	}
	p.c.Etat, p.c.Provisoire.Lien, p.c.Provisoire.Nouveau = CompteExpire, nil, ""
	p.e.OterMotDePasse, p.e.CouperSessions = true, true
	p.dire("Les identifiants provisoires n’ont pas servi à temps : ils n’ouvrent plus rien. Un gestionnaire peut en envoyer de nouveaux.")
	return nil
}

// expirerDemande ends a request, whose data will be erased.
func (p *pasCompte) expirerDemande() {
	p.c.Etat = CompteExpire
	p.desarmerTypes(ActeRelancerCode, ActeExpirerCompte)
	p.armerFin(ActePurgerCompte, "purge", p.effet().Jours(p.regles().PurgeJours))
}

// essayer compares what was typed with the secret c that left by mail. A wrong one
// is a refusal that counts; at the fifth the secret dies, not the account (5 bis).
func (p *pasCompte) essayer(c *CodeEnvoye, empreinte, secret string) (juste bool, err error) {
	switch {
	case c == nil || c.Mort:
		return false, Errorf(Conflict, "Ce %s ne sert plus : demandez-en un nouveau.", secret).AvecCode("CODE_MORT")
	case !p.f.Le.Before(c.Expire):
		return false, Errorf(Conflict, "Ce %s a expiré : demandez-en un nouveau.", secret).AvecCode("CODE_EXPIRE")
	case memeEmpreinte(c.Empreinte, empreinte):
		c.Mort = true
		return true, nil
	}
	c.Essais++
	reste := p.regles().CodeEssais - c.Essais
	switch {
	case reste > 1:
		p.e.Refus = Champf("code", "Ce %s n’est pas le bon. Il vous reste %d essais.", secret, reste).AvecCode("CODE_FAUX")
	case reste == 1:
		p.e.Refus = Champf("code", "Ce %s n’est pas le bon. Il vous reste un essai.", secret).AvecCode("CODE_FAUX")
	default:
		c.Mort = true
		p.e.Refus = Champf("code", "Ce %s n’est pas le bon, et c’était le dernier essai : demandez-en un nouveau.", secret).AvecCode("CODE_MORT")
	}
	return false, nil
}

// confirmerEmail proves the address and opens the account (C05): a person who signed
// up waits for the advisor, an invited one has the rights given, a staff member
// the roles.
func (p *pasCompte) confirmerEmail() error {
	c, err := lireCompte[ChargeCode](p)
	if err != nil {
		return err
	}
	if juste, err := p.essayer(p.c.Code, c.Empreinte, "code"); !juste {
		return err // first: a wrong code is a try, whatever else is missing
	}
	if !p.f.MotDePasse {
		return Champf("mot_de_passe", "Choisissez un mot de passe.")
	}
	if p.c.Origine == OrigineInvitation && c.Version != p.regles().VersionCGU {
		return Champf("version", "Lisez et acceptez les conditions d’utilisation pour activer votre compte.")
	}
	if p.f.EmailPris || p.f.IdentifiantPris {
		return Errorf(Conflict, "Un compte est déjà ouvert avec cette adresse : connectez-vous, ou demandez un nouveau mot de passe.").AvecCode("DEJA_INSCRIT")
	}
	if p.c.Origine == OrigineInvitation {
		p.c.CGU = &Acceptation{Version: c.Version, Le: p.f.Le}
	}
	p.desarmerTypes(ActeRelancerCode, ActeExpirerCompte)
	p.c.Etat, p.c.ConfirmeLe, p.e.PoserMotDePasse = CompteActifLimite, p.f.Le, true
	p.dire("Adresse de courriel confirmée et mot de passe choisi.")
	p.tenirPromesses()
	for _, b := range p.c.Demandes {
		if b.Profil == RoleEntreprise {
			p.armerVerification(b.ID)
		}
	}
	if !p.c.droitAcquis() {
		p.ecrire(CourrierCompte{Evenement: CourrierActifLimite, Identifiant: p.c.Identifiant, Habilitations: slices.Clone(p.c.Habilitations)})
	}
	return nil
}
