package courrier

import (
	"guichet/opco"
)

// The mails of the staff of the OPCO.

// roleAccorde tells a staff member the role that an administrator granted, the
// second one having agreed where two are needed (reliability.md 3.1).
func (c Compte) roleAccorde(m Maison) texteCompte {
	return texteCompte{
		objet: "Un rôle vous est accordé", titre: "Un rôle vous est accordé",
		blocs: []Bloc{Paragraphe{Texte: c.qui("L’administration") + " vous accorde le rôle « " + c.Role.Libelle() + " »."},
			Paragraphe{Texte: "Choisissez-le à votre prochaine connexion. Ce que vous y faites porte votre nom dans l’historique."}},
		action: "Me connecter", lien: m.page(pageConnexion),
		suite: []Bloc{Paragraphe{Fort: "Si ce rôle n’est pas le vôtre : ", Texte: "ne vous en servez pas et prévenez l’administration, qui le retire."}},
	}
}

// roleRetire tells that a role is gone, at once.
func (c Compte) roleRetire(m Maison) texteCompte {
	blocs := []Bloc{Paragraphe{Texte: c.qui("L’administration") + " vous retire le rôle « " + c.Role.Libelle() + " » depuis le " + heure(c.Le) + "."}}
	if r := incise(c.Phrase); r != "" {
		blocs = append(blocs, Paragraphe{Fort: "Raison : ", Texte: r + "."})
	}
	return texteCompte{
		objet: "Un rôle vous est retiré", titre: "Un rôle vous est retiré",
		blocs:  append(blocs, Paragraphe{Texte: "Le retrait est immédiat : vos connexions ont été coupées. Vos autres rôles ne changent pas."}),
		action: "Me connecter", lien: m.page(pageConnexion),
	}
}

// autreCompte tells a staff member that one more account is being opened in their
// name: nobody takes their name unknown to them.
func (c Compte) autreCompte(m Maison) texteCompte {
	role := ""
	if c.Role != "" {
		role = ", avec le rôle « " + c.Role.Libelle() + " »"
	}
	return texteCompte{
		objet: "Un autre compte est ouvert à votre nom", titre: "Un autre compte est ouvert à votre nom",
		blocs: []Bloc{Paragraphe{Texte: c.qui("L’administration") + " ouvre à votre nom un autre compte" + role + "."},
			Paragraphe{Texte: "Ce rôle attend la confirmation d’un second administrateur. Ce que fait ce compte vous engage : vous ne pourrez pas valider ici ce qu’il a préparé."}},
		action: "Me connecter", lien: m.page(pageConnexion),
		suite: []Bloc{Paragraphe{Fort: "Si vous n’attendez pas ce compte : ", Texte: "prévenez aussitôt l’administration, qui le ferme."}},
	}
}

// delegation tells who acts for whom during an absence, to both of them.
func (c Compte) delegation(m Maison) texteCompte {
	role, quand := c.Role, ""
	if d := c.Delegation; d != nil {
		if role == "" {
			role = d.Role
		}
		quand = " " + periode(d.Du, d.Au)
	}
	t := texteCompte{
		objet: "Une délégation pendant une absence", titre: "Une délégation pendant une absence",
		blocs: []Bloc{Encadre{Texte: c.qui("Une personne absente") + " délègue le rôle « " + role.Libelle() + " »" + c.aQui() + quand + "."},
			Paragraphe{Texte: "Chaque acte fait ainsi est écrit « pour le compte de » la personne absente, et engage les deux : ni l’une ni l’autre ne pourra " +
				"valider ensuite ce que l’une a préparé."},
			Paragraphe{Texte: "Après la connexion, la délégation se choisit comme un rôle. Elle s’arrête toute seule, ou avant si l’une des deux y met fin."}},
		action: "Me connecter", lien: m.page(pageConnexion),
	}
	if s := incise(c.Phrase); s != "" {
		t.blocs = append(t.blocs, Paragraphe{Fort: "À noter : ", Texte: s + "."})
	}
	return t
}

// aQui names the delegate.
func (c Compte) aQui() string {
	if c.Delegation == nil || propre(c.Delegation.Nom) == "" {
		return ""
	}
	return " à " + propre(c.Delegation.Nom)
}

// tacheConseiller says that rights still wait for an answer: to the conseillers
// first, then to the responsables (C07).
func (c Compte) tacheConseiller(m Maison) texteCompte {
	n, faire := c.Parametres.AlerteJours, "Répondez droit par droit, ou demandez une précision."
	if c.Role == opco.RoleResponsable {
		n = c.Parametres.EscaladeJours
		faire = "Les conseillers ont déjà été prévenus. Répondez vous-même, ou confiez la demande à quelqu’un."
	}
	depuis := ""
	if n > 0 {
		depuis = " depuis " + joursCivils(n)
	}
	blocs := []Bloc{Paragraphe{Texte: c.qui("Un demandeur") + " attend notre réponse" + depuis + " :"}, c.liste(c.Habilitations)}
	if limite := c.premiereLimite(); limite != "" {
		blocs = append(blocs, Encadre{Fort: "Nous avions promis une réponse le " + limite.Longue() + " au plus tard."})
	}
	return texteCompte{
		objet: "Droits à vérifier : sans réponse" + depuis, titre: "Des droits à vérifier attendent" + depuis,
		blocs:  append(blocs, Paragraphe{Texte: faire}),
		action: "Ouvrir les habilitations à valider", lien: m.page(pageHabilitations),
	}
}

// premiereLimite is the earliest day promised.
func (c Compte) premiereLimite() opco.Date {
	var jour opco.Date
	for _, h := range c.Habilitations {
		if h.Limite != "" && (jour == "" || h.Limite < jour) {
			jour = h.Limite
		}
	}
	return jour
}
