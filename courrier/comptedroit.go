package courrier

import (
	"slices"
	"strconv"
	"strings"

	"guichet/opco"
)

// droit names a right: its service, and the organisation as « NOM (SIRET) » (MA-72).
func (c Compte) droit(h opco.Habilitation) (service, ou string) {
	service = h.Service.Libelle()
	if service == "" {
		service = "Droit"
	}
	ou = "SIRET " + h.SIRET.Affiche()
	if nom := propre(c.Noms[h.SIRET.SIREN()]); nom != "" {
		ou = nom + " (" + ou + ")"
	}
	return service, ou
}

// liste shows rights, one a line, with their days when they have some.
func (c Compte) liste(hs []opco.Habilitation) Bloc {
	l := Liste{}
	for _, h := range hs {
		service, ou := c.droit(h)
		l.Points = append(l.Points, Paragraphe{Fort: service + ", ", Texte: ou + jours(h)})
	}
	return l
}

// jours writes the period of a right.
func jours(h opco.Habilitation) string {
	s := ""
	switch {
	case h.Du != "" && h.Au != "":
		s = ", " + periode(h.Du, h.Au)
	case h.Du != "":
		s = ", à partir du " + h.Du.Longue()
	case h.Au != "":
		s = ", " + jusquau(h.Au)
	}
	if h.Mandat && s != "" {
		return ", mandat " + strings.TrimPrefix(s, ", ")
	}
	return s
}

// cesDroits writes « ce droit », « ces droits ».
func cesDroits(n int) string {
	if n == 1 {
		return "ce droit"
	}
	return "ces droits"
}

// siUn chooses the words for one right, or for several.
func (c Compte) siUn(un, plusieurs string) string {
	if len(c.Habilitations) == 1 {
		return un
	}
	return plusieurs
}

// desDroits writes « un droit », « 3 droits ».
func desDroits(n int) string {
	if n == 1 {
		return "un droit"
	}
	return strconv.Itoa(n) + " droits"
}

const autresDroits = "Vos autres droits ne changent pas."

// droitsAccordes announces what an advisor, or a rule switched on by the OPCO,
// granted (C08).
func (c Compte) droitsAccordes(m Maison) texteCompte {
	blocs := []Bloc{Paragraphe{Texte: "Nous avons vérifié votre demande. " + c.siUn("Ce droit est ouvert", "Ces droits sont ouverts") + " :"}, c.liste(c.Habilitations)}
	return texteCompte{
		objet: c.siUn("Votre droit est ouvert", "Vos droits sont ouverts"), titre: "Nous vous accordons " + desDroits(len(c.Habilitations)),
		blocs: append(blocs, Paragraphe{Texte: "Connectez-vous : ce qu’" + c.siUn("il ouvre", "ils ouvrent") + " vous attend sur la page d’accueil. " +
			"Un droit que vous avez demandé et qui n’est pas dans cette liste reçoit sa propre réponse."}),
		action: "Me connecter", lien: m.page(pageConnexion),
	}
}

// droitsRefuses gives the reason of each refused right (C09).
func (c Compte) droitsRefuses(m Maison) texteCompte {
	l := Liste{}
	for _, h := range c.Habilitations {
		service, ou := c.droit(h)
		raison := strings.TrimSpace(h.Phrase)
		if raison == "" {
			raison = "Le motif est écrit dans votre compte."
		}
		l.Points = append(l.Points, Paragraphe{Fort: service + ", " + ou + ". ", Texte: raison})
	}
	faire := "Vous pouvez demander de nouveau un droit refusé depuis votre compte, avec ce qui manquait."
	if m.Telephone != "" {
		faire += " Si vous n’êtes pas d’accord, appelez-nous au " + insecables(m.Telephone) + "."
	}
	return texteCompte{
		objet: c.siUn("Un droit que vous demandez est refusé", "Des droits que vous demandez sont refusés"), titre: "Nous refusons " + desDroits(len(c.Habilitations)),
		blocs:  []Bloc{Paragraphe{Texte: "Nous avons vérifié votre demande. Voici ce que nous refusons, et pourquoi :"}, l, Encadre{Fort: autresDroits}, Paragraphe{Texte: faire}},
		action: "Voir mon compte", lien: m.page(pageMonCompte),
	}
}

