package web

import (
	"guichet/api"
	"guichet/opco"
	"guichet/store"
)

func lignesRoles(rs []api.RoleLu) [][]Cellule {
	var l [][]Cellule
	for _, r := range rs {
		par := Cellule{Texte: r.AccordePar, Note: quand(r.Le)}
		if r.ConfirmePar != "" {
			par.Texte += ", confirmé par " + r.ConfirmePar
		}
		l = append(l, []Cellule{{Texte: r.Libelle}, {Corps: pastilleRole(r)}, par})
	}
	return l
}

func lignesLiens(ls []api.LienLu) [][]Cellule {
	var c [][]Cellule
	for _, l := range ls {
		c = append(c, []Cellule{{Texte: opco.SIREN(l.Siren).Affiche()}, {Texte: l.Raison}, {Texte: opco.JourDe(l.Le).Longue()}})
	}
	return c
}

func lignesAbsences(ds []store.LigneDelegation) [][]Cellule {
	var c [][]Cellule
	for _, d := range ds {
		jours := Cellule{Texte: "du " + d.Du.Longue() + " au " + d.Au.Longue()}
		if d.EnCours {
			jours.Note = "en cours"
		}
		c = append(c, []Cellule{{Texte: d.Nom}, {Texte: d.DelegueNom}, {Texte: d.Role.Libelle()}, jours})
	}
	return c
}

// titreAbsences says whose absences the home of the staff lists.
func titreAbsences(e PortailEquipe) string {
	if e.Dirige {
		return "Absences de l’équipe"
	}
	return "Absences qui vous concernent"
}

// ancreQuestion is the address of a question in the page of the account; the first
// one is where the mails and the home page lead.
func ancreQuestion(rang int) string {
	if rang == 0 {
		return "precisions"
	}
	return "precisions-" + string(rune('0'+rang%10))
}

// accordPluriel returns s above one.
func accordPluriel(n int, s string) string {
	if n > 1 {
		return s
	}
	return ""
}

// attendent agrees the verb with a number.
func attendent(n int) string {
	if n > 1 {
		return "attendent"
	}
	return "attend"
}

func optionsRoles(a api.AgentLu) []Option {
	var os []Option
	for _, r := range a.Roles {
		os = append(os, Option{string(r.Role), r.Libelle})
	}
	return os
}

func optionsTousRoles() []Option {
	os := []Option{{"", "Choisir un rôle"}}
	for _, r := range opco.RolesInternes() {
		os = append(os, Option{string(r), r.Libelle()})
	}
	return os
}
