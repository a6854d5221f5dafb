package opco

import (
	"fmt"
	"time"
)

// demanderReinitialisation sends a link that lives an hour and serves once; a new
// one kills the former (C20).
func (p *pasCompte) demanderReinitialisation() error {
	jeton := tirer(p.f.Alea, symbolesLien)
	expire := p.f.Le.Add(time.Duration(p.regles().ReinitMinutes) * time.Minute)
	p.c.Reinitialise = &CodeEnvoye{Empreinte: EmpreinteCode(jeton), Le: p.f.Le, Expire: expire}
	p.ecrire(CourrierCompte{Evenement: CourrierReinitialisation, Identifiant: p.c.Identifiant, Secret: jeton, Expire: expire})
	p.dire("Mot de passe oublié : un lien est parti par courriel, valable jusqu’au %s.", p.instant(expire))
	return nil
}

// reinitialiser puts the password chosen with the link in place and cuts every
// session (C20).
func (p *pasCompte) reinitialiser() error {
	ch, err := lireCompte[ChargeCode](p)
	if err != nil {
		return err
	}
	if juste, err := p.essayer(p.c.Reinitialise, ch.Empreinte, "lien"); !juste {
		return err
	}
	if !p.f.MotDePasse {
		return Champf("mot_de_passe", "Choisissez un mot de passe.")
	}
	p.changer(false)
	p.dire("Mot de passe changé par le lien envoyé ; toutes les sessions sont fermées.")
	return nil
}

// changer puts the chosen password in place, says so by mail, and cuts the other
// sessions, or all of them.
func (p *pasCompte) changer(saufCelleCi bool) {
	p.e.PoserMotDePasse, p.e.CouperSessions, p.e.SaufCelleCi = true, true, saufCelleCi
	p.c.Reinitialise = nil
	p.ecrire(CourrierCompte{Evenement: CourrierMotDePasseChange, Identifiant: p.c.Identifiant})
}

// changerMotDePasse is MA-71; the counter has compared the present password.
func (p *pasCompte) changerMotDePasse() error {
	if err := p.soi(); err != nil {
		return err
	}
	if !p.f.MotDePasse {
		return Champf("mot_de_passe", "Choisissez un mot de passe.")
	}
	p.changer(true)
	p.dire("Mot de passe changé ; les autres sessions sont fermées.")
	return nil
}

// modifier is MA-71: civilité, name and telephone.
func (p *pasCompte) modifier() error {
	if err := p.soi(); err != nil {
		return err
	}
	ch, err := lireCompte[ChargeModifier](p)
	if err != nil {
		return err
	}
	if fautes := ch.Valider(); len(fautes) > 0 {
		return fautes[0]
	}
	p.c.Civilite, p.c.Nom, p.c.Prenom, p.c.Telephone = ch.Civilite, ch.Nom, ch.Prenom, ch.Telephone
	p.dire("Informations personnelles modifiées par leur titulaire.")
	return nil
}

// Valider returns every reason why the change cannot be taken, one a field.
func (c ChargeModifier) Valider() []*Error {
	v := &validationCompte{}
	v.civilite("civilite", c.Civilite)
	v.nomRequis("nom", c.Nom, "Indiquez le nom.")
	v.nomRequis("prenom", c.Prenom, "Indiquez le prénom.")
	v.telephone("telephone", c.Telephone)
	return v.errs
}

// signalerBlocage tells the person that too many wrong passwords were tried (C21).
func (p *pasCompte) signalerBlocage() error {
	ch, err := lireCompte[ChargeBlocage](p)
	if err != nil {
		return err
	}
	jusque, err := time.Parse(time.RFC3339, ch.Jusque)
	if err != nil {
		return fmt.Errorf("reading the end of a lock-out: %w", err)
	}
	p.ecrire(CourrierCompte{Evenement: CourrierBlocage, Identifiant: p.c.Identifiant, Expire: jusque})
	p.e.Motif = "BLOCAGE"
	p.dire("%d mots de passe faux de suite : connexion bloquée jusqu’au %s.", ch.Echecs, p.instant(jusque))
	return nil
}

var facteurs = map[string]string{"TOTP": "Application d’authentification", "PASSKEY": "Clé d’accès", "SECOURS": "Codes de secours",
	"IDENTITE": "Compte d’un fournisseur d’identité"}

// changerFacteur notes that a second factor was added or removed, by the person, or
// removed by an administrator for somebody who has lost it.
func (p *pasCompte) changerFacteur() error {
	ch, err := lireCompte[ChargeFacteur](p)
	if err != nil {
		return err
	}
	if !p.estSoi() {
		return p.oterFacteurs()
	}
	libelle, ok := facteurs[ch.Facteur]
	if !ok {
		return Champf("facteur", "Ce second facteur n’existe pas.")
	}
	nom, err := ParseTexte("libelle", ch.Libelle, fonctionMax)
	if err != nil {
		return err
	}
	if nom != "" {
		libelle += " « " + nom + " »"
	}
	quoi := "ajouté"
	if ch.Retire {
		quoi = "retiré"
		p.e.CouperSessions, p.e.SaufCelleCi = true, true
	}
	p.ecrire(CourrierCompte{Evenement: CourrierFacteurChange, Phrase: "Second facteur " + quoi + " : " + libelle + "."})
	p.dire("Second facteur %s : %s.", quoi, facteurs[ch.Facteur])
	return nil
}

