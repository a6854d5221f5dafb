package opco

import "slices"

// RolesInternes lists the roles that an administrator grants to the staff.
func RolesInternes() []Role {
	return []Role{RoleGestionnaire, RoleConseiller, RoleResponsable, RoleComptable, RoleControleur, RoleOps, RoleAdmin, RoleAuditeur}
}

// RolesIncompatibles says why one person may not hold both roles at a time, "" when
// they may (reliability.md 3.1, rule 3): who examines does not pay; who checks neither
// examines nor pays (domain.md 2.6); who administers or operates the system does no
// business.
func RolesIncompatibles(a, b Role) string {
	instruit := func(r Role) bool { return r == RoleGestionnaire || r == RoleConseiller }
	technique := func(r Role) bool { return r == RoleAdmin || r == RoleOps }
	switch {
	case a == b || a == RoleAuditeur || b == RoleAuditeur:
		return ""
	case instruit(a) && b == RoleComptable, instruit(b) && a == RoleComptable:
		return "Qui instruit ne paie pas : les rôles « " + a.Libelle() + " » et « " + b.Libelle() + " » ne se cumulent pas."
	case a == RoleControleur && (instruit(b) || b == RoleComptable), b == RoleControleur && (instruit(a) || a == RoleComptable):
		return "Qui contrôle n’instruit pas et ne paie pas : les rôles « " + a.Libelle() + " » et « " + b.Libelle() + " » ne se cumulent pas."
	case technique(a), technique(b):
		return "Qui administre ou exploite le système ne traite pas de dossiers : les rôles « " + a.Libelle() + " » et « " + b.Libelle() + " » ne se cumulent pas."
	}
	return ""
}

// compatible refuses a role that the ones already held or awaited exclude.
func (c *Compte) compatible(r Role) error {
	for _, x := range c.Roles {
		if !x.RetireLe.IsZero() {
			continue
		}
		if s := RolesIncompatibles(r, x.Role); s != "" {
			return Errorf(Conflict, "%s", s).AvecCode("ROLES_INCOMPATIBLES")
		}
	}
	return nil
}

// tient reports whether the account has the role in force.
func (c *Compte) tient(r Role) bool {
	return slices.ContainsFunc(c.Roles, func(x RoleAccorde) bool { return x.Role == r && x.EnVigueur() })
}

func dernierAdmin() error {
	return Errorf(Conflict, "C’est le dernier administrateur de l’OPCO : nommez-en un autre d’abord.").AvecCode("DERNIER_ADMINISTRATEUR")
}

// creerAgent opens the account of a staff member, who proves the e-mail as an
// invited person does. One more account of a person is theirs by name, they are told
// of it, and a second administrator confirms its role whatever it is: what is done
// through it engages that person.
func (p *pasCompte) creerAgent() error {
	ch, err := lireCompte[ChargeAgent](p)
	if err != nil {
		return err
	}
	if ch.Personne != "" && p.a.Par.Engage(ch.Personne) {
		return Errorf(Forbidden, "Vous ne pouvez pas vous créer un compte : un autre administrateur doit le faire.").AvecCode("MEME_PERSONNE")
	}
	if fautes := ch.Identite.Valider(p.jour()); len(fautes) > 0 {
		return fautes[0]
	}
	id, err := identifiantChoisi(ch.Identifiant, ch.Identite.Email)
	if err != nil {
		return err
	}
	if p.f.IdentifiantPris {
		return Champf("identifiant", "Cet identifiant est déjà pris : choisissez-en un autre.").AvecCode("IDENTIFIANT_PRIS")
	}
	if p.f.EmailPris {
		return Champf("identite.email", "Cette adresse ouvre déjà un compte : donnez-en une autre.").AvecCode("DEJA_INSCRIT")
	}
	if err := p.memePersonne(ch); err != nil {
		return err
	}
	p.naitre(OrigineInterne, ch.Identite, id, ch.Personne)
	p.c.Politique = PolitiqueInterne
	if err := p.ajouterRole(ch.Role); err != nil {
		return err
	}
	if ch.Personne != "" {
		p.c.Roles[0].Attend = true
		p.avertirJumeaux(ch.Role)
	}
	p.c.Etat = CompteEmailAConfirmer
	p.envoyerCode(nil)
	p.dire("Compte créé par %s avec le rôle « %s »%s.", p.a.Par.Nom, ch.Role.Libelle(), p.attente(ch.Role))
	return nil
}