// precision carries the question of an advisor (C10).
func (c Compte) precision(m Maison) texteCompte {
	blocs := []Bloc{
		Paragraphe{Texte: c.qui("Un conseiller") + " étudie les droits que vous demandez, et vous pose une question :"},
		Encadre{Texte: strings.TrimSpace(c.Phrase)},
	}
	if len(c.Habilitations) > 0 {
		blocs = append(blocs, Paragraphe{Texte: "Elle porte sur :"}, c.liste(c.Habilitations))
	}
	sans := "Sans réponse, nous refuserons " + c.siUn("ce droit. Vous pourrez le", "ces droits. Vous pourrez les") + " demander de nouveau. " + autresDroits
	if fin := jusque(c.Expire); fin != "" {
		blocs = append(blocs, Paragraphe{Fort: "Vous pouvez répondre " + fin + ". ", Texte: sans})
	} else {
		blocs = append(blocs, Paragraphe{Texte: sans})
	}
	return texteCompte{
		objet: "Une question sur les droits que vous demandez", titre: "Nous avons une question sur les droits que vous demandez", blocs: blocs,
		action: "Répondre dans mon compte", lien: m.page(pageMonCompte),
		suite: []Bloc{Paragraphe{Texte: "Répondez dans votre compte, pas à ce message : c’est là que le conseiller lit votre réponse."}},
	}
}

// droitsRetires tells a withdrawal, which holds at once (C13).
func (c Compte) droitsRetires(m Maison) texteCompte {
	blocs := []Bloc{Paragraphe{Texte: c.qui("Nous") + accorder(c.Par, " a retiré", " avons retiré") + " " + cesDroits(len(c.Habilitations)) + " de votre compte le " + heure(c.Le) + " :"},
		c.liste(c.Habilitations)}
	if r := incise(c.Phrase); r != "" {
		blocs = append(blocs, Paragraphe{Fort: "Raison : ", Texte: r + "."})
	}
	titre := c.siUn("Un droit est retiré de votre compte", "Des droits sont retirés de votre compte")
	return texteCompte{
		objet: titre, titre: titre,
		blocs: append(blocs, Encadre{Fort: "Le retrait est immédiat.", Texte: " Vos connexions ont été coupées : reconnectez-vous. " + autresDroits},
			Paragraphe{Texte: "Si ce retrait vous surprend, parlez-en à la personne qui gère les utilisateurs de votre organisation, ou " +
				m.prevenez() + "."}),
		action: "Voir mon compte", lien: m.page(pageMonCompte),
	}
}

// accorder chooses the verb for somebody named, or for us.
func accorder(nom, lui, nous string) string {
	if propre(nom) == "" {
		return nous
	}
	return lui
}

// droitsDonnes tells rights given by a company, a dated mandate among them (C14).
func (c Compte) droitsDonnes(m Maison) texteCompte {
	blocs := []Bloc{Paragraphe{Texte: c.qui("Nous") + accorder(c.Par, " vous donne", " vous donnons") + " " + cesDroits(len(c.Habilitations)) + " :"}, c.liste(c.Habilitations)}
	for _, h := range c.Habilitations {
		if h.Mandat {
			blocs = append(blocs, Paragraphe{Texte: "Un mandat prend fin tout seul, le soir de son dernier jour. L’entreprise peut le retirer avant."})
			break
		}
	}
	return texteCompte{
		objet: c.siUn("Un nouveau droit sur votre compte", "De nouveaux droits sur votre compte"), titre: "Vous recevez " + desDroits(len(c.Habilitations)),
		blocs:  append(blocs, Paragraphe{Texte: autresDroits + " Si vous suivez plusieurs entreprises, choisissez celle-ci après la connexion."}),
		action: "Me connecter", lien: m.page(pageConnexion),
		suite: []Bloc{Paragraphe{Fort: c.siUn("Si vous ne l’attendiez pas", "Si vous ne les attendiez pas") + " : ", Texte: "ne vous en servez pas et " + m.prevenez() + "."}},
	}
}

