package web

import (
	"slices"
	"strings"

	"guichet/opco"
)

// Comparaison is one line of the table: the same thing in the accord, in the
// certificats and in the invoices, and the verdict of the check that compares them.
type Comparaison struct {
	Quoi                          string
	Accord, Certificats, Factures string // "" : without object
	Verdict                       marque
	Suite                         string
	Ecart                         bool // the certificats or the invoices differ
}

// pire returns the worst verdict of a check, for a subject when it is given.
func pire(cs []opco.Controle, code, sujet string) (marque, string, bool) {
	ordre := []opco.Resultat{opco.ResultatBlock, opco.ResultatWarn, opco.ResultatAttendu, opco.ResultatOK, opco.ResultatSansObjet}
	choisi := -1
	var trouve opco.Controle
	for _, c := range cs {
		if c.Code != code || sujet != "" && c.Sujet != sujet {
			continue
		}
		if rang := slices.Index(ordre, c.Resultat); choisi < 0 || rang < choisi {
			choisi, trouve = rang, c
		}
	}
	if choisi < 0 {
		return marque{}, "", false
	}
	suite := ""
	if trouve.Resultat != opco.ResultatOK {
		suite = trouve.Phrase
	}
	return verdicts[trouve.Resultat], suite, trouve.Resultat == opco.ResultatWarn || trouve.Resultat == opco.ResultatBlock
}

// comparer makes the lines of the table.
func comparer(d *opco.Dossier, lu ServiceFaitLu) []Comparaison {
	var ls []Comparaison
	ajouter := func(l Comparaison, code, sujet string) {
		l.Verdict, l.Suite, l.Ecart = pire(lu.Controles, code, sujet)
		ls = append(ls, l)
	}
	titres, periodes, signes := []string{}, []string{}, []string{}
	for _, x := range d.Certificats {
		titres, periodes = sansDoublon(titres, x.Intitule), sansDoublon(periodes, periodeCourte(x.Du, x.Au))
		signe := "non signé"
		if x.Signe {
			signe = "signé le " + x.SigneLe.Courte()
		}
		signes = sansDoublon(signes, signe)
	}
	var facturees []string
	var total opco.Montant
	for _, f := range d.Factures {
		if !f.Etat.Final() {
			total += f.TotalHT - f.TotalAvoirs()
			if f.Du != "" {
				facturees = sansDoublon(facturees, periodeCourte(f.Du, f.Au))
			}
		}
	}
	ajouter(memeIntitule(d.Demande.Intitule, titres), "SF2", "")
	ajouter(Comparaison{Quoi: "Stagiaires", Accord: combienVus(len(d.Demande.Presents()), "stagiaire"), Certificats: combienVus(personnesCertifiees(d), "stagiaire")}, "SF6", "")
	ajouter(Comparaison{Quoi: "Dates", Accord: periodeCourte(d.Demande.Debut, d.Demande.Fin), Certificats: strings.Join(periodes, " ; "), Factures: strings.Join(facturees, " ; ")}, "SF3", "")
	for _, s := range d.Demande.Presents() {
		l := Comparaison{Quoi: "Heures, " + s.Prenom + " " + s.Nom, Accord: heures(heuresAccordees(d, s)), Certificats: certifieesDe(d, s), Factures: heuresFacturees(d, s)}
		ajouter(l, "SF4", s.ID)
	}
	if x := prixDeLHeure(d); x.Factures != "" {
		ajouter(x, "SF5", "")
	}
	accorde := ""
	if d.Decision != nil {
		accorde = d.Decision.Accorde.String()
	}
	l := Comparaison{Quoi: "Total hors taxes", Accord: accorde, Factures: montantOuTiret(total)}
	ajouter(l, "SF10", "")
	ajouter(Comparaison{Quoi: "Signature", Certificats: strings.Join(signes, " ; ")}, "SF8", "")
	return ls
}

func sansDoublon(xs []string, x string) []string {
	if x == "" || slices.Contains(xs, x) {
		return xs
	}
	return append(xs, x)
}

// periodeCourte writes « 04/05/2026 au 08/05/2026 ».
func periodeCourte(du, au opco.Date) string {
	switch {
	case du == "":
		return ""
	case au == "" || au == du:
		return du.Courte()
	}
	return du.Courte() + " au " + au.Courte()
}

func personnesCertifiees(d *opco.Dossier) int {
	n := 0
	for _, s := range d.Demande.Presents() {
		if certifieesDe(d, s) != "" {
			n++
		}
	}
	return n
}

func heuresAccordees(d *opco.Dossier, s opco.Stagiaire) opco.Minutes {
	if d.Decision != nil {
		for _, p := range d.Decision.Stagiaires {
			if p.Stagiaire == s.ID {
				return p.Heures
			}
		}
	}
	return s.Heures
}

// certifieesDe sums the certificats of a stagiaire, "" when there is none.
func certifieesDe(d *opco.Dossier, s opco.Stagiaire) string {
	var m opco.Minutes
	n := 0
	for _, c := range d.CertificatsDe(s) {
		m, n = m+c.Heures, n+1
	}
	if n == 0 {
		return ""
	}
	return heures(m)
}

// heuresFacturees sums the hours that invoices name for a stagiaire, "" when none does.
func heuresFacturees(d *opco.Dossier, s opco.Stagiaire) string {
	var m opco.Minutes
	for _, f := range d.Factures {
		if f.Etat.Final() {
			continue
		}
		for _, l := range f.Lignes {
			if opco.CleNom(l.Stagiaire) == opco.CleNom(s.Prenom+" "+s.Nom) {
				m += l.Heures
			}
		}
	}
	if m == 0 {
		return ""
	}
	return heures(m)
}

// heures writes a duration as the comparison does: « 28,00 h ».
func heures(m opco.Minutes) string { return m.Heures() + "\u00a0h" }

// memeIntitule compares titles: the certificats that repeat the title of the accord
// say so shortly.
func memeIntitule(accord string, titres []string) Comparaison {
	l := Comparaison{Quoi: "Intitulé", Accord: accord, Certificats: strings.Join(titres, " ; ")}
	if len(titres) == 1 && opco.CleRecherche(titres[0]) == opco.CleRecherche(accord) {
		l.Certificats = "identique"
	}
	return l
}

// prixDeLHeure compares the price of an hour: granted, to the nearest cent, and
// invoiced.
func prixDeLHeure(d *opco.Dossier) Comparaison {
	l := Comparaison{Quoi: "Prix de l’heure"}
	var prix []string
	for _, f := range d.Factures {
		for _, x := range f.Lignes {
			if !f.Etat.Final() && x.Ligne == opco.LignePeda && x.Heures > 0 {
				prix = sansDoublon(prix, x.Montant.Fraction(60, int64(x.Heures)).String())
			}
		}
	}
	l.Factures = strings.Join(prix, " ; ")
	if d.Decision == nil {
		return l
	}
	var somme opco.Montant
	var minutes opco.Minutes
	for _, p := range d.Decision.Stagiaires {
		somme, minutes = somme+p.Peda, minutes+p.Heures
	}
	if minutes > 0 {
		l.Accord = somme.Fraction(60, int64(minutes)).String()
	}
	return l
}