// memePersonne refuses to open an account in the name of a person who is not of the
// staff, or under another name than theirs.
func (p *pasCompte) memePersonne(ch ChargeAgent) error {
	if ch.Personne == "" {
		return nil
	}
	i := slices.IndexFunc(p.f.Jumeaux, (*Compte).Interne)
	if i < 0 {
		return Champf("personne", "Cette personne n’est pas un agent de l’OPCO : laissez ce champ vide pour créer son premier compte.")
	}
	x := p.f.Jumeaux[i]
	switch {
	case ch.Identite.Nom != x.Nom:
		return Champf("identite.nom", "Le nom n’est pas celui de la personne désignée : un second compte porte le même nom que le premier.")
	case ch.Identite.Prenom != x.Prenom:
		return Champf("identite.prenom", "Le prénom n’est pas celui de la personne désignée : un second compte porte le même prénom que le premier.")
	}
	return nil
}

// avertirJumeaux tells a person, at the addresses of the accounts that they have,
// that another one is being opened in their name.
func (p *pasCompte) avertirJumeaux(r Role) {
	for _, x := range p.f.Jumeaux {
		if x.Email != "" {
			p.e.Courriers = append(p.e.Courriers, CourrierCompte{Evenement: CourrierAutreCompte, A: x.Email, Nom: x.NomComplet(), Role: r, Par: p.a.Par.Nom})
		}
	}
}

// ajouterRole writes a role; a sensitive one waits for a second administrator.
func (p *pasCompte) ajouterRole(r Role) error {
	if !slices.Contains(RolesInternes(), r) {
		return Champf("role", "Ce rôle n’existe pas : choisissez-le dans la liste.")
	}
	if i := p.c.indexRole(r); i >= 0 && p.c.Roles[i].RetireLe.IsZero() {
		return Errorf(Conflict, "Cette personne a déjà le rôle « %s », ou il attend une confirmation.", r.Libelle()).AvecCode("DEJA_ACCORDE")
	}
	if err := p.c.compatible(r); err != nil {
		return err
	}
	p.c.Roles = slices.DeleteFunc(slices.Clone(p.c.Roles), func(x RoleAccorde) bool { return x.Role == r })
	p.c.Roles = append(p.c.Roles, RoleAccorde{Role: r, AccordePar: p.a.Par, Le: p.f.Le, Attend: slices.Contains(p.regles().RolesSensibles, r)})
	return nil
}

func (c *Compte) indexRole(r Role) int {
	return slices.IndexFunc(c.Roles, func(x RoleAccorde) bool { return x.Role == r })
}

func (p *pasCompte) attente(r Role) string {
	if i := p.c.indexRole(r); i >= 0 && p.c.Roles[i].Attend {
		return ", qui attend la confirmation d’un second administrateur"
	}
	return ""
}

// accorderRole gives a role to a staff member; nobody gives one to himself.
func (p *pasCompte) accorderRole() error {
	ch, err := lireCompte[ChargeRole](p)
	if err != nil {
		return err
	}
	if err := p.autrui("vous donner un rôle"); err != nil {
		return err
	}
	if !p.c.Interne() {
		return Errorf(Conflict, "Ce compte est celui d’une organisation : il ne reçoit pas de rôle.")
	}
	if err := p.ajouterRole(ch.Role); err != nil {
		return err
	}
	if p.attente(ch.Role) == "" {
		p.ecrire(CourrierCompte{Evenement: CourrierRoleAccorde, Role: ch.Role, Par: p.a.Par.Nom})
	}
	p.dire("Rôle « %s » donné par %s%s.", ch.Role.Libelle(), p.a.Par.Nom, p.attente(ch.Role))
	return nil
}

// confirmerRole is the second administrator's word on a sensitive role.
func (p *pasCompte) confirmerRole() error {
	ch, err := lireCompte[ChargeRole](p)
	if err != nil {
		return err
	}
	if err := p.autrui("confirmer votre rôle"); err != nil {
		return err
	}
	i := p.c.indexRole(ch.Role)
	if i < 0 || !p.c.Roles[i].Attend || !p.c.Roles[i].RetireLe.IsZero() {
		return Errorf(Conflict, "Ce rôle n’attend pas de confirmation : rechargez la page.").AvecCode("ETAPE_INATTENDUE")
	}
	r := &p.c.Roles[i]
	if p.a.Par.Croise(r.AccordePar) {
		return Errorf(Forbidden, "Vous avez donné ce rôle : un autre administrateur doit le confirmer.").AvecCode("MEME_PERSONNE")
	}
	r.Attend, r.ConfirmePar = false, p.a.Par
	if CompteOuvert(p.c.Etat) {
		p.ecrire(CourrierCompte{Evenement: CourrierRoleAccorde, Role: ch.Role, Par: p.a.Par.Nom})
	}
	p.dire("Rôle « %s » confirmé par %s.", ch.Role.Libelle(), p.a.Par.Nom)
	return nil
}