func (p *pasCompte) oterFacteurs() error {
	if p.a.Par.Role != RoleAdmin {
		return p.soi()
	}
	if err := p.autrui("retirer vos seconds facteurs"); err != nil {
		return err
	}
	p.e.OterFacteurs, p.e.CouperSessions = true, true
	p.ecrire(CourrierCompte{Evenement: CourrierFacteurChange, Phrase: "Vos seconds facteurs ont été retirés par " + p.a.Par.Nom + " : vous en choisirez un nouveau à la prochaine connexion."})
	p.dire("Seconds facteurs retirés par %s.", p.a.Par.Nom)
	return nil
}

// clore ends an account (C22): at the request of the person, or by the OPCO. Its
// personal data are erased after the délai of the paramètres.
func (p *pasCompte) clore() error {
	ch, err := lireCompte[ChargeRaisonCompte](p)
	if err != nil {
		return err
	}
	raison, err := ParseTexte("raison", ch.Raison, raisonMax)
	if err != nil {
		return err
	}
	if err := p.peutClore(raison); err != nil {
		return err
	}
	for i := range p.c.Habilitations {
		if h := &p.c.Habilitations[i]; h.Etat.Attendue() || h.Etat == HabAccordee || h.Etat == HabSuspendue {
			h.Etat, h.DecideeLe, h.DecideePar = HabRetiree, p.f.Le, p.a.Par
		}
	}
	p.finirRoles(func(RoleAccorde) bool { return true })
	p.c.Etat, p.c.Echeances, p.c.Code, p.c.Provisoire, p.c.Reinitialise = CompteClos, nil, nil, nil, nil
	p.e.OterMotDePasse, p.e.CouperSessions, p.e.OterFacteurs = true, true, true
	fin := p.jour().Jours(p.regles().PurgeJours)
	p.armerFin(ActePurgerCompte, "purge", fin)
	p.ecrire(CourrierCompte{Evenement: CourrierCompteClos, Phrase: raison, Par: p.a.Par.Nom, Expire: fin.FinDuJour()})
	suite := ""
	if raison != "" {
		suite = " " + phrase(raison)
	}
	p.dire("Compte clos par %s.%s Ses données personnelles seront effacées le %s.", p.clotureDite(), suite, fin.Longue())
	return nil
}

func (p *pasCompte) clotureDite() string {
	if p.estSoi() {
		return "son titulaire"
	}
	return p.a.Par.Nom
}

// peutClore lets the person close their own account, unless it is that of a staff
// member, or the last administrator of an établissement where others have rights; an
// advisor or a responsable that of an organisation; an administrator that of a staff
// member, but for the last administrator; the OPCO one that it takes over otherwise.
func (p *pasCompte) peutClore(raison string) error {
	switch {
	case p.a.Par.Role == RoleSysteme:
		return nil
	case p.estSoi() && !p.c.Interne():
		return p.laisser()
	}
	permis := p.a.Par.Role == RoleConseiller || p.a.Par.Role == RoleResponsable
	if p.c.Interne() {
		permis = p.a.Par.Role == RoleAdmin
	}
	if !permis {
		return Errorf(Forbidden, "Votre rôle ne permet pas de fermer ce compte.")
	}
	if err := p.autrui("fermer votre compte"); err != nil {
		return err
	}
	if err := p.impartial(p.c.tousDroits()); err != nil {
		return err
	}
	if p.c.tient(RoleAdmin) && p.f.AutresAdmins == 0 {
		return dernierAdmin()
	}
	if raison == "" {
		return Champf("raison", "Dites pourquoi le compte est fermé : la personne le lira.")
	}
	return nil
}

// laisser refuses to leave others without anybody to manage their rights.
func (p *pasCompte) laisser() error {
	for _, h := range p.c.Habilitations {
		cle := CleEtablissement(h.Profil, h.SIRET)
		if h.Service != ServiceUtilisateurs || h.Mandat || !h.Effective(p.jour()) || p.f.AutresResponsables[cle] > 0 || p.f.AutresTitulaires[cle] == 0 {
			continue
		}
		return Errorf(Conflict, "Vous êtes le dernier administrateur de l’établissement %s, où d’autres personnes ont des droits : "+
			"donnez d’abord la gestion des utilisateurs à l’une d’elles, puis fermez votre compte.", h.SIRET.Affiche()).AvecCode("DERNIER_ADMINISTRATEUR")
	}
	return nil
}

// purger erases what is personal (C04, C22): ids, états and instants stay, so that
// the journal can still be read and proved.
func (p *pasCompte) purger() error {
	c := p.c
	c.Etat, c.PurgeLe, c.Identite, c.Identifiant = CompteClos, p.f.Le, Identite{}, ""
	c.Demandes, c.Preuves, c.Code, c.Provisoire, c.Reinitialise = nil, nil, nil, nil, nil
	for i := range c.Habilitations {
		h := &c.Habilitations[i]
		h.Phrase, h.Reponse, h.Mandant = "", "", ""
		if h.DecideePar.Engage(c.Personne) {
			h.DecideePar.Nom = ""
		}
	}
	for i := range c.Delegations {
		c.Delegations[i].Nom, c.Delegations[i].Raison = "", ""
	}
	for i := range c.Liens {
		c.Liens[i].Raison = ""
	}
	c.Echeances = nil
	p.e.Purger, p.e.OterMotDePasse, p.e.CouperSessions, p.e.OterFacteurs = true, true, true, true
	p.dire("Données personnelles effacées.")
	return nil
}