// mandatFini tells that the last day of a mandate, or of a dated right, has passed: to
// its holder, and, Par naming the holder, to who gave it.
func (c Compte) mandatFini(m Maison) texteCompte {
	if !slices.ContainsFunc(c.Habilitations, func(h opco.Habilitation) bool { return h.Mandat }) {
		return c.droitFini(m)
	}
	if c.Par != "" {
		return texteCompte{
			objet: "Un mandat que vous avez donné a pris fin", titre: "Un mandat que vous avez donné a pris fin",
			blocs: []Bloc{Paragraphe{Texte: "Le dernier jour du mandat donné à " + c.qui("cette personne") + " est passé :"}, c.liste(c.Habilitations),
				Encadre{Fort: c.siUn("Ce droit est fermé.", "Ces droits sont fermés."), Texte: " Vous n’avez rien à faire."},
				Paragraphe{Texte: "Si cette personne doit continuer, donnez-lui un nouveau mandat dans la gestion des utilisateurs."}},
			action: "Voir mon compte", lien: m.page(pageMonCompte),
		}
	}
	return texteCompte{
		objet: "Un mandat a pris fin", titre: "Un mandat a pris fin",
		blocs: []Bloc{Paragraphe{Texte: "Le dernier jour de ce mandat est passé :"}, c.liste(c.Habilitations),
			Encadre{Fort: c.siUn("Ce droit est fermé.", "Ces droits sont fermés."), Texte: " " + autresDroits},
			Paragraphe{Texte: "Pour continuer, demandez un nouveau mandat à l’entreprise qui vous l’avait donné : c’est elle qui le crée, dans sa gestion des utilisateurs."}},
		action: "Voir mon compte", lien: m.page(pageMonCompte),
	}
}

// droitFini is mandatFini for a right given for a time to somebody of the company.
func (c Compte) droitFini(m Maison) texteCompte {
	titre := c.siUn("Un droit a pris fin", "Des droits ont pris fin")
	debut, suite := c.siUn("Le dernier jour de ce droit est passé :", "Le dernier jour de ces droits est passé :"),
		"Pour continuer, demandez-"+c.siUn("le", "les")+" à l’administrateur de l’entreprise : c’est lui qui donne les droits, dans la gestion des utilisateurs."
	if c.Par != "" {
		debut = "Le dernier jour de ce que vous avez donné à " + c.qui("cette personne") + " est passé :"
		suite = "Si cette personne doit continuer, donnez-lui de nouveau " + c.siUn("ce droit", "ces droits") + " dans la gestion des utilisateurs."
	}
	return texteCompte{
		objet: titre, titre: titre,
		blocs: []Bloc{Paragraphe{Texte: debut}, c.liste(c.Habilitations),
			Encadre{Fort: c.siUn("Ce droit est fermé.", "Ces droits sont fermés.")}, Paragraphe{Texte: suite}},
		action: "Voir mon compte", lien: m.page(pageMonCompte),
	}
}

// revue warns, before the annual review suspends them, of rights that nobody
// uses (C15).
func (c Compte) revue(m Maison) texteCompte {
	regle := "Un droit dont personne ne se sert est suspendu : c’est une porte de moins à surveiller."
	if n := c.Parametres.RevueMois; n > 0 {
		regle = "Un droit dont personne ne se sert pendant " + strconv.Itoa(n) + " mois est suspendu : c’est une porte de moins à surveiller."
	}
	garder := "Pour " + c.siUn("le garder, connectez-vous et ouvrez ce service", "les garder, connectez-vous et ouvrez ces services")
	encadre := Encadre{Fort: garder + ".", Texte: " Cela suffit."}
	if fin := jusque(c.Expire); fin != "" {
		encadre = Encadre{Fort: garder + " " + fin + ".", Texte: " Cela suffit."}
	}
	titre := c.siUn("Un droit inutilisé va être suspendu", "Des droits inutilisés vont être suspendus")
	return texteCompte{
		objet: titre, titre: titre,
		blocs: []Bloc{Paragraphe{Texte: "Vous ne vous servez plus de " + cesDroits(len(c.Habilitations)) + " :"}, c.liste(c.Habilitations), Paragraphe{Texte: regle}, encadre,
			Paragraphe{Texte: "Si vous n’en avez plus besoin, vous n’avez rien à faire. " + autresDroits}},
		action: "Me connecter", lien: m.page(pageConnexion),
	}
}

// droitsSuspendus tells that they are (C15).
func (c Compte) droitsSuspendus(m Maison) texteCompte {
	titre := c.siUn("Un droit inutilisé est suspendu", "Des droits inutilisés sont suspendus")
	return texteCompte{
		objet: titre, titre: titre,
		blocs: []Bloc{Paragraphe{Texte: "Vous ne vous serviez plus de " + c.siUn("ce droit. Il est suspendu", "ces droits. Ils sont suspendus") + " :"}, c.liste(c.Habilitations),
			Encadre{Fort: "Rien n’est perdu.", Texte: " Demandez-" + c.siUn("le", "les") + " de nouveau depuis votre compte. " + c.promesse("")},
			Paragraphe{Texte: "Si vous n’en avez plus besoin, vous n’avez rien à faire. " + autresDroits}},
		action: "Voir mon compte", lien: m.page(pageMonCompte),
	}
}
