package opco

import (
	"strconv"
	"strings"
	"time"
)

// ouvrirCompte opens the account of an organisation by the OPCO (C16, AK-01): at the
// first accord that names an organisme without one, or by a gestionnaire.
func (p *pasCompte) ouvrirCompte() error {
	ch, err := lireCompte[ChargeOuvrirCompte](p)
	if err != nil {
		return err
	}
	email, err := ParseEmail(string(ch.Identite.Email))
	if err != nil {
		return err
	}
	if strings.TrimSpace(ch.Identifiant) == "" {
		return Champf("identifiant", "Donnez un identifiant provisoire.")
	}
	if p.f.IdentifiantPris {
		return Champf("identifiant", "Cet identifiant est déjà pris : choisissez-en un autre.").AvecCode("IDENTIFIANT_PRIS")
	}
	if err := p.peutOuvrir(ch.Droits); err != nil {
		return err
	}
	ch.Identite.Email = email
	p.naitre(OrigineOPCO, ch.Identite, ch.Identifiant, "")
	p.c.Politique, p.c.Provisoire = ch.Politique, &Provisoire{Identifiant: ch.Identifiant}
	if ch.Politique == "" {
		p.c.Politique = p.f.Parametres.PolitiqueProvisoire
	}
	p.promettre(ch.Droits)
	p.emettre(ch.Dossier)
	pour := ""
	if ch.Dossier != "" {
		pour = " après l’accord du dossier " + ch.Dossier
	}
	p.dire("Compte ouvert par l’OPCO%s : identifiants provisoires envoyés, valables jusqu’au %s inclus.", pour, p.finProvisoire().Longue())
	return nil
}

// peutOuvrir refuses rights that their author could not give to an account that
// exists, and an e-mail that already opens one: its person gets the rights there.
func (p *pasCompte) peutOuvrir(ds []DroitDonne) error {
	if err := p.peutDonner(ds); err != nil {
		return err
	}
	for i, d := range ds {
		if p.a.Par.Role == RoleGestionnaire && d.Service == ServiceUtilisateurs {
			return &Error{Kind: Forbidden, Champ: "droits[" + strconv.Itoa(i) + "]", Code: "DROIT_REFUSE",
				Message: "Un conseiller ou un responsable donne la gestion des utilisateurs : ouvrez le compte sans elle, ou demandez-le-lui."}
		}
	}
	if p.f.EmailPris {
		return &Error{Kind: Conflict, Champ: "identite.email", Code: "DEJA_INSCRIT",
			Message: "Cette adresse ouvre déjà un compte : un conseiller lui attribue les droits, sans en ouvrir un second."}
	}
	return nil
}

func (p *pasCompte) finProvisoire() Date { return p.jour().Jours(p.regles().ProvisoireJours) }

// emettre makes a provisional password and sends it with the identifier (AT-02).
func (p *pasCompte) emettre(dossier string) {
	fin, v := p.finProvisoire(), p.c.Provisoire
	v.Le, v.Expire, v.Nouveau, v.Lien, v.Emissions = p.f.Le, fin.FinDuJour(), "", nil, v.Emissions+1
	p.c.Etat, p.c.Identifiant = CompteProvisoire, v.Identifiant
	p.e.Provisoire = nouveauCode(p.f.Alea)
	p.desarmerTypes(ActeExpirerCompte)
	p.armerFin(ActeExpirerCompte, "provisoire", fin)
	p.ecrire(CourrierCompte{Evenement: CourrierProvisoire, Identifiant: v.Identifiant, Secret: p.e.Provisoire, Expire: v.Expire, Dossier: dossier})
}

// reemettre sends new provisional credentials; the former ones die (C19).
func (p *pasCompte) reemettre() error {
	if err := p.autrui("faire cette réémission"); err != nil {
		return err
	}
	if err := p.impartial(p.c.tousDroits()); err != nil {
		return err
	}
	if p.c.Provisoire == nil {
		return Errorf(Conflict, "Ce compte n’a pas d’identifiants provisoires : la personne demande elle-même un nouveau code.").AvecCode("ETAPE_INATTENDUE")
	}
	p.emettre("")
	p.e.CouperSessions = true
	p.dire("Nouveaux identifiants provisoires envoyés par %s, valables jusqu’au %s inclus ; les précédents ne servent plus.", p.a.Par.Nom, p.finProvisoire().Longue())
	return nil
}

