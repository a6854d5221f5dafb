package opco

import (
	"regexp"
	"slices"
)

// formeIndu is the number of a debt as people copy it in the words of a transfer.
var formeIndu = regexp.MustCompile(`(?i)(?:^|[^0-9A-Za-z])I ?([0-9]{2}) ?-? ?([0-9]{6})(?:$|[^0-9])`)

// NumerosIndu lists the debts that the words of a transfer name, each once, in order:
// « I26-000001 ».
func NumerosIndu(libelle string) []string {
	var ns []string
	for libelle != "" {
		m := formeIndu.FindStringSubmatchIndex(libelle)
		if m == nil {
			break
		}
		n := "I" + libelle[m[2]:m[3]] + "-" + libelle[m[4]:m[5]]
		if !slices.Contains(ns, n) {
			ns = append(ns, n)
		}
		libelle = libelle[m[5]:]
	}
	return ns
}

// phraseAutreCompte is said of a movement on an account that is not the OPCO's; the base
// knows it by these words when that account becomes the OPCO's.
const phraseAutreCompte = "Ce mouvement n’est pas sur le compte de l’OPCO."

// RefusCredit says why an incoming transfer that is not to affect reimburses no debt, and
// what to do, from what its quarantine says of it.
func RefusCredit(quarantaine string) string {
	if quarantaine == phraseAutreCompte {
		return "Un fichier de la banque donne ce virement sur un compte que Guichet ne connaît pas comme celui de l’OPCO. Si c’est le vôtre, " +
			"demandez à l’administration de l’inscrire : vous pourrez alors l’affecter."
	}
	return "Un fichier de la banque donne déjà ce virement, et il ne se note pas ici en euros. " + quarantaine
}

// Affectation is the part of an incoming transfer that reimburses a debt.
type Affectation struct {
	Indu    string
	Numero  string
	Montant Montant
}

// Affecter says what an incoming transfer f reimburses (I03), given the debts that its
// words name and, when they name none, those that its payer owes. What is certain is
// given: it settles all the debts that it names, to the cent, or a part of the only one.
// Anything else is for a person: the sentence says what was found.
func (f FaitBancaire) Affecter(cites, dus []InduDisponible) ([]Affectation, string) {
	cites = remboursables(cites)
	if len(cites) == 0 {
		return nil, f.proposer(remboursables(dus))
	}
	var du Montant
	as := make([]Affectation, len(cites))
	for k, i := range cites {
		as[k] = Affectation{Indu: i.ID, Numero: i.Numero, Montant: i.Disponible}
		du += i.Disponible
	}
	switch {
	case du == f.Montant:
	case len(as) == 1 && f.Montant < du:
		as[0].Montant = f.Montant
	default:
		return nil, "Ce virement reçu" + f.de() + " cite " + nommerIndus(cites) + ", dont il reste " + du.String() +
			" : affectez-en la part de chacun, et rendez le surplus."
	}
	return as, "Virement reçu" + f.de() + ", affecté à " + nommerIndus(cites) + "."
}

// proposer is the sentence of a transfer that names no debt.
func (f FaitBancaire) proposer(dus []InduDisponible) string {
	if k := slices.IndexFunc(dus, func(i InduDisponible) bool { return i.Disponible == f.Montant }); k >= 0 {
		return "De l’argent est arrivé" + f.de() + " : exactement ce qui reste de l’indu " + dus[k].Numero + ". Vérifiez, puis affectez-le."
	}
	if len(dus) > 0 {
		return "De l’argent est arrivé" + f.de() + ", qui nous doit encore " + nommerIndus(dus) + ". Vérifiez, puis affectez-le."
	}
	return "De l’argent est arrivé" + f.de() + " sans être le retour d’un virement. La comptabilité en cherche l’origine."
}

// de names the payer, when the bank does.
func (f FaitBancaire) de() string {
	if f.Donneur == "" {
		return " sur le compte de l’OPCO"
	}
	return " de " + citer(f.Donneur)
}

// remboursables keeps the debts that may be reimbursed now.
func remboursables(is []InduDisponible) []InduDisponible {
	return slices.DeleteFunc(slices.Clone(is), func(i InduDisponible) bool {
		return i.Disponible <= 0 || i.Etat.Admet(ActeRembourserIndu, RoleBanque) != nil
	})
}

// nommerIndus names up to three debts.
func nommerIndus(is []InduDisponible) string {
	dit := "l’indu "
	if len(is) > 1 {
		dit = "les indus "
	}
	for k, i := range is[:min(3, len(is))] {
		if k > 0 {
			dit += ", "
		}
		dit += i.Numero
	}
	if len(is) > 3 {
		dit += " et d’autres"
	}
	return dit
}
