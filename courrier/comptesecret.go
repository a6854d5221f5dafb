package courrier

import "strconv"

// provisoire opens a space that the OPCO made: the provisional identifier and
// password, both changed at the first login (C16, AT-02, AT-03, AK-01).
func (c Compte) provisoire(m Maison) texteCompte {
	pourquoi := "Nous avons ouvert votre espace sur le " + m.portail() + "."
	if c.Dossier != "" {
		pourquoi = "Nous avons accordé le dossier " + composerLigne(c.Dossier) + ", qui nomme votre organisme. Nous avons donc ouvert votre espace sur le " +
			m.portail() + " : vous y suivez le dossier, déposez vos factures et lisez vos règlements."
	}
	blocs := []Bloc{Paragraphe{Texte: pourquoi}}
	if len(c.Habilitations) > 0 && c.Dossier == "" {
		blocs = append(blocs, Paragraphe{Texte: "Vous y avez " + cesDroits(len(c.Habilitations)) + " :"}, c.liste(c.Habilitations))
	}
	blocs = append(blocs,
		Code{"Identifiant provisoire", composerLigne(c.Identifiant)}, Code{"Mot de passe provisoire", c.Secret},
		Paragraphe{Fort: "À la première connexion, vous choisissez votre identifiant et votre mot de passe.", Texte: " Un second message vous " +
			"demande alors de confirmer votre nouvel identifiant. Ceux d’ici ne servent plus ensuite."},
		c.valable("Ces identifiants sont valables ", " Après, demandez-nous de vous en envoyer d’autres."))
	return texteCompte{
		objet: "Vos identifiants provisoires", titre: "Votre espace est ouvert : voici de quoi y entrer", blocs: blocs,
		action: "Me connecter", lien: m.page(pageConnexion),
		suite: []Bloc{
			Paragraphe{Texte: "Le mot de passe que vous choisirez n’est connu que de vous : aucun message ne le contient."},
			Paragraphe{Fort: "Si ce message n’est pas pour vous : ", Texte: "ne vous en servez pas et " + m.prevenez() + "."}},
	}
}

// identifiantModifie states the old and the new identifier, and asks for the
// click that puts the new one in place (C17, AT-04).
func (c Compte) identifiantModifie(m Maison) texteCompte {
	blocs := []Bloc{
		Paragraphe{Texte: "Vous avez choisi un nouvel identifiant. Il remplace l’ancien quand vous l’aurez confirmé avec le lien de ce message."},
		Code{"Ancien identifiant", composerLigne(c.Ancien)}, Code{"Nouvel identifiant", composerLigne(c.Identifiant)},
		Paragraphe{Texte: "La page vous demande de retaper votre nouveau mot de passe, puis d’accepter la politique de confidentialité. " +
			"C’est la dernière étape, et elle ne se fait qu’une fois."},
		c.valable("Le lien sert une fois, ", " Après, connectez-vous avec l’ancien identifiant pour en recevoir un autre."),
	}
	return texteCompte{
		objet: "Confirmez votre nouvel identifiant", titre: "Confirmez votre nouvel identifiant", blocs: blocs,
		action: "Confirmer mon identifiant", lien: c.lien(m, pageConfirmation, parametreJeton),
		suite: []Bloc{siCeNestPasVous("N’ouvrez pas le lien et " + m.prevenez() + ". L’ancien identifiant reste en place.")},
	}
}

// reinitialisation carries the link of a lost password (C20, AT-10).
func (c Compte) reinitialisation(m Maison) texteCompte {
	blocs := []Bloc{Paragraphe{Texte: "Un nouveau mot de passe est demandé pour votre compte. Le lien de ce message ouvre la page où vous le choisissez."}}
	if c.Identifiant != "" {
		blocs = append(blocs, Code{"Votre identifiant", composerLigne(c.Identifiant)})
	}
	return texteCompte{
		objet: "Choisissez un nouveau mot de passe", titre: "Choisissez un nouveau mot de passe",
		blocs: append(blocs, c.valable("Le lien sert une fois, ", " Après, demandez-en un autre avec "+motDePasseOublie+"."),
			Paragraphe{Texte: "Quand le mot de passe aura changé, toutes les connexions ouvertes seront coupées."}),
		action: "Choisir un mot de passe", lien: c.lien(m, pageReinit, parametreJeton),
		suite: []Bloc{siCeNestPasVous("Ne faites rien et ne transmettez ce message à personne. Votre mot de passe reste celui que vous avez.")},
	}
}