// personnaliser takes the identifier and the password that the person chooses at
// the first login (C17, AT-03). Until the link of the second mail is clicked the
// provisional identifier stays, and opens this step only.
func (p *pasCompte) personnaliser() error {
	if err := p.soi(); err != nil {
		return err
	}
	ch, err := lireCompte[ChargePersonnaliser](p)
	if err != nil {
		return err
	}
	id, err := identifiantChoisi(ch.Identifiant, p.c.Email)
	if err != nil {
		return err
	}
	switch {
	case strings.EqualFold(id, p.c.Provisoire.Identifiant):
		return Champf("identifiant", "Choisissez un identifiant différent de celui que nous vous avons envoyé.")
	case p.f.IdentifiantPris:
		return Champf("identifiant", "Cet identifiant est déjà pris : choisissez-en un autre.").AvecCode("IDENTIFIANT_PRIS")
	case !p.f.MotDePasse:
		return Champf("mot_de_passe", "Choisissez un mot de passe.")
	}
	jeton := tirer(p.f.Alea, symbolesLien)
	expire := p.f.Le.Add(time.Duration(p.regles().LienHeures) * time.Hour)
	p.c.Provisoire.Nouveau, p.c.Provisoire.Lien = id, &CodeEnvoye{Empreinte: EmpreinteCode(jeton), Le: p.f.Le, Expire: expire}
	p.c.Etat, p.e.PoserMotDePasse, p.e.CouperSessions, p.e.SaufCelleCi = CompteIdentifiantModifie, true, true, true
	p.ecrire(CourrierCompte{Evenement: CourrierIdentifiantModifie, Ancien: p.c.Provisoire.Identifiant, Identifiant: id, Secret: jeton, Expire: expire})
	p.dire("Identifiant et mot de passe choisis. Le nouvel identifiant attend d’être confirmé par courriel jusqu’au %s.", p.instant(expire))
	return nil
}

// confirmerIdentifiant is the click on the link of the second mail, with the new
// password typed again, which the counter has compared (C18, AT-04, AT-05).
func (p *pasCompte) confirmerIdentifiant() error {
	if p.a.Par.Role != RoleDemandeur {
		if err := p.soi(); err != nil {
			return err
		}
	}
	ch, err := lireCompte[ChargeCode](p)
	if err != nil {
		return err
	}
	if juste, err := p.essayer(p.c.Provisoire.Lien, ch.Empreinte, "lien"); !juste {
		return err
	}
	if p.f.IdentifiantPris {
		return Champf("identifiant", "Cet identifiant a été pris entre-temps : choisissez-en un autre.").AvecCode("IDENTIFIANT_PRIS")
	}
	p.c.Identifiant, p.c.ConfirmeLe, p.c.Provisoire = p.c.Provisoire.Nouveau, p.f.Le, nil
	p.c.Etat, p.e.CouperSessions, p.e.SaufCelleCi = CompteMotDePasseConfirme, true, true
	p.desarmerTypes(ActeExpirerCompte)
	p.dire("Nouvel identifiant confirmé ; les identifiants provisoires sont détruits.")
	return nil
}

// accepterConfidentialite is the last step of the first login (C18, AT-06): the
// rights given with the account take effect.
func (p *pasCompte) accepterConfidentialite() error {
	if err := p.soi(); err != nil {
		return err
	}
	ch, err := lireCompte[ChargeVersion](p)
	if err != nil {
		return err
	}
	if ch.Version != p.regles().VersionConfidence {
		return Champf("version", "Notre politique de confidentialité a changé : relisez-la et acceptez-la.")
	}
	p.c.Confidentialite = &Acceptation{Version: ch.Version, Le: p.f.Le}
	p.c.Etat = CompteActifLimite
	p.tenirPromesses()
	p.dire("Politique de confidentialité %s acceptée : l’espace est ouvert.", ch.Version)
	return nil
}
