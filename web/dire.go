package web

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"guichet/opco"
)

// quand says an instant to a reader: « 19 mai 2026, 9 h 12 ».
func quand(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	p := t.In(opco.Paris)
	return opco.JourDe(p).Longue() + ", " + strconv.Itoa(p.Hour()) + "\u00a0h\u00a0" + p.Format("04")
}

// jourDit says a day as a title does: « jeudi 11 juin 2026 ».
func jourDit(d opco.Date) string {
	noms := []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	return noms[d.Minuit().In(opco.Paris).Weekday()] + " " + d.Longue()
}

// majuscule writes the first letter of a sentence.
func majuscule(s string) string { return premiereLettre(s) + strings.TrimPrefix(s, premiere(s)) }

func premiere(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

// combien writes a number and its noun: « 1 droit », « 3 droits », « aucun droit ».
func combien(n int, nom string) string {
	switch n {
	case 0:
		return "aucun " + nom
	case 1:
		return "1 " + nom
	}
	mots := strings.Split(nom, " ")
	for i := range mots {
		mots[i] += "s"
	}
	return fmt.Sprintf("%d %s", n, strings.Join(mots, " "))
}

// entite names an établissement as people know it: « NOM (SIRET) » (MA-72).
func entite(nom string, s opco.SIRET) string {
	if nom == "" {
		return "SIRET " + s.Affiche()
	}
	return nom + " (" + s.Affiche() + ")"
}

// site says which établissement of a company: the last five figures of its SIRET.
func site(s opco.SIRET) string {
	if len(s) < 5 {
		return string(s)
	}
	return "…" + string(s[len(s)-5:])
}

// profilDit names one of the two profiles.
func profilDit(r opco.Role) string {
	if r == opco.RoleOrganisme {
		return "Organisme de formation"
	}
	return "Adhérent"
}

// periodeDite says the days of a right that has some.
func periodeDite(du, au opco.Date) string {
	switch {
	case du != "" && du == au:
		return "le " + du.Longue()
	case du != "" && au != "":
		return "du " + du.Longue() + " au " + au.Longue()
	case au != "":
		return "jusqu’au " + au.Longue()
	case du != "":
		return "à partir du " + du.Longue()
	}
	return ""
}

// liste writes « a, b et c ».
func liste(xs []string) string {
	switch len(xs) {
	case 0:
		return ""
	case 1:
		return xs[0]
	}
	return strings.Join(xs[:len(xs)-1], ", ") + " et " + xs[len(xs)-1]
}