// retirerRole withdraws a role at once, with the delegations made in it. One
// administrator is enough; the last one stays.
func (p *pasCompte) retirerRole() error {
	ch, err := lireCompte[ChargeRole](p)
	if err != nil {
		return err
	}
	raison, err := p.texte("raison", ch.Raison, raisonMax, "Dites pourquoi ce rôle est retiré : la personne le lira.")
	if err != nil {
		return err
	}
	i := p.c.indexRole(ch.Role)
	if i < 0 || !p.c.Roles[i].RetireLe.IsZero() {
		return Errorf(Conflict, "Cette personne n’a pas ce rôle : rechargez la page.").AvecCode("ETAPE_INATTENDUE")
	}
	if ch.Role == RoleAdmin && p.c.tient(RoleAdmin) && p.f.AutresAdmins == 0 {
		return dernierAdmin()
	}
	p.finirRoles(func(r RoleAccorde) bool { return r.Role == ch.Role })
	p.e.CouperSessions = true
	p.ecrire(CourrierCompte{Evenement: CourrierRoleRetire, Role: ch.Role, Phrase: raison, Par: p.a.Par.Nom})
	p.dire("Rôle « %s » retiré par %s : %s", ch.Role.Libelle(), p.a.Par.Nom, phrase(raison))
	return nil
}

// finirRoles ends the roles that fin says, and the delegations made in them.
func (p *pasCompte) finirRoles(fin func(RoleAccorde) bool) {
	for i := range p.c.Roles {
		r := &p.c.Roles[i]
		if !fin(*r) || !r.RetireLe.IsZero() {
			continue
		}
		r.RetireLe, r.Attend = p.f.Le, false
		for j := range p.c.Delegations {
			if d := &p.c.Delegations[j]; d.Role == r.Role && d.FinLe.IsZero() {
				d.FinLe = p.f.Le
			}
		}
	}
}

// declarerLien notes a company with which a staff member has a link: by that
// person, a responsable or an administrator (reliability.md 3.1, rule 7).
func (p *pasCompte) declarerLien() error {
	ch, err := lireCompte[ChargeLien](p)
	if err != nil {
		return err
	}
	if !p.estSoi() && p.a.Par.Role != RoleResponsable && p.a.Par.Role != RoleAdmin {
		return p.soi()
	}
	if !p.c.Interne() {
		return Errorf(Conflict, "Seuls les agents de l’OPCO déclarent un lien d’intérêt.")
	}
	siren, err := ParseSIREN(string(ch.SIREN))
	if err != nil {
		return err
	}
	raison, err := p.texte("raison", ch.Raison, raisonMax, "Dites quel est ce lien, par exemple « Conjoint salarié de l’entreprise ».")
	if err != nil {
		return err
	}
	if p.c.indexLien(siren) >= 0 {
		return Errorf(Conflict, "Un lien avec cette entreprise est déjà déclaré.").AvecCode("DEJA_ACCORDE")
	}
	p.c.Liens = append(p.c.Liens, LienDInteret{SIREN: siren, Raison: raison, Le: p.f.Le})
	p.dire("Lien d’intérêt déclaré avec l’entreprise %s, par %s.", siren.Affiche(), p.a.Par.Nom)
	return nil
}

func (c *Compte) indexLien(s SIREN) int {
	return slices.IndexFunc(c.Liens, func(l LienDInteret) bool { return l.SIREN == s && l.FinLe.IsZero() })
}

// finirLien ends a declared link; nobody ends their own.
func (p *pasCompte) finirLien() error {
	ch, err := lireCompte[ChargeFin](p)
	if err != nil {
		return err
	}
	if err := p.autrui("mettre fin à votre lien d’intérêt"); err != nil {
		return err
	}
	i := p.c.indexLien(SIREN(ch.ID))
	if i < 0 {
		return Errorf(NotFound, "Ce lien n’est pas déclaré, ou il est déjà fini.")
	}
	p.c.Liens[i].FinLe = p.f.Le
	p.dire("Fin du lien d’intérêt avec l’entreprise %s, par %s.", SIREN(ch.ID).Affiche(), p.a.Par.Nom)
	return nil
}
