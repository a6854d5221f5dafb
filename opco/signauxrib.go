package opco

import "strings"

// FaitsSignaux are what the signs of a RIB are computed from.
type FaitsSignaux struct {
	Partages   []string // other organisations that are paid, or ask to be paid, on this IBAN
	DernierLe  Date     // last change of the account in service, "" when none is known
	Le         Date
	Parametres Parametres
}

// Signaux computes the signs of r.
func (r *RIB) Signaux(f FaitsSignaux) []Signal {
	ss := []Signal{}
	si := func(vrai bool, code string, points int, texte string) {
		if vrai {
			ss = append(ss, Signal{code, points, texte})
		}
	}
	si(len(f.Partages) > 0, "IBAN_PARTAGE", 60, "Cet IBAN est aussi celui de "+strings.Join(f.Partages, ", ")+".")
	si(f.DernierLe != "" && f.Le < f.DernierLe.Jours(f.Parametres.RIBRecentJours), "IBAN_RECENT", 30,
		"Le compte avait déjà changé le "+longueOuVide(f.DernierLe)+".")
	si(r.IBAN.Pays() != "FR" && r.IBAN.Pays() != "", "IBAN_ETRANGER", 20, "Le compte est tenu hors de France ("+r.IBAN.Pays()+").")
	si(r.Titulaire != "" && !memeTitulaire(r.Titulaire, r.Nom), "TITULAIRE_AUTRE", 40,
		"Le titulaire « "+r.Titulaire+" » n’est pas le nom connu, « "+r.Nom+" ».")
	return ss
}

func longueOuVide(d Date) string {
	if d == "" {
		return ""
	}
	return d.Longue()
}

// memeTitulaire reports whether two names may be one holder: all the words of the
// shorter are in the other, whatever their accents, case and signs.
func memeTitulaire(a, b string) bool {
	x, y := strings.Fields(CleNom(a)), strings.Fields(CleNom(b))
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		return false
	}
	la := map[string]bool{}
	for _, m := range y {
		la[m] = true
	}
	for _, m := range x {
		if !la[m] {
			return false
		}
	}
	return true
}