// motDePasseChange tells that the password changed, and never which (C20, MA-71).
func (c Compte) motDePasseChange(m Maison) texteCompte {
	return texteCompte{
		objet: "Votre mot de passe a changé", titre: "Votre mot de passe a changé",
		blocs: []Bloc{Paragraphe{Texte: "Le mot de passe de votre compte a changé le " + heure(c.Le) + "."},
			Paragraphe{Texte: "Les connexions ouvertes ailleurs ont été coupées. Si c’est vous, vous n’avez rien à faire."}},
		action: "Voir mon compte", lien: m.page(pageMonCompte),
		suite: []Bloc{c.reprendre(m)},
	}
}

// reprendre is how to take back an account that somebody else entered.
func (c Compte) reprendre(m Maison) Bloc {
	return siCeNestPasVous("Sur la page de connexion, choisissez " + motDePasseOublie + " pour en prendre un autre, ce qui coupe toutes les connexions. Puis " +
		m.prevenez() + ".")
}

// blocage tells that wrong passwords lock the login for a while (C21).
func (c Compte) blocage(m Maison) texteCompte {
	combien := "Plusieurs mots de passe faux ont été essayés de suite"
	if n := c.Parametres.BlocageEchecs; n > 0 {
		combien = "Au moins " + strconv.Itoa(n) + " mots de passe faux ont été essayés de suite"
	}
	blocs := []Bloc{Paragraphe{Texte: combien + " sur votre compte. Personne n’est entré."}}
	if !c.Expire.IsZero() {
		blocs = append(blocs, Encadre{Fort: "Vous pourrez vous connecter de nouveau le " + heure(c.Expire) + ".", Texte: " Vous n’avez rien à demander."})
	}
	return texteCompte{
		objet: "La connexion à votre compte est bloquée un moment", titre: "La connexion à votre compte est bloquée un moment",
		blocs:  append(blocs, Paragraphe{Texte: "Le blocage se lève tout seul. Si d’autres mots de passe faux suivent, le prochain dure deux fois plus longtemps."}),
		action: "Me connecter", lien: m.page(pageConnexion),
		suite: []Bloc{siCeNestPasVous("Votre mot de passe a tenu. S’il vous sert aussi ailleurs, changez-le.")},
	}
}

// facteurChange tells that a second factor was added or removed.
func (c Compte) facteurChange(m Maison) texteCompte {
	quoi := c.Phrase
	if quoi == "" {
		quoi = "La seconde preuve demandée à la connexion a été ajoutée ou retirée."
	}
	return texteCompte{
		objet: "La protection de votre compte a changé", titre: "La protection de votre compte a changé",
		blocs:  []Bloc{Encadre{Texte: quoi}, Paragraphe{Texte: "C’était le " + heure(c.Le) + ". Si c’est vous, vous n’avez rien à faire."}},
		action: "Voir mon compte", lien: m.page(pageMonCompte),
		suite: []Bloc{siCeNestPasVous("Changez votre mot de passe sans attendre et " + m.prevenez() + ".")},
	}
}

// compteClos is the last mail of an account (C22).
func (c Compte) compteClos(m Maison) texteCompte {
	par := ""
	if p := propre(c.Par); p != "" && p != propre(c.CourrierCompte.Nom) {
		par = ", par " + p
	}
	blocs := []Bloc{Paragraphe{Texte: "Votre compte est clos depuis le " + heure(c.Le) + par + ". Personne ne peut plus s’y connecter."}}
	if r := incise(c.Phrase); r != "" {
		blocs = append(blocs, Paragraphe{Fort: "Raison : ", Texte: r + "."})
	}
	efface := "Vos données personnelles seront effacées"
	switch {
	case !c.Expire.IsZero():
		efface += " après le " + dernierJour(c.Expire)
	case c.Parametres.PurgeJours > 0:
		efface += " dans " + strconv.Itoa(c.Parametres.PurgeJours) + " jours"
	}
	return texteCompte{
		objet: "Votre compte est clos", titre: "Votre compte est clos",
		blocs: append(blocs, Paragraphe{Texte: efface + ". Les pièces des dossiers, que la loi nous fait garder, restent : factures, certificats, " +
			"avis et décisions, pendant 10 ans."}),
		suite: []Bloc{siCeNestPasVous(majuscule(m.prevenez()) + " sans attendre.")},
	}
}
