package courrier

import (
	"strconv"

	"guichet/opco"
)

// code proves the e-mail of who signed up (C02, C03, MA-59).
func (c Compte) code(m Maison) texteCompte {
	blocs := []Bloc{
		Paragraphe{Texte: "Un compte est demandé avec votre adresse sur le " + m.portail() + ". Il reste à prouver que cette adresse est la vôtre, " +
			"puis à choisir un mot de passe."},
		Code{"Votre code d’activation", c.Secret},
		Paragraphe{Texte: "Le lien de ce message ouvre la page avec ce code déjà écrit. Vous pouvez aussi le taper vous-même. " + seulLeDernier},
	}
	return texteCompte{
		objet: "Confirmez votre adresse pour ouvrir votre compte", titre: "Confirmez votre adresse pour ouvrir votre compte",
		blocs: append(blocs, c.valable("Ce code est valable ", " Après, demandez-en un autre sur la même page."),
			Paragraphe{Texte: "Vous pourrez alors vous connecter, avec un accès limité : un conseiller vérifie vos droits avant d’ouvrir vos services."}),
		action: "Confirmer mon adresse", lien: c.lien(m, pageActivation, parametreCode),
		suite: []Bloc{c.pasDemande()},
	}
}

// seulLeDernier is true of every code: asking for another kills the one before.
const seulLeDernier = "Si vous avez reçu plusieurs codes, seul le dernier fonctionne."

// relanceCode repeats, a day later, that the e-mail is not proved (C04). It holds
// the new code when one was made; the first one is kept by nobody.
func (c Compte) relanceCode(m Maison) texteCompte {
	blocs := []Bloc{Paragraphe{Texte: "Un compte est demandé avec votre adresse sur le " + m.portail() + ". Il n’est pas encore ouvert : " +
		"il reste à prouver que cette adresse est la vôtre, puis à choisir un mot de passe."}}
	if c.Secret != "" {
		blocs = append(blocs, Code{"Votre code d’activation", c.Secret}, Paragraphe{Texte: seulLeDernier})
	} else {
		blocs = append(blocs, Paragraphe{Texte: "Le code est dans notre premier message. Si vous ne le retrouvez pas, ouvrez la page et " +
			"demandez-en un autre."})
	}
	return texteCompte{
		objet: "Votre compte attend que vous confirmiez votre adresse", titre: "Votre compte attend que vous confirmiez votre adresse",
		blocs:  append(blocs, c.valable("Votre code est valable ", " Après, demandez-en un autre sur la même page.")),
		action: "Confirmer mon adresse", lien: c.lien(m, pageActivation, parametreCode),
		suite: []Bloc{c.pasDemande()},
	}
}

// pasDemande reassures whose address was given by somebody else.
func (c Compte) pasDemande() Bloc {
	s := "Ne faites rien. Sans ce code, aucun compte ne s’ouvre"
	if n := c.Parametres.PurgeJours; n > 0 {
		s += ", et ce qui a été saisi est effacé " + strconv.Itoa(n) + " jours après la fin du code"
	}
	return siCeNestPasVous(s + ".")
}

// siCeNestPasVous is what to do when somebody else acted.
func siCeNestPasVous(faire string) Bloc {
	return Paragraphe{Fort: "Si ce n’est pas vous : ", Texte: minuscule(faire)}
}

// dejaInscrit answers, in the mailbox alone, who signs up with an e-mail that
// already has an account: the page says the same to everybody (C02).
func (c Compte) dejaInscrit(m Maison) texteCompte {
	blocs := []Bloc{Paragraphe{Texte: "Un compte vient d’être demandé avec votre adresse sur le " + m.portail() +
		". Vous en avez déjà un : nous n’en avons pas ouvert d’autre, et rien n’a changé dans le vôtre."}}
	if c.Identifiant != "" {
		blocs = append(blocs, Code{"Votre identifiant", composerLigne(c.Identifiant)})
	}
	return texteCompte{
		objet: "Vous avez déjà un compte", titre: "Vous avez déjà un compte",
		blocs: append(blocs, Liste{Points: []Paragraphe{
			{Fort: "Pour entrer, ", Texte: "connectez-vous avec votre mot de passe."},
			{Fort: "Si vous l’avez perdu, ", Texte: "choisissez " + motDePasseOublie + " sur la page de connexion."},
			{Fort: "Pour suivre une autre entreprise ou un autre organisme, ", Texte: "connectez-vous, puis ajoutez une entité dans votre compte."},
		}}),
		action: "Me connecter", lien: m.page(pageConnexion),
		suite: []Bloc{siCeNestPasVous("Ne faites rien. La personne qui a fait cette demande ne sait pas que vous avez un compte.")},
	}
}

