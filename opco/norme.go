package opco

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// regleEN is one rule of EN 16931: what it compares, and what is wrong, "" when
// nothing is.
type regleEN struct {
	code, nom string
	verifier  func(FactureLue) string
}

// reglesEN are the rules that an invoice must follow to be paid from its data: its
// arithmetic (BR-CO), its VAT by category, and what makes it ours. The order is the
// one in which they are told.
var reglesEN = []regleEN{
	{"BR-CO-10", "Somme des lignes", func(l FactureLue) string {
		if len(l.Lignes) == 0 {
			return ""
		}
		return egal("le total des lignes", l.Totaux.Lignes, l.sommeLignes(), "leur somme est")
	}},
	{"BR-CO-11", "Somme des remises", func(l FactureLue) string {
		return egal("le total des remises", l.Totaux.Remises, l.sommeRemises(false), "leur somme est")
	}},
	{"BR-CO-12", "Somme des frais", func(l FactureLue) string {
		return egal("le total des frais", l.Totaux.Frais, l.sommeRemises(true), "leur somme est")
	}},
	{"BR-CO-13", "Total hors taxes", func(l FactureLue) string {
		if !l.Totaux.LignesDites {
			return ""
		}
		return egal("le total hors taxes", l.Totaux.HT, l.Totaux.Lignes-l.Totaux.Remises+l.Totaux.Frais, "les lignes, moins les remises, plus les frais donnent")
	}},
	{"BR-CO-14", "Total de la TVA", func(l FactureLue) string {
		var t Montant
		for _, x := range l.TVAs {
			t += x.Montant
		}
		return egal("le total de la TVA", l.Totaux.TVA, t, "la somme par taux est")
	}},
	{"BR-CO-15", "Total toutes taxes comprises", func(l FactureLue) string {
		return egal("le total toutes taxes comprises", l.Totaux.TTC, l.Totaux.HT+l.Totaux.TVA, "le hors taxes plus la TVA donne")
	}},
	{"BR-CO-16", "Montant à payer", func(l FactureLue) string {
		return egal("le montant à payer", l.Totaux.Du, l.Totaux.TTC-l.Totaux.Paye+l.Totaux.Arrondi, "le total, moins ce qui est payé, plus l’arrondi donne")
	}},
	{"BR-CO-17", "TVA de chaque taux", FactureLue.tvaFausse},
	{"BR-S-08", "Base de chaque taux", FactureLue.baseFausse},
	{"BR-CO-18", "Détail de la TVA", func(l FactureLue) string {
		if len(l.TVAs) == 0 {
			return "le détail de la TVA manque, même nulle"
		}
		return ""
	}},
	{"BR-E-10", "Motif d’exonération", FactureLue.exonerationMuette},
	{"BT-5", "Monnaie", func(l FactureLue) string {
		if l.Devise != "EUR" {
			return fmt.Sprintf("la facture est en %s, nous payons en euros", citer(l.Devise))
		}
		return ""
	}},
	{"BT-84", "IBAN écrit", func(l FactureLue) string {
		for _, x := range l.IBANs {
			if _, err := ParseIBAN(x); err != nil {
				return fmt.Sprintf("l’IBAN %s n’existe pas", citer(x))
			}
		}
		return ""
	}},
}

// egal says how two amounts that must be equal differ.
func egal(quoi string, ecrit, attendu Montant, comment string) string {
	if ecrit == attendu {
		return ""
	}
	return fmt.Sprintf("%s est écrit %s, %s %s", quoi, ecrit, comment, attendu)
}

// Defauts lists the rules that the file breaks.
func (l FactureLue) Defauts() []Defaut {
	var ds []Defaut
	for _, r := range reglesEN {
		if p := r.verifier(l); p != "" {
			ds = append(ds, Defaut{Regle: r.code, Phrase: p})
		}
	}
	return ds
}

func (l FactureLue) sommeLignes() Montant {
	var t Montant
	for _, x := range l.Lignes {
		t += x.Montant
	}
	return t
}

func (l FactureLue) sommeRemises(frais bool) Montant {
	var t Montant
	for _, r := range l.Remises {
		if r.Frais == frais {
			t += r.Montant
		}
	}
	return t
}

// tvaFausse is BR-CO-17: the tax of each rate is its base × rate, rounded half-up to
// the cent on the total or on each line, as SF10 allows.
func (l FactureLue) tvaFausse() string {
	for _, v := range l.TVAs {
		surTotal, surLignes := v.Base.Fraction(int64(v.Taux), 10_000), Montant(0)
		for _, x := range l.Lignes {
			if x.Categorie == v.Categorie && x.Taux == v.Taux {
				surLignes += x.Montant.Fraction(int64(v.Taux), 10_000)
			}
		}
		for _, r := range l.Remises {
			if r.Categorie == v.Categorie && r.Taux == v.Taux {
				surLignes += r.signe().Fraction(int64(v.Taux), 10_000)
			}
		}
		if v.Montant != surTotal && (len(l.Lignes) == 0 || v.Montant != surLignes) {
			return fmt.Sprintf("la TVA à %s est écrite %s, %s de base donnent %s", pourcent(v.Taux), v.Montant, v.Base, surTotal)
		}
	}
	return ""
}

// signe is what the allowance or the charge adds to the total.
func (r RemiseLue) signe() Montant {
	if r.Frais {
		return r.Montant
	}
	return -r.Montant
}

// taxe is a category and a rate of VAT.
type taxe struct {
	categorie string
	taux      int
}

// baseFausse is BR-S-08 and its likes in the other categories: the base of each rate
// is the sum of its lines, less its allowances, plus its charges.
func (l FactureLue) baseFausse() string {
	if len(l.Lignes) == 0 {
		return ""
	}
	calculees := map[taxe]Montant{}
	for _, x := range l.Lignes {
		calculees[taxe{x.Categorie, x.Taux}] += x.Montant
	}
	for _, r := range l.Remises {
		calculees[taxe{r.Categorie, r.Taux}] += r.signe()
	}
	ecrites := map[taxe]Montant{}
	for _, v := range l.TVAs {
		ecrites[taxe{v.Categorie, v.Taux}] += v.Base
	}
	toutes := map[taxe]bool{}
	for t := range calculees {
		toutes[t] = true
	}
	for t := range ecrites {
		toutes[t] = true
	}
	for _, t := range triees(toutes) {
		if p := egal("la base de la TVA à "+pourcent(t.taux), ecrites[t], calculees[t], "ses lignes donnent"); p != "" {
			return p
		}
	}
	return ""
}

// triees gives the taxes an order, so that the same file is always told the same.
func triees(m map[taxe]bool) []taxe {
	var ts []taxe
	for t := range m {
		ts = append(ts, t)
	}
	slices.SortFunc(ts, func(a, b taxe) int {
		return cmp.Or(cmp.Compare(a.taux, b.taux), strings.Compare(a.categorie, b.categorie))
	})
	return ts
}

// exonerationMuette is BR-E-09 and BR-E-10: exempt, there is no tax, and the reason
// is written.
func (l FactureLue) exonerationMuette() string {
	for _, v := range l.TVAs {
		switch {
		case v.Categorie != "E":
		case v.Montant != 0 || v.Taux != 0:
			return "une part exonérée (catégorie E) porte de la TVA"
		case v.Exoneration == "":
			return "une part exonérée (catégorie E) ne dit pas pourquoi : écrivez « Exonération de TVA, article 261-4-4° a du CGI »"
		}
	}
	return ""
}

func pourcent(taux int) string {
	return strings.TrimSuffix(Montant(taux).Nombre(), ",00") + espaceInsecable + "%"
}
