package courrier

import (
	"strings"
	"time"

	"guichet/opco"
)

// Compte tells a person something about their account (domain.md 2.10): a mail,
// and no letter. These are legal notices: nobody opts out of them. Its subject is
// fixed for each event, so that nothing a person typed stands in it, and so that
// no code is read on a locked screen.
type Compte struct {
	ID       string // stable id of the line: it becomes the Message-ID
	CompteID string
	Le       time.Time
	opco.CourrierCompte
	Noms       map[opco.SIREN]string
	Parametres opco.ParametresCompte
}

// RedigerCompte turns a line of the outbox about an account into the event to
// tell. Every event of opco.EvenementsCompte has its words here. It returns an
// Invalid error for an event without words, and for one whose code, link or
// identifier is not there: such a mail would lead nowhere.
func RedigerCompte(e opco.EnvoiCompte) (Evenement, error) {
	c := e.Courrier
	r, ok := redactionsCompte[c.Evenement]
	switch {
	case !ok:
		return nil, opco.Errorf(opco.Invalid, "Aucun courrier n’est prévu pour « %s ».", c.Evenement)
	case r.secret && c.Secret == "":
		return nil, opco.Errorf(opco.Invalid, "Le code de ce message n’existe plus : demandez-en un nouveau.")
	case r.identifiant && c.Identifiant == "":
		return nil, opco.Errorf(opco.Invalid, "Ce message annonce un identifiant qui n’est pas dans le compte.")
	case e.CompteID == "":
		return nil, opco.Errorf(opco.Invalid, "Ce message ne dit pas de quel compte il parle.")
	}
	return Compte{ID: e.ID, CompteID: e.CompteID, Le: e.Le, CourrierCompte: c, Noms: e.Noms, Parametres: e.Parametres.Comptes}, nil
}

// redactionCompte says how an event is worded and what it cannot do without.
type redactionCompte struct {
	ecrire      func(Compte, Maison) texteCompte
	secret      bool // carries a code, a link token or a provisional password
	identifiant bool
	// inconnu: nobody has proved yet that the address belongs to the person. The
	// mail then says nothing that the person who gave the address could have
	// written, and greets nobody by name.
	inconnu bool
	equipe  bool // about the work of the reader, not about their account
}

var redactionsCompte = map[opco.Evenement]redactionCompte{
	opco.CourrierCode:               {ecrire: Compte.code, secret: true, inconnu: true},
	opco.CourrierRelanceCode:        {ecrire: Compte.relanceCode, inconnu: true},
	opco.CourrierDejaInscrit:        {ecrire: Compte.dejaInscrit, inconnu: true},
	opco.CourrierInvitation:         {ecrire: Compte.invitation, secret: true, inconnu: true},
	opco.CourrierActifLimite:        {ecrire: Compte.actifLimite},
	opco.CourrierDroitsAccordes:     {ecrire: Compte.droitsAccordes},
	opco.CourrierDroitsRefuses:      {ecrire: Compte.droitsRefuses},
	opco.CourrierPrecision:          {ecrire: Compte.precision},
	opco.CourrierEntiteAjoutee:      {ecrire: Compte.entiteAjoutee},
	opco.CourrierDroitsRetires:      {ecrire: Compte.droitsRetires},
	opco.CourrierDroitsDonnes:       {ecrire: Compte.droitsDonnes},
	opco.CourrierMandatFini:         {ecrire: Compte.mandatFini},
	opco.CourrierRevue:              {ecrire: Compte.revue},
	opco.CourrierDroitsSuspendus:    {ecrire: Compte.droitsSuspendus},
	opco.CourrierProvisoire:         {ecrire: Compte.provisoire, secret: true, identifiant: true},
	opco.CourrierIdentifiantModifie: {ecrire: Compte.identifiantModifie, secret: true, identifiant: true},
	opco.CourrierReinitialisation:   {ecrire: Compte.reinitialisation, secret: true},
	opco.CourrierMotDePasseChange:   {ecrire: Compte.motDePasseChange},
	opco.CourrierBlocage:            {ecrire: Compte.blocage},
	opco.CourrierFacteurChange:      {ecrire: Compte.facteurChange},
	opco.CourrierCompteClos:         {ecrire: Compte.compteClos},
	opco.CourrierRoleAccorde:        {ecrire: Compte.roleAccorde},
	opco.CourrierRoleRetire:         {ecrire: Compte.roleRetire},
	opco.CourrierAutreCompte:        {ecrire: Compte.autreCompte},
	opco.CourrierDelegation:         {ecrire: Compte.delegation},
	opco.CourrierTacheConseiller:    {ecrire: Compte.tacheConseiller, equipe: true},
}

// texteCompte is what a mail of an account says. Suite comes after the button.
type texteCompte struct {
	objet, titre string
	blocs        []Bloc
	action, lien string
	suite        []Bloc
}

// Nom is the name of the event.
func (c Compte) Nom() string { return "compte-" + strings.ToLower(string(c.Evenement)) }

// Lettre returns none: what is said of an account travels by mail only.
func (Compte) Lettre(Maison) (Lettre, bool) { return Lettre{}, false }

// Courriel returns the mail.
func (c Compte) Courriel(m Maison) (Message, error) {
	r, ok := redactionsCompte[c.Evenement]
	if !ok {
		return Message{}, opco.Errorf(opco.Invalid, "Aucun courrier n’est prévu pour « %s ».", c.Evenement)
	}
	t := r.ecrire(c, m)
	page := contenu{Maison: m, Propos: r.propos(), Titre: t.titre, Appel: "Bonjour,", Blocs: t.blocs, Action: t.action, Lien: t.lien,
		Suite: t.suite, Pied: r.pied(m)}
	html, err := page.html()
	if err != nil {
		return Message{}, err
	}
	msg := Message{ID: c.messageID(), Objet: sujet("", t.objet), Texte: page.texte(), HTML: html}
	if c.A != "" {
		msg.A = []Adresse{{Courriel: c.A}}
		if !r.inconnu {
			msg.A[0].Nom = propre(c.CourrierCompte.Nom)
		}
	}
	return msg, nil
}

// messageID is the id of the line, with « . » for what a Message-ID has no room
// for: « compte/0190…-4 » gives « compte.0190…-4 ».
func (c Compte) messageID() string {
	return strings.Map(func(r rune) rune {
		if idSur(r) {
			return r
		}
		return '.'
	}, c.ID)
}

// propos says above the title what the mail is about.
func (r redactionCompte) propos() string {
	if r.equipe {
		return "habilitations à valider"
	}
	return "votre compte"
}

// pied ends every mail of an account: why it came, what we never ask, who holds
// the data (RGPD, articles 13 and 14).
func (r redactionCompte) pied(m Maison) string {
	s := "Vous recevez ce message parce que cette adresse est celle de votre compte."
	switch {
	case r.equipe:
		return "Vous recevez ce message parce que vous répondez aux demandes de droits. Ne le transférez pas : il nomme des personnes."
	case r.inconnu:
		s = "Vous recevez ce message parce que cette adresse nous a été donnée pour un compte."
	}
	s += " Nous ne demandons jamais votre mot de passe ni un code par e-mail ou par téléphone."
	if m.Nom == "" {
		return s
	}
	s += " " + m.Nom
	if m.SIRET != "" {
		s += ", SIRET " + m.SIRET.Affiche()
	}
	s += ", traite vos données pour ouvrir et protéger ce compte"
	if m.Donnees != "" {
		s += " ; pour y accéder, les corriger ou les effacer : " + m.Donnees
	}
	return s + "."
}