// invitation opens an account to somebody whom a company administrator or the
// OPCO's own administration named (C14, AK-54).
func (c Compte) invitation(m Maison) texteCompte {
	qui := c.qui("Une personne de votre organisation")
	blocs := []Bloc{Paragraphe{Texte: qui + " vous donne accès au " + m.portail() + ", avec " + cesDroits(len(c.Habilitations)) + " :"}, c.liste(c.Habilitations)}
	if c.Role != "" {
		blocs = []Bloc{Paragraphe{Texte: c.qui("L’administration") + " vous ouvre un compte sur le " + m.portail() + ", avec le rôle « " +
			c.Role.Libelle() + " »."}}
	}
	blocs = append(blocs, Code{"Votre code d’activation", c.Secret},
		Paragraphe{Texte: "Le lien de ce message ouvre la page avec ce code déjà écrit : vous y choisissez votre mot de passe. " + seulLeDernier},
		c.valable("Cette invitation est valable ", " Après, demandez qu’on vous invite de nouveau."))
	return texteCompte{
		objet: "Invitation à ouvrir votre compte", titre: "Une invitation à ouvrir votre compte", blocs: blocs,
		action: "Ouvrir mon compte", lien: c.lien(m, pageActivation, parametreCode) + c.invite(),
		suite: []Bloc{Paragraphe{Fort: "Si vous n’attendiez pas cette invitation : ", Texte: "ne faites rien. Sans ce code, aucun compte ne s’ouvre."}},
	}
}

// invite tells the page of activation what it asks of who is invited: the
// conditions to accept, and the password of the staff. It proves nothing.
func (c Compte) invite() string {
	if c.Role != "" {
		return "&invitation=agent"
	}
	return "&invitation=oui"
}

// portail names the site to who has never seen it.
func (m Maison) portail() string {
	if m.Nom == "" {
		return "portail de l’OPCO"
	}
	return "portail « " + m.Nom + " »"
}

// valable says when something ends, and what to do then.
func (c Compte) valable(debut, apres string) Bloc {
	fin := jusque(c.Expire)
	if fin == "" {
		return Paragraphe{Texte: majuscule(apres[1:])}
	}
	return Paragraphe{Fort: debut + fin + ".", Texte: apres}
}

// actifLimite says, the e-mail being proved, what is open and who acts next: an
// advisor for a company; the person for an organisme, whose first click on the
// tile asks for the examination (C05, C07, MA-58, MA-65).
func (c Compte) actifLimite(m Maison) texteCompte {
	blocs := []Bloc{Paragraphe{Texte: "Votre adresse est confirmée : vous pouvez vous connecter dès maintenant. Vos services, eux, s’ouvrent " +
		"un par un, quand leurs droits sont accordés."}}
	if len(c.Habilitations) > 0 {
		blocs = append(blocs, Paragraphe{Texte: "Vous avez demandé :"}, c.liste(c.Habilitations))
	} else {
		blocs = append(blocs, Paragraphe{Texte: "Aucun droit n’est demandé pour l’instant : ajoutez une entreprise ou un organisme depuis votre compte."})
	}
	return texteCompte{
		objet: "Votre compte est ouvert, avec un accès limité", titre: "Votre compte est ouvert, avec un accès limité",
		blocs: append(blocs, c.quiVerifie()...), action: "Me connecter", lien: m.page(pageConnexion),
	}
}

// entiteAjoutee acknowledges an entity added to an account (C12, MA-73, MA-74).
func (c Compte) entiteAjoutee(m Maison) texteCompte {
	blocs := []Bloc{Paragraphe{Texte: "Vous avez ajouté ceci à votre compte le " + heure(c.Le) + " :"}, c.liste(c.Habilitations),
		Paragraphe{Texte: "La tuile est déjà sur votre page d’accueil, avec un accès limité. Vos autres droits ne changent pas."}}
	return texteCompte{
		objet: "Une entité est ajoutée à votre compte", titre: "Une entité est ajoutée à votre compte",
		blocs: append(blocs, c.quiVerifie()...), action: "Voir mon compte", lien: m.page(pageMonCompte),
		suite: []Bloc{c.reprendre(m)},
	}
}

// quiVerifie says who acts next on the rights asked for, and by when.
func (c Compte) quiVerifie() []Bloc {
	var blocs []Bloc
	if limite, ok := c.limite(opco.RoleEntreprise); ok {
		blocs = append(blocs, Encadre{Fort: "Un conseiller vérifie vos droits.", Texte: " Vous n’avez rien à faire. " + c.promesse(limite)})
	}
	if _, ok := c.limite(opco.RoleOrganisme); ok {
		blocs = append(blocs, Encadre{Fort: "Pour l’organisme, il reste un geste à faire.", Texte: " Connectez-vous et cliquez sur la tuile " +
			espaceOrganisme + " : c’est ce clic qui nous demande de vérifier vos droits. " + c.promesse("")})
	}
	return blocs
}

// limite returns the first day promised for the rights of a profile that still
// wait, and whether there are any.
func (c Compte) limite(profil opco.Role) (jour opco.Date, attend bool) {
	for _, h := range c.Habilitations {
		if h.Profil != profil || !h.Etat.Attendue() {
			continue
		}
		attend = true
		if jour == "" || h.Limite != "" && h.Limite < jour {
			jour = h.Limite
		}
	}
	return jour, attend
}

// promesse says by when the OPCO answers.
func (c Compte) promesse(limite opco.Date) string {
	if limite != "" {
		return "Vous avez notre réponse le " + limite.Longue() + " au plus tard."
	}
	if n := c.Parametres.ReponseOuvres; n > 0 {
		return "Vous avez notre réponse sous " + joursOuvres(n) + "."
	}
	return "Vous recevez notre réponse par e-mail."
}

func joursOuvres(n int) string {
	if n == 1 {
		return "un jour ouvré"
	}
	return strconv.Itoa(n) + " jours ouvrés"
}

// joursCivils are calendar days.
func joursCivils(n int) string {
	if n == 1 {
		return "un jour"
	}
	return strconv.Itoa(n) + " jours"
}
